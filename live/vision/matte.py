"""The AI matte: where people are, as MediaPipe's selfie segmenter sees it, brought to the picture's own edges.

The network is run by LiteRT itself instead of MediaPipe's task around it: the same mask, bit for bit, for two thirds of
the CPU time (3.6 against 5.5 ms on two slow cores), and a worker that looks for no faces is 70 MB smaller. Its mask is
256x144. The edge of that is as coarse, and soft where the network is unsure: it is steadied in time, taken for sure at
its ends, and refined with the picture as a guide (refine.py).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from live.base.errors import ModelError
from live.base.quiet import quiet
from live.picture.format import U8
from live.vision.refine import refine, smoothstep

MODEL_SIZE = (256, 144)  # width, height of the landscape model's input
SURE = (0.30, 0.90)  # what the network says for out and for in: the room shines through the low end of its doubt
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
        try:
            with quiet():
                from ai_edge_litert.interpreter import Interpreter

                # One thread: a second one hides half of the latency and spins for as long.
                self._network: Any = Interpreter(model_path=str(model), num_threads=1)
                self._network.allocate_tensors()
                (into,), (out,) = self._network.get_input_details(), self._network.get_output_details()
            shapes = tuple(into["shape"]), tuple(out["shape"])
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                model.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again"
            ) from None
        if shapes != ((1, *MODEL_SIZE[::-1], 3), (1, *MODEL_SIZE[::-1], 1)):
            raise ModelError(
                model.name,
                f"is another network: {shapes[0]} in, {shapes[1]} out",
                "run `live models` to fetch it again",
            )
        # Functions that give a view each time: a view that is kept forbids the network to run.
        self._into, self._out = self._network.tensor(into["index"]), self._network.tensor(out["index"])
        self._last: F32 | None = None

    def matte(self, planes: tuple[U8, ...], out: U8) -> None:
        """Fill out (height, width; the picture's size or a half or quarter of it) with alpha of the I420 picture."""
        np.multiply(rgb_small(planes, MODEL_SIZE), np.float32(1 / 255), out=self._into()[0])
        self._network.invoke()
        refine_where(self._steady(self._out()[0, ..., 0]), planes, out)

    def _steady(self, mask: F32) -> F32:
        """Small changes are noise and are smoothed; large ones are movement and pass at once."""
        mask = smoothstep(mask, *SURE)
        if self._last is not None:
            change = mask - self._last
            mask = self._last + change * np.clip(0.4 + 3.0 * np.abs(change), 0, 1)
        self._last = mask
        return mask


def refine_where(mask: F32, planes: tuple[U8, ...], out: U8, *, sure: bool = True) -> None:
    """A mask (0 to 1) refined into out, where it isn't empty: nobody is there in two thirds of most pictures. sure: see
    refine."""
    out[:] = 0
    window = _window(box_of(mask), mask.shape[::-1], planes[1].shape[::-1])
    if window is None:
        return
    small, half = window
    # Of out against chroma: 2 for its own size.
    scale = (out.shape[1] * 2 // planes[0].shape[1], out.shape[0] * 2 // planes[0].shape[0])

    def times(part: tuple[slice, slice], x: int, y: int) -> tuple[slice, slice]:
        return slice(part[0].start * y, part[0].stop * y), slice(part[1].start * x, part[1].stop * x)

    if scale[0] < 1:  # a matte of a quarter: the whole of it is small
        refine(mask, planes, out, sure=sure)
        return
    refine(
        mask[small],
        (planes[0][times(half, 2, 2)], planes[1][half], planes[2][half]),
        out[times(half, *scale)],
        sure=sure,
    )


def _window(
    box: tuple[float, ...], cells: tuple[int, int], pixels: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    """The box as slices (rows, columns) of a mask of so many cells and of a chroma plane of so many pixels, which cover
    the same area exactly. None for an empty box."""
    small: list[slice] = []
    half: list[slice] = []
    for axis in (1, 0):
        low, high, n, size = box[axis], box[axis + 2], cells[axis], pixels[axis]
        if high <= low:
            return None
        step = n // math.gcd(n, size)  # cells after which a whole number of pixels has passed
        first, last = math.floor(low * n / step) * step, math.ceil(high * n / step) * step
        small.append(slice(first, last))
        half.append(slice(first * size // n, last * size // n))
    return (small[0], small[1]), (half[0], half[1])


def box_of(mask: npt.NDArray[Any], threshold: float = 0.02, margin: int = 6) -> tuple[float, float, float, float]:
    """Box (x0, y0, x1, y1, shares) of everything over the threshold, a margin of the mask's pixels wider; all zero for
    nothing."""
    h, w = mask.shape
    columns, rows = np.flatnonzero(mask.max(axis=0) > threshold), np.flatnonzero(mask.max(axis=1) > threshold)
    if not len(columns):
        return (0.0, 0.0, 0.0, 0.0)
    return (
        max(0, int(columns[0]) - margin) / w,
        max(0, int(rows[0]) - margin) / h,
        min(w, int(columns[-1]) + 1 + margin) / w,
        min(h, int(rows[-1]) + 1 + margin) / h,
    )
