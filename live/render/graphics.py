"""Graphics keyed over everything: what they look like and how they move. Rasterised by Skia when their text changes.

A lower third sits at the left of the title-safe area (EBU R 95: 5 % in from each edge). It comes in along `amount`: an accent bar
grows, the panels wipe out of it, the text fades up; it leaves the same way back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from live.frames import U8
from live.picture import GraphicView
from live.render import caption_art
from live.render.text import Line, fitted

_ACCENT = (245, 166, 35)
_LEFT, _BOTTOM = 0.075, 0.895  # of the graphic, shares of the frame
_MAX_WIDTH = 0.62


@dataclass(frozen=True)
class Art:
    """A graphic as pictures (h, w, 4), R'G'B'A premultiplied, all of one even size, and where it stands in the frame (pixels).

    panels and text are for the way in and out, whole is both in one for the time it stands.
    """

    x: int
    y: int
    bar_px: int
    panels: U8
    text: U8
    whole: U8

    @property
    def size(self) -> tuple[int, int]:
        return self.whole.shape[1], self.whole.shape[0]


@dataclass(frozen=True)
class Part:
    """Some columns and rows of one of the pictures of a graphic (`panels`, `text`, `whole`), faded."""

    layer: str
    x0: int
    y0: int
    x1: int
    y1: int
    fade: float = 1.0


def _smooth(low: float, high: float, x: float) -> float:
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def parts(art: Art, amount: float) -> list[Part]:
    """What of a graphic is seen at this amount, in drawing order. Everything on even pixels."""
    w, h = art.size
    if amount <= 0:
        return []
    if amount >= 1:
        return [Part("whole", 0, 0, w, h)]
    grown = 2 * round(h * _smooth(0.0, 0.35, amount) / 2)  # the bar, from its foot
    out = art.bar_px + 2 * round((w - art.bar_px) * _smooth(0.2, 0.8, amount) / 2)
    seen = [
        Part("panels", 0, h - grown, art.bar_px, h),
        Part("panels", art.bar_px, 0, out, h),
        Part("text", 0, 0, out, h, _smooth(0.55, 1.0, amount)),
    ]
    return [p for p in seen if p.x1 > p.x0 and p.y1 > p.y0 and p.fade > 0]


def art_of(view: GraphicView, size: tuple[int, int]) -> Art:
    """Paint a graphic for a frame of this size."""
    fields = dict(view.fields)
    if view.template == caption_art.TEMPLATE:
        x, y, whole = caption_art.caption_picture(fields, size)
        return Art(x, y, 0, whole, whole, whole)
    return lower_third(fields.get("title", ""), fields.get("subtitle", ""), size)


class _Raster:
    """A transparent picture to paint on."""

    def __init__(self, width: int, height: int) -> None:
        self.rgba = np.zeros((height, width, 4), np.uint8)
        self._surface = skia.Surface(self.rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
        self.canvas = self._surface.getCanvas()


def _even(x: float) -> int:
    return 2 * round(x / 2)


@dataclass(frozen=True)
class _Strip:
    line: Line
    height: float
    colours: tuple[int, int]


def _strips(title: str, subtitle: str, room: float, unit: float) -> list[_Strip]:
    """The strips of a lower third, top down. An empty field leaves its strip out."""
    out = []
    if title:
        line = fitted(title, 5.0 * unit, room, bold=True, colour="#ffffff")
        out.append(_Strip(line, max(7.6 * unit, line.height * 1.05), (skia.Color(14, 22, 36, 244), skia.Color(28, 44, 70, 234))))
    if subtitle:
        line = fitted(subtitle, 3.2 * unit, room, bold=False, colour="#121c2a")
        out.append(
            _Strip(line, max(5.4 * unit, line.height * 1.05), (skia.Color(238, 241, 246, 244), skia.Color(216, 223, 232, 236)))
        )
    return out


def lower_third(title: str, subtitle: str, size: tuple[int, int]) -> Art:
    """Paint a lower third: an accent bar, a dark strip with the title, a narrower light one with the subtitle."""
    width, unit = size[0], size[1] / 100
    pad, bar = 2.0 * unit, max(2, _even(0.9 * unit))
    strips = _strips(title, subtitle, _MAX_WIDTH * width - 2 * pad - bar, unit)
    w = _even(bar + max((s.line.width for s in strips), default=0) + 2 * pad + 1)
    h = max(2, _even(sum(s.height for s in strips)))
    panels, text = _Raster(w, h), _Raster(w, h)
    panels.canvas.drawRect(skia.Rect(0, 0, bar, h), skia.Paint(Color=skia.Color(*_ACCENT)))
    top = 0.0
    for strip in strips:
        # A strip ends where its own text does: two steps instead of one box.
        end = min(w, round(bar + strip.line.width + 2 * pad))
        shade = skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(end, 0)], list(strip.colours))
        bottom = h if strip is strips[-1] else round(top + strip.height)
        panels.canvas.drawRect(skia.Rect(bar, round(top), end, bottom), skia.Paint(Shader=shade))
        strip.line.paint(text.canvas, bar + pad, round(top) + (bottom - round(top) - strip.line.height) / 2)
        top += strip.height
    x, y = _even(_LEFT * width), _even(_BOTTOM * size[1]) - h
    return Art(x, y, bar, panels.rgba, text.rgba, _over(text.rgba, panels.rgba))


def _over(top: U8, bottom: U8) -> U8:
    """Premultiplied alpha-over of two pictures."""
    clear = 255 - top[..., 3:4].astype(np.uint16)
    return (top + (bottom * clear + 127) // 255).astype(np.uint8)
