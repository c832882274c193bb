"""Small films whose pictures carry their number, and sound that is known to the sample."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from live.base.samples import SAMPLE_RATE
from live.picture.format import U8

SIZE = (320, 184)
_BITS = 12
_CELL = 24


def numbered(number: int, size: tuple[int, int] = SIZE) -> U8:
    """BGR: the number in bars along the upper edge, white for a 1."""
    picture = np.full((size[1], size[0], 3), 60, np.uint8)
    for bit in range(_BITS):
        if number >> bit & 1:
            picture[:_CELL, bit * _CELL : (bit + 1) * _CELL] = 255
    return picture


def number_of(luma: U8) -> int:
    """The number of a picture of SIZE, from its luma."""
    middle = slice(_CELL // 4, _CELL * 3 // 4)
    return sum(1 << bit for bit in range(_BITS) if luma[middle, bit * _CELL + 6 : bit * _CELL + 18].mean() > 140)


def film(
    path: Path,
    pictures: int,
    *,
    first: int = 0,
    rate: int = 30,
    tone_hz: float | None = 480.0,
    size: tuple[int, int] = SIZE,
) -> Path:
    """H.264 with a key picture a second, numbered from `first` on; a sine of amplitude 0.5 as PCM (MOV) or AAC
    (others), None for no sound. An MP4 has its index at the front."""
    with av.open(str(path), "w", options={"movflags": "faststart"} if path.suffix == ".mp4" else {}) as out:
        video = out.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt, video.options = (
            *size,
            "yuv420p",
            {"crf": "12", "g": str(rate), "preset": "ultrafast"},
        )
        audio = None
        if tone_hz is not None:
            audio = out.add_stream("pcm_s16le" if path.suffix == ".mov" else "aac", rate=SAMPLE_RATE, layout="stereo")
        for n in range(pictures):
            out.mux(video.encode(av.VideoFrame.from_ndarray(numbered(first + n, size), format="bgr24")))
            if audio is not None:
                out.mux(audio.encode(_tone(tone_hz or 0.0, n * SAMPLE_RATE // rate, (n + 1) * SAMPLE_RATE // rate)))
        out.mux(video.encode(None))
        if audio is not None:
            out.mux(audio.encode(None))
    return path


def sound_file(path: Path, seconds: float, tone_hz: float = 480.0) -> Path:
    """A WAV of a sine, amplitude 0.5."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for begin in range(0, int(seconds * SAMPLE_RATE), 1024):
            out.mux(stream.encode(_tone(tone_hz, begin, min(begin + 1024, int(seconds * SAMPLE_RATE)))))
        out.mux(stream.encode(None))
    return path


def changing_sound(path: Path) -> Path:
    """An MPEG transport stream as it was broadcast: a second of a sine in mono at 48 kHz, another in stereo at 44.1."""
    with path.open("wb") as joined:
        for second, (layout, rate) in enumerate((("mono", 48_000), ("stereo", 44_100))):
            part = path.with_suffix(f".{second}.ts")
            with av.open(str(part), "w") as out:
                stream = out.add_stream("mp2", rate=rate, layout=layout)
                for begin in range(0, rate, 1152):
                    wave = 0.5 * np.sin(2 * np.pi * 480 * np.arange(begin, begin + 1152) / rate)
                    samples = np.repeat((wave * 32767).astype(np.int16), 2 if layout == "stereo" else 1)[None]
                    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout=layout)
                    frame.sample_rate, frame.pts, frame.time_base = rate, second * rate + begin, Fraction(1, rate)
                    out.mux(stream.encode(frame))
                out.mux(stream.encode(None))
            joined.write(part.read_bytes())
            part.unlink()
    return path


def _tone(tone_hz: float, begin: int, end: int) -> av.AudioFrame:
    wave = 0.5 * np.sin(2 * np.pi * tone_hz * np.arange(begin, end) / SAMPLE_RATE)
    both = np.repeat((wave * 32767).astype(np.int16), 2)[None]
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(both), format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, begin, Fraction(1, SAMPLE_RATE)
    return frame
