"""The product's own director at a show that has been: what it would have cut, in some style, and how like that is to
what was cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from live.config.style import Style
from live.director.director import Director
from live.learn.material import STEP_S, Cut, Ints, Lesson
from live.sound.hearing import Hearing

NEAR_S = 0.5  # two cuts no further apart are the same one
QUIET_STEP = 3  # while nothing happens the director is asked this often, in steps
LIVELY_STEPS = 12  # after somebody began or ended it is asked at every step


@dataclass(frozen=True)
class Replay:
    """What was on air by step, and the cuts."""

    on_air: Ints
    cuts: tuple[Cut, ...]


@dataclass(frozen=True)
class Likeness:
    """f1: of the cuts, within NEAR_S. same: share of the time on the same shot."""

    f1: float
    same: float

    @property
    def score(self) -> float:
        return (self.f1 + self.same) / 2


def replay(lesson: Lesson, style: Style) -> Replay:
    """Start with what was on air, then let the director cut."""
    director = Director(lesson.candidates, style, lookahead_s=lesson.delay_s)
    shots = [c.shot for c in lesson.candidates]
    number = {shot: i for i, shot in enumerate(shots)}
    start = int(lesson.on_air[0])
    on_air, since_s = (shots[start] if start >= 0 else "another shot"), 0.0
    program, cuts = np.empty(len(lesson.on_air), np.int64), []
    ahead = round(lesson.delay_s / STEP_S)
    kinds, which = np.unique(lesson.speaking, axis=0, return_inverse=True)
    which = which.reshape(-1)
    heard = [Hearing({person: True for person, on in zip(lesson.people, kind, strict=True) if on}) for kind in kinds]
    changed = 0
    proposal = None
    for step in range(len(program)):
        edge = min(step + ahead, len(program) - 1)
        if edge and which[edge] != which[edge - 1]:
            changed = step
        if proposal is not None or step - changed < LIVELY_STEPS or step % QUIET_STEP == 0:
            now_s = step * STEP_S
            proposal = director.step(now_s, hearing=heard[which[edge]], on_air=on_air, on_air_since_s=since_s, epoch=0)
            if proposal is not None and now_s >= proposal.due_s - STEP_S / 2:
                on_air, since_s = proposal.shot, now_s
                cuts.append(Cut(now_s, number[on_air]))
                proposal = None
        program[step] = number.get(on_air, -1)
    return Replay(program, tuple(cuts))


def likeness(lesson: Lesson, made: Replay) -> Likeness:
    """How like a replay is to the show."""
    known = lesson.on_air >= 0
    same = float(np.mean(made.on_air[known] == lesson.on_air[known])) if known.any() else 0.0
    hits = _pairs([c.at_s for c in lesson.cuts], [c.at_s for c in made.cuts])
    total = len(lesson.cuts) + len(made.cuts)
    return Likeness(2 * hits / total if total else 1.0, same)


def _pairs(a_s: list[float], b_s: list[float]) -> int:
    """How many of the times can be paired, each once, no further apart than NEAR_S."""
    found, j = 0, 0
    for at_s in a_s:
        while j < len(b_s) and b_s[j] < at_s - NEAR_S - 1e-6:
            j += 1
        if j < len(b_s) and b_s[j] <= at_s + NEAR_S + 1e-6:
            found, j = found + 1, j + 1
    return found
