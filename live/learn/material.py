"""What a show log teaches: who spoke when, what could be shown, and what was shown.

A cut that the machine made and a hand undid at once was no choice of the director's, so it is left out: the shot before
it counts until the hand's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from live.base.errors import LogError
from live.director.cost import Candidate
from live.review.log import DIRECTOR, ShotLine, ShowLog, Span, read_log

STEP_S = 0.1
UNDONE_S = 4.0  # a hand that cuts within this time of the machine's cut did not agree with it
SHORTEST_S = 60.0
FEWEST_CUTS = 8

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """at_s: show time. to: the candidate's number."""

    at_s: float
    to: int


@dataclass(frozen=True)
class Lesson:
    """A show, or a part of one, in steps of STEP_S.

    speaking: bool, steps x people, who speaks in what the program shows then. on_air: by step, the number of the
    candidate; -1: something else. cuts: what the director chose. undone: cuts of the machine that a hand undid.
    delay_s: what the machine could hear ahead.
    """

    name: str
    candidates: tuple[Candidate, ...]
    labels: dict[str, str]
    people: tuple[str, ...]
    speaking: Bools
    on_air: Ints
    cuts: tuple[Cut, ...]
    undone: int
    delay_s: float

    @property
    def seconds(self) -> float:
        return len(self.on_air) * STEP_S

    def part(self, first: int, after: int) -> Lesson:
        """The steps from first to after (not included)."""
        begin_s, end_s = first * STEP_S, after * STEP_S
        cuts = tuple(Cut(c.at_s - begin_s, c.to) for c in self.cuts if begin_s < c.at_s < end_s)
        return replace(self, speaking=self.speaking[first:after], on_air=self.on_air[first:after], cuts=cuts)


def lessons(paths: Sequence[Path]) -> list[Lesson]:
    """The shows of some logs. Raises LogError for the first that teaches nothing."""
    return [lesson(read_log(path)) for path in paths]


def lesson(log: ShowLog) -> Lesson:
    """What one log teaches. Raises LogError when there is too little in it."""
    usable = tuple(c for shot in log.start.shots if (c := _candidate(shot)) is not None)
    if len(usable) < 2:
        raise LogError(
            str(log.path),
            "has fewer than two shots that the director may use",
            "give shots a role, and people a camera (docs/rigs.md)",
        )
    spans, undone = _chosen(log)
    steps = int(log.seconds / STEP_S)
    number = {c.shot: i for i, c in enumerate(usable)}
    on_air = np.full(steps, -1, np.int64)
    for span in spans:
        on_air[_step(span.start, log) : _step(span.end, log)] = number.get(span.shot.id, -1)
    people, heard = _speech(log, steps)
    cuts = tuple(Cut(float(s.start / log.rate), number[s.shot.id]) for s in spans[1:] if s.shot.id in number)
    found = Lesson(
        log.path.stem,
        usable,
        {p.name: p.label for p in log.start.people},
        people,
        heard,
        on_air,
        cuts,
        undone,
        log.start.delay_s,
    )
    _check(log.path, found)
    return found


def _check(path: Path, found: Lesson) -> None:
    if found.seconds < SHORTEST_S or len(found.cuts) < FEWEST_CUTS:
        what = f"{found.seconds:.0f} s with {len(found.cuts)} cuts is too little to learn from"
        raise LogError(str(path), what, f"give shows of at least {SHORTEST_S:.0f} s and {FEWEST_CUTS} cuts")
    if not found.speaking.any():
        raise LogError(
            str(path),
            "nobody was heard in it",
            "give every person a microphone, so that the log says who speaks (docs/rigs.md)",
        )


def _candidate(shot: ShotLine) -> Candidate | None:
    if shot.role == "wide":
        return Candidate(shot.id, "wide")
    if shot.role == "group" and len(shot.people) > 1:
        return Candidate(shot.id, "group", group=frozenset(shot.people))
    return Candidate(shot.id, "close_up", shot.person) if shot.role == "close_up" and shot.person else None


def _chosen(log: ShowLog) -> tuple[list[Span], int]:
    """The shots that the director chose or let stand, and how many of the machine's were undone."""
    spans, undone = log.spans(), 0
    kept: list[Span] = []
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        if (
            span.cut is not None
            and span.by == DIRECTOR
            and after is not None
            and after.is_hand
            and span.frames / log.rate < UNDONE_S
            and kept
        ):
            kept[-1] = Span(kept[-1].start, span.end, kept[-1].shot, kept[-1].by, kept[-1].cut)
            undone += 1
        elif kept and kept[-1].shot.id == span.shot.id:
            kept[-1] = Span(kept[-1].start, span.end, span.shot, kept[-1].by, kept[-1].cut)
        else:
            kept.append(span)
    return kept, undone


def _speech(log: ShowLog, steps: int) -> tuple[tuple[str, ...], Bools]:
    spans = log.speech()
    people = tuple(spans)
    heard = np.zeros((steps, len(people)), bool)
    for i, person in enumerate(people):
        for first, after in spans[person]:
            heard[_step(first, log) : _step(after, log), i] = True
    return people, heard


def _step(frame: int, log: ShowLog) -> int:
    return round(float(frame / log.rate) / STEP_S)
