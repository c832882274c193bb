"""The sound of a stinger's film: read whole before the show, and laid under the very frames that show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from live.base.packets import demuxed, late_start_s
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.sound.limiter import Samples
from live.sound.stereo import Stereo

LONGEST_S = 10.0  # of a stinger
SILENT = (0, 0)  # of a picture: the number of the film that it shows, from 1 on, and its frame


@dataclass(frozen=True)
class FilmSound:
    """Where the sound of a film is, and how loud it is played."""

    path: Path
    gain_db: float = 0.0

    def read(self) -> Samples:
        """Samples (n, 2) float32 at 48 kHz after the gain, sample 0 at the film's time 0, LONGEST_S at most; none of a
        film without sound, or of one that can't be read: that is told with its picture."""
        import av  # only who reads needs it, not who reads a rig

        out = np.zeros((int(LONGEST_S * SAMPLE_RATE), CHANNELS), np.float32)
        end = 0
        try:
            with av.open(str(self.path)) as container:
                for start, block in _blocks(container):
                    start, block = max(0, start), block[max(0, -start) :]
                    if start >= len(out):
                        break
                    end = min(len(out), start + len(block))
                    out[start:end] = block[: end - start]
        except (av.error.FFmpegError, OSError):
            return out[:0].copy()
        return out[:end] * np.float32(10 ** (self.gain_db / 20))


def _blocks(container: Any) -> Iterator[tuple[int, Samples]]:
    """(first sample, samples) of the first sound track."""
    if not container.streams.audio:
        return
    stereo = Stereo()
    at: int | None = None
    frames = [f for packet in demuxed(container, container.streams.audio[0]) for f in packet.decode()]
    for frame in (*frames, None):  # None: what is still held
        if at is None and frame is not None:
            pts_s = float((frame.pts or 0) * (frame.time_base or 0))
            at = round((pts_s - late_start_s(container)) * SAMPLE_RATE)
        for samples in stereo.blocks(frame):
            yield at or 0, samples
            at = (at or 0) + len(samples)
