"""A coarse matte brought to the picture's own edges: the fast guided filter with a colour guide.

In small windows alpha is explained as a . (Y, Cb, Cr) + b, at low resolution; the smooth planes a and b, scaled up,
turn the picture at its own resolution into an edge that follows its own (He, Sun, Tang: Guided Image Filtering, 2010,
section 3.3; the fast variant of 2015). Luma alone does not see an orange sleeve before a wall of the same brightness;
that sleeve then wore a halo 20 pixels wide.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from live.picture.format import U8

RADIUS = 2  # of the window, in pixels of the halved mask
# of variance (codes / 255) below which an edge of luma is not followed; a quarter of it for chroma, whose codes span
# less
EPSILON = 3e-5
F32 = npt.NDArray[np.float32]


def smoothstep(x: F32, low: float, high: float) -> F32:
    """0 at low, 1 at high, level at both ends."""
    t = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return t * t * (3 - 2 * t)


def refine(
    mask: F32, guides: tuple[U8, ...], out: U8, *, sure: bool = True, radius: int = RADIUS, epsilon: float = EPSILON
) -> None:
    """Alpha of a mask (h, w), 0 to 1, into out (H, W). guides: Y, U and V of what the mask shows, each at a size of its
    own.

    sure: the mask is a guess with a wide edge; take its ends for sure.
    """
    low, size = (mask.shape[1] // 2, mask.shape[0] // 2), (mask.shape[1], mask.shape[0])
    small = [
        _centred(cv2.resize(cv2.resize(g, size, interpolation=cv2.INTER_LINEAR), low, interpolation=cv2.INTER_AREA))
        for g in guides
    ]
    a, b = _coefficients(small, cv2.resize(mask, low, interpolation=cv2.INTER_AREA), radius, epsilon)
    b = 255 * b - np.float32(127.5) * (a[0] + a[1] + a[2])  # in codes, and with what the centring took off
    half, full = (guides[1].shape[1], guides[1].shape[0]), (out.shape[1], out.shape[0])
    # What chroma and b say is added up at chroma's size.
    tint = cv2.resize(b, half, interpolation=cv2.INTER_LINEAR)
    for coefficient, plane in zip(a[1:], guides[1:], strict=True):
        tint += cv2.resize(coefficient, half, interpolation=cv2.INTER_LINEAR) * plane
    luma = guides[0] if guides[0].shape == out.shape else cv2.resize(guides[0], full, interpolation=cv2.INTER_AREA)
    alpha = cv2.multiply(cv2.resize(a[0], full, interpolation=cv2.INTER_LINEAR), luma, dtype=cv2.CV_32F)
    alpha += tint if half == full else cv2.resize(tint, full, interpolation=cv2.INTER_LINEAR)
    codes = cv2.add(alpha, 0.0, dtype=cv2.CV_8U)  # a sum saturates as it becomes bytes: -3 is 0
    out[:] = cv2.LUT(codes, _SURE if sure else _ENDS)


def _centred(plane: U8) -> F32:
    """Codes as -0.5 to 0.5, so that products of float32 keep their small differences."""
    return plane.astype(np.float32) * np.float32(1 / 255) - np.float32(0.5)


def _coefficients(guide: list[F32], mask: F32, radius: int, epsilon: float) -> tuple[list[F32], F32]:
    """Smoothed a (one plane per guide) and b of the local linear model. The 3x3 systems are solved by cofactors."""
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(x: F32) -> F32:
        return cv2.blur(x, window)

    m = [mean(g) for g in guide]
    mean_p = mean(mask)
    c = [mean(g * mask) - mg * mean_p for g, mg in zip(guide, m, strict=True)]

    def cov(i: int, j: int) -> F32:
        return mean(guide[i] * guide[j]) - m[i] * m[j]

    y, u, v = (np.maximum(cov(i, i), 0) + np.float32(epsilon / (4 if i else 1)) for i in range(3))
    yu, yv, uv = cov(0, 1), cov(0, 2), cov(1, 2)
    k00, k01, k02 = u * v - uv * uv, yv * uv - yu * v, yu * uv - yv * u
    k11, k12, k22 = y * v - yv * yv, yv * yu - y * uv, y * u - yu * yu
    inverse = 1 / np.maximum(y * k00 + yu * k01 + yv * k02, np.float32(epsilon**3 / 16))
    a = [
        (k00 * c[0] + k01 * c[1] + k02 * c[2]) * inverse,
        (k01 * c[0] + k11 * c[1] + k12 * c[2]) * inverse,
        (k02 * c[0] + k12 * c[1] + k22 * c[2]) * inverse,
    ]
    b = mean_p - a[0] * m[0] - a[1] * m[1] - a[2] * m[2]
    return [mean(x) for x in a], mean(b)


# The filter overshoots a little and never quite reaches 0 and 1.
_SURE = np.rint(255 * smoothstep(np.arange(256, dtype=np.float32) / np.float32(255), 0.10, 0.90)).astype(np.uint8)
_ENDS = np.rint(255 * np.clip((np.arange(256) / 255 - 0.04) / 0.92, 0, 1)).astype(np.uint8)
