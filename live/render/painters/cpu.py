"""The painter beside software GL: OpenCV on I420 planes, in the program's codes. GL is used for sets only.

A source is brought to the program's codes and premultiplied with its key once per picture, at its own size; after that
every element is a scaled and shifted rectangle.
"""

from __future__ import annotations

import math
from collections import OrderedDict

import cv2
import numpy as np

from live.picture.format import U8
from live.picture.transitions import Style
from live.picture.values import Film, SourceInput
from live.render.files import Files
from live.render.gl import Gl
from live.render.graphic_parts import Art
from live.render.graphics import Sprite
from live.render.i420 import Surface, even_box, fit, half, near_box, over, sample, sited, siting, snapped, times, turned
from live.render.layer_art import Shape, shape_mask
from live.render.painter import Codes, Kept, Placed, Talent
from live.render.painters.cpu_kept import Drawn, KeptMask, KeptPlate, MovingMask, MovingSet
from live.render.painters.cpu_readback import CopyOut
from live.render.painters.cpu_sources import CpuSources, halvings
from live.render.painters.cpu_wipes import CpuWipes
from live.render.painters.cpu_wrap import wrapped
from live.render.plates import Mask
from live.render.setmodel import SetModel
from live.stage.geometry import WHOLE, Camera, Card, Rect

_LAYERS = 96  # pictures of graphics
_SHAPES = 12  # of layers


class CpuPainters:
    """See painter.Painters."""

    def __init__(self, gl: Gl) -> None:
        cv2.setNumThreads(1)  # of this process; more threads burn more CPU on rectangles of this size
        self._gl, self._sources = gl, CpuSources()

    def make_painter(self, size: tuple[int, int]) -> CpuPainter:
        return CpuPainter(self._gl, self._sources, size)

    def close(self) -> None:
        """Memory only."""


