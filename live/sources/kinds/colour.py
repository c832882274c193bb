"""One colour all over, as a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from live.base.clock import NS
from live.config.base import Colour
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.codes import codes_from_rgb, rgb_of_hex
from live.picture.format import U8, PictureFormat
from live.sources.reader import Event, PictureEvent, Readable, Reader

REFRESH_NS = NS // 2  # a picture that does not move is repeated this often: enough to be known alive


@SOURCES.register
class ColourSource(Source, Readable):
    """One colour all over, black by itself: to cut to, or to lie behind what doesn't fill the frame."""

    repeatable: ClassVar[bool] = True

    kind: Literal["colour"]
    fill: Colour = Field("#000000", description="the colour")

    def channels_found(self) -> int | None:
        return 0

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return ColourReader(self.fill, picture)


class ColourReader:
    """fill: "#rrggbb", as a monitor shows it (BT.709)."""

    realtime = False
    loop = False
    stamped = False

    def __init__(self, fill: str, picture: PictureConfig) -> None:
        self._format = PictureFormat(picture.width, picture.height)
        matrix, offset = codes_from_rgb(self._format.matrix, self._format.range)
        self._codes = [round(code) for code in 255 * (matrix @ rgb_of_hex(fill) + offset)]

    def events(self) -> Iterator[Event]:
        n = 0
        while True:
            yield PictureEvent(n * REFRESH_NS, self._format, self._draw)
            n += 1

    def _draw(self, out: U8) -> None:
        for plane, code in zip(self._format.planes(out), self._codes, strict=True):
            plane[:] = code
