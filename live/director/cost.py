"""What a shot costs while people speak: the director's taste, in numbers.

Costs are seconds of showing the wrong person. The rates (cost per second) come from the project's reference on directing; the
prices of a cut and where the idioms begin were set by trial on the AMI train split (benchmarks/directing.md). The idioms of the
trade are cost terms too, so that they weigh against each other instead of fighting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Candidate:
    """A shot that the director may use, and whom it shows. shot: its id on the bus."""

    shot: str
    role: Literal["wide", "close_up"]
    person: str | None


@dataclass(frozen=True)
class Moment:
    """Who speaks at one instant. run_s: for how long (of a sole speaker: since their turn began; else since just these spoke)."""

    speakers: frozenset[str]
    run_s: float


Curve = tuple[tuple[float, ...], tuple[float, ...]]

# Expected time in the next 5 s that goes on as it is, by how long it has been so. SOLE: AMI, 170 meetings [reference].
# OVERLAP, SILENCE: the AMI train split, measured by us.
SOLE: Curve = ((0.0, 0.2, 0.5, 1.0, 2.0, 3.0), (1.7, 2.1, 2.6, 2.8, 3.0, 3.2))
OVERLAP: Curve = ((0.0, 0.5, 1.5, 3.0, 4.0, 5.0), (1.25, 1.4, 1.5, 1.7, 2.0, 2.4))
SILENCE: Curve = ((0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0), (1.8, 1.9, 2.5, 2.9, 3.1, 3.4, 3.7, 4.1))


def along(curve: Curve, x: float) -> float:
    """The curve at x, linear between its points, level beyond them."""
    xs, ys = curve
    i = bisect_right(xs, x)
    if i == 0 or i == len(xs):
        return ys[max(0, i - 1)]
    return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])


@dataclass(frozen=True)
class Taste:
    """Cost rates (1/s), prices of a cut (s), and when the idioms begin (s)."""

    wrong: float = 1.0
    part_of_overlap: float = 0.3
    close_up_in_silence: float = 0.3
    wide_on_sole: float = 0.35
    wide_on_overlap: float = 0.1
    wide_on_silence: float = 0.2
    cut: float = 2.0  # lambda, from a close-up to another
    to_wide: float = 1.6  # lambda to the wide shot: who speaks next is in it, so the minimum shot can't lock in a wrong one
    leave_wide: float = 0.7  # lambda from the wide shot
    jump: float = 0.6  # nu: to another shot of the same subject and size
    long_overlap_s: float = 4.0
    long_silence_s: float = 5.3  # most are over sooner: to open to the wide shot and come back is two cuts
    close_up_in_long_overlap: float = 1.0  # the idioms say wide
    close_up_in_long_silence: float = 0.9
    old_shot: float = 0.3  # rate of what a change is worth when a speaker's shot is twice as old as the soft maximum

    @property
    def wide_absorbs(self) -> bool:
        """The trap: when to leave the wide shot costs more than can ever be gained by it, the director never leaves it."""
        return self.leave_wide >= self.wide_on_sole * max(SOLE[1])


def rate(taste: Taste, shot: Candidate, moment: Moment, pictured: Collection[str]) -> float:
    """Cost per second of this shot at this moment. pictured: the people who have a close-up that can be had."""
    count, is_wide = len(moment.speakers), shot.role == "wide"
    if count == 1:
        if shot.person in moment.speakers:
            return 0.0
        if is_wide:
            return taste.wide_on_sole if moment.speakers <= set(pictured) else 0.0
        return taste.wrong
    if is_wide:
        return taste.wide_on_overlap if count else taste.wide_on_silence
    if not count:
        return taste.close_up_in_long_silence if moment.run_s >= taste.long_silence_s else taste.close_up_in_silence
    if shot.person not in moment.speakers:
        return taste.wrong
    return taste.close_up_in_long_overlap if moment.run_s >= taste.long_overlap_s else taste.part_of_overlap


def expected_s(moment: Moment) -> float:
    """For how much of the next seconds it will go on as it is."""
    curve = (SILENCE, SOLE, OVERLAP)[min(2, len(moment.speakers))]
    return along(curve, moment.run_s)


@dataclass(frozen=True)
class Option:
    """To be on `shot` from `after_s` into the known part on. cost is the sum of its terms."""

    shot: Candidate
    after_s: float
    terms: tuple[tuple[str, float], ...]

    @property
    def cost(self) -> float:
        return sum(value for _, value in self.terms)


@dataclass(frozen=True)
class Outlook:
    """What a decision looks at: the known moments (each step_s long), the one they lead to, the shot on air and how old it is."""

    known: Sequence[Moment]
    edge: Moment
    step_s: float
    on_air: Candidate
    age_s: float
    max_shot_s: float
    pictured: frozenset[str]

    def stay(self, taste: Taste) -> Option:
        """Not to cut."""
        known = sum(rate(taste, self.on_air, m, self.pictured) for m in self.known) * self.step_s
        return Option(self.on_air, 0.0, (("known", known), ("expected", self._tail(taste, self.on_air))))

    def cut(self, taste: Taste, to: Candidate) -> Option:
        """To cut to `to`, at the best moment of the known part; the earliest of equals."""
        before = [rate(taste, self.on_air, m, self.pictured) * self.step_s for m in self.known]
        after = [rate(taste, to, m, self.pictured) * self.step_s for m in self.known]
        costs = [sum(before[:k]) + sum(after[k:]) for k in range(len(before) + 1)]
        best = min(range(len(costs)), key=lambda k: (round(costs[k], 9), k))
        terms = [("known", costs[best]), ("expected", self._tail(taste, to)), ("cut", self._price(taste, to))]
        if self.on_air.role == to.role and self.on_air.person == to.person:
            terms.append(("jump", taste.jump))
        if self._is_relief(to):
            terms.append(("old shot", -taste.old_shot * self._overage() * expected_s(self.edge)))
        return Option(to, best * self.step_s, tuple(terms))

    def _tail(self, taste: Taste, shot: Candidate) -> float:
        return rate(taste, shot, self.edge, self.pictured) * expected_s(self.edge)

    def _is_relief(self, to: Candidate) -> bool:
        """A change for its own sake, while the person on air speaks on. Never to somebody else: that would be to any back-channel."""
        return self.edge.speakers == {self.on_air.person} and (to.role == "wide" or to.person == self.on_air.person)

    def _overage(self) -> float:
        """How far beyond the soft maximum the shot on air is, in maxima."""
        return max(0.0, self.age_s / self.max_shot_s - 1)

    def _price(self, taste: Taste, to: Candidate) -> float:
        """Lambda."""
        if self.on_air.role == "wide":
            return taste.leave_wide
        return taste.to_wide if to.role == "wide" else taste.cut
