"""Has somebody gone on to another slide? Told from what is on a slide now and what was.

Looked at in squares (live/sources/sight.py), once it has come to rest. What stands on a slide are the squares that
differ from its ground. Another slide has little of what stood there; a line more, a picture that flies in, a pointer
leave it where it is. What moves on and on, a film in a slide, is left out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.picture.format import U8

REST_NS = NS // 2  # for so long nothing has moved there
MOVES = 6  # codes, from one look to the next
OTHER = 12  # codes, from what a slide has there
CALM = 0.02  # share of the squares that may still move
PATIENCE_NS = 2 * NS  # and no longer than this is it waited for them
GONE = 0.5  # share of what stood on a slide: when it isn't there any more, it is another one
LEAST = 0.01  # share of the squares that have changed, else it is nothing

Bools = npt.NDArray[np.bool_]


class Slides:
    """One source's slides. count: how many times another one has come. Pure; times in ns, rising."""

    def __init__(self) -> None:
        self.count = 0
        self._slide: U8 | None = None
        self._before: U8 | None = None
        self._moved_ns: npt.NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._calm_ns = 0

    def look(self, squares: U8, time_ns: int) -> None:
        """squares: uint8, the mean luma of each."""
        before, self._before = self._before, squares
        if before is None or self._slide is None or before.shape != squares.shape:
            self._slide, self._calm_ns = squares.copy(), time_ns
            self._moved_ns = np.full(squares.shape, time_ns - REST_NS, np.int64)
            return
        self._moved_ns[_apart(before, squares) > MOVES] = time_ns
        rests = time_ns - self._moved_ns >= REST_NS
        if rests.mean() >= 1 - CALM:
            self._calm_ns = time_ns
        elif time_ns - self._calm_ns < PATIENCE_NS or rests.mean() < 0.5:
            return
        changed = (_apart(self._slide, squares) > OTHER) & rests
        if _is_another(self._slide, squares, changed, rests):
            self.count += 1
            self._slide = squares.copy()
        else:
            self._slide[rests] = squares[rests]


def _apart(a: U8, b: U8) -> npt.NDArray[np.int16]:
    return np.abs(a.astype(np.int16) - b.astype(np.int16))


def _content(squares: U8, rests: Bools) -> Bools:
    """Where something stands on a slide."""
    found: Bools = (np.abs(squares.astype(np.int16) - int(np.median(squares))) > OTHER) & rests
    return found


def _is_another(old: U8, new: U8, changed: Bools, rests: Bools) -> bool:
    if changed.sum() < LEAST * rests.sum():
        return False
    stood = _content(old, rests)
    if stood.sum() < LEAST * rests.sum():  # an empty one, or one of one colour
        return True
    return bool((stood & changed).sum() >= GONE * stood.sum())
