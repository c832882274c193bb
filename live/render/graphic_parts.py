"""The parts of a graphic as pictures: R'G'B'A, premultiplied, painted by Skia once for what they say. Owner: the render
thread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import skia

from live.config.template import BarPart, BoxPart, ImagePart, PartConfig, Said, TextPart, TickerPart
from live.picture.format import U8
from live.picture.text import Font, Line, fitted, wrapped
from live.render.files import Files
from live.render.graphic_layout import Box


class Art:
    """A picture (h, w, 4), R'G'B'A premultiplied, of even size, and where its top left lies in the frame (even
    pixels)."""

    def __init__(self, x: int, y: int, rgba: U8) -> None:
        self.x, self.y, self.rgba = x, y, rgba

    @property
    def size(self) -> tuple[int, int]:
        return self.rgba.shape[1], self.rgba.shape[0]


@dataclass(frozen=True)
class Place:
    """Where a part is painted. box: its own, in pixels of the frame; unit: pixels of a hundredth of the frame's
    height."""

    box: Box
    frame: tuple[int, int]
    unit: float
    files: Files


@singledispatch
def paint(part: PartConfig, said: Said, place: Place, font: Font | None) -> Art:
    """A part as a picture; a kind of part registers what paints it. font: its own, where it has one. Raises LiveError
    for a file that can't be read."""
    raise TypeError(f"nothing paints a {type(part).__name__}")


def even_outside(box: Box, margin: float = 0.0) -> tuple[int, int, int, int]:
    """The smallest box of even pixels (x0, y0, x1, y1) that holds another."""
    x0, y0 = 2 * math.floor((box.x - margin) / 2 + 1e-6), 2 * math.floor((box.y - margin) / 2 + 1e-6)
    x1, y1 = 2 * math.ceil((box.x + box.w + margin) / 2 - 1e-6), 2 * math.ceil((box.y + box.h + margin) / 2 - 1e-6)
    return x0, y0, max(x1, x0 + 2), max(y1, y0 + 2)


