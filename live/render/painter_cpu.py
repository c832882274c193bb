"""The painter beside software GL: OpenCV on I420 planes, in the program's codes. GL is used for sets only.

A source is brought to the program's codes and premultiplied with its key once per picture, at its own size; after that
every element is a scaled and shifted rectangle.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from live.picture.colour import yuva_from_rgba
from live.picture.format import U8
from live.picture.planes import sampled
from live.picture.transitions import Style
from live.picture.values import Film, SourceInput
from live.render.gl import Gl, Target
from live.render.grade import to_program
from live.render.graphics import Sprite
from live.render.i420 import (
    Surface,
    even_box,
    from_packed,
    half,
    near_box,
    over,
    sample,
    sited,
    siting,
    snapped,
    times,
    turned,
)
from live.render.layer_art import Shape, shape_mask
from live.render.painter import Codes, Placed, Talent
from live.render.plates import Mask
from live.render.setmodel import SetModel
from live.render.sources import fit, level_of
from live.render.wipe_cpu import CpuWipes
from live.render.wrap_cpu import wrapped
from live.stage.geometry import Camera, Rect

_LAYERS = 96  # pictures of graphics
_IDLE_PICTURES = 300
_SHAPES = 12  # of layers

Planes = tuple[U8, U8, U8]


@dataclass(frozen=True)
class _Keyed:
    """A keyed source, premultiplied, no more of it than its matte's box. part: that box as shares of the source."""

    part: Rect
    y: U8
    u: U8
    v: U8
    alpha: U8
    alpha_half: U8
    level: int = 0  # how often the source was halved


