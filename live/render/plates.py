"""Plates: a set seen by a camera that stands still, drawn once, antialiased, and copied every frame after.

With it, for each distance at which somebody stands, a mask of the set pieces that stand before the card (a desk): drawn
with the far plane at the card's distance, so that its edges are antialiased like the plate's own.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from live.picture.codes import F64
from live.picture.format import U8
from live.render.gl import Gl
from live.render.setmodel import SetModel
from live.stage.geometry import Camera, Rect

if TYPE_CHECKING:
    from live.render.painter import Kept, Painter

_SAMPLES = 4
_PLATES = 24  # of 720p: 34 MB in memory, 88 MB on a GPU
_BLOCK = 16
# lines drawn in one go: 4 to 15 ms of 720p on two busy cores beside software GL, 0.2 s of CPU for a plate with two
# masks
_BAND = 48


class Mask:
    """What stands before a card: 255 where it is hidden. kept: the painter's own form of it.

    For each row, the least and the most in blocks of 16 columns are at hand, so that the rows of a card can be sorted
    every frame at no cost.
    """

    def __init__(self, hidden: U8, kept: Kept) -> None:
        self.kept = kept
        self.size = (hidden.shape[1], hidden.shape[0])
        starts = np.arange(0, hidden.shape[1], _BLOCK)
        self._least = np.minimum.reduceat(hidden, starts, axis=1)
        self._most = np.maximum.reduceat(hidden, starts, axis=1)

    def split(self, rect: Rect) -> tuple[int, int]:
        """Of a rectangle (shares of the frame), in pixel rows: from where something hides it, and from where all is
        hidden.

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


@runtime_checkable
class Scalable(Protocol):
    """A painter's form of a plate or a mask that can be had smaller."""

    def scaled(self, size: tuple[int, int]) -> U8:
        """What keep_plate or keep_mask is given for it at this size."""
        ...


class Plate:
    """One still view of a set, in the painter's form, and the masks made for it so far, by distance."""

    def __init__(self, kept: Kept, mean: F64, model: SetModel, background: tuple[float, float, float]) -> None:
        """mean: of the codes / 255."""
        self.kept, self.mean, self.model, self.background = kept, mean, model, background
        self.masks: dict[float, Mask] = {}

    def close(self) -> None:
        self.kept.close()
        for mask in self.masks.values():
            mask.kept.close()


