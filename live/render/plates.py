"""Plates: a set seen by a camera that stands still, drawn once, antialiased, and copied every frame after.

With it, for each distance at which somebody stands, a mask of the set pieces that stand before the card (a desk): drawn with the
far plane at the card's distance, so that its edges are antialiased like the plate's own.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from live.frames import U8
from live.render.geometry import Camera, Rect
from live.render.gl import Gl
from live.render.setmodel import SetModel

if TYPE_CHECKING:
    from live.render.painter import Kept, Painter

_SAMPLES = 4
_PLATES = 24  # of 720p: 34 MB in memory, 88 MB on a GPU
_BLOCK = 16


class Mask:
    """What stands before a card: 255 where it is hidden. kept: the painter's own form of it.

    For each row, the least and the most in blocks of 16 columns are at hand, so that the rows of a card can be sorted every
    frame at no cost.
    """

    def __init__(self, hidden: U8, kept: Kept) -> None:
        self.kept = kept
        self.size = (hidden.shape[1], hidden.shape[0])
        starts = np.arange(0, hidden.shape[1], _BLOCK)
        self._least = np.minimum.reduceat(hidden, starts, axis=1)
        self._most = np.maximum.reduceat(hidden, starts, axis=1)

    def split(self, rect: Rect) -> tuple[int, int]:
        """Of a rectangle (shares of the frame), in pixel rows: from where something hides it, and from where all is hidden.

        Above the first a card needs no mask; from the second on it need not be drawn at all.
        """
        width, height = self.size
        x0, x1 = int(rect.x * width) // _BLOCK, math.ceil((rect.x + rect.w) * width / _BLOCK)
        y0, y1 = int(rect.y * height), math.ceil((rect.y + rect.h) * height - 1e-6)
        touched = np.flatnonzero(self._most[y0:y1, x0:x1].max(axis=1, initial=0))
        if not len(touched):
            return y1, y1
        open_rows = np.flatnonzero(self._least[y0:y1, x0:x1].min(axis=1, initial=255) < 255)
        first = y0 + int(touched[0])
        return first, max(first, y0 + int(open_rows[-1]) + 1 if len(open_rows) else first)


class Plate:
    """One still view of a set, in the painter's form, and the masks made for it so far, by distance."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.masks: dict[float, Mask] = {}

    def close(self) -> None:
        self.kept.close()
        for mask in self.masks.values():
            mask.kept.close()


class Plates:
    """The cache of one canvas. made: how many plates were ever drawn. Owner: the render thread."""

    def __init__(self, gl: Gl, painter: Painter, size: tuple[int, int]) -> None:
        self._gl = gl
        self._painter = painter
        self._size = size
        self._aspect = size[0] / size[1]
        self._plates: OrderedDict[tuple[int, Camera], Plate] = OrderedDict()
        self.made = 0

    def get(self, model: SetModel, camera: Camera, background: tuple[float, float, float]) -> Plate:
        """The plate of a set from a camera, drawn now if it is not there."""
        key = (id(model), camera)
        if key in self._plates:
            self._plates.move_to_end(key)
            return self._plates[key]
        packed = self._drawn(model, camera.clip_from_world(self._aspect), (*background, 1.0), coverage=False)
        plate = self._plates[key] = Plate(self._painter.keep_plate(packed))
        self.made += 1
        if len(self._plates) > _PLATES:
            self._plates.popitem(last=False)[1].close()
        return plate

    def mask(self, plate: Plate, model: SetModel, camera: Camera, depth_m: float) -> Mask:
        """What stands before a card at this distance, made once per plate and distance."""
        key = round(depth_m, 4)
        if key not in plate.masks:
            clip = camera.clip_from_world(self._aspect, far_m=depth_m)
            hidden = np.ascontiguousarray(self._drawn(model, clip, (0.0, 0.0, 0.0, 0.0), coverage=True)[..., 0])
            plate.masks[key] = Mask(hidden, self._painter.keep_mask(hidden))
        return plate.masks[key]

    def _drawn(self, model: SetModel, clip: np.ndarray, clear: tuple[float, ...], *, coverage: bool) -> U8:
        """The set with four samples a pixel, resolved and read: (height, width, 4). Its targets live only this long."""
        ctx, own = self._gl.ctx, self._gl.own
        with ExitStack() as stack:
            colour = own(stack, ctx.renderbuffer(self._size, 4, samples=_SAMPLES))
            depth = own(stack, ctx.depth_renderbuffer(self._size, samples=_SAMPLES))
            many = own(stack, ctx.framebuffer([colour], depth))
            one = own(stack, ctx.framebuffer([self._gl.texture(stack, self._size, 4, nearest=True)]))
            many.use()
            many.clear(*clear, depth=1.0)
            model.draw(clip, coverage=coverage, dither=True)
            ctx.copy_framebuffer(one, many)
            packed = np.empty((self._size[1], self._size[0], 4), np.uint8)
            one.read_into(packed, components=4, alignment=1)
        return packed

    def close(self) -> None:
        for plate in self._plates.values():
            plate.close()
        self._plates.clear()
