"""Garbage and hold-out mattes: feathered polygons, drawn once and kept."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from live.config.keying import Mask
from live.picture.format import U8

_FINE = 4  # bits of a pixel's fraction that polygons are drawn with


def polygon(mask: Mask, size: tuple[int, int]) -> U8:
    """One mask at a size (width, height): 255 inside, feathered outwards and inwards alike."""
    w, h = size
    points = np.array([[x * w - 0.5, y * h - 0.5] for x, y in mask.points])
    drawn = np.zeros((h, w), np.uint8)
    cv2.fillPoly(drawn, [np.rint(points * (1 << _FINE)).astype(np.int32)], 255, cv2.LINE_AA, _FINE)
    radius = round(mask.feather * h / 2)
    if radius:
        drawn = cv2.blur(cv2.blur(drawn, (2 * radius + 1,) * 2), (2 * (radius // 2) + 1,) * 2)
    return cv2.bitwise_not(drawn) if mask.inverted else drawn


class Masks:
    """All masks of a source at one size."""

    def __init__(self, masks: Sequence[Mask], size: tuple[int, int]) -> None:
        self.size = size
        self._clear: U8 | None = None
        self._kept: U8 | None = None
        for mask in masks:
            drawn = polygon(mask, size)
            if mask.kind == "garbage":
                clear = cv2.bitwise_not(drawn)
                self._clear = clear if self._clear is None else cv2.min(self._clear, clear)
            else:
                self._kept = drawn if self._kept is None else cv2.max(self._kept, drawn)

    def apply(self, alpha: U8) -> None:
        """Hold-outs in, then garbage out, in place."""
        if self._kept is not None:
            cv2.max(alpha, self._kept, alpha)
        if self._clear is not None:
            cv2.multiply(alpha, self._clear, alpha, scale=1 / 255)
