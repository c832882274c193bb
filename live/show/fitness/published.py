"""What is published of which shots are fit to be seen, and of who waits to be brought in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

REASON_LENGTH = 120  # characters that people read


@published("shots/<key>/unfit")
@dataclass(frozen=True)
class ShotUnfit(Published):
    """Why the shot on a key of the desk is nothing to show now. The director leaves it alone; a hand may air it."""

    key: int
    reason: Annotated[str, Field('in words; "" while it is fit')] = ""


@published("people/<name>/on_call")
@dataclass(frozen=True)
class PersonWaits(Published):
    """Somebody of the rig who may not be in the show yet."""

    name: str
    on: Annotated[bool, Field("they wait to be brought in")] = False


@published("sources/<name>/on_call")
@dataclass(frozen=True)
class SourceWaits(Published):
    """A source that may not be in the show yet."""

    name: str
    on: Annotated[bool, Field("it waits to be brought in")] = False


def fitness(state: ShowState, now_s: float) -> Iterator[Published]:
    found = state.fitness
    for key, shot in enumerate(state.show.row, 1):
        yield ShotUnfit(key, found.reason(shot.id)[:REASON_LENGTH])
    for person in state.rig.people:
        yield PersonWaits(person.name, person.name in found.people_on_call)
    for source in state.rig.sources:
        yield SourceWaits(source.name, source.name in found.sources_on_call)


def fitness_goes_by(state: ShowState, now_s: float) -> object:
    return state.fitness.changes
