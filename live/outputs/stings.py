"""The sound of stingers in the program: a pure core that knows which frame of which film each picture showed.

It is laid under the pictures here, not in the mixer: here every picture has its samples, however late the program is,
and a film begins with its own frame to the sample.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from live.base.samples import SAMPLE_RATE
from live.sound.limiter import Samples

FADE = SAMPLE_RATE // 10  # of a film that is broken off
_SAME = SAMPLE_RATE // 100  # a film that has moved by less runs on: frames begin between two samples


@dataclass
class _Run:
    """A film that sounds. origin: the program's sample that its first one falls on; end: where it was broken off, None
    while it runs."""

    samples: Samples
    film: int
    origin: int
    start: int
    end: int | None = None


class Stings:
    """films: the sound of each, (n, 2) float32; a film's number counts from 1, 0 is none. One thread."""

    def __init__(self, films: Sequence[Samples], rate: Fraction) -> None:
        self._films, self._rate = films, rate
        self._runs: deque[_Run] = deque()

    def mark(self, sample: int, film: int, frame: int) -> None:
        """The picture that begins at this sample shows a frame of a film. Samples come in order, and not later than
        `apply` asks for them."""
        origin = sample - int(frame * SAMPLE_RATE / self._rate)
        last = self._runs[-1] if self._runs and self._runs[-1].end is None else None
        if last is not None and last.film == film and abs(last.origin - origin) < _SAME:
            return
        if last is not None:
            last.end = sample
        if 0 < film <= len(self._films) and len(self._films[film - 1]):
            self._runs.append(_Run(self._films[film - 1], film, origin, sample))

    def apply(self, start: int, samples: Samples) -> Samples:
        """Samples (n, 2) of the program from a number on, with the films', as loud as both together; the same array
        when none sounds."""
        while (
            self._runs
            and self._runs[0].end is not None
            and min(self._runs[0].end + FADE, _over(self._runs[0])) <= start
        ):
            self._runs.popleft()
        out = samples
        for run in self._runs:
            first, last = max(start, run.start), min(start + len(samples), _over(run))
            if last <= first:
                continue
            out = samples.copy() if out is samples else out
            played = run.samples[first - run.origin : last - run.origin]
            if run.end is not None:
                left = np.clip((run.end + FADE - np.arange(first, last)) / FADE, 0, 1)
                played = played * left.astype(np.float32)[:, None]
            out[first - start : last - start] += played
        return out


def _over(run: _Run) -> int:
    """The sample after a film's last."""
    return run.origin + len(run.samples)
