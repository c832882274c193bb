"""Fit a style to shows: what can be read off them first, then each number that the product's own director predicts them
better with.

The director that is fitted is the one that will cut, replayed over what was said in the shows. A number stays the
default style's unless another one predicts clearly better, so what a show doesn't tell isn't made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from live.config.style import Style, styled
from live.learn.habits import Habits, Shown, habits
from live.learn.material import STEP_S, Lesson
from live.learn.replay import Likeness, likeness, replay

GAIN = 0.002  # of the score: less is chance
FACTORS = (1.4, 1 / 1.4, 1.15, 1 / 1.15)
ROUNDS = 3
FIT_S = 1500.0  # of all shows together: more teaches little and takes long
SEARCHED = (
    "cut_s",
    "to_wide_s",
    "overlap_s",
    "silence_s",
    "min_shot_s",
    "from_wide_s",
    "wide_for_one",
    "max_shot_s",
    "reaction_every_s",
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class HeldOut:
    """How well shows are predicted that the style was not fitted to: by the fitted style and by the default one. how:
    in words."""

    fitted: Likeness
    default: Likeness
    how: str


def fit(lessons: Sequence[Lesson], default: Style) -> Style:
    """The style that predicts the shows best."""
    pieces = _pieces(lessons)
    style, best = default, _score(pieces, default)
    for changes in _read_off(habits([Shown(x, x.on_air, x.cuts) for x in lessons]), default):
        style, best = _better(pieces, style, changes, best)
    for _ in range(ROUNDS):
        before = best
        for name in [n for n in SEARCHED if getattr(style, n)]:  # what is off stays off: there was none of it to see
            style, best = _search(pieces, style, name, best)
        if best < before + GAIN:
            break
    return style


def held_out(lessons: Sequence[Lesson], default: Style, say: Say) -> HeldOut:
    """Fit to all shows but one and predict that one, each in turn; with one show, its last third from the rest."""
    if len(lessons) == 1:
        cut = len(lessons[0].on_air) * 2 // 3
        rounds = [([lessons[0].part(0, cut)], lessons[0].part(cut, len(lessons[0].on_air)))]
        how = "the last third of the show, predicted from what was before it"
    else:
        rounds = [([other for other in lessons if other is not one], one) for one in lessons]
        how = f"each of the {len(lessons)} shows, predicted from the others"
    fitted, by_default = [], []
    for number, (known, asked) in enumerate(rounds, 1):
        say(f"held out {number} of {len(rounds)}: {asked.name}")
        fitted.append(likeness(asked, replay(asked, fit(known, default))))
        by_default.append(likeness(asked, replay(asked, default)))
    return HeldOut(_mean(fitted), _mean(by_default), how)


def _mean(found: Sequence[Likeness]) -> Likeness:
    return Likeness(float(np.mean([x.f1 for x in found])), float(np.mean([x.same for x in found])))


def _pieces(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Equal parts of every show, FIT_S together."""
    steps = int(FIT_S / STEP_S / len(lessons))
    return [x if len(x.on_air) <= steps else x.part(0, steps) for x in lessons]


def _score(pieces: Sequence[Lesson], style: Style) -> float:
    scores = [likeness(piece, replay(piece, style)).score for piece in pieces]
    return float(np.average(scores, weights=[piece.seconds for piece in pieces]))


def _read_off(seen: Habits, default: Style) -> Iterator[dict[str, float]]:
    """What shows in the shots themselves, to be tried first: a few numbers that belong together at a time."""
    if seen.shortest_s is not None:
        yield {"min_shot_s": min(max(0.5, seen.shortest_s), default.max_shot_s / 2)}
    if seen.overlap_s is not None:
        yield {"overlap_s": min(max(0.5, seen.overlap_s), 60.0)}
    if seen.silence_s is not None:
        yield {"silence_s": min(max(0.5, seen.silence_s), 60.0)}
    if seen.apart_s is not None and seen.after_s is not None and seen.look_s is not None:
        yield {
            "reaction_every_s": min(max(5.0, seen.apart_s), 600.0),
            "reaction_after_s": min(max(3.0, seen.after_s), 600.0),
            "reaction_s": min(max(1.0, seen.look_s), 10.0),
        }


def _search(pieces: Sequence[Lesson], style: Style, name: str, best: float) -> tuple[Style, float]:
    """One number, up and down while that helps."""
    for factor in FACTORS:
        while True:
            found, score = _better(pieces, style, {name: getattr(style, name) * factor}, best)
            if found is style:
                break
            style, best = found, score
    return style, best


def _better(pieces: Sequence[Lesson], style: Style, changes: Mapping[str, float], best: float) -> tuple[Style, float]:
    """A style with these changes and its score, if that is clearly better than best; else the style itself."""
    try:
        tried = styled(style, {name: round(value, 2) for name, value in changes.items()})
    except ValueError:  # out of its range
        return style, best
    score = _score(pieces, tried)
    return (tried, score) if score >= best + GAIN else (style, best)
