"""Sound in shared memory, addressed by absolute sample number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.samples import CHANNELS, SAMPLE_RATE
from live.shm.memory import _HEADER, _Shared

_SOUND_FRAMES = 4 * SAMPLE_RATE


class SoundRing(_Shared):
    """4 s of sound: float32 stereo at 48 kHz, addressed by absolute sample number (see `sample_at`). One writer.

    A writer may run ahead of the present (a file is decoded early). A gap it jumps over reads as silence.
    """

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEADER + _SOUND_FRAMES * CHANNELS * 4 if create else None)
        self._head = np.ndarray(8, np.int64, self._memory.buf)
        self._data = np.ndarray((_SOUND_FRAMES, CHANNELS), np.float32, self._memory.buf, _HEADER)
        if create:
            self._head[:] = 0

    def _views(self) -> None:
        self._head, self._data = np.zeros(8, np.int64), np.zeros((0, CHANNELS), np.float32)

    @property
    def end(self) -> int:
        """Sample number after the last one written; 0 before the first write."""
        return int(self._head[1])

    def write(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        """Put samples (n, 2) at an absolute sample number; what overlaps the past of the ring is dropped."""
        end = self.end
        if end and start > end:  # a gap: silence, at most one ring of it
            self._put(
                max(end, start - _SOUND_FRAMES), np.zeros((min(start - end, _SOUND_FRAMES), CHANNELS), np.float32)
            )
        skip = max(0, end - start) if end else 0
        if skip >= len(samples):
            return
        self._put(start + skip, samples[skip:][-_SOUND_FRAMES:])
        self._head[1] = start + len(samples)

    def _put(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        i = start % _SOUND_FRAMES
        first = min(len(samples), _SOUND_FRAMES - i)
        self._data[i : i + first] = samples[:first]
        self._data[: len(samples) - first] = samples[first:]

    def read(self, start: int, count: int) -> tuple[npt.NDArray[np.float32], int]:
        """A copy (count, 2) from an absolute sample number, and how many of them had been written (the rest is
        silence).
        """
        out = np.zeros((count, CHANNELS), np.float32)
        end = self.end
        low, high = max(start, end - _SOUND_FRAMES), min(start + count, end)
        n = high - low
        if n <= 0:
            return out, 0
        i = low % _SOUND_FRAMES
        first = min(n, _SOUND_FRAMES - i)
        out[low - start : low - start + first] = self._data[i : i + first]
        out[low - start + first : low - start + n] = self._data[: n - first]
        return out, n
