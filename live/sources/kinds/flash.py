"""The flash and blip: what picture and sound are set against each other by, at any output."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Literal

from live.base.clock import NS
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.flash import FLASH_S, draw
from live.picture.format import U8, PictureFormat
from live.sound.blip import blip
from live.sources.reader import Event, PictureEvent, Readable, Reader, SoundEvent


@SOURCES.register
class FlashSource(Source, Readable):
    """A white flash and a 1 kHz blip every second, on the same instant; the number of each picture is in it as blocks.
    `live sync` reads them back from what comes out."""

    repeatable: ClassVar[bool] = True

    kind: Literal["flash"]

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return FlashReader(picture)


class FlashReader:
    """Picture n is at n / rate; the first of every second is where the flash and the blip begin."""

    realtime = False
    loop = False
    stamped = False

    def __init__(self, picture: PictureConfig) -> None:
        self._format = PictureFormat(picture.width, picture.height)
        self._rate = picture.rate
        self._every = round(picture.rate)

    def events(self) -> Iterator[Event]:
        n = 0
        while True:
            pts_ns = int(n * NS / self._rate)
            if n % self._every == 0:
                yield SoundEvent(pts_ns, blip(int((n + self._every) * NS / self._rate) - pts_ns))
            yield PictureEvent(pts_ns, self._format, partial(self._draw, n))
            n += 1

    def _draw(self, n: int, out: U8) -> None:
        luma, *chroma = self._format.planes(out)
        draw(luma, n, flash=n % self._every < self._every * FLASH_S)
        for plane in chroma:
            plane[:] = 128
