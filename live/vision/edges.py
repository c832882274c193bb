"""The colour of a person's edge without the room's: what is drawn where a matte is neither 0 nor 255.

An edge pixel of a camera holds alpha * F + (1 - alpha) * B; composed over a set as it is, the room's B stays as a ring
around the person. F is estimated from the picture's own certain inside and outside, blurred across the edge (F', B'),
and the pixel's own detail is kept:
F = F' + alpha * (I - alpha * F' - (1 - alpha) * B')   (Forte: Approximate Fast Foreground Colour Estimation, 2021).
Where alpha is 1 that is I itself, so nothing inside a person changes. Hair and motion blur keep their alpha; only their
colour is cleaned.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from live.picture.format import U8
from live.picture.planes import nudged

_SURE = 0.15  # how far from 0 and 1 a matte may be where a colour is taken for certain
_SMALL = 135  # lines: certain colours are spread at a quarter, or an eighth, of the picture
# Windows that colours are spread over, shares of that height, and their weights: a farther one fills where the nearer
# sees nothing certain.
_WINDOWS = ((1 / 45, 1.0), (1 / 13, 1e-2), (1 / 4, 5e-4))
# Weight of what is not certain beside what is: a single hair has nothing certain about it, the room always has.
_UNSURE, _UNSURE_ROOM = 0.05, 1e-3
_LEAST = 0.3  # a matte under this says too little of a colour to take it out of what is mixed
F32 = npt.NDArray[np.float32]


def clean_edges(planes: tuple[U8, ...], alpha: U8, out: tuple[U8, ...], lines: int) -> None:
    """Y, U, V codes of an edge's foreground into out, where alpha (at luma's size) is neither 0 nor 255; out holds the
    picture already.

    All are views of the same even rectangle of a 4:2:0 picture of any coding, which has so many lines.
    """
    half = planes[1].shape[::-1]
    halved = cv2.resize(alpha, half, interpolation=cv2.INTER_AREA)
    # 0 wraps to 255. An edge is a tenth of the picture, so its pixels are gathered.
    band = np.flatnonzero((halved - np.uint8(1)) < 254)
    if not len(band):
        return
    factor = 2
    while lines // (2 * factor) > _SMALL:
        factor *= 2
    size = max(1, half[0] // factor), max(1, half[1] // factor)
    small = cv2.merge([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes]).astype(np.float32)
    key = cv2.resize(halved, size, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)
    outside = _spread(small, 1 - key, _UNSURE_ROOM, lines // (2 * factor))
    own = np.clip((small - (1 - key[..., None]) * outside) / np.maximum(key[..., None], np.float32(_LEAST)), 0, 255)
    inside = _spread(own, key, _UNSURE, lines // (2 * factor))
    f, b = (
        np.ascontiguousarray(cv2.resize(c, half).reshape(-1, 3).take(band, axis=0).T, np.float32)
        for c in (inside, outside)
    )
    row = band // half[0]
    corner = 2 * (band + row * half[0])  # of the four pixels of luma over one of chroma, in a plane of twice the width
    four = corner + np.array([[0], [1], [2 * half[0]], [2 * half[0] + 1]])
    _clean(planes[0], alpha, four, f[0], b[0], out[0])
    halved = nudged(halved, -0.25)  # chroma lies on every second column of luma
    for i in (1, 2):
        _clean(planes[i], halved, band, f[i], b[i], out[i])


def _clean(plane: U8, alpha: U8, band: npt.NDArray[np.intp], inside: F32, outside: F32, target: U8) -> None:
    """The colour of the foreground, for the pixels of the edge only."""
    a = np.ascontiguousarray(alpha).take(band) * np.float32(1 / 255)
    mixed = np.ascontiguousarray(plane).take(band) - outside
    mixed -= a * (inside - outside)
    mixed *= a
    mixed += inside
    flat = np.ascontiguousarray(target)
    flat.put(band, cv2.convertScaleAbs(cv2.max(mixed, 0.0)))
    if flat is not target:
        target[:] = flat


def _spread(planes: F32, certain: F32, unsure: float, lines: int) -> U8:
    """The colours (h, w, 3) of a picture of so many lines where `certain` is near 1, carried to where it isn't."""
    weight = np.clip((certain - (1 - _SURE)) * np.float32(1 / _SURE), 0, 1) + np.float32(unsure) * np.square(
        np.square(certain)
    )
    weighted = cv2.merge((planes * weight[..., None], weight))
    total = np.full_like(weighted, 1e-9)
    for share, amount in _WINDOWS:
        window = 2 * max(1, round(share * lines / 2)) + 1
        total += np.float32(amount) * cv2.blur(weighted, (window, window))
    return np.clip(total[..., :3] / total[..., 3:] + np.float32(0.5), 0, 255).astype(np.uint8)
