"""Is a source's picture black, and does anything move in it? Looked at some times a second by whoever decodes it.

A picture is taken as the means of squares of 16 x 16 pixels: noise goes, and what somebody sees stays. Black is what
has no square that is brighter than black: a dark stage has its lamps, and a lens cap hasn't. Still is what has changed
by no more than a code anywhere: sensors' noise alone changes more, and a sender that repeats its last picture doesn't.
"""

from __future__ import annotations

import cv2
import numpy as np

from live.base.clock import NS
from live.picture.format import U8, PictureFormat, Range
from live.shm.frame_ring import FrameRing
from live.shm.status import Board
from live.sources.reader import PictureEvent
from live.sources.slides import PARTS, Slides

EVERY_NS = NS // 5
SQUARE_PX = 16
BLACK = 10  # codes over black: what a lens cap lets through
STILL = 1  # code


class PictureSight:
    """What is seen of one source's pictures. Owned by one thread. black_s, still_s: see live.picture.values.Sight.
    slides: does it show slides?
    """

    def __init__(self, *, slides: bool = False) -> None:
        self._slides = Slides() if slides else None
        self.black_s = self.still_s = 0.0
        self._due_ns = 0
        self._black_since_ns: int | None = None
        self._still_since_ns = 0
        self._before: U8 | None = None

    @property
    def slides(self) -> int:
        return self._slides.count if self._slides is not None else 0

    def look(self, luma: U8, fmt: PictureFormat, time_ns: int) -> bool:
        """A picture of its time, which rises. Was it time to look? 0.3 ms of 720p."""
        if self._before is not None and time_ns < self._due_ns:
            return False
        self._due_ns = time_ns + EVERY_NS
        size = max(1, fmt.width // SQUARE_PX), max(1, fmt.height // SQUARE_PX)
        squares = np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)
        if self._slides is not None:
            parts = size[0] * PARTS, size[1] * PARTS
            self._slides.look(np.asarray(cv2.resize(luma, parts, interpolation=cv2.INTER_AREA), np.uint8), time_ns)
        self._look_for_light(int(squares.max()) - (16 if fmt.range is Range.LIMITED else 0), time_ns)
        before = self._before
        if before is None or before.shape != squares.shape or int(cv2.absdiff(before, squares).max()) > STILL:
            self._before, self._still_since_ns = squares, time_ns
        self.still_s = (time_ns - self._still_since_ns) / NS
        return True

    def _look_for_light(self, brightest: int, time_ns: int) -> None:
        if brightest > BLACK:
            self._black_since_ns = None
        elif self._black_since_ns is None:
            self._black_since_ns = time_ns
        self.black_s = 0.0 if self._black_since_ns is None else (time_ns - self._black_since_ns) / NS


def commit(ring: FrameRing, event: PictureEvent, capture_ns: int, seen: PictureSight | None = None) -> None:
    """Put a picture into a ring, as captured at this time, and look at it."""
    slot = ring.slot(event.format.size)
    event.write(slot)
    if seen is not None:
        seen.look(event.format.planes(slot)[0], event.format, capture_ns)
    ring.commit(event.format, capture_ns=capture_ns, pts_ns=event.pts_ns)


def publish(board: Board, sight: PictureSight) -> None:
    """The worker's side. A worker without such a board tells nobody."""
    if board.dtype.names and "still_s" in board.dtype.names:
        board["black_s"], board["still_s"], board["slides"] = sight.black_s, sight.still_s, sight.slides


def read(board: Board) -> tuple[float, float, int]:
    """The engine's side: black_s, still_s and slides; 0 of one that tells nothing."""
    if not board.dtype.names or "still_s" not in board.dtype.names:
        return 0.0, 0.0, 0
    return float(board["black_s"]), float(board["still_s"]), int(board["slides"])
