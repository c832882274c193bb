"""Wipes, all by one mechanism: a ramp says for every pixel when its turn comes (0 first, 1 last), and a threshold that
runs over it makes the mask.

A ramp is kept as 16-bit numbers, turned round (65535 first), so that the mask of a frame is a saturating subtraction
and a scale: with 8-bit ramps a soft edge of a wide picture shows steps of five pixels. Patterns: SMPTE ST 258 has most
of them, under numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8 | np.uint16 | np.float32]
U16 = npt.NDArray[np.uint16]
TOP = 65535.0
SHARPEST = 1 / 400  # of the way: an edge is never harder than this, so that slanting ones are antialiased
_SLATS, _SQUARES = 10, 9  # blinds across the frame, squares over its height
_SEED = 258


def _spread(x: F32, y: F32, aspect: float) -> tuple[F32, F32]:
    """From the middle: the frame's height is -1 to 1."""
    return (2 * x - 1) * aspect, 2 * y - 1


def _angle(x: F32, y: F32, aspect: float) -> F32:
    """Clockwise from twelve, 0 to 1. Good to 0.3 degrees, at a tenth of arctan2's cost."""
    across, down = np.broadcast_arrays(*_spread(x, y, aspect))
    return np.asarray(cv2.phase(np.ascontiguousarray(-down), np.ascontiguousarray(across)), np.float32) / (2 * np.pi)


def _again(share: F32, times: int) -> F32:
    """A ramp that starts anew so many times."""
    return share * times - np.floor(share * times)


def _squares(x: F32, y: F32, aspect: float, order: Callable[[int, int], npt.NDArray[np.int64]]) -> F32:
    """Squares that come one after the other. order(rows, columns): the turn of each, 0 first."""
    turn = order(_SQUARES, round(_SQUARES * aspect)).astype(np.float32)
    return np.asarray(cv2.resize(turn, (x.size, y.size), interpolation=cv2.INTER_NEAREST), np.float32)


def _scattered(rows: int, columns: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(_SEED).permutation(rows * columns).reshape(rows, columns)


def _spiral(rows: int, columns: int) -> npt.NDArray[np.int64]:
    order = np.empty((rows, columns), np.int64)
    left, n = np.arange(rows * columns).reshape(rows, columns), 0
    while left.size:  # the top row, then the rest turned so that its right side is on top
        order.flat[left[0]] = np.arange(n, n + left.shape[1])
        n += left.shape[1]
        left = np.rot90(left[1:])
    return order


Shape = Callable[[F32, F32, float], F32]

_SHAPES: dict[str, Shape] = {
    "wipe": lambda x, y, a: x,
    "wipe_left": lambda x, y, a: 1 - x,
    "wipe_down": lambda x, y, a: y,
    "wipe_up": lambda x, y, a: 1 - y,
    "diagonal": lambda x, y, a: x * a + y,
    "diagonal_left": lambda x, y, a: (1 - x) * a + y,
    "corner_top_left": lambda x, y, a: np.maximum(x, y),
    "corner_top_right": lambda x, y, a: np.maximum(1 - x, y),
    "corner_bottom_left": lambda x, y, a: np.maximum(x, 1 - y),
    "corner_bottom_right": lambda x, y, a: np.maximum(1 - x, 1 - y),
    "box_top": lambda x, y, a: np.maximum(abs(2 * x - 1), y),
    "box_right": lambda x, y, a: np.maximum(1 - x, abs(2 * y - 1)),
    "box_bottom": lambda x, y, a: np.maximum(abs(2 * x - 1), 1 - y),
    "box_left": lambda x, y, a: np.maximum(x, abs(2 * y - 1)),
    "barn_doors": lambda x, y, a: abs(2 * x - 1),
    "barn_doors_flat": lambda x, y, a: abs(2 * y - 1),
    "split": lambda x, y, a: 1 - abs(2 * x - 1),
    "split_flat": lambda x, y, a: 1 - abs(2 * y - 1),
    "box": lambda x, y, a: np.maximum(abs(2 * x - 1), abs(2 * y - 1)),
    "circle": lambda x, y, a: np.sqrt(sum(np.square(d) for d in _spread(x, y, a))),
    "diamond": lambda x, y, a: abs(2 * x - 1) * a + abs(2 * y - 1),
    "four_boxes": lambda x, y, a: np.maximum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)),
    "clock": _angle,
    "clock_double": lambda x, y, a: _again(_angle(x, y, a), 2),
    "fan": lambda x, y, a: 0.5 - abs(_angle(x, y, a) - 0.5),
    "blinds": lambda x, y, a: _again(x, _SLATS),
    "blinds_flat": lambda x, y, a: _again(y, _SLATS // 2),
    "matrix": lambda x, y, a: _squares(x, y, a, _scattered),
    "spiral": lambda x, y, a: _squares(x, y, a, _spiral),
}


def shape_names() -> set[str]:
    return set(_SHAPES)


def ramp_of(kind: str, size: tuple[int, int], *, reverse: bool = False, grey: Grey | None = None) -> U16:
    """The ramp (height, width) of a wipe, 65535 where the new picture comes first. grey: of a picture wipe."""
    width, height = size
    if grey is not None:
        ramp = _from_picture(grey, size)
    else:  # from one row and one column: what a shape does with them is all that costs
        x = ((np.arange(width) + 0.5) / width).astype(np.float32)[None, :]
        y = ((np.arange(height) + 0.5) / height).astype(np.float32)[:, None]
        ramp = np.ascontiguousarray(np.broadcast_to(_SHAPES[kind](x, y, width / height), (height, width)))
    return np.asarray(
        cv2.normalize(ramp if reverse else -ramp, None, 0, TOP, cv2.NORM_MINMAX, dtype=cv2.CV_16U), np.uint16
    )


def _from_picture(grey: Grey, size: tuple[int, int]) -> F32:
    """Softened a little: 256 greys over a whole frame would show as steps in the edge."""
    return np.asarray(cv2.GaussianBlur(fitted(grey, size), (0, 0), max(0.6, size[1] / 360)), np.float32)


def fitted(grey: Grey, size: tuple[int, int]) -> F32:
    """A picture's grey at (width, height)."""
    how = cv2.INTER_AREA if grey.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey.astype(np.float32), size, interpolation=how), np.float32)


def edges(progress: float, softness: float, border: float) -> tuple[float, float, float]:
    """(edge of the new picture, edge of the border, width of their softness): a pixel whose turn is t is covered by
    clamp((edge - t) / softness). At progress 0 nothing is, at 1 everything."""
    soft = max(softness, SHARPEST)
    inner = -border + progress * (1 + border + soft)
    return inner, inner + border, soft


def mask(ramp: U16, edge: float, softness: float, scratch: U16, out: npt.NDArray[np.uint8]) -> None:
    """How far each pixel is covered, 0 to 255, into `out`. scratch: of the ramp's shape."""
    cv2.subtract(ramp, (TOP * (1 - edge),), scratch)
    cv2.convertScaleAbs(scratch, out, alpha=255 / (TOP * softness))
