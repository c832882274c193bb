"""What is published of faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.show.faults.model import RANKS

if TYPE_CHECKING:
    from live.show import ShowState


@published("faults/list/<number>")
@dataclass(frozen=True)
class FaultStatus(Published):
    """A fault, worst first: what no hand has seen, what isn't over, by rank, the newest."""

    number: int
    subject: Annotated[str, Field("what it is about")] = ""
    text: Annotated[str, Field("in one line")] = ""
    rank: Annotated[str, Field("how bad it is, worst first", choices=RANKS)] = "control"
    at_s: Annotated[float, Field("when it was told last, show time")] = 0.0
    times: Annotated[int, Field("how often, since a hand has seen it")] = 0
    over: Annotated[bool, Field("it works again")] = False
    seen: Annotated[bool, Field("a hand has taken note of it")] = False


@published("faults/new")
@dataclass(frozen=True)
class NewFaults(Published):
    """Faults that no hand has seen."""

    count: Annotated[int, Field("how many", low=0)] = 0


def faults(state: ShowState, now_s: float) -> Iterator[Published]:
    there = state.faults.faults
    for number, f in enumerate(there, 1):
        yield FaultStatus(number, f.subject, f.text, f.rank, round(f.at_s, 2), f.times, f.over, f.seen)
    yield NewFaults(sum(not f.seen for f in there))


def faults_go_by(state: ShowState, now_s: float) -> object:
    return state.faults.changes
