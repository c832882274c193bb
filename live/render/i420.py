"""I420 pictures in memory, and what can be done to rectangles of them with OpenCV: sample, over, fill, blend.

Codes are the program's throughout (BT.709 limited). Everything is on even pixels, so that chroma stays in step.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from live.picture.format import U8, PictureFormat
from live.picture.planes import nudged, sampled
from live.stage.geometry import Rect


class Surface:
    """An I420 picture to paint on. Until something is painted it may show another's planes, which costs nothing.

    seen: what it shows, to be read.
    """

    def __init__(self, size: tuple[int, int], memory: U8 | None = None) -> None:
        """memory: where to paint; a flat picture of this size."""
        self.size = size
        self._format = PictureFormat(*size)
        self._data = np.empty(self._format.size, np.uint8) if memory is None else memory
        self._own = self.seen = self._format.planes(self._data)

    def show(self, planes: tuple[U8, ...]) -> None:
        """Show these, as they are, until something is painted on them: then a copy of them is painted on."""
        self.seen = planes

    def anew(self) -> tuple[U8, ...]:
        """The planes to be painted all over: what was there goes."""
        self.seen = self._own
        return self._own

    @property
    def planes(self) -> tuple[U8, ...]:
        """What it shows, to be painted on."""
        if self.seen is not self._own:
            for own, plane in zip(self._own, self.seen, strict=True):
                np.copyto(own, plane)
            self.seen = self._own
        return self._own

    def region(self, box: tuple[int, int, int, int]) -> tuple[U8, ...]:
        """Views of the three planes inside a box of even pixels (x0, y0, x1, y1), to be painted on."""
        return _within(self.planes, box)

    def part(self, box: tuple[int, int, int, int]) -> tuple[U8, ...]:
        """The same, to be read."""
        return _within(self.seen, box)

    def copy_to(self, out: U8) -> None:
        """The picture, flat; nothing to do where it was painted there."""
        if self.seen is not self._own:
            for plane, target in zip(self.seen, self._format.planes(out), strict=True):
                np.copyto(target, plane)
        elif not np.may_share_memory(out, self._data):
            np.copyto(out, self._data)


def _within(planes: tuple[U8, ...], box: tuple[int, int, int, int]) -> tuple[U8, ...]:
    x0, y0, x1, y1 = box
    y, u, v = planes
    halves = slice(y0 // 2, y1 // 2), slice(x0 // 2, x1 // 2)
    return y[y0:y1, x0:x1], u[halves], v[halves]


def even_box(rect: Rect, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The smallest box of even pixels, inside a picture of this size, that holds a rectangle (shares)."""
    w, h = size
    x0, y0 = max(0, math.floor(rect.x * w / 2 + 1e-6) * 2), max(0, math.floor(rect.y * h / 2 + 1e-6) * 2)
    x1, y1 = math.ceil((rect.x + rect.w) * w / 2 - 1e-6) * 2, math.ceil((rect.y + rect.h) * h / 2 - 1e-6) * 2
    return x0, y0, max(x0, min(x1, w)), max(y0, min(y1, h))


