"""Feeds: the pictures that a show gives out, by name. Auxiliaries are those whose content a director chooses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from live.config.base import Name, Wrong
from live.config.check import Known, Table

# What every show has, and what each of them is.
BUILT_IN_FEEDS = {
    "program": "the program",
    "clean": "the program without downstream keys, graphics and captions; it stays through a fade to black",
    "unfaded": "the program that stays through a fade to black, graphics and all",
    "preview": "the preview bus, at the program's size and rate",
    "fill": "what is keyed over program (downstream keys, graphics, captions), on black",
    "key": "the key of the fill: white where it is seen",
}


class AuxConfig(Table):
    """An auxiliary: a feed of its own that shows what it is told to."""

    name: Name
    title: str = ""
    shows: Annotated[str, Field(min_length=1)] = Field(
        "program",
        description="a shot, a source or a feed, at the start; /aux/<name>/set changes it. A feed's name comes first",
    )

    @property
    def label(self) -> str:
        return self.title or self.name

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.name in BUILT_IN_FEEDS:
            yield Wrong("name", f"{self.name} is the name of a feed that every show has", "give it another")
        if known.shots is not None:
            shown = {*known.shots, *BUILT_IN_FEEDS, *known.names("multiviews")}
            yield from known.need("shows", self.shows, shown, "shot, source or feed")
