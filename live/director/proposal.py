"""What the director wants to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proposal:
    """What the director wants to do next. Times on the clock of `step`; costs in seconds of showing the wrong person.

    The same proposal keeps shot, decided_s and epoch while it stands; its due time, its reason and costs are brought up
    to date. terms, runner_up_terms: the parts of each cost, by name. idiom: which one spoke for it ("" : who speaks).
    epoch: that of the authority over the cuts when it was decided.
    """

    shot: str
    decided_s: float
    due_s: float
    reason: str
    cost: float
    runner_up: str | None
    runner_up_cost: float | None
    stay_cost: float
    epoch: int
    terms: tuple[tuple[str, float], ...]
    runner_up_terms: tuple[tuple[str, float], ...] = ()
    idiom: str = ""
