"""A picture file as a source; moved by a simulated hand if the rig says so."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from live.base.clock import NS
from live.base.errors import SceneError, SourceError
from live.base.files import read_file
from live.config.base import ExistingFile, Share, Wrong
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.sniff import moves
from live.sources.reader import Event, PictureEvent, Readable, Reader, wrong_with

if TYPE_CHECKING:
    from live.sources.develop import Developed

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
        image, alpha = self._load()
        if alpha is not None and self._config.motion == "none":
            view = self._view(0.0, image.shape[1], image.shape[0])
            made = self._cut_out(image, alpha, view)
            for n in count():
                yield PictureEvent(int(n / self._rate * NS), made.format, made.write)
        planes = self._planes(image)
        n = 0
        while True:
            t_s = n / self._rate
            view = self._view(t_s, planes[0].shape[1], planes[0].shape[0])
            yield PictureEvent(int(t_s * NS), self._format, partial(self._draw, planes, view))
            n += 1

    def _load(self) -> tuple[U8, U8 | None]:
        """B'G'R' of the file, over black, at even size; and its alpha, if not all of it is opaque."""
        import cv2

        from live.picture.decoding import decoded_file

        try:
            image = decoded_file(self._config.name, self._config.path, read_file)
        except SceneError as error:
            raise SourceError(self._config.name, f"{self._config.path.name} {error.cause}", error.action) from None
        if image.dtype != np.uint8:
            image = cv2.convertScaleAbs(image, alpha=1 / 257)
        if image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        height, width = (max(2, n & ~1) for n in image.shape[:2])
        if image.shape[0] < height or image.shape[1] < width:  # a line of pixels has no 4:2:0
            image = cv2.copyMakeBorder(image, 0, 1, 0, 1, cv2.BORDER_REPLICATE)
        image = np.ascontiguousarray(image[:height, :width])
        if image.shape[2] == 3:
            return image, None
        *colours, alpha = cv2.split(image)
        over = cv2.merge([cv2.multiply(c, alpha, scale=1 / 255) for c in colours])
        return over, (alpha if int(alpha.min()) < 255 else None)

    @staticmethod
    def _planes(image: U8) -> list[U8]:
        """Planes Y, U, V of the file, each at the file's own full or half size."""
        from live.sources.siting import i420_of_bgr

        height, width = image.shape[:2]
        return [p.copy() for p in PictureFormat(width, height).planes(i420_of_bgr(image))]

    def _cut_out(self, image: U8, alpha: U8, view: tuple[float, float, float]) -> Developed:
        import cv2

        from live.picture.planes import sampled
        from live.sources.develop import cut_out

        (x, y, scale), (w, h) = view, (self._format.width, self._format.height)
        area = x - w * scale / 2, y - h * scale / 2, w * scale, h * scale
        bgr = cv2.merge([np.ascontiguousarray(sampled(c, area, (w, h))) for c in cv2.split(image)])
        m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
        rows = np.hstack([m[:, ::-1], 255 * o[:, None]]).astype(np.float32)
        luma, cb, cr = cv2.split(cv2.transform(bgr, rows))
        return cut_out(luma, cb, cr, np.ascontiguousarray(sampled(alpha, area, (w, h))))

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
