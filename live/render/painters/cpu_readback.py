"""From a finished surface of I420 to the caller's memory."""

from __future__ import annotations

import numpy as np

from live.picture.format import U8
from live.picture.values import SourceInput
from live.render.i420 import Surface
from live.render.painter import copy_planes


class CopyOut:
    """`finish` gives the frame that was just drawn."""

    depth = 0

    def __init__(self) -> None:
        self._waiting: tuple[Surface | SourceInput | None, int] | None = None
        self._passed: tuple[tuple[str, int, int, int], U8] | None = (
            None  # the source that the frame before passed on, and where to
        )

    def stage(self, surface: Surface, tag: int) -> None:
        """The surface must stay as it is until it has been fetched."""
        self._waiting = (surface, tag)

    def keep(self, surface: Surface, tag: int, into: U8) -> None:
        """Stage a surface that is drawn on after this: copied now, where it is to be."""
        surface.copy_to(into)
        self._waiting = (Surface(surface.size, into), tag)

    def pass_on(self, source: SourceInput, tag: int) -> None:
        """Stage a source as it is. It is copied by `finish`, within the frame, before its ring comes round."""
        self._waiting = (source, tag)

    def lose(self, tag: int) -> None:
        self._waiting = None, tag

    def finish(self, out: U8) -> int | None:
        if self._waiting is None:
            return None
        (staged, tag), self._waiting = self._waiting, None
        if isinstance(staged, SourceInput):
            of = staged.name, staged.seq, staged.capture_ns
            # It stands still: its ring may have gone on meanwhile.
            if self._passed is not None and self._passed[0] == (*of, tag - 1):
                np.copyto(out, self._passed[1])
            else:  # where it was passed on to earlier, another picture may be by now
                copy_planes(staged, out)
            self._passed = (*of, tag), out
        else:
            self._passed = None
            if staged is None:
                return tag
            staged.copy_to(out)
        return tag

    def take(self, tag: int, out: U8) -> bool:
        """Fetch the frame of a tag; False when it was not staged."""
        if self._waiting is None or self._waiting[1] != tag or self._waiting[0] is None:
            return False
        self.finish(out)
        return True

    def close(self) -> None:
        self._waiting = None
