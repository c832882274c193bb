"""What came out of an output, read back: a recording, or a stream while it comes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import av
import av.error
import numpy as np
import numpy.typing as npt

from live.base.clock import NS, Clock
from live.base.errors import LiveError
from live.base.samples import SAMPLE_RATE
from live.picture.flash import lightness, number_of
from live.sync.measure import Picture

TIMEOUT_S = (5.0, 5.0)
JOIN_S, TRIES = 4.0, 4  # how long pictures are waited for, and how often
# A stream is taken as it comes, so that the latency is the sender's; it is looked into for longer than a keyframe is
# away, or it seems to have no pictures.
_NO_BUFFER = {"fflags": "nobuffer", "flags": "low_delay", "analyzeduration": "3000000"}


@dataclass
class Seen:
    """pictures: in the order of their times. samples: one channel at 48 kHz from sound_start_s on."""

    pictures: list[Picture] = field(default_factory=list)
    samples: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    sound_start_s: float = 0.0

    def between(self, start_s: float, end_s: float) -> Seen:
        """A part of it."""
        first = max(0, round((start_s - self.sound_start_s) * SAMPLE_RATE))
        last = max(first, round((end_s - self.sound_start_s) * SAMPLE_RATE))
        pictures = [p for p in self.pictures if start_s <= p.time_s < end_s]
        return Seen(pictures, self.samples[first:last], self.sound_start_s + first / SAMPLE_RATE)


def look(url: str, clock: Clock, seconds: float | None = None) -> Seen:
    """All of a file; or so many seconds of it, or of a stream. Raises LiveError."""
    if "://" not in url:
        return _looked(url, clock, seconds, math.inf)
    for _ in range(TRIES):  # one that was joined between two keyframes gives its sound alone
        seen = _looked(url, clock, seconds, clock.now_ns() / NS + JOIN_S)
        if seen.pictures:
            break
    return seen


def _looked(url: str, clock: Clock, seconds: float | None, pictures_by_s: float) -> Seen:
    """pictures_by_s: when it is given up if there are none, by the machine's clock."""
    seen, blocks = Seen(), list[npt.NDArray[np.float32]]()
    options = _NO_BUFFER if "://" in url else {}
    try:
        with av.open(url, timeout=TIMEOUT_S if options else None, options=options) as container:
            for frame in _frames(container):
                if isinstance(frame, av.VideoFrame):
                    seen.pictures.append(_picture(frame, clock))
                else:
                    if not blocks:
                        seen.sound_start_s = float(frame.time or 0.0)
                    blocks.append(_mono(frame))
                if seconds is not None and _is_long(seen, seconds):
                    break
                if not seen.pictures and clock.now_ns() / NS > pictures_by_s:
                    break
    except (av.error.FFmpegError, OSError, ValueError) as error:
        if not seen.pictures:
            words = "nothing comes" if isinstance(error, av.error.ExitError) else getattr(error, "strerror", None)
            words = words or type(error).__name__
            raise LiveError(url, f"can't be read ({words})", "give a recording or the address of a stream") from None
    if blocks:
        seen.samples = np.concatenate(blocks)
    return seen


def _is_long(seen: Seen, seconds: float) -> bool:
    return bool(seen.pictures) and seen.pictures[-1].time_s - seen.pictures[0].time_s >= seconds


def _frames(container: av.container.InputContainer) -> Iterator[av.VideoFrame | av.AudioFrame]:
    streams = [s for s in (container.streams.video[:1], container.streams.audio[:1]) if s]
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
    for frame in container.decode(*(s[0] for s in streams)):
        if frame.pts is None:
            continue
        if isinstance(frame, av.VideoFrame):
            yield frame
        elif isinstance(frame, av.AudioFrame):
            yield from resampler.resample(frame)


def _picture(frame: av.VideoFrame, clock: Clock) -> Picture:
    luma = frame.reformat(format="gray8", width=min(frame.width, 640) & ~1).to_ndarray()
    return Picture(float(frame.time or 0.0), number_of(luma), lightness(luma), clock.now_ns() / NS)


def _mono(frame: av.AudioFrame) -> npt.NDArray[np.float32]:
    samples: npt.NDArray[np.float32] = frame.to_ndarray().mean(0)
    return samples
