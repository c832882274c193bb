"""Sources beside software GL: in the program's codes, premultiplied with their key, once per picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from live.picture.format import U8
from live.picture.values import Grade, SourceInput
from live.render.grade import to_program
from live.render.i420 import even_box, fit, half, level_of, times
from live.render.painter import Planes
from live.stage.geometry import Rect

_IDLE_PICTURES = 300


@dataclass(frozen=True)
class Keyed:
    """A keyed source, premultiplied, no more of it than its matte's box. part: that box as shares of the source."""

    part: Rect
    y: U8
    u: U8
    v: U8
    alpha: U8
    alpha_half: U8
    level: int = 0  # how often the source was halved


@dataclass
class _Made:
    """What was made of a source's frame, and in which picture it was used last."""

    frame: tuple[int, int, Grade | None]
    used: int
    planes: Planes | None = None
    borrowed: bool = False  # are they its ring's?
    keyed: Keyed | None = None


class CpuSources:
    """Sources in the program's codes, at the sizes pictures show them. Works only on what is shown and has changed."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, bool], _Made] = {}
        self._pictures = 0

    def opaque(self, source: SourceInput, shown_px: float) -> Planes:
        """A source whose whole height is shown so many pixels high.

        The first time they are needed these may be the planes in the source's ring; a picture that stands still is
        copied the second time, for its ring may go on meanwhile.
        """
        level, made = self._get(source, shown_px, keyed=False)
        again = made.planes is not None
        if made.planes is None:
            made.planes = to_program(_shrunk(source.planes, level), source.format, source.grade)
            made.borrowed = made.planes is source.planes
        if made.borrowed and (again or source.frame is None):
            made.planes, made.borrowed = tuple(p.copy() for p in made.planes), False
        return made.planes

    def keyed(self, source: SourceInput, shown_px: float) -> Keyed:
        level, made = self._get(source, shown_px, keyed=True)
        if made.keyed is None:
            made.keyed = _keyed(source, level)
        return made.keyed

    def _get(self, source: SourceInput, shown_px: float, *, keyed: bool) -> tuple[int, _Made]:
        height, width = source.planes[0].shape
        level = level_of(width, height, shown_px, step=2)
        frame = source.seq, source.capture_ns, source.grade  # a source that was started again counts from one again
        made = self._made.get((source.name, level, keyed))
        if made is None or made.frame != frame:
            made = self._made[source.name, level, keyed] = _Made(frame, self._pictures)
        made.used = self._pictures
        return level, made

    def sweep(self) -> None:
        self._pictures += 1
        for key in [k for k, made in self._made.items() if self._pictures - made.used > _IDLE_PICTURES]:
            del self._made[key]


def halvings(source: SourceInput, planes: Planes) -> int:
    """How often a source was halved to get these planes of its."""
    return int(source.planes[0].shape[0] // planes[0].shape[0]).bit_length() - 1


def _shrunk(planes: Planes, level: int) -> Planes:
    if not level:
        return planes  # the very same
    return tuple(fit(p, (p.shape[1] >> level, p.shape[0] >> level)) for p in planes)


def _keyed(source: SourceInput, level: int) -> Keyed:
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
        return Keyed(Rect(0, 0, 0, 0), empty, empty, empty, empty, empty)
    halves = slice(box[1] // 2, box[3] // 2), slice(box[0] // 2, box[2] // 2)
    alpha = _fitted(source.matte, box, (width, height))
    alpha_half = half(alpha, level)
    luma, cb, cr = to_program((y[rows, columns], u[halves], v[halves]), source.format, source.grade)
    part = Rect(box[0] / width, box[1] / height, (box[2] - box[0]) / width, (box[3] - box[1]) / height)
    return Keyed(part, times(luma, alpha), times(cb, alpha_half), times(cr, alpha_half), alpha, alpha_half, level)


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
