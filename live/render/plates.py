"""Plates: a set seen by a camera that stands still, drawn once, antialiased, and blitted every frame after.

With it, for each place where somebody stands, a mask of the set pieces that stand before the card (a desk): drawn with the far
plane at the card's depth, so that its edges are antialiased like the plate's own.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from contextlib import ExitStack

import moderngl
import numpy as np

from live.frames import U8
from live.render.geometry import Camera, Rect
from live.render.gl import Gl
from live.render.setmodel import SetModel

_SAMPLES = 4
_PLATES = 24  # of 720p: 88 MB


_BLOCK = 16


class Mask:
    """What stands before a card: 255 where it is hidden, in a texture the size of the canvas; and for each row of it the least
    and the most in blocks of 16 columns, so that the rows of a card can be sorted each frame at no cost."""

    def __init__(self, texture: moderngl.Texture, hidden: U8) -> None:
        self.texture = texture
        self.size = (hidden.shape[1], hidden.shape[0])
        starts = np.arange(0, hidden.shape[1], _BLOCK)
        self._least = np.minimum.reduceat(hidden, starts, axis=1)
        self._most = np.maximum.reduceat(hidden, starts, axis=1)

    def split(self, rect: Rect) -> tuple[float, float]:
        """Of a rectangle (shares of the frame): the row from where something hides it, and the row from where all is hidden.

        Above the first the card needs no mask, below the second it need not be drawn at all; between them one more fetch.
        """
        width, height = self.size
        bottom = rect.y + rect.h
        x0, x1 = int(rect.x * width) // _BLOCK, math.ceil((rect.x + rect.w) * width / _BLOCK)
        y0, y1 = int(rect.y * height), math.ceil(bottom * height)
        touched = np.flatnonzero(self._most[y0:y1, x0:x1].max(axis=1, initial=0))
        if not len(touched):
            return bottom, bottom
        open_rows = np.flatnonzero(self._least[y0:y1, x0:x1].min(axis=1, initial=255) < 255)
        first = max((y0 + int(touched[0])) / height, rect.y)
        last = (y0 + (int(open_rows[-1]) + 1 if len(open_rows) else 0)) / height
        return first, min(max(last, first), bottom)


class Plate:
    """One still view of a set. close() gives its textures back."""

    def __init__(self, gl: Gl, size: tuple[int, int]) -> None:
        self.stack = ExitStack()
        self.texture = gl.texture(self.stack, size, 4, nearest=True)
        self.target = gl.own(self.stack, gl.ctx.framebuffer([self.texture]))
        self.masks: dict[float, Mask] = {}


class Plates:
    """The cache of one canvas size. made: how many plates were ever drawn."""

    def __init__(self, gl: Gl, size: tuple[int, int]) -> None:
        self._gl = gl
        self._size = size
        self._stack = ExitStack()
        self._plates: OrderedDict[tuple[int, Camera], Plate] = OrderedDict()
        self._multi: dict[int, moderngl.Framebuffer] = {}
        self.made = 0

    def get(self, model: SetModel, camera: Camera, background: tuple[float, float, float]) -> Plate:
        """The plate of a set from a camera, drawn now if it is not there."""
        key = (id(model), camera)
        if key in self._plates:
            self._plates.move_to_end(key)
            return self._plates[key]
        plate = Plate(self._gl, self._size)
        multi = self._antialiased(4)
        multi.use()
        multi.clear(*background, 1.0, depth=1.0)
        model.draw(camera.clip_from_world(self._size[0] / self._size[1]))
        self._gl.ctx.copy_framebuffer(plate.target, multi)
        self._plates[key] = plate
        self.made += 1
        if len(self._plates) > _PLATES:
            self._plates.popitem(last=False)[1].stack.close()
        return plate

    def mask(self, plate: Plate, model: SetModel, camera: Camera, depth_m: float) -> Mask:
        """What stands before a card at this distance, made once per plate and distance."""
        key = round(depth_m, 4)
        if key not in plate.masks:
            multi = self._antialiased(1)
            multi.use()
            multi.clear(depth=1.0)
            model.draw(camera.clip_from_world(self._size[0] / self._size[1], far_m=depth_m), coverage=True)
            texture = self._gl.texture(plate.stack, self._size, 1, nearest=True)
            resolved = self._gl.own(plate.stack, self._gl.ctx.framebuffer([texture]))
            self._gl.ctx.copy_framebuffer(resolved, multi)
            width, height = self._size
            hidden = np.frombuffer(resolved.read(components=1, alignment=1), np.uint8).reshape(height, width)
            plate.masks[key] = Mask(texture, hidden)
        return plate.masks[key]

    def _antialiased(self, components: int) -> moderngl.Framebuffer:
        if components not in self._multi:
            ctx, own = self._gl.ctx, self._gl.own
            colour = own(self._stack, ctx.renderbuffer(self._size, components, samples=_SAMPLES))
            depth = own(self._stack, ctx.depth_renderbuffer(self._size, samples=_SAMPLES))
            self._multi[components] = own(self._stack, ctx.framebuffer([colour], depth))
        return self._multi[components]

    def close(self) -> None:
        for plate in self._plates.values():
            plate.stack.close()
        self._plates.clear()
        self._stack.close()
