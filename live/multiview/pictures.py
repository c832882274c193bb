"""The pictures of a multiview's windows: which ring each follows, and what is kept of it, at the window's own size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2

from live.base.clock import NS
from live.config.multiviews import Kind
from live.control.buses import Buses
from live.control.view import View
from live.multiview.board import Shown
from live.multiview.canvas import Planes, even, in_program_codes
from live.picture.planes import small_planes
from live.shm.follow import Fits, Follower, newest_fit
from live.shm.frame_ring import Frame
from live.show.feeds.published import BusRings, FeedRing, SourceRing
from live.show.multiviews.published import WindowStatus


class Source:
    """What one window follows, and the last it has seen."""

    def __init__(self) -> None:
        self._follower = Follower()
        self._index = 0
        self._size = (0, 0)
        self._planes: Planes | None = None
        self._count = self._seq = 0
        self._taken_ns = 0

    def look(
        self, ring: str, now_ns: int, size: tuple[int, int], *, delay_ns: int = 0, fits: Fits | None = None
    ) -> Shown:
        """The ring's newest picture at this size (that of delay_ns ago), if there is a new one; else the last. fits:
        which of the ring's pictures are of what is looked for, when not all are; what was shown already is never
        followed by an older one.
        """
        if self._follower.follow(ring, now_ns):
            self._index = 0
        if size != self._size:
            self._size, self._index, self._planes = size, 0, None
        followed = self._follower.ring
        if followed is not None and followed.count:
            frame = (
                followed.before(now_ns - delay_ns)
                if delay_ns
                else followed.newest()
                if fits is None
                else newest_fit(followed, fits, self._seq)
            )
            if frame is not None and frame.index != self._index and self.take(frame, delay_ns):
                self._index = frame.index
        age_s = max(0.0, (now_ns - self._taken_ns) / NS) if self._planes is not None else 0.0
        return Shown(self._planes, self._count, age_s)

    def take(self, frame: Frame, delay_ns: int = 0) -> bool:
        """Keep a picture; False when it was overwritten meanwhile."""
        planes = shrunk(frame, self._size)
        if planes is not None:
            self._planes, self._seq, self._count = planes, frame.seq, self._count + 1
            self._taken_ns = frame.capture_ns + delay_ns
        return planes is not None

    def close(self) -> None:
        self._follower.close()


def shrunk(frame: Frame, size: tuple[int, int]) -> Planes | None:
    """A copy of a picture in the program's codes, as large as it can be within a size (even numbers) in its own shape;
    None when the writer came round meanwhile."""
    fmt = frame.format
    scale = min(size[0] / fmt.width, size[1] / fmt.height)
    width, height = min(size[0], even(fmt.width * scale)), min(size[1], even(fmt.height * scale))
    small = small_planes(frame, width, height)
    if small is None:
        return None
    sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))
    y, u, v = (
        p if p.shape[::-1] == s else cv2.resize(p, s, interpolation=cv2.INTER_LINEAR)
        for p, s in zip(small, sizes, strict=True)
    )
    return in_program_codes((y, u, v), fmt)


def _key(window: WindowStatus, size: tuple[int, int]) -> str:
    return f"{window.kind} {window.name} {size}"


class Pictures:
    """The pictures of all windows. Owned by one thread."""

    def __init__(self, delay_s: float) -> None:
        self.buses = Buses()
        self._delay_ns = int(delay_s * NS)
        self._sources: dict[str, Source] = {}

    def look(
        self, windows: Sequence[tuple[WindowStatus, tuple[int, int] | None]], view: View, now_ns: int
    ) -> dict[int, Shown]:
        """By window, from 0. A window's second value is the size of its picture, None for one that has none."""
        shown: dict[int, Shown] = {}
        used = set()
        for n, (window, size) in enumerate(windows):
            if size is None:
                continue
            if window.kind is Kind.NEXT:
                if (move := view.move) is None or view.panic:
                    continue
                # Each move's picture is its own, lest one begins with another's.
                window = replace(window, kind=Kind.SHOT, name=move.shot, source=view.source_of(move.shot))
            key = _key(window, size)
            used.add(key)
            source = self._sources.setdefault(key, Source())
            ring, delay_ns, fits = self._ring(window, view)
            shown[n] = source.look(ring, now_ns, size, delay_ns=delay_ns, fits=fits)
        for key in self._sources.keys() - used:
            self._sources.pop(key).close()
        return shown

    def _ring(self, window: WindowStatus, view: View) -> tuple[str, int, Fits | None]:
        """(ring, delay, which of its pictures count, None for all). A shot of a set has no ring of its own: while it is
        alone on a bus, it is seen there; else there are glances of it."""
        rings = view.get(BusRings)
        buses = {Kind.PROGRAM: rings.program, Kind.PREVIEW: rings.preview}
        if window.kind in buses:
            return buses[window.kind], 0, None
        if window.kind is Kind.FEED:
            return view.get(FeedRing, window.name).ring, 0, None
        if camera := window.source or (window.name if window.kind is Kind.SOURCE else ""):
            return view.get(SourceRing, camera).ring, self._delay_ns, None
        ring, fits = self.buses.pictures_of(window.name, view)
        return ring, 0, fits

    def close(self) -> None:
        """Let every ring go; what is seen again is looked for again."""
        for source in self._sources.values():
            source.close()
        self._sources.clear()
