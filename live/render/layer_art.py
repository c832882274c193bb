"""What is round a layer: its shadow and border as one picture, and the shape of the layer itself. Painted by Skia.
Owner: the render thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import skia

from live.picture.format import U8
from live.render.graphic_parts import Art


@dataclass(frozen=True)
class Shape:
    """A rectangle of even pixels (width, height) with round corners, turned clockwise about its middle."""

    width: int
    height: int
    radius_px: float = 0.0
    rotation_deg: float = 0.0

    @property
    def reach(self) -> tuple[int, int]:
        """Half the width and height of the even box that holds it, turned, with a pixel to spare."""
        turn = math.radians(self.rotation_deg)
        c, s = abs(math.cos(turn)), abs(math.sin(turn))
        if self.rotation_deg == 0:
            return self.width // 2, self.height // 2
        across, down = self.width * c + self.height * s, self.width * s + self.height * c
        return 2 * math.ceil(across / 4 + 0.5), 2 * math.ceil(down / 4 + 0.5)


def _rounded(shape: Shape, grown: float) -> skia.RRect:
    w, h, r = shape.width / 2 + grown, shape.height / 2 + grown, shape.radius_px
    return skia.RRect.MakeRectXY(skia.Rect(-w, -h, w, h), r + grown if r else 0, r + grown if r else 0)


def shape_mask(shape: Shape) -> U8:
    """(height, width) of the box that holds it: 255 inside, its edge antialiased."""
    rx, ry = shape.reach
    rgba = np.zeros((2 * ry, 2 * rx, 4), np.uint8)
    with skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType) as canvas:
        canvas.translate(rx, ry)
        canvas.rotate(shape.rotation_deg)
        canvas.drawRRect(_rounded(shape, 0), skia.Paint(AntiAlias=True, Color=skia.ColorWHITE))
    return np.ascontiguousarray(rgba[..., 3])


def surround(shape: Shape, *, border_px: float, colour: str, shadow_px: float) -> Art:
    """Shadow and border; x, y count from the layer's middle. The shadow falls a third of its width down."""
    margin = 2 * math.ceil((border_px + 2 * shadow_px) / 2 + 1)
    rx, ry = (n + n % 2 for n in (shape.reach[0] + margin, shape.reach[1] + margin))
    rgba = np.zeros((2 * ry, 2 * rx, 4), np.uint8)
    with skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType) as canvas:
        canvas.translate(rx, ry)
        if shadow_px:
            canvas.save()
            canvas.translate(0, shadow_px / 3)
            canvas.rotate(shape.rotation_deg)
            blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow_px / 2)
            canvas.drawRRect(
                _rounded(shape, border_px), skia.Paint(AntiAlias=True, Color=skia.Color(0, 0, 0, 150), MaskFilter=blur)
            )
            canvas.restore()
        if border_px:
            canvas.rotate(shape.rotation_deg)
            r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
            canvas.drawRRect(_rounded(shape, border_px), skia.Paint(AntiAlias=True, Color=skia.Color(r, g, b)))
    return Art(-rx, -ry, rgba)
