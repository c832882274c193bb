"""The matte: who is in the picture, as alpha at the picture's own resolution.

MediaPipe's selfie segmenter gives 256x144 at about 2 ms. Its edge is as coarse as that, so it is refined with a guided
filter (He, Sun, Tang 2010; the fast variant of 2015): at low resolution alpha is explained as a * luma + b in small windows, and
the two smooth planes a and b, scaled up, turn the full-resolution luma into an edge that follows the picture's own.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from live.errors import ModelError
from live.frames import U8
from live.quiet import quiet

MODEL_SIZE = (256, 144)  # width, height of the landscape model's input
RADIUS = 3  # guided filter window: 7x7 low-resolution pixels
EPSILON = 4e-4  # of luma variance (codes / 255) below which an edge is not followed
SOLID = (0.06, 0.94)  # matte values taken for fully out / fully in before refinement: no ghosts, no holes
F32 = npt.NDArray[np.float32]


def rgb_small(planes: tuple[U8, ...], size: tuple[int, int]) -> U8:
    """The picture as RGB (height, width, 3) at a small size, for a model.

    BT.601 full range whatever the picture is: a network doesn't mind the few codes, and OpenCV's own conversion takes a
    third of the time of the right matrix (0.3 against 1 ms).
    """
    y, u, v = (cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes)
    return cv2.cvtColor(cv2.merge((y, v, u)), cv2.COLOR_YCrCb2RGB)


class MatteEngine:
    """Makes mattes of one source. Keeps the last one for a little smoothing in time; owned by one thread."""

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise ModelError(model.name, "the model is not there", "run `live models`")
        with quiet():
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions, vision

        self._mp = mp
        options = vision.ImageSegmenterOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.IMAGE,
            output_confidence_masks=True,
            output_category_mask=False,
        )
        try:
            with quiet():
                self._segmenter: Any = vision.ImageSegmenter.create_from_options(options)
                black = np.zeros((MODEL_SIZE[1], MODEL_SIZE[0], 3), np.uint8)
                self._segmenter.segment(mp.Image(image_format=mp.ImageFormat.SRGB, data=black))  # the first one is slow, and loud
        except (RuntimeError, ValueError) as error:
            raise ModelError(model.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again") from None
        self._last: F32 | None = None

    def close(self) -> None:
        self._segmenter.close()

    def matte(self, planes: tuple[U8, ...], out: U8) -> tuple[float, float, float, float]:
        """Fill out (height, width; the picture's size or smaller) with alpha of the I420 picture; returns the box of what is not transparent
        (x0, y0, x1, y1 as shares, origin top left; all zero when there is nobody)."""
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb_small(planes, MODEL_SIZE))
        mask = self._segmenter.segment(image).confidence_masks[0].numpy_view()
        p = self._steady(np.ascontiguousarray(mask.reshape(MODEL_SIZE[1], MODEL_SIZE[0])))
        box = box_of(p)
        out[:] = 0
        window = _window(box, (out.shape[1], out.shape[0]))
        if window is not None:
            small, full = window
            luma = planes[0] if planes[0].shape == out.shape else cv2.resize(planes[0], out.shape[::-1], interpolation=cv2.INTER_AREA)
            refine(p[small], luma[full], out[full])
        return box

    def _steady(self, mask: F32) -> F32:
        """Small changes are noise and are smoothed; large ones are movement and pass at once."""
        low, high = SOLID
        mask = np.clip((mask - low) * (1 / (high - low)), 0, 1)
        if self._last is not None:
            change = mask - self._last
            mask = self._last + change * np.clip(0.4 + 3.0 * np.abs(change), 0, 1)
        self._last = mask
        return mask


def refine(mask: F32, luma: U8, out: U8) -> None:
    """Fast guided filter: mask (h, w) float 0-1 at low resolution, luma (H, W) codes as the guide, alpha into out (H, W)."""
    size, window = (mask.shape[1], mask.shape[0]), (2 * RADIUS + 1, 2 * RADIUS + 1)
    guide = cv2.resize(luma, size, interpolation=cv2.INTER_LINEAR).astype(np.float32) * (1 / 255)
    mean_i, mean_p = cv2.blur(guide, window), cv2.blur(mask, window)
    cov = cv2.blur(guide * mask, window) - mean_i * mean_p
    var = cv2.blur(guide * guide, window) - mean_i * mean_i
    a = cov / (var + EPSILON)
    b = mean_p - a * mean_i
    full = (luma.shape[1], luma.shape[0])
    a_full = cv2.resize(cv2.blur(a, window), full, interpolation=cv2.INTER_LINEAR)
    b_full = cv2.resize(cv2.blur(b, window) * 255, full, interpolation=cv2.INTER_LINEAR)
    cv2.multiply(a_full, luma, dst=a_full, dtype=cv2.CV_32F)
    cv2.add(a_full, b_full, dst=a_full)
    # convertScaleAbs would turn -3 into 3; a saturating conversion clamps it to 0.
    cv2.add(a_full, 0.0, dst=out, dtype=cv2.CV_8U)


def _window(box: tuple[float, ...], size: tuple[int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    """The box as slices (rows, columns) of the low-resolution mask and of the full picture, which cover the same area exactly:
    only there is the edge worth refining. None for an empty box."""
    small: list[slice] = []
    full: list[slice] = []
    for low, high, cells, pixels in ((box[1], box[3], MODEL_SIZE[1], size[1]), (box[0], box[2], MODEL_SIZE[0], size[0])):
        if high <= low:
            return None
        step = cells // math.gcd(cells, pixels)  # cells after which a whole number of pixels has passed
        first, last = math.floor(low * cells / step) * step, math.ceil(high * cells / step) * step
        small.append(slice(first, last))
        full.append(slice(first * pixels // cells, last * pixels // cells))
    return (small[0], small[1]), (full[0], full[1])


def box_of(mask: F32, threshold: float = 0.02, margin: int = 4) -> tuple[float, float, float, float]:
    """Box (x0, y0, x1, y1, shares) of everything over the threshold, a margin of low-resolution pixels wider."""
    h, w = mask.shape
    columns, rows = np.flatnonzero(mask.max(axis=0) > threshold), np.flatnonzero(mask.max(axis=1) > threshold)
    if not len(columns):
        return (0.0, 0.0, 0.0, 0.0)
    return (
        max(0, int(columns[0]) - margin) / w, max(0, int(rows[0]) - margin) / h,
        min(w, int(columns[-1]) + 1 + margin) / w, min(h, int(rows[-1]) + 1 + margin) / h,
    )  # fmt: skip
