"""A source with another as its key, as if it had been keyed like any talent."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from live.picture.format import U8, Range
from live.picture.values import SourceInput
from live.render.i420 import fit

_STEPS = 64  # of a fade: a source that stands still is made anew only when it changes


def keyed_by(fill: SourceInput, key: SourceInput | None, amount: float) -> SourceInput:
    """The fill with the key's luma as its matte (white where it is seen), or with its own when there is no key,
    faded."""
    step = round(amount * _STEPS)
    matte = fill.matte
    if key is not None:
        luma = fit(key.planes[0], (fill.format.width, fill.format.height))
        matte = cv2.LUT(luma, _table(key.format.range))
        fill = replace(fill, fill=None)  # its own keyer has no say
    if matte is None:
        matte = np.full((fill.format.height, fill.format.width), 255, np.uint8)
    if step < _STEPS:
        matte = cv2.convertScaleAbs(matte, alpha=step / _STEPS)
    seq = (fill.seq * 4099 + (key.seq if key is not None else 0)) * (_STEPS + 1) + step
    box = fill.matte_box if key is None and fill.matte is not None else (0.0, 0.0, 1.0, 1.0)
    return replace(fill, name=f"{fill.name} keyed", seq=seq, matte=matte, matte_box=box)


def _table(range_: Range) -> U8:
    codes = np.arange(256, dtype=np.float64)
    return np.rint(np.clip(codes if range_ is Range.FULL else (codes - 16) * 255 / 219, 0, 255)).astype(np.uint8)