class CpuSources:
    """Sources in the program's codes, at the sizes pictures show them. Works only on what is shown and has changed."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, bool], tuple[Any, int, Any]] = {}  # which frame, when last used, what
        self._pictures = 0

    def opaque(self, source: SourceInput, shown_px: float) -> Planes:
        return self._get(source, shown_px, False)

    def keyed(self, source: SourceInput, shown_px: float) -> _Keyed:
        return self._get(source, shown_px, True)

    def _get(self, source: SourceInput, shown_px: float, keyed: bool) -> Any:
        height, width = source.planes[0].shape
        level = level_of(width, height, shown_px, step=2)
        key = (source.name, level, keyed)
        frame = source.seq, source.capture_ns, source.grade  # a source that was started again counts from one again
        had, _, made = self._made.get(key, (None, 0, None))
        if had != frame:
            made = (
                _keyed(source, level)
                if keyed
                else to_program(_shrunk(source.planes, level), source.format, source.grade)
            )
            if (
                made is source.planes
            ):  # they are the ring's own memory: a frame that stands still may be drawn after it moved on
                made = tuple(p.copy() for p in made)
        self._made[key] = (frame, self._pictures, made)
        return made

    def sweep(self) -> None:
        self._pictures += 1
        for key in [k for k, (_, used, _) in self._made.items() if self._pictures - used > _IDLE_PICTURES]:
            del self._made[key]


def _level(source: SourceInput, planes: tuple[U8, ...]) -> int:
    """How often a source was halved to get these planes of its."""
    return (source.planes[0].shape[0] // planes[0].shape[0]).bit_length() - 1


def _shrunk(planes: tuple[U8, ...], level: int) -> Any:
    return tuple(fit(p, (p.shape[1] >> level, p.shape[0] >> level)) for p in planes) if level else planes


def _keyed(source: SourceInput, level: int) -> _Keyed:
    assert source.matte is not None
    y, u, v = _shrunk(source.fill or source.planes, level)
    height, width = y.shape
    x0, y0, x1, y1 = source.matte_box
    margin = 2 / width, 2 / height
    box = even_box(
        Rect(x0 - margin[0], y0 - margin[1], x1 - x0 + 2 * margin[0], y1 - y0 + 2 * margin[1]), (width, height)
    )
    rows, columns = slice(box[1], box[3]), slice(box[0], box[2])
    if y[rows, columns].size == 0:
        empty = np.zeros((0, 0), np.uint8)
        return _Keyed(Rect(0, 0, 0, 0), empty, empty, empty, empty, empty)
    halves = slice(box[1] // 2, box[3] // 2), slice(box[0] // 2, box[2] // 2)
    alpha = _fitted(source.matte, box, (width, height))
    alpha_half = half(alpha, level)
    luma, cb, cr = to_program((y[rows, columns], u[halves], v[halves]), source.format, source.grade)
    part = Rect(box[0] / width, box[1] / height, (box[2] - box[0]) / width, (box[3] - box[1]) / height)
    return _Keyed(part, times(luma, alpha), times(cb, alpha_half), times(cr, alpha_half), alpha, alpha_half, level)


def _fitted(matte: U8, box: tuple[int, int, int, int], size: tuple[int, int]) -> U8:
    """A box of a matte that was brought to a size. Of a small one only that box is enlarged: most of a picture is not
    of the person.
    """
    x0, y0, x1, y1 = box
    scale = size[0] // matte.shape[1]
    if scale < 2 or (matte.shape[1] * scale, matte.shape[0] * scale) != size:
        return np.ascontiguousarray(fit(matte, size)[y0:y1, x0:x1])
    left, top = max(0, x0 // scale - 1), max(0, y0 // scale - 1)
    part = matte[top : y1 // scale + 2, left : x1 // scale + 2]
    part = cv2.resize(part, (part.shape[1] * scale, part.shape[0] * scale), interpolation=cv2.INTER_LINEAR)
    x, y = x0 - left * scale, y0 - top * scale
    return np.ascontiguousarray(part[y : y + y1 - y0, x : x + x1 - x0])


class _KeptPlate:
    """A plate as I420."""

    def __init__(self, packed: U8) -> None:
        surface = Surface((packed.shape[1], packed.shape[0]))
        from_packed(packed, surface.planes)
        self.data, self._planes = surface.data, surface.planes

    def scaled(self, size: tuple[int, int]) -> U8:
        """See plates.Scalable."""
        y, u, v = self._planes
        across = [
            sampled(p, (0.25, 0.0, p.shape[1], p.shape[0]), size) for p in (u, v)
        ]  # chroma lies on every second column
        return cv2.merge(
            [cv2.resize(y, size, interpolation=cv2.INTER_AREA), *across, np.full(size[::-1], 255, np.uint8)]
        )

    def close(self) -> None:
        """Memory only."""


class _KeptMask:
    """What is *not* hidden, at luma's and at chroma's size."""

    def __init__(self, hidden: U8) -> None:
        self._clear = cv2.bitwise_not(hidden)
        self._clear_half = half(self._clear)

    def scaled(self, size: tuple[int, int]) -> U8:
        """See plates.Scalable."""
        return cv2.resize(cv2.bitwise_not(self._clear), size, interpolation=cv2.INTER_AREA)

    def part(self, box: tuple[int, int, int, int], step: int) -> U8:
        """Inside a box of even pixels of the frame, at luma's (step 1) or chroma's size (2)."""
        x0, y0, x1, y1 = (b // step for b in box)
        return (self._clear if step == 1 else self._clear_half)[y0:y1, x0:x1]

    def close(self) -> None:
        """Memory only."""


class _Layer:
    """A picture of a graphic: premultiplied planes and alpha. solid: nothing shows through it."""

    def __init__(self, rgba: U8) -> None:
        packed = yuva_from_rgba(rgba)
        small = half(packed)
        self.planes = tuple(np.ascontiguousarray(p) for p in (packed[..., 0], small[..., 1], small[..., 2]))
        self.alpha, self.alpha_half = np.ascontiguousarray(packed[..., 3]), np.ascontiguousarray(small[..., 3])
        self.solid = int(self.alpha.min(initial=255)) == 255


@dataclass(frozen=True)
class _MovingMask:
    """A mask for one frame, from the depth of the moving set at half the size: worked out where it is asked for."""

    depth: np.ndarray
    card_depth: float  # 0..1

    @property
    def kept(self) -> _MovingMask:
        return self

    def split(self, rect: Rect) -> tuple[int, int]:
        return 0, 1 << 30  # not worth sorting its rows for one frame

    def part(self, box: tuple[int, int, int, int], step: int) -> U8:
        x0, y0, x1, y1 = box
        clear = cv2.compare(self.depth[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2], self.card_depth, cv2.CMP_GE)
        return clear if step == 2 else cv2.resize(clear, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)


class _MovingSet:
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


class CpuPainter:
    """See painter.Painter. A surface is an i420.Surface."""

    def __init__(self, gl: Gl, sources: CpuSources, size: tuple[int, int]) -> None:
        self._size = size
        self._sources = sources
        self._layers: OrderedDict[Any, _Layer] = OrderedDict()
        self._files = gl.files
        self._wipes: CpuWipes | None = None
        self._shapes: OrderedDict[tuple[Shape, float], tuple[U8, U8]] = OrderedDict()
        self._moving = _MovingSet(gl, (size[0] // 2, size[1] // 2))

    def surface(self) -> Surface:
        return Surface(self._size)

    def keep_plate(self, packed: U8) -> _KeptPlate:
        return _KeptPlate(packed)

    def keep_mask(self, hidden: U8) -> _KeptMask:
        return _KeptMask(hidden)

    def fill(self, surface: Surface, codes: Codes, rect: Rect | None = None) -> None:
        box = (0, 0, *self._size) if rect is None else near_box(rect, self._size)
        for plane, code in zip(surface.region(box), codes, strict=True):
            plane[:] = round(255 * code)

    def plate(self, surface: Surface, kept: _KeptPlate) -> None:
        np.copyto(surface.data, kept.data)

    def picture(self, surface: Surface, source: SourceInput, part: Rect, rect: Rect) -> None:
        box = near_box(rect, self._size)
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        planes = self._sources.opaque(source, rect.h * self._size[1] / part.h)
        level = _level(source, planes)
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
        alphas, level = self._shape_alphas(shape, placed.opacity), _level(source, planes)
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

    def talent(self, surface: Surface, talent: Talent, mask: Mask | _MovingMask | None) -> None:
        if talent.source.matte is None:  # a camera that is not keyed stands in the set as a screen
            self._screen(surface, talent, mask)
            return
        card = talent.card.rect
        keyed = self._sources.keyed(talent.source, card.h * self._size[1])
        place = card.part(keyed.part)
        self._over(
            surface, place, mask, (keyed.y, keyed.u, keyed.v), (keyed.alpha, keyed.alpha_half), talent, keyed.level
        )

    def _screen(self, surface: Surface, talent: Talent, mask: Mask | _MovingMask | None) -> None:
        planes = self._sources.opaque(talent.source, talent.card.rect.h * self._size[1])
        solid = np.full(planes[0].shape, 255, np.uint8), np.full(planes[1].shape, 255, np.uint8)
        self._over(surface, talent.card.rect, mask, planes, solid, talent, _level(talent.source, planes), wraps=False)

    def _over(
        self,
        surface: Surface,
        place: Rect,
        mask: Mask | _MovingMask | None,
        planes: tuple[U8, ...],
        alphas: tuple[U8, U8],
        talent: Talent,
        level: int,
        *,
        wraps: bool = True,
    ) -> None:
        """Premultiplied planes of a talent, halved so often, stretched over a place in the frame, but for what a mask
        hides. wraps: with its light wrap."""
        wrap, opacity, card_height = talent.source.wrap if wraps else 0.0, talent.opacity, talent.card.rect.h
        x0, y0, x1, y1 = even_box(place, self._size)
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
        alpha_of: dict[int, U8] = {}
        shape_of: dict[int, U8] = {}
        for i, (below, plane) in enumerate(zip(region, planes, strict=True)):
            step = 1 if i == 0 else 2
            size = (below.shape[1], below.shape[0])
            shown = sited(part, plane.shape[1], size[0], level) if i else part
            if step not in alpha_of:
                shape_of[step] = _faded(sample(alphas[step - 1], shown, size), opacity)
                alpha_of[step] = self._masked(shape_of[step], mask, (x0, y0, x1, y1), first, step)
            above = self._masked(_faded(sample(plane, shown, size), opacity), mask, (x0, y0, x1, y1), first, step)
            if wrap > 0:
                above = wrapped(below, above, alpha_of[step], shape_of[step], wrap, card_height * h / step)
            over(below, above, alpha_of[step])

    @staticmethod
    def _masked(
        plane: U8, mask: Mask | _MovingMask | None, box: tuple[int, int, int, int], first: int, step: int
    ) -> U8:
        """A sampled plane, times what is not hidden in the rows from `first` on."""
        x0, y0, x1, y1 = box
        if mask is None or first >= y1:
            return plane
        kept: Any = mask.kept
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
        y, u, v = surface.planes
        # The steps of its edges are softened instead of sampled away: four samples a pixel cost 21 CPU ms more.
        luma = cv2.GaussianBlur(cv2.extractChannel(packed, 0), (3, 3), 0)
        cv2.resize(luma, self._size, dst=y, interpolation=cv2.INTER_LINEAR)
        cv2.mixChannels(
            [packed], [u, v], [1, 0, 2, 1]
        )  # half a pixel of luma beside where chroma lies, unseen in what moves
        for t in talent:
            self.talent(surface, t, _MovingMask(depth, (t.card.depth_clip + 1) / 2))

    def mix(self, surface: Surface, incoming: Surface, progress: float) -> None:
        cv2.addWeighted(surface.data, 1 - progress, incoming.data, progress, 0, surface.data)

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
            moved = other.region((box[0] - x0, box[1] - y0, box[2] - x0, box[3] - y0))
            for below, above in zip(surface.region(box), moved, strict=True):
                np.copyto(below, above)
            return
        part = Rect(
            (box[0] - x0) / (x1 - x0),
            (box[1] - y0) / (y1 - y0),
            (box[2] - box[0]) / (x1 - x0),
            (box[3] - box[1]) / (y1 - y0),
        )
        for i, (below, plane) in enumerate(zip(surface.region(box), other.planes, strict=True)):
            size = (below.shape[1], below.shape[0])
            below[:] = sample(plane, sited(part, plane.shape[1], size[0]) if i else part, size)

    def fade(self, surface: Surface, codes: Codes, share: float) -> None:
        for plane, code in zip(surface.planes, codes, strict=True):
            cv2.convertScaleAbs(plane, plane, alpha=1 - share, beta=255 * code * share)

    def film(self, surface: Surface, film: Film) -> None:
        for below, above, alpha in zip(
            surface.planes, film.planes, (film.alpha, film.alpha_half, film.alpha_half), strict=True
        ):
            size = below.shape[1], below.shape[0]  # a film comes at the program's size
            over(below, fit(above, size), fit(alpha, size))

    def sprite(self, surface: Surface, sprite: Sprite) -> None:
        layer = self._layers.get(sprite.art) or _Layer(sprite.art.rgba)
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
