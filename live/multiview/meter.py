"""Peak meters: how loud it is, how loud it just was.

Scale and ballistics of a quasi-peak programme meter: it rises at once and falls by 20 dB in 1.7 s (IEC 60268-10, type
I). Green up to
-18 dB of full scale, the alignment level, amber up to -9, the permitted maximum of EBU R 68, red above.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from live.multiview.canvas import Box, Canvas, even

FLOOR_DB = -60.0
SILENCE_DB = -120.0
_FALL_DB_S = 20 / 1.7
_HOLD_S = 1.5
_ZONES = ((FLOOR_DB, -18.0, "#1fae54"), (-18.0, -9.0, "#f2a516"), (-9.0, 0.0, "#e0393d"))
_UNLIT, _MARK = "#14181d", "#e8ebee"


def peak_db(samples: npt.NDArray[np.float32]) -> float:
    """Of the loudest sample, dB of full scale."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    return max(SILENCE_DB, 20 * math.log10(peak)) if peak > 0 else SILENCE_DB


class Meter:
    """One channel. db: what the bar shows; held_db: the mark of the last peak."""

    def __init__(self) -> None:
        self.db = self.held_db = SILENCE_DB
        self._held_s = 0.0

    def step(self, db: float, now_s: float, dt_s: float) -> None:
        self.db = max(db, self.db - _FALL_DB_S * dt_s, SILENCE_DB)
        if db >= self.held_db or now_s - self._held_s > _HOLD_S:
            self.held_db, self._held_s = self.db, now_s


def height_of(db: float, height: int) -> int:
    """How far up a scale of this height a level is, in even pixels."""
    return min(height, max(0, even((db - FLOOR_DB) / -FLOOR_DB * height)))


def draw(canvas: Canvas, box: Box, meter: Meter) -> None:
    """A bar in a box, from the bottom up."""
    level = height_of(meter.db, box.h)
    canvas.fill(Box(box.x, box.y, box.w, box.h - level), _UNLIT)
    for low, high, colour in _ZONES:
        bottom, top = height_of(low, box.h), min(level, height_of(high, box.h))
        if top > bottom:
            canvas.fill(Box(box.x, box.y1 - top, box.w, top - bottom), colour)
    held = height_of(meter.held_db, box.h)
    if held > level:
        canvas.fill(Box(box.x, box.y1 - held, box.w, 2), _MARK)