def near_box(rect: Rect, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A rectangle (shares) to the nearest even pixels."""
    w, h = size
    x0, y0 = round(rect.x * w / 2) * 2, round(rect.y * h / 2) * 2
    x1, y1 = round((rect.x + rect.w) * w / 2) * 2, round((rect.y + rect.h) * h / 2) * 2
    return max(x0, 0), max(y0, 0), min(x1, w), min(y1, h)


def snapped(rect: Rect, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A rectangle (shares) on the nearest even pixels, wherever it lies."""
    w, h = size
    return (
        2 * round(rect.x * w / 2),
        2 * round(rect.y * h / 2),
        2 * round((rect.x + rect.w) * w / 2),
        2 * round((rect.y + rect.h) * h / 2),
    )


def even_rect(rect: Rect, size: tuple[int, int]) -> Rect:
    """A rectangle (shares) on the nearest even pixels inside the frame, in shares again."""
    x0, y0, x1, y1 = near_box(rect, size)
    return Rect(x0 / size[0], y0 / size[1], max(0, x1 - x0) / size[0], max(0, y1 - y0) / size[1])


def sample(plane: U8, part: Rect, size: tuple[int, int]) -> U8:
    """A part of a plane (shares of it; may reach a little beyond its edge) at a size in pixels, bilinear."""
    height, width = plane.shape
    return sampled(plane, (part.x * width, part.y * height, part.w * width, part.h * height), size)


def turned(
    plane: U8,
    part: Rect,
    width: float,
    height: float,
    rotation_deg: float,
    middle: tuple[float, float],
    columns_at: tuple[float, float] = (0.5, 0.5),
) -> np.ndarray:
    """The 2x3 matrix for warpAffine that brings a part of a plane (shares) to a box of this size, turned clockwise
    about a middle.
    columns_at: where in a pixel its value lies, from the left, in the plane and in the box: of chroma 0.25 instead of
    0.5.
    """
    rows, columns = plane.shape
    sx, sy = width / (part.w * columns), height / (part.h * rows)
    px, py = (part.x + part.w / 2) * columns - columns_at[0], (part.y + part.h / 2) * rows - 0.5
    c, s = math.cos(math.radians(rotation_deg)), math.sin(math.radians(rotation_deg))
    a = np.array([[c * sx, -s * sy], [s * sx, c * sy]])
    offset = np.array([middle[0] - columns_at[1], middle[1] - 0.5]) - a @ np.array([px, py])
    return np.hstack([a, offset[:, None]])


def siting(level: int) -> float:
    """Where the first column of chroma lies, in pixels of luma, once a picture was halved so often by means of 2x2: 0
    as H.264 and BT.709 have it (on every second column), near 0.5 (between two) in the end."""
    return 0.5 * (1 - 0.5**level)


def sited(part: Rect, width: int, shown: int, level: int = 0) -> Rect:
    """A part of a chroma plane so wide that is to be shown in so many pixels. Chroma lies on every second column of
    luma (as H.264 and BT.709 have it), not between two: scaled, it must be taken a little beside where luma is, or
    colours slip off their edges. level: how often its picture was halved."""
    scale = part.w * width / shown
    return Rect(part.x + (0.25 * (1 - scale) - siting(level) / 2) / width, part.y, part.w, part.h)


def over(below: U8, above: U8, alpha: U8) -> None:
    """Premultiplied alpha-over, in place: below = above + below * (1 - alpha)."""
    kept = cv2.multiply(below, cv2.bitwise_not(alpha), scale=1 / 255)
    cv2.add(kept, above, below)


def times(plane: U8, factor: U8) -> U8:
    """Codes times a share of 255."""
    out: U8 = cv2.multiply(plane, factor, scale=1 / 255)
    return out


def half(plane: U8, level: int = 0) -> U8:
    """A plane, or a picture of several channels, at chroma's size, and where chroma lies. level: how often its picture
    was halved.
    """
    means = cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return nudged(means, (siting(level) - 0.5) / 2)


def from_packed(packed: U8, planes: tuple[U8, ...]) -> None:
    """Y, U, V codes (h, w, 4) at 4:4:4 into the planes of an I420 picture."""
    y, u, v = planes
    cv2.extractChannel(packed, 0, y)
    cv2.mixChannels([half(packed)], [u, v], [1, 0, 2, 1])


def level_of(width: int, height: int, shown_px: float, *, step: int) -> int:
    """How many times to halve a source whose height is shown this high, so that bilinear sampling skips no lines.

    Halved as long as it stays at least as high as shown, and its size a multiple of `step`.
    """
    level = 0
    while level < 3 and height / 2 ** (level + 1) >= shown_px and not (width | height) % (step << (level + 1)):
        level += 1
    return level


def fit(plane: U8, size: tuple[int, int]) -> U8:
    """A plane at another size: means when it shrinks, linear when it grows."""
    if plane.shape == (size[1], size[0]):
        return np.ascontiguousarray(plane)
    smaller = plane.shape[1] > size[0]
    fitted: U8 = cv2.resize(plane, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return fitted
