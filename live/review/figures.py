"""What a show comes to in figures: who was seen and who spoke, how quick and how right the cuts were, machine against
hand.

Pure arithmetic on a log. What close-up, visible, wrong and latency mean is what benchmarks/directing.py means by them;
shares are from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from live.review.blame import CAUSES, causes, shows
from live.review.log import DIRECTOR, Bools, Command, Cut, Override, Proposal, ShowLog, Span
from live.sound.hearing import LATENCY_S

TURN_S = 3.0  # a turn is this long or longer
BRIDGE_S = 0.3  # with pauses up to this
FOLLOWED_S = (5.0, 10.0)  # after an override: what happened within
# Shot lengths of people's work come out about log-normal: the reference's sigma, and its median over its mean.
REFERENCE_SIGMA, REFERENCE_MEDIAN_OVER_MEAN = 0.94, 0.64
NOBODY = -1

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PersonShare:
    """One person over the whole show, seconds. alone_s: in a shot of their own; wide_s: in one with
    others."""

    name: str
    label: str
    speech_s: float
    alone_s: float
    wide_s: float
    speech_share: float
    screen_share: float

    @property
    def fairness(self) -> float | None:
        """Share of the close-ups over share of the speech; 1: as much seen as heard. None without speech."""
        return self.screen_share / self.speech_share if self.speech_share > 0 else None


@dataclass(frozen=True)
class Following:
    """How well the program followed the speakers. None where there is nothing to measure: no person alone spoke.
    wrong_by: by cause (live/review/blame.py), its part of wrong. latency_by_s: its part of the mean wait, seconds.
    """

    close_up: float | None
    visible: float | None
    wrong: float | None
    latency_s: float | None
    turns: int
    latencies_s: tuple[float, ...]
    wrong_by: Mapping[str, float] = field(default_factory=dict)
    latency_by_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Lengths:
    """Shot lengths, seconds; the last shot, which the end of the show cut off, is not counted."""

    shots_s: tuple[float, ...]
    median_s: float
    mean_s: float
    sigma: float  # of the logarithms
    mu: float
    distance: float  # Kolmogorov-Smirnov, from the log-normal fitted to them
    limit: float  # of that distance, over which they are no log-normal (5 %, Lilliefors)

    @property
    def is_log_normal(self) -> bool:
        return self.distance <= self.limit


@dataclass(frozen=True)
class Overriding:
    """A hand against the machine, and what came of it. after: sentences for FOLLOWED_S."""

    t_s: float
    frame: int
    what: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class Hands:
    """Machine and hand."""

    machine_cuts: int
    hand_cuts: int
    machine_s: float
    hand_s: float
    proposals: int
    vetoes: int
    taken: int
    overrides: tuple[Overriding, ...]


def on_air(log: ShowLog, people: Sequence[str]) -> tuple[Ints, Bools]:
    """By frame: who is in a shot of their own (index, NOBODY); by frame and person: who is in one with others (wide:
    everybody)."""
    alone = np.full(log.frames, NOBODY, np.int64)
    together = np.zeros((log.frames, len(people)), bool)
    for span in log.spans():
        who, here = span.shot.person, slice(span.start, span.end)
        alone[here] = people.index(who) if who in people else NOBODY
        together[here] = [name != who and shows(span.shot, name) for name in people]
    return alone, together


def shares(log: ShowLog) -> list[PersonShare]:
    """Screen time and speech time of every person."""
    people, speaking = log.speaking()
    person, together = on_air(log, people)
    rate = float(log.rate)
    speech = speaking.sum(0) / rate
    alone = np.array([(person == i).sum() / rate for i in range(len(people))])
    return [
        PersonShare(
            name,
            log.label(name),
            float(speech[i]),
            float(alone[i]),
            float(together[:, i].sum() / rate),
            float(speech[i] / speech.sum()) if speech.sum() else 0.0,
            float(alone[i] / alone.sum()) if alone.sum() else 0.0,
        )
        for i, name in enumerate(people)
    ]


def following(log: ShowLog) -> Following:
    """Close-up, visible and wrong shares of the time in which one person alone speaks, and how long a turn waits for
    its picture."""
    people, speaking = log.speaking()
    person, together = on_air(log, people)
    count = speaking.sum(1)
    alone = np.where(count == 1, speaking.argmax(1) if len(people) else NOBODY, NOBODY)
    sole = alone >= 0
    if not sole.any():
        return Following(None, None, None, None, 0, ())
    close_up = float(np.mean(person[sole] == alone[sole]))
    in_view = together[np.flatnonzero(sole), alone[sole]]
    seen = np.zeros(len(alone), bool)
    seen[sole] = in_view | (person[sole] == alone[sole])
    unheard_frames = 0 if log.start.offline else round(LATENCY_S * log.rate)
    why = causes(log, people, alone, seen, unheard_frames)
    not_close = causes(log, people, alone, person == alone, unheard_frames, close=True)
    visible = close_up + float(np.mean(in_view & (person[sole] != alone[sole])))
    waits, waited = [], np.zeros(len(CAUSES))
    for start, end in turns(alone, float(log.rate)):
        shown = np.flatnonzero(person[start:end] == alone[start])
        frames = int(shown[0]) if len(shown) else end - start
        waits.append(float(frames / log.rate))
        waited += _counted(not_close[start : start + frames])
    mean_s = float(np.mean(waits)) if waits else None
    wrong_by = dict(zip(CAUSES, (_counted(why) / sole.sum()).tolist(), strict=True))
    latency_by_s = dict(zip(CAUSES, (waited / float(log.rate) / max(1, len(waits))).tolist(), strict=True))
    return Following(close_up, visible, 1 - visible, mean_s, len(waits), tuple(waits), wrong_by, latency_by_s)


def _counted(found: Ints) -> npt.NDArray[np.float64]:
    """How often each cause was it."""
    return np.bincount(found[found >= 0], minlength=len(CAUSES)).astype(np.float64)


def turns(alone: Ints, rate_hz: float) -> list[tuple[int, int]]:
    """First frame and frame after the last of every stretch in which one person alone speaks, pauses bridged, TURN_S or
    longer."""
    edges = [0, *(np.flatnonzero(np.diff(alone)) + 1).tolist(), len(alone)]
    found: list[tuple[int, int]] = []
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        if start == end or alone[start] < 0:
            continue
        if found and alone[found[-1][0]] == alone[start] and start - found[-1][1] <= BRIDGE_S * rate_hz:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start >= TURN_S * rate_hz]


def lengths(log: ShowLog) -> Lengths | None:
    """Shot lengths and how log-normal they are; None with fewer than two whole shots."""
    spans = log.spans()[:-1]
    if len(spans) < 2:
        return None
    shots = [float(s.frames / log.rate) for s in spans]
    logs = np.log(shots)
    mu, sigma = float(logs.mean()), float(logs.std(ddof=1))
    n = len(shots)
    # Lilliefors 1967 by the approximation of Dallal and Wilkinson 1986, at 5 %: parameters are fitted, so the table of
    # Kolmogorov is too kind.
    limit = 0.886 / (math.sqrt(n) - 0.01 + 0.85 / math.sqrt(n))
    return Lengths(
        tuple(shots),
        float(np.median(shots)),
        float(np.mean(shots)),
        sigma,
        mu,
        _distance(np.sort(logs), mu, sigma),
        limit,
    )


def _distance(logs: npt.NDArray[np.float64], mu: float, sigma: float) -> float:
    """Largest distance of the sorted values from the normal distribution."""
    n = len(logs)
    if sigma == 0:
        return 1.0
    fitted = np.array([0.5 * (1 + math.erf((x - mu) / (sigma * math.sqrt(2)))) for x in logs])
    above, below = np.arange(1, n + 1) / n - fitted, fitted - np.arange(n) / n
    return float(max(above.max(), below.max()))


def hands(log: ShowLog) -> Hands:
    """Who cut, for how long it stood, and every time a hand went against the machine."""
    spans = log.spans()
    cut_spans = [s for s in spans if s.cut is not None]
    machine = [s for s in cut_spans if s.by == DIRECTOR]
    hand = [s for s in cut_spans if s.is_hand]
    return Hands(
        len(machine),
        len(hand),
        _seconds(log, machine),
        _seconds(log, hand),
        len(log.of(Proposal)),
        len(log.of(Override)),
        sum(s.cut.reason.startswith("taken by hand") for s in hand if s.cut),
        tuple(_overrides(log)),
    )


def _seconds(log: ShowLog, spans: Sequence[Span]) -> float:
    return float(sum(s.frames for s in spans) / log.rate)


def overriding(log: ShowLog) -> list[Cut]:
    """The cuts by hand that went against the machine: to another shot than it proposed at that moment, or off a shot
    that it had cut to less than two seconds before."""
    found = []
    proposed: Proposal | None = None
    machine_s = float("-inf")
    for line in log.lines:
        if isinstance(line, Proposal):
            proposed = line
        if not isinstance(line, Cut):
            continue
        if line.by == DIRECTOR:
            machine_s = line.t_s
        elif line.t_s - machine_s < 2.0 or (
            proposed is not None and line.t_s <= proposed.due_s and line.to != proposed.to
        ):
            found.append(line)
        proposed = None
    return found


_TELLING = {"/director/hold": "held the cuts", "/show/panic": "panic", "/director/level": "set the director's level to"}


def _overrides(log: ShowLog) -> list[Overriding]:
    against = overriding(log)
    found = []
    for line in log.lines:
        what = ""
        if isinstance(line, Override) and line.kind == "override":
            what = f"vetoed {log.shot(line.vetoed).label}" if line.vetoed else "vetoed"
        elif isinstance(line, Cut) and line in against:
            what = f"cut to {log.shot(line.to).label} instead"
        elif isinstance(line, Command) and line.address in _TELLING and line.args[:1] != ["auto"]:
            args = (f"{a:g} s" if isinstance(a, float | int) else str(a) for a in line.args)
            what = " ".join((_TELLING[line.address], *args))
        if what:
            found.append(
                Overriding(
                    line.t_s, line.frame, what, tuple(_after(log, line.frame, seconds) for seconds in FOLLOWED_S)
                )
            )
    return found


def _after(log: ShowLog, frame: int, seconds: float) -> str:
    """What the program did within some seconds after a frame."""
    until = frame + round(seconds * log.rate)
    cuts = [s for s in log.spans() if s.cut is not None and frame < s.start <= until]
    if until > log.frames and not cuts:
        return "the show ended"
    if not cuts:
        return "no cut"
    first = cuts[0]
    who = "hand" if first.is_hand else "machine"
    more = f" (and {len(cuts) - 1} more)" if len(cuts) > 1 else ""
    return f"{who} to {first.shot.label} after {float((first.start - frame) / log.rate):.1f} s{more}"
