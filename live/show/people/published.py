"""What is published of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

SAID_LENGTH = 200  # characters


@published("people/<name>/speaking")
@dataclass(frozen=True)
class PersonSpeaking(Published):
    """Somebody of the rig."""

    name: str
    speaking: Annotated[bool, Field("they speak")] = False


@published("people/<name>")
@dataclass(frozen=True)
class PersonStatus(Published):
    """Somebody of the rig: where they sit, what they are to the director."""

    name: str
    title: Annotated[str, Field("for people", at="title")] = ""
    seat: Annotated[str, Field('their seat; "" for none', at="seat")] = ""
    weight: Annotated[float, Field("how much it counts that they are seen while they speak", at="weight")] = 1.0
    camera: Annotated[str, Field('the one of their cameras that sees them best; "" without any', at="camera")] = ""


@published("people/seats")
@dataclass(frozen=True)
class SeatNames(Published):
    """The rig's seats."""

    names: Annotated[tuple[str, ...], Field("their names")] = ()


@published("people/<name>/seen")
@dataclass(frozen=True)
class PersonSeen(Published):
    """Somebody enrolled ([people.md](people.md))."""

    name: str
    source: Annotated[str, Field('the source that sees their face; "" for none')] = ""


@published("people/enrolled")
@dataclass(frozen=True)
class EnrolledPeople(Published):
    """Whose faces are known."""

    names: Annotated[tuple[str, ...], Field("everybody enrolled")] = ()


@published("people/said")
@dataclass(frozen=True)
class EnrolmentSaid(Published):
    """The last enrolment."""

    text: Annotated[str, Field("what it came to")] = ""


def people(state: ShowState, now_s: float) -> Iterator[Published]:
    """Everybody of the rig."""
    desk = state.people
    for person in state.show.people:
        camera = desk.camera(person, now_s)
        yield PersonStatus(person.name, person.label, desk.seats[person.name], desk.weights[person.name], camera)
