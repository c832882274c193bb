"""What went wrong in a show, by what it was about, until a hand has seen it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState

MOST = 32  # subjects; past that the least bad of the oldest goes
TEXT_LENGTH = 200
# How bad it is, worst first: the program's own picture, what goes to air, what comes in, a command that was a mistake.
ON_AIR = ("audio", "encoder", "program")  # workers that all outputs go by
RANKS = ("program", "air", "source", "control")


@dataclass(frozen=True)
class Fault:
    """times: how often since a hand has seen it last. over: it is told to be over. seen: by a hand."""

    subject: str
    text: str
    rank: str
    at_s: float
    times: int = 1
    over: bool = False
    seen: bool = False


class FaultBook(Feature[None]):
    """The last fault of each subject. changes: counts up with every one."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self._faults: dict[str, Fault] = {}
        self.changes = 0

    @classmethod
    def build(cls, state: ShowState) -> FaultBook:
        return cls(state)

    @property
    def faults(self) -> list[Fault]:
        """Worst first: what no hand has seen, what isn't over, by rank, the newest."""
        return sorted(self._faults.values(), key=lambda f: (f.seen, f.over, RANKS.index(f.rank), -f.at_s))

    def tell(self, subject: str, text: str, now_s: float, *, failed: bool = False) -> None:
        """It went wrong. failed: a part of the program's own picture can't do its work."""
        before = self._faults.pop(subject, None)
        times = 1 if before is None or before.seen else before.times + 1
        rank = "program" if failed else self._rank(subject)
        self._faults[subject] = Fault(subject, text[:TEXT_LENGTH], rank, now_s, times)
        self.changes += 1
        if len(self._faults) > MOST:
            del self._faults[self.faults[-1].subject]

    def over(self, subject: str) -> None:
        """It works again."""
        if (fault := self._faults.get(subject)) is not None and not fault.over:
            self._faults[subject] = replace(fault, over=True)
            self.changes += 1

    def see(self, subject: str | None) -> None:
        """A hand has seen one, or all of them."""
        for name, fault in self._faults.items():
            if subject in (None, name) and not fault.seen:
                self._faults[name] = replace(fault, seen=True)
                self.changes += 1

    def __contains__(self, subject: str) -> bool:
        return subject in self._faults

    def _rank(self, subject: str) -> str:
        if subject == "control":
            return "control"
        return "air" if subject in self._state.outputs.wanted or subject in ON_AIR else "source"
