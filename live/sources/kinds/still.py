"""A picture file as a source; moved by a simulated hand if the rig says so."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.files import read_file
from live.config.base import ExistingFile, Share, Wrong
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.sniff import moves
from live.sources.reader import Event, PictureEvent, Readable, Reader, wrong_with

REFRESH_HZ = 2  # a picture that does not move is repeated this often: enough to be known alive, nothing to draw again


@SOURCES.register
class StillSource(Source, Readable):
    """A picture file. `motion` moves it as a hand-held camera would, so that a photograph can stand in for a camera."""

    repeatable: ClassVar[bool] = True
    may_be_cut_out: ClassVar[bool] = True

    kind: Literal["still"]
    path: ExistingFile
    motion: Literal["none", "handheld"] = "none"
    zoom: Annotated[float, Field(ge=1, le=8)] = Field(1.0, description="how far into the picture the frame is")
    center: tuple[Share, Share] = Field(
        (0.5, 0.5), strict=False, description="where in the picture the frame is centred (x, y)"
    )

    def inspect(self) -> Iterator[Wrong]:
        wrong = list(wrong_with(self, self.path))
        yield from wrong
        if not wrong and moves(read_file(self.path)):
            yield Wrong("path", f"{self.path} moves, and a still doesn't", 'give it as kind = "media", or as a clip')

    def channels_found(self) -> int | None:
        return 0

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return StillReader(self, picture, seed)


class StillReader:
    """The picture at the program's size, cropped to its shape. The work is done on planes, not on RGB: half the
    pixels.
    """

    realtime = False
    loop = False
    stamped = False

    def __init__(self, config: StillSource, picture: PictureConfig, seed: int) -> None:
        self._config = config
        self._format = PictureFormat(picture.width, picture.height, Matrix.BT601, Range.LIMITED)
        self._rate = float(picture.rate) if config.motion == "handheld" else REFRESH_HZ
        rng = np.random.default_rng([seed, *config.name.encode()])
        # A hand: slow sway and faster tremor that never repeat together. Amplitudes are shares of the frame's width.
        self._waves = [
            [
                (a, f * rng.uniform(0.85, 1.15), rng.uniform(0, 2 * math.pi))
                for a, f in ((0.006, 0.11), (0.003, 0.43), (0.0006, 1.9))
            ]
            for _ in range(3)
        ]

    def events(self) -> Iterator[Event]:
        planes = self._load()
        n = 0
        while True:
            t_s = n / self._rate
            view = self._view(t_s, planes[0].shape[1], planes[0].shape[0])
            yield PictureEvent(int(t_s * NS), self._format, partial(self._draw, planes, view))
            n += 1

    def _load(self) -> list[U8]:
        """Planes Y, U, V of the file, each at the file's own full or half size."""
        import cv2

        from live.sources.siting import i420_of_bgr

        try:
            image = cv2.imread(str(self._config.path), cv2.IMREAD_COLOR)
        except cv2.error:
            image = None
        if image is None:
            raise SourceError(
                self._config.name, f"{self._config.path.name} is no picture that can be read", "give a PNG or JPEG"
            )
        height, width = (n & ~1 for n in image.shape[:2])
        return [
            p.copy()
            for p in PictureFormat(width, height).planes(i420_of_bgr(np.ascontiguousarray(image[:height, :width])))
        ]

    def _view(self, t_s: float, width: int, height: int) -> tuple[float, float, float]:
        """Centre (pixels of the file) and scale (file pixels per program pixel) at a time."""
        fmt, config = self._format, self._config
        scale = min(width / fmt.width, height / fmt.height) / config.zoom
        x, y = config.center[0] * width, config.center[1] * height
        if config.motion == "handheld":
            dx, dy, dz = (sum(a * math.sin(2 * math.pi * f * t_s + p) for a, f, p in waves) for waves in self._waves)
            x += dx * fmt.width * scale
            y += dy * fmt.width * scale
            scale *= 1 + dz
        half_w, half_h = fmt.width * scale / 2, fmt.height * scale / 2
        return min(max(x, half_w), width - half_w), min(max(y, half_h), height - half_h), scale

    def _draw(self, planes: list[U8], view: tuple[float, float, float], out: U8) -> None:
        from live.picture.planes import sampled

        x, y, scale = view
        for plane, target, k in zip(planes, self._format.planes(out), (1.0, 0.5, 0.5), strict=True):
            h, w = target.shape
            beside = 0.25 * (1 - scale) if k < 1 else 0.0  # chroma lies on every second column, whatever the size
            target[:] = sampled(
                plane, (x * k - w * scale / 2 + beside, y * k - h * scale / 2, w * scale, h * scale), (w, h)
            )