class _Sheet:
    """A transparent picture to paint on, in pixels of the frame."""

    def __init__(self, edges: tuple[int, int, int, int]) -> None:
        self.x, self.y = edges[:2]
        self.rgba = np.zeros((edges[3] - edges[1], edges[2] - edges[0], 4), np.uint8)
        self._surface = skia.Surface(self.rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
        self.canvas = self._surface.getCanvas()
        self.canvas.translate(-self.x, -self.y)

    def art(self) -> Art:
        self.canvas = None
        del self._surface
        return Art(self.x, self.y, self.rgba)


def _colour(text: str) -> int:
    r, g, b = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return int(skia.Color(r, g, b, int(text[7:9], 16) if len(text) > 7 else 255))


@paint.register
def _box(part: BoxPart, said: Said, place: Place, font: Font | None) -> Art:
    """Straight edges lie on even pixels, sharp in 4:2:0 too; no more of it than the frame shows."""
    box, frame, unit = place.box, place.frame, place.unit
    x0, y0 = 2 * round(box.x / 2), 2 * round(box.y / 2)
    x1, y1 = max(x0 + 2, 2 * round((box.x + box.w) / 2)), max(y0 + 2, 2 * round((box.y + box.h) / 2))
    sheet = _Sheet(
        (max(x0, 0), max(y0, 0), max(min(x1, frame[0]), max(x0, 0) + 2), max(min(y1, frame[1]), max(y0, 0) + 2))
    )
    paint = skia.Paint(AntiAlias=True, Color=_colour(part.colour))
    if part.to is not None:
        end = skia.Point(x0, y1) if part.down else skia.Point(x1, y0)
        paint = skia.Paint(
            AntiAlias=True,
            Shader=skia.GradientShader.MakeLinear([skia.Point(x0, y0), end], [_colour(part.colour), _colour(part.to)]),
        )
    radius = part.radius * unit
    sheet.canvas.drawRoundRect(skia.Rect(x0, y0, x1, y1), radius, radius, paint)
    if part.line:
        width = max(2.0, part.line * unit)
        line = skia.Paint(
            AntiAlias=True, Color=_colour(part.line_colour), Style=skia.Paint.kStroke_Style, StrokeWidth=width
        )
        sheet.canvas.drawRoundRect(
            skia.Rect(x0 + width / 2, y0 + width / 2, x1 - width / 2, y1 - width / 2), radius, radius, line
        )
    return sheet.art()


@paint.register
def _bar(part: BarPart, said: Said, place: Place, font: Font | None) -> Art:
    """The track has a box's edges; the bar ends on an even pixel, and keeps the track's round corners."""
    art = _box(BoxPart(name=part.name, kind="box", colour=part.track, radius=part.radius), said, place, font)
    full = _box(BoxPart(name=part.name, kind="box", colour=part.colour, radius=part.radius), said, place, font)
    share, upright = float(said.text), part.towards in ("up", "down")
    length = full.size[1] if upright else full.size[0]
    filled = 2 * round(share * length / 2)
    seen = slice(0, filled) if part.towards in ("right", "down") else slice(length - filled, length)
    where = (seen, slice(None)) if upright else (slice(None), seen)
    art.rgba[where] = full.rgba[where]
    return art


def text_line(part: TextPart, text: str, width: float, unit: float, font: Font | None = None) -> Line:
    """A text, laid out within a width."""
    if part.lines > 1:
        return wrapped(
            text, part.size * unit, width, part.lines, bold=part.bold, colour=part.colour, align=part.align, font=font
        )
    return fitted(text, part.size * unit, width, bold=part.bold, colour=part.colour, font=font)


@paint.register
def _text(part: TextPart, said: Said, place: Place, font: Font | None) -> Art:
    box, unit = place.box, place.unit
    line = text_line(part, said.text, box.w + 1, unit, font)
    sheet = _Sheet(even_outside(box, 0.15 * part.size * unit))  # letters may reach over their box
    spare = box.w - line.width if part.lines == 1 else 0.0
    x = box.x + {"left": 0.0, "middle": spare / 2, "right": spare}[part.align]
    line.paint(sheet.canvas, x, box.y + (box.h - line.height) / 2)
    return sheet.art()


@paint.register
def _image(part: ImagePart, said: Said, place: Place, font: Font | None) -> Art:
    assert said.file is not None
    return image_art(place.files.picture(said.file), place.box, part.anchor)


def image_art(image: skia.Image, box: Box, anchor: str) -> Art:
    """A picture fitted whole into a box, in the box's corner that it is anchored by."""
    scale = min(box.w / image.width(), box.h / image.height())
    w, h = image.width() * scale, image.height() * scale
    x = box.x + (0 if "left" in anchor else box.w - w if "right" in anchor else (box.w - w) / 2)
    y = box.y + (0 if "top" in anchor else box.h - h if "bottom" in anchor else (box.h - h) / 2)
    sheet = _Sheet(even_outside(Box(x, y, w, h)))
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    sheet.canvas.drawImageRect(image, skia.Rect.MakeXYWH(x, y, w, h), sampling)
    return sheet.art()


def ticker_art(part: TickerPart, text: str, box: Box, unit: float, font: Font | None = None) -> Art:
    """One line of a ticker with the gap after it; x counts from the line's own start."""
    line = Line(" ".join(text.split()), part.size * unit, bold=part.bold, colour=part.colour, font=font)
    gap = part.gap * unit
    sheet = _Sheet(even_outside(Box(0, box.y, line.width + gap, box.h)))
    middle = box.y + box.h / 2
    line.paint(sheet.canvas, 0, middle - line.height / 2)
    sheet.canvas.drawCircle(
        line.width + gap / 2, middle, 0.14 * part.size * unit, skia.Paint(AntiAlias=True, Color=_colour(part.colour))
    )
    return sheet.art()
