"""The colour of a person's edge without the room's: what is drawn where a matte is neither 0 nor 255.

An edge pixel of a camera holds alpha * F + (1 - alpha) * B; composed over a set as it is, the room's B stays as a ring around the person. F is
estimated from the picture's own certain inside and outside, blurred across the edge (F', B'), and the pixel's own detail is kept:
F = F' + alpha * (I - alpha * F' - (1 - alpha) * B')   (Forte: Approximate Fast Foreground Colour Estimation, 2021, equation 6).
Where alpha is 1 that is I itself, so nothing inside a person changes. Hair and motion blur keep their alpha; only their colour is cleaned.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from live.frames import U8

_SURE = 0.15  # how far from 0 and 1 a matte may be where a colour is taken for certain
_NEAR, _FAR = 9, 31  # windows of the two blurs, in pixels of a quarter of the picture: the far one fills where the near one sees nothing certain
_SHARE = 1e-3  # weight of the far one beside the near one, and of the not so certain beside the certain
F32 = npt.NDArray[np.float32]


def clean_edges(planes: tuple[U8, ...], alpha: U8, out: tuple[U8, ...]) -> None:
    """Y, U, V codes of an edge's foreground into out, where alpha (at luma's size) is neither 0 nor 255; out holds the picture already.

    All are views of the same even rectangle of a 4:2:0 picture of any coding.
    """
    size = (max(1, planes[1].shape[1] // 2), max(1, planes[1].shape[0] // 2))
    small = cv2.merge([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes]).astype(np.float32)
    key = cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR).astype(np.float32) * np.float32(1 / 255)
    inside = _spread(small, np.clip((key - (1 - _SURE)) * np.float32(1 / _SURE), 0, 1) + np.float32(_SHARE) * key * key)
    outside = _spread(small, np.clip((_SURE - key) * np.float32(1 / _SURE), 0, 1) + np.float32(_SHARE) * (1 - key) * (1 - key))
    halved = cv2.resize(alpha, planes[1].shape[::-1], interpolation=cv2.INTER_AREA)
    for i, (plane, target) in enumerate(zip(planes, out, strict=True)):
        _clean(plane, alpha if i == 0 else halved, inside[i], outside[i], target)


def _clean(plane: U8, alpha: U8, inside: U8, outside: U8, target: U8) -> None:
    """Equation 6 for the pixels of the edge only: they are few (a tenth of the picture), so they are gathered."""
    band = np.flatnonzero((alpha - np.uint8(1)) < 254)  # 0 wraps to 255
    size = (plane.shape[1], plane.shape[0])
    f, b = (cv2.resize(p, size, interpolation=cv2.INTER_LINEAR).take(band).astype(np.float32) for p in (inside, outside))
    a = np.ascontiguousarray(alpha).take(band).astype(np.float32) * np.float32(1 / 255)
    clean = f + a * (np.ascontiguousarray(plane).take(band) - a * f - (1 - a) * b)
    flat = np.ascontiguousarray(target)
    flat.put(band, np.clip(np.rint(clean), 0, 255).astype(np.uint8))
    if flat is not target:
        target[:] = flat


def _spread(planes: F32, weight: F32) -> list[U8]:
    """The colours (h, w, 3) where the weight is, carried to where it isn't: weighted means over a near and a far window."""
    weighted = cv2.merge((planes * weight[..., None], weight))
    total = cv2.blur(weighted, (_NEAR, _NEAR)) + np.float32(_SHARE) * cv2.blur(weighted, (_FAR, _FAR))
    share = 1 / (total[..., 3] + np.float32(1e-9))
    return [cv2.multiply(total[..., i], share, dtype=cv2.CV_8U) for i in range(3)]
