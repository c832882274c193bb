"""A source's sound later or earlier than it came, so that it goes with its picture: read from another place of its
ring, and faded over where that changes. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from live.base.channels import Samples
from live.base.samples import SAMPLE_RATE

Read = Callable[[str, int, int], Samples | None]  # (source, first sample, how many) -> (n, channels); None: nothing yet


class Moved:
    """Reads sources by their delays. One thread."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._by: dict[str, int] = {}  # samples, as it is
        self._wanted: dict[str, int] = {}

    def set(self, delays_ms: Mapping[str, float]) -> None:
        """By source; those that are left out come as they are. From the next block on."""
        self._wanted = {source: round(ms * SAMPLE_RATE / 1e3) for source, ms in delays_ms.items() if ms}

    def read(self, source: str, start: int, count: int) -> Samples | None:
        """The sound that belongs at `start`. A delay that has changed is faded to over these samples."""
        by, wanted = self._by.get(source, 0), self._wanted.get(source, 0)
        before = self._read(source, start - by, count)
        if by == wanted:
            return before
        self._by[source] = wanted
        after = self._read(source, start - wanted, count)
        if before is None or after is None or before.shape != after.shape:
            return after
        faded: Samples = before + (after - before) * np.linspace(0, 1, count, dtype=np.float32)[:, None]
        return faded
