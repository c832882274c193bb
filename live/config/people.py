"""Who sits where: the tables `people` and `seats`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from live.config.base import Name, Title, Wrong
from live.config.check import Known, Table

MOST_WEIGHT = 5.0

Weight = Annotated[float, Field(ge=0, le=MOST_WEIGHT)]
Names = Annotated[list[Name], Field(max_length=16)]


class Placed(Table):
    """What people and seats have: cameras that see whoever is there, microphones that hear them."""

    microphone: Name | None = None
    microphones: Names = Field(default_factory=list, description="several: a voice in any of them is theirs")
    camera: Name | None = None
    cameras: Names = Field(
        default_factory=list, description="several: the director takes the one that they look into (docs/people.md)"
    )

    @property
    def seen_by(self) -> tuple[str, ...]:
        """The sources that show them, the first that is named first."""
        return _once(self.camera, self.cameras)

    @property
    def worn(self) -> tuple[str, ...]:
        """The microphones that hear them."""
        return _once(self.microphone, self.microphones)

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        for one, several, table, what in (
            ("microphone", "microphones", "microphones", "microphone"),
            ("camera", "cameras", "sources", "source"),
        ):
            there = known.names(table)
            yield from known.need(one, getattr(self, one), there, what)
            for name in getattr(self, several):
                yield from known.need(several, name, there, what)


class Seat(Placed):
    """A place that somebody may take on air (`/people/<name>/seat`): they have its cameras and microphones then,
    besides their own.
    """

    name: Name
    title: Title = ""

    @property
    def label(self) -> str:
        return self.title or self.name


class Person(Placed):
    """Who sits where: joins a voice to a camera."""

    name: Name
    title: str = ""
    line: str = Field("", description="what a lower third says under the name")
    microphone: Name | None = Field(
        None, description="the one they wear; one that several people name is shared, and lips tell who of them speaks"
    )
    camera: Name | None = Field(
        None, description="the source they are seen in; several people of one camera stand in it from left to right"
    )
    seat: Name | None = Field(None, description="where they sit at the start, of [[seats]]")
    weight: Weight = Field(
        1.0,
        description=(
            "how much it counts that they are seen while they speak: 1 as everybody, 2 for a host; 0: never for what "
            "they say; /people/<name>/weight"
        ),
    )

    on_call: bool = Field(
        False,
        description=(
            "they wait to be brought in (`/people/<name>/on_call 0`, or a hand's cut to them): until then the director "
            "uses no shot that shows them, and doesn't answer to their voice"
        ),
    )

    @property
    def label(self) -> str:
        return self.title or self.name

    def at(self, seat: Seat | None) -> Person:
        """The same in a seat, with what is there besides their own."""
        if seat is None:
            return self
        more = {
            "cameras": list(dict.fromkeys((*self.seen_by, *seat.seen_by))),
            "microphones": list(dict.fromkeys((*self.worn, *seat.worn))),
        }
        return self.model_copy(update={"camera": None, "microphone": None, "seat": seat.name, **more})

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from super().cross_check(known)
        yield from known.need("seat", self.seat, known.names("seats"), "seat")
        sits = [p.name for p in known.rig.people if p.seat is not None and p.seat == self.seat]
        if self.seat is not None and sits and sits[0] != self.name:
            yield Wrong("seat", f"{sits[0]} sits in {self.seat}", "give each a seat of their own")


def shared(people: Sequence[Person]) -> set[str]:
    """The microphones that several people have."""
    worn = [name for person in people for name in person.worn]
    return {name for name in worn if worn.count(name) > 1}


def _once(one: str | None, several: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*([one] if one is not None else []), *several)))
