"""One plane of a picture, scaled and shifted: shared by what makes pictures and what composes them."""

from __future__ import annotations

import math

import cv2
import numpy as np

from live.frames import U8

_STEP = 1 / 32  # pixels: a shift smaller than this is not worth a second filter


def sampled(plane: U8, area: tuple[float, float, float, float], size: tuple[int, int]) -> U8:
    """An area (x, y, width, height in pixels; may reach a little beyond the plane) at a size in pixels, bilinear.

    Exact to a fraction of a pixel, so that a slow pan glides: scaled at the exact ratio from whole source pixels, then shifted
    by what is left. That is a third of the cost of warpAffine, which does it in one go (0.9 to 3.0 ms for 720p).
    """
    height, width = plane.shape
    x, y, w, h = area
    sx, sy = size[0] / w, size[1] / h
    x0, y0 = min(max(math.floor(x) - 1, 0), width - 1), min(max(math.floor(y) - 1, 0), height - 1)
    x1, y1 = min(max(math.ceil(x + w) + 1, x0 + 1), width), min(max(math.ceil(y + h) + 1, y0 + 1), height)
    scaled = plane[y0:y1, x0:x1]
    if abs(sx - 1) > 1e-6 or abs(sy - 1) > 1e-6:
        scaled = cv2.resize(scaled, None, fx=sx, fy=sy, interpolation=cv2.INTER_LINEAR)
    left, top = (x - x0) * sx, (y - y0) * sy
    if abs(left - round(left)) < _STEP and abs(top - round(top)) < _STEP:
        left, top = round(left), round(top)
        if left >= 0 and top >= 0 and left + size[0] <= scaled.shape[1] and top + size[1] <= scaled.shape[0]:
            return scaled[top : top + size[1], left : left + size[0]]
    return cv2.getRectSubPix(np.ascontiguousarray(scaled), size, (left + (size[0] - 1) / 2, top + (size[1] - 1) / 2))
