"""Graphics that can be keyed over program: the tables `graphics`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from live.config.base import MOST_TEXT, ExistingFile, Model, Name


class GraphicConfig(Model):
    """A graphic that can be keyed over program: a template and what its fields say at the start."""

    name: Name
    template: str = Field(
        "lower_third", description="one that ships (docs/graphics.md), or a folder with a template.toml"
    )
    fields: dict[str, Annotated[str, Field(max_length=MOST_TEXT)]] = Field(
        default_factory=dict, description="what its fields say at the start"
    )
    data: ExistingFile | None = Field(
        None, description="a JSON or CSV file that its fields are read from, again whenever it is saved"
    )
    map: dict[str, str] = Field(
        default_factory=dict,
        description=(
            'field -> where in the data: "teams.0.name" (JSON), a column (CSV); by the field\'s own name otherwise'
        ),
    )
    row: Annotated[int, Field(ge=1)] = Field(1, description="CSV: which line under the heading, at first")
    off_after_s: Annotated[float, Field(ge=0, le=600)] = Field(
        7.0,
        description=(
            "shown from a suggestion, the machine takes it off after so long; 0: it stays. What a hand shows stays"
        ),
    )
