"""A frame ring that is followed by name: its maker may be away, or come back with another."""

from __future__ import annotations

import logging
from collections.abc import Callable

from live.base.clock import NS
from live.shm.frame_ring import Frame, FrameRing

log = logging.getLogger(__name__)

Fits = Callable[[Frame], bool]
_ATTACH_EVERY_NS = NS


class Follower:
    """The ring of a name that may change, or not be there yet. Owned by one thread."""

    def __init__(self) -> None:
        self._name = ""
        self.ring: FrameRing | None = None
        self._next_attach_ns = 0

    def follow(self, name: str, now_ns: int) -> bool:
        """Follow the ring of this name, "" for none; True when the one before was let go."""
        changed = name != self._name
        if changed:
            self.close()
            self._name, self._next_attach_ns = name, 0
        if self._name and self.ring is None and now_ns >= self._next_attach_ns:
            self._next_attach_ns = now_ns + _ATTACH_EVERY_NS
            try:
                self.ring = FrameRing(self._name)
            except (OSError, ValueError) as error:  # gone, or made on another machine
                log.debug("ring %s: %s", self._name, error)
        return changed

    def close(self) -> None:
        if self.ring is not None:
            self.ring.close()
        self.ring, self._name = None, ""


def newest_fit(ring: FrameRing, fits: Fits, after: int) -> Frame | None:
    """The newest picture that fits and belongs to a later program frame than `after`; None when there is none."""
    for index in range(ring.count, max(0, ring.count - ring.slots + 2), -1):
        frame = ring.at(index)
        if frame is not None and fits(frame):
            return frame if frame.seq > after else None
    return None
