"""What the painter beside software GL keeps of sets and graphics, and how it draws a set that moves."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from live.picture.colour import yuva_from_rgba
from live.picture.format import U8
from live.picture.planes import sampled
from live.render.gl import Gl, Target
from live.render.i420 import Surface, from_packed, half
from live.render.painter import Codes
from live.render.setmodel import SetModel
from live.stage.geometry import Rect


class KeptPlate:
    """A plate as I420."""

    def __init__(self, packed: U8) -> None:
        surface = Surface((packed.shape[1], packed.shape[0]))
        self.planes = surface.anew()
        from_packed(packed, self.planes)

    def scaled(self, size: tuple[int, int]) -> U8:
        """See plates.Scalable."""
        y, u, v = self.planes
        # Chroma lies on every second column.
        across = [sampled(p, (0.25, 0.0, p.shape[1], p.shape[0]), size) for p in (u, v)]
        luma = cv2.resize(y, size, interpolation=cv2.INTER_AREA)
        packed: U8 = cv2.merge([luma, *across, np.full(size[::-1], 255, np.uint8)])
        return packed

    def close(self) -> None:
        """Memory only."""


class KeptMask:
    """What is *not* hidden, at luma's and at chroma's size."""

    def __init__(self, hidden: U8) -> None:
        self._clear = cv2.bitwise_not(hidden)
        self._clear_half = half(self._clear)

    def scaled(self, size: tuple[int, int]) -> U8:
        """See plates.Scalable."""
        hidden: U8 = cv2.resize(cv2.bitwise_not(self._clear), size, interpolation=cv2.INTER_AREA)
        return hidden

    def part(self, box: tuple[int, int, int, int], step: int) -> U8:
        """Inside a box of even pixels of the frame, at luma's (step 1) or chroma's size (2)."""
        x0, y0, x1, y1 = (b // step for b in box)
        return (self._clear if step == 1 else self._clear_half)[y0:y1, x0:x1]

    def close(self) -> None:
        """Memory only."""


class Drawn:
    """A picture of a graphic: premultiplied planes and alpha. solid: nothing shows through it."""

    def __init__(self, rgba: U8) -> None:
        packed = yuva_from_rgba(rgba)
        small = half(packed)
        self.planes = tuple(np.ascontiguousarray(p) for p in (packed[..., 0], small[..., 1], small[..., 2]))
        self.alpha, self.alpha_half = np.ascontiguousarray(packed[..., 3]), np.ascontiguousarray(small[..., 3])
        self.solid = int(self.alpha.min(initial=255)) == 255


@dataclass(frozen=True)
class MovingMask:
    """A mask for one frame, from the depth of the moving set at half the size: worked out where it is asked for."""

    depth: np.ndarray
    card_depth: float  # 0..1

    @property
    def kept(self) -> MovingMask:
        return self

    def split(self, rect: Rect) -> tuple[int, int]:
        return 0, 1 << 30  # not worth sorting its rows for one frame

    def part(self, box: tuple[int, int, int, int], step: int) -> U8:
        x0, y0, x1, y1 = box
        clear: U8 = cv2.compare(self.depth[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2], self.card_depth, cv2.CMP_GE)
        if step == 1:
            clear = cv2.resize(clear, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        return clear


class MovingSet:
    """What draws a set from a camera that moves. Owner: the render thread."""

    def __init__(self, gl: Gl, size: tuple[int, int]) -> None:
        self._target = Target(gl, size)
        self._packed = np.empty((size[1], size[0], 4), np.uint8)
        self._depth = np.empty((size[1], size[0]), np.float32)

    def draw(self, model: SetModel, clip: np.ndarray, background: Codes) -> tuple[U8, np.ndarray]:
        """Codes (height, width, 4) and depth (height, width) 0..1, valid until the next call."""
        deep = self._target.deep
        deep.use()
        deep.clear(*background, 1.0, depth=1.0)
        model.draw(clip)
        deep.read_into(self._packed, components=4, alignment=1)
        deep.read_into(self._depth, components=1, attachment=-1, dtype="f4", alignment=1)
        return self._packed, self._depth

    def close(self) -> None:
        self._target.close()
