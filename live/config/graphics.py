"""Graphics that can be keyed over program: the tables `graphics`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from live.config.base import MOST_TEXT, ExistingFile, Name, Wrong
from live.config.check import Known, Table

NOBODY = "nobody"  # whom a graphic belongs to that is not to belong to anybody


class GraphicConfig(Table):
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
    person: Name | None = Field(
        None, description="whom of the people it belongs to, whatever it says; nobody; by its words when left out"
    )
    live: bool | None = Field(
        None, description="what is written while it is on air is seen at once; as its template says when left out"
    )

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("person", self.person, {NOBODY, *known.names("people")}, "person")


class TitlesConfig(Table):
    """The queue of names: who is to be named in the show, one after the other."""

    graphic: Name | None = Field(
        None, description="the graphic that shows them; the first one that names a person when left out"
    )
    people: bool = Field(True, description="the rig's people stand in it, in their order")
    file: ExistingFile | None = Field(
        None,
        description=(
            "a CSV file of more of them, read again whenever it is saved: columns title (or name), subtitle (or line)"
        ),
    )

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("graphic", self.graphic, known.names("graphics"), "graphic")
