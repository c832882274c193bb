"""How far sound and picture are apart, from what came out of an output: pure.

What came out holds the flash and blip of a source `flash`, whose pictures have numbers, or just any white flash with a
1 kHz blip: a pattern's, or a screen that a camera and a microphone were pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, median

import numpy as np
import numpy.typing as npt

from live.base.samples import SAMPLE_RATE
from live.sound.blip import onsets_s

RATES = tuple(Fraction(n) for n in (24, 25, 30, 48, 50, 60)) + tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60))
_APART_S = 0.45  # further from a flash than this a blip belongs to another
_CONTRAST = 40.0  # codes that a flash is lighter, at least
_AROUND_S = 1.0  # pictures before and after a blip by which its flash is placed


@dataclass(frozen=True)
class Picture:
    """A picture that came out. time_s: its time stamp. number: what it says it is; None for one that says nothing.
    lightness: 0 to 255. came_s: when it came, by the machine's clock."""

    time_s: float
    number: int | None
    lightness: float
    came_s: float = 0.0


@dataclass(frozen=True)
class Apart:
    """One blip against its flash. late_ms: the sound comes so much after the picture; before it below 0."""

    time_s: float
    late_ms: float


@dataclass(frozen=True)
class Measured:
    """What was found. numbered: the pictures said which they are, so that the offset is known better than to a picture.
    interval_ms: between two pictures, which is what a flash without a number is known to."""

    apart: tuple[Apart, ...]
    numbered: bool
    interval_ms: float

    @property
    def late_ms(self) -> float:
        """The mean: the sound is so late; before its picture below 0."""
        return fmean(a.late_ms for a in self.apart)

    @property
    def spread_ms(self) -> float:
        """Between the earliest and the latest."""
        return max(a.late_ms for a in self.apart) - min(a.late_ms for a in self.apart)


def measured(
    pictures: Sequence[Picture], samples: npt.NDArray[np.float32], sound_start_s: float, rate_hz: float = SAMPLE_RATE
) -> Measured | None:
    """samples: one channel from sound_start_s on. None when there is no flash that goes with a blip."""
    blips = [sound_start_s + t for t in onsets_s(samples, rate_hz)]
    fresh = first_seen(pictures)
    interval_ms = 1e3 * interval_s(pictures)
    numbered = len(fresh) > len(pictures) / 4 > 1
    apart = _by_number(fresh, blips) if numbered else _by_flash(flashes_s(pictures), blips)
    return Measured(tuple(apart), numbered, interval_ms) if apart else None


def interval_s(pictures: Sequence[Picture]) -> float:
    times = [p.time_s for p in pictures]
    return median(b - a for a, b in zip(times, times[1:], strict=False)) if len(times) > 1 else 0.0


def first_seen(pictures: Sequence[Picture]) -> list[Picture]:
    """Those with a number, each when it comes the first time."""
    found: dict[int, Picture] = {}
    for picture in pictures:
        if picture.number is not None:
            found.setdefault(picture.number, picture)
    return list(found.values())


def rate_of(fresh: Sequence[Picture]) -> Fraction | None:
    """How many pictures a second the source makes, by their numbers."""
    if len(fresh) < 5:
        return None
    times, numbers = np.array([p.time_s for p in fresh]), np.array([p.number for p in fresh], float)
    slopes = np.diff(numbers)[np.diff(times) > 0] / np.diff(times)[np.diff(times) > 0]
    if not len(slopes):
        return None
    slope = float(np.polyfit(times - times[0], numbers, 1)[0])
    return min(RATES, key=lambda rate: abs(float(rate) - slope))


def _by_number(fresh: Sequence[Picture], blips: Sequence[float]) -> list[Apart]:
    """Every picture around a blip says when its flash would have come."""
    rate = rate_of(fresh)
    if rate is None:
        return []
    every = round(rate)
    apart = []
    for blip_s in blips:
        near = [p for p in fresh if abs(p.time_s - blip_s) <= _AROUND_S]
        if not near:
            continue
        behind_s = fmean(p.time_s - (p.number or 0) / rate for p in near)
        period_s = every / rate
        which = round((blip_s - behind_s) / period_s)
        apart.append(Apart(blip_s, 1e3 * float(blip_s - behind_s - which * period_s)))
    return apart


def flashes_s(pictures: Sequence[Picture]) -> list[float]:
    """When flashes come up; one that is on at the beginning doesn't count."""
    levels = np.array([p.lightness for p in pictures])
    if not len(levels) or float(np.ptp(levels)) < _CONTRAST:
        return []
    on = levels > (levels.min() + levels.max()) / 2
    return [p.time_s for p, now, before in zip(pictures[1:], on[1:], on[:-1], strict=True) if now and not before]


def _by_flash(flashes: Sequence[float], blips: Sequence[float]) -> list[Apart]:
    apart = []
    for blip_s in blips:
        nearest = min(flashes, key=lambda f: abs(f - blip_s), default=None)
        if nearest is not None and abs(nearest - blip_s) <= _APART_S:
            apart.append(Apart(blip_s, 1e3 * (blip_s - nearest)))
    return apart
