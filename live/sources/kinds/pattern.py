"""The test pattern: bars, a burnt-in frame number and clock, a flash and a blip every second."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from live.base.clock import NS, timecode
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.format import U8, PictureFormat
from live.sound.blip import blip
from live.sources.reader import Event, PictureEvent, Readable, Reader, SoundEvent

# 75 % bars in BT.709 limited range, 8 bit (Y, Cb, Cr), as published in SMPTE RP 219 / EBU Tech 3325.
BARS = (
    (180, 128, 128),
    (168, 44, 136),
    (145, 147, 44),
    (134, 63, 52),
    (63, 193, 204),
    (51, 109, 212),
    (28, 212, 120),
    (16, 128, 128),
)


@SOURCES.register
class PatternSource(Source, Readable):
    """Bars with burnt-in frame number and clock, a flash and a blip every second."""

    repeatable: ClassVar[bool] = True

    kind: Literal["pattern"]
    blip: bool = Field(True, description="the 1 kHz blip with each flash")

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return PatternReader(self, picture)


class PatternReader:
    """Frame n is at n / rate. The first frame of every second flashes (a white field in the upper middle) as the blip
    starts."""

    realtime = False
    loop = False
    stamped = False

    def __init__(self, config: PatternSource, picture: PictureConfig) -> None:
        self._format = PictureFormat(picture.width, picture.height)
        self._rate = picture.rate
        self._blip = config.blip
        self._base = np.empty(self._format.size, np.uint8)
        for i, plane in enumerate(self._format.planes(self._base)):
            edges = [round(k * plane.shape[1] / len(BARS)) for k in range(len(BARS) + 1)]
            for k, bar in enumerate(BARS):
                plane[:, edges[k] : edges[k + 1]] = bar[i]

    def events(self) -> Iterator[Event]:
        n = 0
        while True:
            pts_ns = int(n * NS / self._rate)
            if self._blip and n % round(self._rate) == 0:
                yield SoundEvent(pts_ns, blip(int((n + round(self._rate)) * NS / self._rate) - pts_ns))
            yield PictureEvent(pts_ns, self._format, partial(self.draw, n))
            n += 1

    def draw(self, n: int, out: U8) -> None:
        """Frame n into an I420 buffer."""
        import cv2

        np.copyto(out, self._base)
        y, u, v = self._format.planes(out)
        h, w = y.shape
        flash = n % round(self._rate) == 0
        box = (slice(int(h * 0.1), int(h * 0.4)), slice(int(w * 0.35), int(w * 0.65)))
        half = tuple(slice(s.start // 2, s.stop // 2) for s in box)
        y[box], u[half], v[half] = (235 if flash else 16), 128, 128
        scale = h / 360
        text = f"{n:07d}  {timecode(n, self._rate)}"
        (tw, th), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, max(1, round(2 * scale)))
        x0, y0 = (w - tw) // 2 & ~1, int(h * 0.78) & ~1
        pad = int(th * 0.6) & ~1
        area = (slice(y0 - th - pad, y0 + pad), slice(max(0, x0 - pad), x0 + tw + pad))
        y[area] = 16
        chroma = tuple(slice(s.start // 2, s.stop // 2) for s in area)
        u[chroma] = v[chroma] = 128
        cv2.putText(y, text, (x0, y0), cv2.FONT_HERSHEY_SIMPLEX, scale, 235, max(1, round(2 * scale)), cv2.LINE_AA)
