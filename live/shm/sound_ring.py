"""Sound in shared memory, addressed by absolute sample number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.channels import MOST, Picks, heard
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.shm.memory import _HEADER, _Shared

_SOUND_FRAMES = 4 * SAMPLE_RATE


class SoundRing(_Shared):
    """4 s of sound: float32 at 48 kHz, addressed by absolute sample number (see `sample_at`). One writer.

    It holds the channels that its source has, up to `most`: two until the writer says otherwise. A writer may run ahead
    of the present (a file is decoded early). A gap it jumps over reads as silence.
    """

    def __init__(self, name: str, *, create: bool = False, most: int = CHANNELS) -> None:
        """most: channels that there is room for; memory that no sound has been in costs nothing."""
        if not 1 <= most <= MOST:
            raise ValueError(f"{name}: {most} channels, of 1 to {MOST}")
        super().__init__(name, _HEADER + _SOUND_FRAMES * most * 4 if create else None)
        self._head = np.ndarray(8, np.int64, self._memory.buf)
        if create:
            self._head[:] = (0, 0, CHANNELS, most, 0, 0, 0, 0)
        self._all = np.ndarray(_SOUND_FRAMES * self.most, np.float32, self._memory.buf, _HEADER)

    def _views(self) -> None:
        self._head, self._all = np.zeros(8, np.int64), np.zeros(0, np.float32)

    @property
    def most(self) -> int:
        """Channels that there is room for."""
        return int(self._head[3])

    @property
    def channels(self) -> int:
        """Channels that its source has."""
        return int(self._head[2])

    @property
    def end(self) -> int:
        """Sample number after the last one written; 0 before the first write."""
        return int(self._head[1])

    @property
    def _data(self) -> npt.NDArray[np.float32]:
        channels = self.channels
        return self._all[: _SOUND_FRAMES * channels].reshape(-1, channels)

    def set_channels(self, channels: int) -> None:
        """Its source has so many; what was there is silence then. Writer only. Raises ValueError for more than there
        is room for."""
        if not 1 <= channels <= self.most:
            raise ValueError(f"{self.name}: {channels} channels, where there is room for {self.most}")
        if channels != self.channels:
            self._head[2] = channels
            if self.end:
                self._data[:] = 0

    def write(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        """Put samples (n, channels) at an absolute sample number; what overlaps the past of the ring is dropped."""
        end = self.end
        if end and start > end:  # a gap: silence, at most one ring of it
            silence = np.zeros((min(start - end, _SOUND_FRAMES), self.channels), np.float32)
            self._put(max(end, start - _SOUND_FRAMES), silence)
        skip = max(0, end - start) if end else 0
        if skip >= len(samples):
            return
        self._put(start + skip, samples[skip:][-_SOUND_FRAMES:])
        self._head[1] = start + len(samples)

    def _put(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        i, data = start % _SOUND_FRAMES, self._data
        first = min(len(samples), _SOUND_FRAMES - i)
        data[i : i + first] = samples[:first]
        data[: len(samples) - first] = samples[first:]

    def read(self, start: int, count: int, picks: Picks = None) -> tuple[npt.NDArray[np.float32], int]:
        """A copy (count, 2) from an absolute sample number, and how many of them had been written (the rest is
        silence). picks: the channels that are heard (live/base/channels.py).
        """
        samples, n = self.read_all(start, count)
        return heard(samples, picks), n

    def read_all(self, start: int, count: int) -> tuple[npt.NDArray[np.float32], int]:
        """As `read`, with all the channels that there are: (count, channels)."""
        data, end = self._data, self.end
        out = np.zeros((count, data.shape[1]), np.float32)
        low, high = max(start, end - _SOUND_FRAMES), min(start + count, end)
        n = high - low
        if n <= 0:
            return out, 0
        i = low % _SOUND_FRAMES
        first = min(n, _SOUND_FRAMES - i)
        out[low - start : low - start + first] = data[i : i + first]
        out[low - start + first : low - start + n] = data[: n - first]
        return out, n