class Plates:
    """The cache of one canvas. made: how many plates were ever drawn. Owner: the render thread."""

    def __init__(self, gl: Gl, painter: Painter[Any], size: tuple[int, int], larger: Plates | None = None) -> None:
        """larger: of a canvas of the same shape, whose plates are scaled down instead of drawn once more, which took 20
        to 30 CPU ms of a
        480x270 picture beside software GL, within one frame."""
        self._gl = gl
        self._larger = larger
        self._painter = painter
        self._size = size
        self._aspect = size[0] / size[1]
        self._plates: OrderedDict[tuple[int, Camera], Plate] = OrderedDict()
        self.made = 0
        self.shown_mean: F64 | None = None  # of the plate that was asked for last

    def get(self, model: SetModel, camera: Camera, background: tuple[float, float, float]) -> Plate:
        """The plate of a set from a camera, drawn now if it is not there."""
        key = (id(model), camera)
        self._scale_down(key)
        if key in self._plates:
            self._plates.move_to_end(key)
            self.shown_mean = self._plates[key].mean
            return self._plates[key]
        for _ in self.making(model, camera, background, []):
            pass
        plate = self._plates[key]
        self.shown_mean = plate.mean
        return plate

    def making(
        self, model: SetModel, camera: Camera, background: tuple[float, float, float], depths_m: Sequence[float]
    ) -> Iterator[None]:
        """Make the plate of a set from a camera, and the masks of cards at some distances, whatever of them isn't
        there; a band at a time, so that it can be spread over frames that have other things to do. It is there when the
        iterator is at its end.
        """
        key = (id(model), camera)
        self._scale_down(key, depths_m)
        plate = self._plates.get(key)
        made = plate is None
        try:
            if plate is None:
                packed = np.empty((self._size[1], self._size[0], 4), np.uint8)
                yield from self._draw(
                    packed, model, camera.clip_from_world(self._aspect), (*background, 1.0), coverage=False
                )
                plate = self._kept(packed, model, background)
                yield
            for depth_m in depths_m:
                if round(depth_m, 4) not in plate.masks:
                    yield from self._making_mask(plate, model, camera, depth_m)
            if made:
                self._keep(key, plate)
        finally:
            if made and plate is not None and self._plates.get(key) is not plate:
                plate.close()  # nobody wanted the rest of it

    def _scale_down(self, key: tuple[int, Camera], depths_m: Sequence[float] = ()) -> None:
        """Take a plate, and masks of it, that aren't here from the larger ones, if they are there."""
        large = self._larger._plates.get(key) if self._larger is not None else None
        if large is None:
            return
        if key not in self._plates:
            self._keep(
                key,
                Plate(
                    self._painter.keep_plate(_scaled(large.kept, self._size)), large.mean, large.model, large.background
                ),
            )
        masks = self._plates[key].masks
        for at in {round(d, 4) for d in depths_m} & large.masks.keys() - masks.keys():
            hidden = _scaled(large.masks[at].kept, self._size)
            masks[at] = Mask(hidden, self._painter.keep_mask(hidden))

    def _kept(self, packed: U8, model: SetModel, background: tuple[float, float, float]) -> Plate:
        return Plate(self._painter.keep_plate(packed), packed[::8, ::8, :3].mean(axis=(0, 1)) / 255, model, background)

    def renewing(self) -> Iterator[None]:
        """Draw every plate and its masks anew, a band at a time, what was shown last first. Each is exchanged when it
        is complete; until then the old one is shown."""
        for key, old in reversed(list(self._plates.items())):
            camera = key[1]
            packed = np.empty((self._size[1], self._size[0], 4), np.uint8)
            yield from self._draw(
                packed, old.model, camera.clip_from_world(self._aspect), (*old.background, 1.0), coverage=False
            )
            plate = self._kept(packed, old.model, old.background)
            try:
                for depth_m in list(old.masks):
                    yield from self._making_mask(plate, old.model, camera, depth_m)
                if self._plates.get(key) is old:  # it may have gone meanwhile
                    self._plates[key] = plate
                    old.close()
            finally:
                if self._plates.get(key) is not plate:
                    plate.close()

    def has(self, model: SetModel, camera: Camera, depths_m: Sequence[float] = ()) -> bool:
        """Is it there, with the masks of cards at some distances, to be shown at no cost worth the name?"""
        plate = self._plates.get((id(model), camera))
        here = plate is not None and all(round(d, 4) in plate.masks for d in depths_m)
        return here or (self._larger is not None and self._larger.has(model, camera, depths_m))

    @property
    def full(self) -> bool:
        """Has one to go for each that comes?"""
        return len(self._plates) >= _PLATES

    def _keep(self, key: tuple[int, Camera], plate: Plate) -> None:
        if (other := self._plates.pop(key, None)) is not None:
            other.close()  # it was needed at once meanwhile
        self._plates[key] = plate
        self.made += 1
        if len(self._plates) > _PLATES:
            self._plates.popitem(last=False)[1].close()

    def drop(self, model: SetModel, camera: Camera) -> None:
        """Nobody will ask for this one again."""
        if (plate := self._plates.pop((id(model), camera), None)) is not None:
            plate.close()

    def mask(self, plate: Plate, model: SetModel, camera: Camera, depth_m: float) -> Mask:
        """What stands before a card at this distance, made once per plate and distance."""
        key = round(depth_m, 4)
        if key not in plate.masks:
            self._scale_down((id(model), camera), [depth_m])
        if key not in plate.masks:
            for _ in self._making_mask(plate, model, camera, depth_m):
                pass
        return plate.masks[key]

    def _making_mask(self, plate: Plate, model: SetModel, camera: Camera, depth_m: float) -> Iterator[None]:
        clip = camera.clip_from_world(self._aspect, far_m=depth_m)
        packed = np.empty((self._size[1], self._size[0], 4), np.uint8)
        yield from self._draw(packed, model, clip, (0.0, 0.0, 0.0, 0.0), coverage=True)
        hidden = np.ascontiguousarray(packed[..., 0])
        plate.masks[round(depth_m, 4)] = Mask(hidden, self._painter.keep_mask(hidden))
        yield

    def _draw(
        self, packed: U8, model: SetModel, clip: np.ndarray, clear: tuple[float, ...], *, coverage: bool
    ) -> Iterator[None]:
        """The set with four samples a pixel, resolved and read into packed (height, width, 4), band by band from the
        top. A band's targets live only as long as it is drawn."""
        height = self._size[1]
        for y0 in range(0, height, _BAND):
            lines = min(_BAND, height - y0)
            self._draw_band(packed[y0 : y0 + lines], model, _band_of(clip, y0, lines, height), clear, coverage=coverage)
            yield

    def _draw_band(
        self, packed: U8, model: SetModel, clip: np.ndarray, clear: tuple[float, ...], *, coverage: bool
    ) -> None:
        ctx, own, size = self._gl.ctx, self._gl.own, (packed.shape[1], packed.shape[0])
        with ExitStack() as stack:
            colour = own(stack, ctx.renderbuffer(size, 4, samples=_SAMPLES))
            depth = own(stack, ctx.depth_renderbuffer(size, samples=_SAMPLES))
            many = own(stack, ctx.framebuffer([colour], depth))
            one = own(stack, ctx.framebuffer([self._gl.texture(stack, size, 4, nearest=True)]))
            many.use()
            many.clear(*clear, depth=1.0)
            model.draw(clip, coverage=coverage, dither=True)
            ctx.copy_framebuffer(one, many)
            one.read_into(packed, components=4, alignment=1)

    def forget(self, model: SetModel, background: tuple[float, float, float]) -> None:
        """The set stands before this background from now on: what shows another goes."""
        for key, plate in list(self._plates.items()):
            if plate.model is model and plate.background != background:
                self._plates.pop(key).close()

    def close(self) -> None:
        for plate in self._plates.values():
            plate.close()
        self._plates.clear()


def _scaled(kept: Kept, size: tuple[int, int]) -> U8:
    assert isinstance(kept, Scalable), "a painter whose plates can't be scaled was given larger ones"
    return kept.scaled(size)


def _band_of(clip: np.ndarray, y0: int, lines: int, height: int) -> np.ndarray:
    """The same view cut to some lines of the picture: they fill clip space from its top to its bottom."""
    cut = clip.copy()
    cut[1] = (clip[1] - ((2 * y0 + lines) / height - 1) * clip[3]) * (height / lines)
    return cut