class CpuPainter:
    """See painter.Painter. A surface is an i420.Surface."""

    scales_plates = True

    def __init__(self, gl: Gl, sources: CpuSources, size: tuple[int, int]) -> None:
        self._size = size
        self._sources = sources
        self._layers: OrderedDict[Art, Drawn] = OrderedDict()
        self._files: Files = gl.files
        self._wipes: CpuWipes | None = None
        self._shapes: OrderedDict[tuple[Shape, float], tuple[U8, U8]] = OrderedDict()
        self._moving = MovingSet(gl, (size[0] // 2, size[1] // 2))

    def surface(self) -> Surface:
        return Surface(self._size)

    def surface_at(self, memory: U8) -> Surface:
        return Surface(self._size, memory)

    def readback(self, *, at_once: bool = False) -> CopyOut:
        return CopyOut()

    def in_codes(self) -> CpuPainter:
        return self

    def keep_plate(self, packed: U8) -> KeptPlate:
        return KeptPlate(packed)

    def keep_mask(self, hidden: U8) -> KeptMask:
        return KeptMask(hidden)

    def fill(self, surface: Surface, codes: Codes, rect: Rect | None = None) -> None:
        region = surface.anew() if rect is None else surface.region(near_box(rect, self._size))
        for plane, code in zip(region, codes, strict=True):
            plane[:] = round(255 * code)

    def plate(self, surface: Surface, kept: Kept) -> None:
        assert isinstance(kept, KeptPlate)
        surface.show(kept.planes)

    def picture(self, surface: Surface, source: SourceInput, part: Rect, rect: Rect) -> None:
        box = near_box(rect, self._size)
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        planes = self._sources.opaque(source, rect.h * self._size[1] / part.h)
        level = halvings(source, planes)
        if part == WHOLE and box == (0, 0, *self._size) and planes[0].shape == self._size[::-1] and not level:
            surface.show(planes)
            return
        for i, (below, plane) in enumerate(zip(surface.region(box), planes, strict=True)):
            size = (below.shape[1], below.shape[0])
            below[:] = sample(plane, sited(part, plane.shape[1], size[0], level) if i else part, size)

    def layer(self, surface: Surface, source: SourceInput, part: Rect, placed: Placed) -> None:
        x0, y0, x1, y1 = placed.box
        shape = Shape(x1 - x0, y1 - y0, placed.radius_px, placed.rotation_deg)
        planes = self._sources.opaque(source, shape.height / part.h)
        (rx, ry), cx, cy = shape.reach, (x0 + x1) // 2, (y0 + y1) // 2
        left, top = (x0, y0) if placed.rotation_deg == 0 else (cx - rx, cy - ry)
        box = max(left, 0), max(top, 0), min(left + 2 * rx, self._size[0]), min(top + 2 * ry, self._size[1])
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        alphas, level = self._shape_alphas(shape, placed.opacity), halvings(source, planes)
        for i, (below, plane) in enumerate(zip(surface.region(box), planes, strict=True)):
            step = 1 if i == 0 else 2
            rows, columns = (
                slice((a - o) // step, (b - o) // step) for a, b, o in ((box[1], box[3], top), (box[0], box[2], left))
            )
            alpha = alphas[step - 1][rows, columns]
            if placed.rotation_deg == 0:
                w, h = shape.width, shape.height
                inner = Rect((box[0] - x0) / w, (box[1] - y0) / h, (box[2] - box[0]) / w, (box[3] - box[1]) / h)
                shown, size = part.part(inner), (below.shape[1], below.shape[0])
                above = sample(plane, sited(shown, plane.shape[1], size[0], level) if i else shown, size)
            else:
                at = (0.25 + siting(level) / 2, 0.25) if i else (0.5, 0.5)
                matrix = turned(
                    plane,
                    part,
                    shape.width / step,
                    shape.height / step,
                    placed.rotation_deg,
                    (rx / step, ry / step),
                    at,
                )
                whole = cv2.warpAffine(
                    plane,
                    matrix,
                    (2 * rx // step, 2 * ry // step),
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
                above = whole[rows, columns]
            over(below, times(above, alpha), alpha)

    def _shape_alphas(self, shape: Shape, opacity: float) -> tuple[U8, U8]:
        key = shape, round(opacity, 3)
        if key not in self._shapes:
            alpha = cv2.convertScaleAbs(shape_mask(shape), alpha=opacity)
            self._shapes[key] = alpha, half(alpha)
            if len(self._shapes) > _SHAPES:
                self._shapes.popitem(last=False)
        return self._shapes[key]

    def talent(self, surface: Surface, talent: Talent, mask: Mask | MovingMask | None) -> None:
        if talent.source.matte is None:  # a camera that is not keyed stands in the set as a screen
            self._screen(surface, talent, mask)
            return
        keyed = self._sources.keyed(talent.source, talent.card.rect.h * self._size[1])
        planes, alphas = (keyed.y, keyed.u, keyed.v), (keyed.alpha, keyed.alpha_half)
        self._over(surface, keyed.part, mask, planes, alphas, talent, keyed.level)

    def _screen(self, surface: Surface, talent: Talent, mask: Mask | MovingMask | None) -> None:
        planes = self._sources.opaque(talent.source, talent.card.rect.h * self._size[1])
        solid = np.full(planes[0].shape, 255, np.uint8), np.full(planes[1].shape, 255, np.uint8)
        self._over(surface, WHOLE, mask, planes, solid, talent, halvings(talent.source, planes), wraps=False)

    def _over(
        self,
        surface: Surface,
        inner: Rect,
        mask: Mask | MovingMask | None,
        planes: tuple[U8, ...],
        alphas: tuple[U8, U8],
        talent: Talent,
        level: int,
        *,
        wraps: bool = True,
    ) -> None:
        """Premultiplied planes of a part of a talent's card, halved so often, but for what a mask hides. wraps: with
        its light wrap."""
        if planes[0].size == 0:
            return
        place, bounds = talent.card.rect.part(inner), talent.card.bounds(inner, self._size[0] / self._size[1])
        wrap, opacity, card_height = talent.source.wrap if wraps else 0.0, talent.opacity, talent.card.rect.h
        x0, y0, x1, y1 = even_box(bounds, self._size)
        if talent.window is not None:
            left, top, right, bottom = near_box(talent.window, self._size)
            x0, y0, x1, y1 = max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)
        w, h = self._size
        if x1 <= x0 or y1 <= y0:
            return
        first, last = (y1, y1) if mask is None else mask.split(Rect(x0 / w, y0 / h, (x1 - x0) / w, (y1 - y0) / h))
        y1 = min(y1, last + last % 2)
        if y1 <= y0:
            return
        part = Rect(
            (x0 / w - place.x) / place.w, (y0 / h - place.y) / place.h, (x1 - x0) / w / place.w, (y1 - y0) / h / place.h
        )
        first = max(y0, first - first % 2)
        region = surface.region((x0, y0, x1, y1))

        def seen(plane: U8, shown: Rect, size: tuple[int, int], step: int) -> U8:
            if not talent.card.turn_deg:
                return sample(plane, shown, size)
            return self._turned(plane, place, talent.card, (x0, y0), size, step, level)

        alpha_of: dict[int, U8] = {}
        shape_of: dict[int, U8] = {}
        for i, (below, plane) in enumerate(zip(region, planes, strict=True)):
            step = 1 if i == 0 else 2
            size = (below.shape[1], below.shape[0])
            shown = sited(part, plane.shape[1], size[0], level) if i else part
            if step not in alpha_of:
                shape_of[step] = _faded(seen(alphas[step - 1], shown, size, step), opacity)
                alpha_of[step] = self._masked(shape_of[step], mask, (x0, y0, x1, y1), first, step)
            above = self._masked(_faded(seen(plane, shown, size, step), opacity), mask, (x0, y0, x1, y1), first, step)
            if wrap > 0:
                above = wrapped(below, above, alpha_of[step], shape_of[step], wrap, card_height * h / step)
            over(below, above, alpha_of[step])

    def _turned(
        self, plane: U8, place: Rect, card: Card, corner: tuple[int, int], size: tuple[int, int], step: int, level: int
    ) -> U8:
        """A plane that covers a place of the frame, turned as its card is, in a box of so many of its own pixels that
        begins at a corner (pixels of the frame); nothing beyond its edges."""
        (w, h), (ax, ay) = self._size, card.about
        c, s = math.cos(math.radians(card.turn_deg)), math.sin(math.radians(card.turn_deg))
        dx, dy = (place.x + place.w / 2 - ax) * w, (place.y + place.h / 2 - ay) * h
        middle = (ax * w + c * dx - s * dy - corner[0]) / step, (ay * h + s * dx + c * dy - corner[1]) / step
        at = (0.5, 0.5) if step == 1 else (0.25 + siting(level) / 2, 0.25)
        matrix = turned(plane, WHOLE, place.w * w / step, place.h * h / step, card.turn_deg, middle, at)
        return np.asarray(cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)

    @staticmethod
    def _masked(plane: U8, mask: Mask | MovingMask | None, box: tuple[int, int, int, int], first: int, step: int) -> U8:
        """A sampled plane, times what is not hidden in the rows from `first` on."""
        x0, y0, x1, y1 = box
        if mask is None or first >= y1:
            return plane
        kept = mask.kept
        assert isinstance(kept, KeptMask | MovingMask)
        top = (first - y0) // step
        plane = plane.copy()
        plane[top:] = times(plane[top:], kept.part((x0, first, x1, y1), step))
        return plane

    def motion(
        self, surface: Surface, model: SetModel, camera: Camera, background: Codes, talent: list[Talent]
    ) -> None:
        """The set drawn anew at half the size, talent at the full one.

        At full size a moving set took 37 CPU ms a frame at 720p and was late on two cores. Half the lines of luma are
        missed as little as in any picture that moves; chroma has half the size anyway, so it loses nothing.
        """
        packed, depth = self._moving.draw(model, camera.clip_from_world(self._size[0] / self._size[1]), background)
        y, u, v = surface.anew()
        # The steps of its edges are softened instead of sampled away: four samples a pixel cost 21 CPU ms more.
        luma = cv2.GaussianBlur(cv2.extractChannel(packed, 0), (3, 3), 0)
        cv2.resize(luma, self._size, dst=y, interpolation=cv2.INTER_LINEAR)
        # Half a pixel of luma beside where chroma lies, unseen in what moves.
        cv2.mixChannels([packed], [u, v], [1, 0, 2, 1])
        for t in talent:
            self.talent(surface, t, MovingMask(depth, (t.card.depth_clip + 1) / 2))

    def mix(self, surface: Surface, incoming: Surface, progress: float) -> None:
        below = surface.seen
        for out, before, after in zip(surface.anew(), below, incoming.seen, strict=True):
            cv2.addWeighted(before, 1 - progress, after, progress, 0, out)

    def wipe(self, surface: Surface, incoming: Surface, kind: str, style: Style, progress: float) -> None:
        if self._wipes is None:
            self._wipes = CpuWipes(self._size, self._files)
        self._wipes.draw(surface, incoming, kind, style, progress)

    def stretch(self, surface: Surface, other: Surface, rect: Rect) -> None:
        x0, y0, x1, y1 = snapped(rect, self._size)
        box = max(x0, 0), max(y0, 0), min(x1, self._size[0]), min(y1, self._size[1])
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        if (x1 - x0, y1 - y0) == self._size:  # only moved
            moved = other.part((box[0] - x0, box[1] - y0, box[2] - x0, box[3] - y0))
            for below, above in zip(surface.region(box), moved, strict=True):
                np.copyto(below, above)
            return
        part = Rect(
            (box[0] - x0) / (x1 - x0),
            (box[1] - y0) / (y1 - y0),
            (box[2] - box[0]) / (x1 - x0),
            (box[3] - box[1]) / (y1 - y0),
        )
        for i, (below, plane) in enumerate(zip(surface.region(box), other.seen, strict=True)):
            size = (below.shape[1], below.shape[0])
            below[:] = sample(plane, sited(part, plane.shape[1], size[0]) if i else part, size)

    def fade(self, surface: Surface, codes: Codes, share: float) -> None:
        seen = surface.seen
        for out, plane, code in zip(surface.anew(), seen, codes, strict=True):
            cv2.convertScaleAbs(plane, out, alpha=1 - share, beta=255 * code * share)

    def film(self, surface: Surface, film: Film) -> None:
        for below, above, alpha in zip(
            surface.planes, film.planes, (film.alpha, film.alpha_half, film.alpha_half), strict=True
        ):
            size = below.shape[1], below.shape[0]  # a film comes at the program's size
            over(below, fit(above, size), fit(alpha, size))

    def sprite(self, surface: Surface, sprite: Sprite) -> None:
        layer = self._layers.get(sprite.art) or Drawn(sprite.art.rgba)
        self._layers[sprite.art] = layer
        self._layers.move_to_end(sprite.art)
        if len(self._layers) > _LAYERS:
            self._layers.popitem(last=False)
        x0, y0, x1, y1 = sprite.part
        region = surface.region((sprite.x + x0, sprite.y + y0, sprite.x + x1, sprite.y + y1))
        for i, (below, plane) in enumerate(zip(region, layer.planes, strict=True)):
            step, alpha = (1, layer.alpha) if i == 0 else (2, layer.alpha_half)
            rows, columns = slice(y0 // step, y1 // step), slice(x0 // step, x1 // step)
            if layer.solid and sprite.fade >= 1:
                np.copyto(below, plane[rows, columns])
            else:
                over(below, _faded(plane[rows, columns], sprite.fade), _faded(alpha[rows, columns], sprite.fade))

    def sweep(self) -> None:
        self._sources.sweep()

    def close(self) -> None:
        self._moving.close()


def _faded(plane: U8, fade: float) -> U8:
    return plane if fade >= 1 else cv2.convertScaleAbs(plane, alpha=fade)
