"""A picture that is much narrower than the frame, as a phone takes it upright, is shown whole: what is left at its
sides is itself, dark and out of focus.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from live.picture.format import U8, PictureFormat, Range
from live.picture.values import SourceInput

NARROW = 0.6  # of the frame's shape: filling the frame would cut off more than two fifths of its height
_WIDTH = 24  # pixels: so little of it is seen at the sides
_LIGHT = 0.4


def is_narrow(source: SourceInput, aspect: float) -> bool:
    """aspect: of the frame."""
    height, width = source.planes[0].shape
    return bool(width / height < NARROW * aspect)


def sides_of(source: SourceInput) -> SourceInput:
    """The same, tiny, dark and soft."""
    height, width = source.planes[0].shape
    size = _WIDTH, max(2, 2 * round(_WIDTH * height / width / 2))
    half = size[0] // 2, size[1] // 2
    y, u, v = (_small(p, s) for p, s in zip(source.planes, (size, half, half), strict=True))
    black = 0 if source.format.range is Range.FULL else 16
    y = cv2.convertScaleAbs(y, alpha=_LIGHT, beta=black * (1 - _LIGHT))
    u, v = (cv2.convertScaleAbs(p, alpha=_LIGHT, beta=128 * (1 - _LIGHT)) for p in (u, v))
    fmt = PictureFormat(*size, source.format.matrix, source.format.range)
    return replace(
        source, name=f"{source.name} sides", format=fmt, planes=(y, u, v), matte=None, fill=None, frame=None, cut=False
    )


def _small(plane: U8, size: tuple[int, int]) -> U8:
    step = max(1, plane.shape[1] // (4 * size[0]))  # few of its pixels are enough, and cheap
    small = cv2.resize(plane[::step, ::step], size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), size[0] / 12))
