"""Has somebody gone on to another slide? Told from what is on a slide now and what was.

Looked at in squares, once it has come to rest. What stands on a slide are the squares that have detail: letters, the
inside of pictures. Another slide has little of what stood there; a line more, a picture that flies in, a pointer leave
it where it is, and a template's bars and grounds have no detail. What moves on and on, a film in a slide, is left out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.picture.format import U8

PARTS = 4  # of a square, each way: what it is compared by
REST_NS = NS // 2  # for so long nothing has moved there
MOVES = 5.0  # codes, the mean over a square from one look to the next
OTHER = 8.0  # codes, from what the slide has there
DETAIL = 10.0  # codes, standard deviation within a square
CALM = 0.02  # share of the squares that may still move
PATIENCE_NS = 2 * NS  # and no longer than this is it waited for them
GONE = 0.4  # share of what stood on a slide: when it isn't there any more, it is another one
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

    def look(self, luma: U8, time_ns: int) -> None:
        """luma: uint8 (squares down * PARTS, squares across * PARTS)."""
        before, self._before = self._before, luma
        if before is None or self._slide is None or before.shape != luma.shape:
            self._slide, self._calm_ns = luma.copy(), time_ns
            down, across = luma.shape[0] // PARTS, luma.shape[1] // PARTS
            self._moved_ns = np.full((down, across), time_ns - REST_NS, np.int64)
            return
        self._moved_ns[_apart(before, luma) > MOVES] = time_ns
        rests = time_ns - self._moved_ns >= REST_NS
        if rests.mean() >= 1 - CALM:
            self._calm_ns = time_ns
        elif time_ns - self._calm_ns < PATIENCE_NS or rests.mean() < 0.5:
            return
        changed = (_apart(self._slide, luma) > OTHER) & rests
        if not changed.any():
            return
        if _is_another(self._slide, changed, rests):
            self.count += 1
            self._slide = luma.copy()
        else:
            np.copyto(self._slide, luma, where=np.kron(rests, np.ones((PARTS, PARTS), bool)))


def _in_squares(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(squares down, PARTS, squares across, PARTS)."""
    return values.reshape(values.shape[0] // PARTS, PARTS, values.shape[1] // PARTS, PARTS)


def _apart(a: U8, b: U8) -> npt.NDArray[np.float32]:
    """By square, the mean difference."""
    found: npt.NDArray[np.float32] = _in_squares(np.abs(a.astype(np.float32) - b)).mean((1, 3))
    return found


def _is_another(old: U8, changed: Bools, rests: Bools) -> bool:
    if changed.sum() < LEAST * rests.sum():
        return False
    stood = (_in_squares(old.astype(np.float32)).std((1, 3)) > DETAIL) & rests
    if stood.sum() < LEAST * rests.sum():  # an empty one
        return True
    return bool((stood & changed).sum() >= GONE * stood.sum())
