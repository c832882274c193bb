"""Several things changed at once: the tables `scenarios`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from live.config.base import Model, Title

MOST_LINES, LONGEST_LINE = 64, 1_000


class ScenarioConfig(Model):
    """What changes when it is picked, all of it in one frame: questions and answers, the panel, a break."""

    title: Title = ""
    do: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]], Field(min_length=1, max_length=MOST_LINES)
    ] = Field(
        description='command lines, carried out in their order: "/director/style debate", "/people/ben/seat 3"; what '
        "holds a blank stands in single quotes (docs/commands.md has them all)"
    )
