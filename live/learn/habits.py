"""What a show looks like in numbers that a director would use: how long shots are, when it opens to the wide shot, who
is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from live.learn.material import STEP_S, Bools, Cut, Ints, Lesson

FEWEST = 3  # so many times make a habit
GAP_STEPS = 3  # a pause no longer than this is inside a turn
LOOK_S = 6.0  # a look at a listener is no longer


@dataclass(frozen=True)
class Habits:
    """Medians over some shows, seconds; None where it happened too seldom to be a habit.

    shortest_s: only one shot in twenty is shorter. follow_s: from the first word of a turn to the speaker's close-up.
    overlap_s, silence_s: how long it had lasted when it was opened to the wide shot. looks: at somebody who listens,
    back to the speaker after them; after_s: how old the speaker's shot was by then; apart_s: from one to the next, at
    least (one in five is closer).
    """

    close_up_s: float | None
    wide_s: float | None
    shortest_s: float | None
    cuts_per_min: float
    wide_share: float
    follow_s: float | None
    overlap_s: float | None
    silence_s: float | None
    looks: int
    look_s: float | None
    after_s: float | None
    apart_s: float | None


@dataclass(frozen=True)
class Shown:
    """A show, or a replay of one."""

    lesson: Lesson
    on_air: Ints
    cuts: Sequence[Cut]


@dataclass(frozen=True)
class _Shot:
    at: int  # steps
    length_s: float
    to: int


def habits(shows: Sequence[Shown]) -> Habits:
    """What is usual in some shows."""
    every = [(show, _shots(show)) for show in shows]
    close_ups = [s.length_s for show, shots in every for s in shots if show.lesson.candidates[s.to].role == "close_up"]
    wides = [s.length_s for show, shots in every for s in shots if show.lesson.candidates[s.to].role != "close_up"]
    opened = [_opened(show, shots) for show, shots in every]
    looks = [_looks(show, shots) for show, shots in every]
    apart = [b - a for found in looks for (a, _, _), (b, _, _) in zip(found, found[1:], strict=False)]
    seconds = sum(show.lesson.seconds for show in shows)
    return Habits(
        close_up_s=_median(close_ups),
        wide_s=_median(wides),
        shortest_s=float(np.quantile([*close_ups, *wides], 0.05)) if len(close_ups) + len(wides) >= FEWEST else None,
        cuts_per_min=sum(len(show.cuts) for show in shows) / (seconds / 60),
        wide_share=float(np.mean(np.concatenate([_is_wide(show) for show in shows]))),
        follow_s=_median([wait for show, shots in every for wait in _waits(show, shots)]),
        overlap_s=_median([run for overlap, _ in opened for run in overlap]),
        silence_s=_median([run for _, silence in opened for run in silence]),
        looks=sum(len(found) for found in looks),
        look_s=_median([length_s for found in looks for _, length_s, _ in found]),
        after_s=_median([after_s for found in looks for _, _, after_s in found]),
        apart_s=float(np.quantile(apart, 0.2)) if len(apart) >= FEWEST else None,
    )


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) >= FEWEST else None


def _shots(show: Shown) -> list[_Shot]:
    """The shots between the first cut and the last: whole ones."""
    pairs = zip(show.cuts, show.cuts[1:], strict=False)
    return [_Shot(min(round(a.at_s / STEP_S), len(show.on_air) - 1), b.at_s - a.at_s, a.to) for a, b in pairs]


def _is_wide(show: Shown) -> Bools:
    wide = np.array([c.role != "close_up" for c in show.lesson.candidates])
    return wide[show.on_air] & (show.on_air >= 0)


def _alone(lesson: Lesson) -> Ints:
    """By step the number of who alone speaks; -1 nobody, -2 several."""
    count = lesson.speaking.sum(1)
    return np.where(count == 1, lesson.speaking.argmax(1), np.where(count == 0, -1, -2))


def _run_s(alone: Ints, step: int, kind: int) -> float:
    """For how long it has been so at a step (a step late is still so: a cut may answer to what has just ended)."""
    at = step if alone[step] == kind else step - 1
    first = at
    while first > 0 and alone[first - 1] == kind:
        first -= 1
    return (step - first) * STEP_S if at >= 0 and alone[at] == kind else 0.0


def _opened(show: Shown, shots: Sequence[_Shot]) -> tuple[list[float], list[float]]:
    """How long an overlap, and a silence, had lasted at each cut from a close-up to the wide shot that came in one."""
    alone, wide = _alone(show.lesson), _is_wide(show)
    overlap, silence = [], []
    for shot in shots:
        if shot.at < 2 or not wide[shot.at] or wide[shot.at - 2]:
            continue
        if alone[shot.at] == -2:
            overlap.append(_run_s(alone, shot.at, -2))
        elif alone[shot.at] == -1:
            silence.append(_run_s(alone, shot.at, -1))
    return overlap, silence


def _waits(show: Shown, shots: Sequence[_Shot]) -> list[float]:
    """From the beginning of a turn to the cut to its speaker."""
    alone, lesson = _alone(show.lesson), show.lesson
    found = []
    for shot in shots:
        person = lesson.candidates[shot.to].person
        if person is None or person not in lesson.people:
            continue
        speaker = lesson.people.index(person)
        if alone[shot.at] != speaker:
            continue
        first = shot.at
        while first > 0 and (alone[max(0, first - GAP_STEPS) : first] == speaker).any():
            first -= 1
        found.append((shot.at - first) * STEP_S)
    return found


def _looks(show: Shown, shots: Sequence[_Shot]) -> list[tuple[float, float, float]]:
    """Looks at somebody who listens while another speaks on: when, for how long, how old the speaker's shot was."""
    lesson, alone, found = show.lesson, _alone(show.lesson), []
    for before, look, after in zip(shots, shots[1:], shots[2:], strict=False):
        speaker, listener = lesson.candidates[before.to].person, lesson.candidates[look.to].person
        if (
            speaker is None
            or listener is None
            or speaker == listener
            or after.to != before.to
            or look.length_s > LOOK_S
        ):
            continue
        if speaker not in lesson.people or listener not in lesson.people:
            continue
        during = alone[look.at : after.at]
        speaks = lesson.speaking[look.at : after.at, lesson.people.index(listener)]
        if np.mean(during == lesson.people.index(speaker)) > 0.5 and speaks.mean() < 0.1:
            found.append((look.at * STEP_S, look.length_s, before.length_s))
    return found
