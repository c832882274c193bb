"""Graphics keyed over everything: rasterised by Skia when their text changes, uploaded once, drawn as rectangles.

A lower third sits at the left of the title-safe area (EBU R 95: 5 % in from each edge). It comes in along `amount`: an accent bar
grows, the panels wipe out of it, the text fades up; it leaves the same way back.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass

import moderngl
import numpy as np
import skia

from live.frames import U8
from live.picture import GraphicView
from live.render.colour import yuva_from_rgba
from live.render.geometry import Rect
from live.render.gl import Gl, bind_samplers
from live.render.text import Line, fitted

ACCENT = (245, 166, 35)
_LEFT, _BOTTOM = 0.075, 0.895  # of the graphic, shares of the frame
_MAX_WIDTH = 0.62
_KEPT = 16


@dataclass(frozen=True)
class LowerThird:
    """The layers of a lower third as pictures, RGBA premultiplied, all of one size. bar_px: width of the accent bar."""

    bar: U8
    panels: U8
    text: U8
    bar_px: int


def _smooth(low: float, high: float, x: float) -> float:
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


class _Raster:
    """A transparent picture to paint on."""

    def __init__(self, width: int, height: int) -> None:
        self.rgba = np.zeros((height, width, 4), np.uint8)
        self.canvas = skia.Surface(self.rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType).getCanvas()


def lower_third(title: str, subtitle: str, size: tuple[int, int]) -> LowerThird:
    """Paint a lower third for a canvas of this size. Empty fields leave their strip out."""
    width, unit = size[0], size[1] / 100
    pad = 2.0 * unit
    bar = max(2, round(0.8 * unit))
    room = _MAX_WIDTH * width - 2 * pad - bar
    lines: list[tuple[Line, float, tuple[skia.Color, skia.Color]]] = []
    if title:
        colours = skia.Color(16, 24, 38, 242), skia.Color(28, 42, 66, 232)
        lines.append((fitted(title, 5.0 * unit, room, bold=True, colour="#ffffff"), 7.6 * unit, colours))
    if subtitle:
        colours = skia.Color(236, 240, 245, 240), skia.Color(214, 221, 230, 232)
        lines.append((fitted(subtitle, 3.2 * unit, room, bold=False, colour="#16202e"), 5.2 * unit, colours))
    inner = max((line.width for line, _, _ in lines), default=0)
    w, h = round(bar + inner + 2 * pad) + 1, max(1, round(sum(height for _, height, _ in lines)))
    bars, panels, text = _Raster(w, h), _Raster(w, h), _Raster(w, h)
    bars.canvas.drawRect(skia.Rect(0, 0, bar, h), skia.Paint(Color=skia.Color(*ACCENT)))
    top = 0.0
    for line, height, (left, right) in lines:
        # The narrower strip ends where its own text does: two steps instead of one box.
        end = bar + line.width + 2 * pad
        shade = skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(end, 0)], [left, right])
        panels.canvas.drawRect(skia.Rect(bar, round(top), end, round(top + height)), skia.Paint(Shader=shade, AntiAlias=True))
        line.paint(text.canvas, bar + pad, top + (height - line.height) / 2)
        top += height
    return LowerThird(bars.rgba, panels.rgba, text.rgba, bar)


def over(top: U8, bottom: U8) -> U8:
    """Premultiplied alpha-over of two pictures."""
    clear = 255 - top[..., 3:4].astype(np.uint16)
    return (top + (bottom * clear + 127) // 255).astype(np.uint8)


class _Uploaded:
    """A graphic's textures: the parts for the way in and out, and all in one for the time it stands."""

    def __init__(self, gl: Gl, art: LowerThird) -> None:
        self.stack = ExitStack()
        self.size = (art.bar.shape[1], art.bar.shape[0])
        self.bar_px = art.bar_px

        def up(rgba: U8) -> moderngl.Texture:
            return gl.texture(self.stack, self.size, 4, yuva_from_rgba(rgba), nearest=True)

        self.panels, self.text = up(over(art.bar, art.panels)), up(art.text)
        self.whole = up(over(art.text, over(art.bar, art.panels)))


class Graphics:
    """The graphics of one canvas. Owner: the render thread."""

    def __init__(self, gl: Gl, size: tuple[int, int]) -> None:
        self._gl = gl
        self._size = size
        self._program = bind_samplers(gl.shaders.program("graphic"), "image")
        self._uploaded: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], _Uploaded] = OrderedDict()

    def draw(self, view: GraphicView) -> None:
        """Over the framebuffer in use."""
        if view.amount <= 0:
            return
        art = self._art(view)
        width, height = self._size
        x, y = round(_LEFT * width), round(_BOTTOM * height) - art.size[1]
        if view.amount >= 1:
            self._part(art, art.whole, x, y, (0, art.size[0]), (0, art.size[1]), 1.0)
            return
        grown = round(art.size[1] * _smooth(0.0, 0.35, view.amount))  # the bar, from its foot
        self._part(art, art.panels, x, y, (0, art.bar_px), (art.size[1] - grown, art.size[1]), 1.0)
        out = art.bar_px + round((art.size[0] - art.bar_px) * _smooth(0.2, 0.8, view.amount))
        self._part(art, art.panels, x, y, (art.bar_px, out), (0, art.size[1]), 1.0)
        self._part(art, art.text, x, y, (0, out), (0, art.size[1]), _smooth(0.55, 1.0, view.amount))

    def _part(
        self, art: _Uploaded, image: moderngl.Texture, x: int, y: int, columns: tuple[int, int], rows: tuple[int, int], fade: float
    ) -> None:
        """Some columns and rows of a graphic, at their place in the frame, pixel for pixel."""
        (x0, x1), (y0, y1), (w, h) = columns, rows, art.size
        if x1 <= x0 or y1 <= y0 or fade <= 0:
            return
        dst = Rect((x + x0) / self._size[0], (y + y0) / self._size[1], (x1 - x0) / self._size[0], (y1 - y0) / self._size[1])
        src = Rect(x0 / w, y0 / h, (x1 - x0) / w, (y1 - y0) / h)
        self._gl.quad(self._program, [image], dst=dst, src=src, blend=True, uniforms={"fade": fade})

    def _art(self, view: GraphicView) -> _Uploaded:
        key = (view.template, view.fields)
        if key in self._uploaded:
            self._uploaded.move_to_end(key)
            return self._uploaded[key]
        fields = dict(view.fields)
        art = lower_third(fields.get("title", ""), fields.get("subtitle", ""), self._size)
        self._uploaded[key] = _Uploaded(self._gl, art)
        if len(self._uploaded) > _KEPT:
            self._uploaded.popitem(last=False)[1].stack.close()
        return self._uploaded[key]

    def close(self) -> None:
        for art in self._uploaded.values():
            art.stack.close()
        self._uploaded.clear()
