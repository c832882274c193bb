"""The program's sound goes to silence with its picture: a pure core that knows how black each picture was."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


class Fader:
    """Gains at sample numbers, in order; between two of them the gain goes straight from one to the other."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, float]] = deque([(0, 1.0)])

    def mark(self, sample: int, gain: float) -> None:
        """The gain at a sample number that is not under the last one's. While nothing changes only the last one is
        kept: a fade begins there.
        """
        if gain == self._marks[-1][1] and len(self._marks) == 1:
            self._marks[0] = (sample, gain)
        else:
            self._marks.append((sample, gain))

    def apply(self, start: int, samples: Samples) -> Samples:
        """Samples (n, 2) from a number on, faded; the same array when there is nothing to do."""
        while len(self._marks) > 1 and self._marks[1][0] <= start:
            self._marks.popleft()
        if len(self._marks) == 1 and self._marks[0][1] == 1.0:
            return samples
        at, gains = zip(*self._marks, strict=True)
        gain = np.interp(np.arange(start, start + len(samples)), at, gains).astype(np.float32)
        faded: Samples = samples * gain[:, None]
        return faded
