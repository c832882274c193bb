"""The picture a multiview is painted on: planar Y'CbCr 4:2:0, BT.709 limited range, and the few marks it is made of.

Everything stands on even pixels, so that chroma stays in step with luma. Words are painted once and kept: what a label
says changes seldom, and a digit of a clock is painted ten times in a show.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import skia

from live.picture.colour import program_from, yuv_of_hex, yuva_from_rgba
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.text import Line, fitted
from live.picture.tiling import Rect

_KEPT = 512  # lines of text: all that stand in 36 windows, and the tenths of a count-down, in 40 MB
Planes = tuple[U8, U8, U8]  # Y, and Cb and Cr at half its width and height


class Box(NamedTuple):
    """A rectangle of even pixels, origin top left."""

    x: int
    y: int
    w: int
    h: int

    @property
    def x1(self) -> int:
        return self.x + self.w

    @property
    def y1(self) -> int:
        return self.y + self.h

    def inset(self, d: int) -> Box:
        return Box(self.x + d, self.y + d, max(0, self.w - 2 * d), max(0, self.h - 2 * d))


def even(pixels: float) -> int:
    """The nearest even number."""
    return 2 * round(pixels / 2)


def boxed(rect: Rect, width: int, height: int) -> Box:
    """A rectangle (shares of a picture of this size) on even pixels. Edges are rounded, not sizes: neighbours stay
    neighbours."""
    x, y = even(rect.x * width), even(rect.y * height)
    return Box(x, y, even(rect.x1 * width) - x, even(rect.y1 * height) - y)


def fitted_box(area: Box, aspect: float) -> Box:
    """The largest box of this shape in the middle of an area."""
    w = min(area.w, even(min(area.w, area.h * aspect)))
    h = min(area.h, even(w / aspect))
    return Box(area.x + even((area.w - w) / 2), area.y + even((area.h - h) / 2), w, h)


@lru_cache(64)
def codes(colour: str) -> tuple[int, int, int]:
    """Y', Cb, Cr of "#rrggbb", 8 bit."""
    y, u, v = (round(255 * code) for code in yuv_of_hex(colour))
    return y, u, v


class Canvas:
    """A picture and the marks that can be put on it. Whatever lies beyond its edge is cut off."""

    def __init__(self, width: int, height: int) -> None:
        """Both even."""
        self.format = PictureFormat(width, height)
        self.data = np.empty(self.format.size, np.uint8)
        self.planes: Planes = self.format.planes(self.data)  # type: ignore[assignment]

    @property
    def box(self) -> Box:
        return Box(0, 0, self.format.width, self.format.height)

    def region(self, box: Box) -> Planes:
        """Views of the three planes inside a box."""
        y, u, v = self.planes
        half = slice(box.y // 2, box.y1 // 2), slice(box.x // 2, box.x1 // 2)
        return y[box.y : box.y1, box.x : box.x1], u[half], v[half]

    def fill(self, box: Box, colour: str) -> None:
        for plane, code in zip(self.region(box), codes(colour), strict=True):
            plane[:] = code

    def frame(self, box: Box, width: int, colour: str) -> None:
        """A border inside a box."""
        self.fill(Box(box.x, box.y, box.w, width), colour)
        self.fill(Box(box.x, box.y1 - width, box.w, width), colour)
        self.fill(Box(box.x, box.y, width, box.h), colour)
        self.fill(Box(box.x1 - width, box.y, width, box.h), colour)

    def put(self, picture: Planes, x: int, y: int) -> None:
        """A picture at its top left corner."""
        height, width = picture[0].shape
        for plane, part in zip(self.region(Box(x, y, width, height)), picture, strict=True):
            plane[:] = part[: plane.shape[0], : plane.shape[1]]


@lru_cache(_KEPT)
def words(
    text: str, size_px: float, box: tuple[int, int], ink: str, paper: str, align: str = "left", bold: bool = False
) -> Planes:
    """One line of text on a plate of even size (width, height), never wider than it: smaller, then cut. Not to be
    written to."""
    width, height = box
    rgba = np.empty((height, width, 4), np.uint8)
    rgba[:] = [*bytes.fromhex(paper[1:]), 255]
    line = fitted(text, size_px, width, bold=bold, colour=ink)
    left = {"left": 0.0, "middle": (width - line.width) / 2, "right": width - line.width}[align]
    canvas = skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType).getCanvas()
    line.paint(canvas, left, (height - line.height) / 2)
    del canvas
    return halved(yuva_from_rgba(rgba))


@lru_cache(512)
def width_of(text: str, size_px: float, bold: bool = False) -> int:
    """Of a line of text, in even pixels."""
    return even(Line(text, size_px, bold=bold, colour="#ffffff").width + 1)


def halved(packed: U8) -> Planes:
    """The planes of packed Y'CbCr (h, w, 3 or 4), h and w even."""
    size = packed.shape[1] // 2, packed.shape[0] // 2
    chroma = [cv2.resize(np.ascontiguousarray(packed[..., n]), size, interpolation=cv2.INTER_AREA) for n in (1, 2)]
    return np.ascontiguousarray(packed[..., 0]), chroma[0], chroma[1]


def in_program_codes(planes: Planes, fmt: PictureFormat) -> Planes:
    """A small picture in another matrix or range, in the program's."""
    if (fmt.matrix, fmt.range) == (Matrix.BT709, Range.LIMITED):
        return planes
    matrix, offset = program_from(fmt.matrix, fmt.range)
    size = planes[0].shape[1], planes[0].shape[0]
    packed = cv2.merge([planes[0], *(cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes[1:])])
    return halved(np.asarray(cv2.transform(packed, np.column_stack([matrix, 255 * offset])), np.uint8))


_DIM = np.array(
    [np.clip(np.round(16 + (np.arange(256) - 16) * 0.4), 0, 255), 128 + (np.arange(256) - 128) * 0.4]
).astype(np.uint8)


def dimmed(planes: Planes) -> Planes:
    """A picture that isn't of now: darker and paler."""
    y, u, v = planes
    return cv2.LUT(y, _DIM[0]), cv2.LUT(u, _DIM[1]), cv2.LUT(v, _DIM[1])
