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
_SMALL = 135  # lines: certain colours are spread at a quarter, or an eighth, of the picture
_NEAR, _FAR = 1 / 13, 1 / 4  # windows of the two blurs, share of that height: the far one fills where the near one sees nothing certain
_SHARE = 1e-3  # weight of the far one beside the near one, and of the not so certain beside the certain
F32 = npt.NDArray[np.float32]


def clean_edges(planes: tuple[U8, ...], alpha: U8, out: tuple[U8, ...], lines: int) -> None:
    """Y, U, V codes of an edge's foreground into out, where alpha (at luma's size) is neither 0 nor 255; out holds the picture already.

    All are views of the same even rectangle of a 4:2:0 picture of any coding, which has so many lines.
    """
    half = planes[1].shape[::-1]
    factor = 2
    while lines // (2 * factor) > _SMALL:
        factor *= 2
    size = max(1, half[0] // factor), max(1, half[1] // factor)
    small = cv2.merge([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes]).astype(np.float32)
    key = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)
    windows = [2 * round(share * lines / factor / 4) + 1 for share in (_NEAR, _FAR)]
    inside, outside = (
        cv2.resize(_spread(small, np.clip((k - (1 - _SURE)) * np.float32(1 / _SURE), 0, 1) + np.float32(_SHARE) * k * k, windows), half)
        for k in (key, 1 - key)
    )
    halved = cv2.resize(alpha, half, interpolation=cv2.INTER_AREA)
    band = _band(alpha)
    rows = band // alpha.shape[1]
    below = (rows >> 1) * half[0] + ((band - rows * alpha.shape[1]) >> 1)  # where a pixel of luma is among those of chroma
    _clean(planes[0], alpha, band, inside[..., 0].reshape(-1)[below], outside[..., 0].reshape(-1)[below], out[0])
    band = _band(halved)
    for i in (1, 2):
        _clean(planes[i], halved, band, inside[..., i].reshape(-1)[band], outside[..., i].reshape(-1)[band], out[i])


def _band(alpha: U8) -> npt.NDArray[np.intp]:
    """Which pixels are an edge's: they are few (a tenth of the picture), so they are gathered."""
    return np.flatnonzero((alpha - np.uint8(1)) < 254)  # 0 wraps to 255


def _clean(plane: U8, alpha: U8, band: npt.NDArray[np.intp], inside: U8, outside: U8, target: U8) -> None:
    """Equation 6 for the pixels of the edge only."""
    f, b = inside.astype(np.float32), outside.astype(np.float32)
    a = np.ascontiguousarray(alpha).take(band).astype(np.float32) * np.float32(1 / 255)
    clean = f + a * (np.ascontiguousarray(plane).take(band) - a * f - (1 - a) * b)
    flat = np.ascontiguousarray(target)
    flat.put(band, np.clip(clean + np.float32(0.5), 0, 255).astype(np.uint8))
    if flat is not target:
        target[:] = flat


def _spread(planes: F32, weight: F32, windows: list[int]) -> U8:
    """The colours (h, w, 3) where the weight is, carried to where it isn't: weighted means over a near and a far window."""
    weighted = cv2.merge((planes * weight[..., None], weight))
    near, far = (cv2.blur(weighted, (w, w)) for w in windows)
    total = near + np.float32(_SHARE) * far
    return np.clip(total[..., :3] / (total[..., 3:] + np.float32(1e-9)) + np.float32(0.5), 0, 255).astype(np.uint8)
