"""The garbage collector's turn: between frames, where it makes none of them late.

Automatic collection is off in the engine, and what existed when the clock started is left alone (frozen). Of the rest
the young is collected often, for next to nothing, and the oldest generation when a frame leaves enough time for as long
as it took last; a show of hours would leak whatever it let go of after a while otherwise. When there is so much of it
that a collection takes long, what is alive is frozen, too: the next one is short again.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from live.base.clock import NS

YOUNG_EVERY = 30  # calls between collections of the young generations
OLD_EVERY_NS = 20 * NS
OVERDUE_NS = 300 * NS  # on a machine that never has the time: one late frame is better than a leak
LONG_NS = 3_000_000  # a collection that takes longer leaves less to the next one
_FIRST_NS = 2_000_000  # what the first is taken to cost


class Collector:
    """Called between frames, in the engine's thread. Time is an argument but for what a collection takes."""

    def __init__(
        self,
        clock_ns: Callable[[], int],
        *,
        collect: Callable[[int], int] = gc.collect,
        freeze: Callable[[], None] = gc.freeze,
    ) -> None:
        self._clock_ns, self._collect, self._freeze = clock_ns, collect, freeze
        self._calls = 0
        self._last_ns = clock_ns()
        self._cost_ns = _FIRST_NS  # of the oldest generation, as it took last
        self.longest_ns = 0
        self.collected = self.frozen = 0  # how often the oldest generation was collected; was frozen

    def figures(self) -> dict[str, float]:
        """For the log's last line."""
        longest_ms = round(self.longest_ns / 1e6, 2)
        return {"collected": self.collected, "longest_ms": longest_ms, "frozen": self.frozen}

    def step(self, left_ns: int) -> None:
        """left_ns: until the next frame is due."""
        now_ns = self._clock_ns()
        waited_ns = now_ns - self._last_ns
        if waited_ns > OVERDUE_NS or (waited_ns > OLD_EVERY_NS and left_ns > 2 * self._cost_ns):
            self._old(now_ns)
            return
        self._calls += 1
        if self._calls % YOUNG_EVERY == 0:
            self._collect(1)

    def _old(self, began_ns: int) -> None:
        self._collect(2)
        self._last_ns = self._clock_ns()
        self._cost_ns = self._last_ns - began_ns
        self.longest_ns = max(self.longest_ns, self._cost_ns)
        self.collected += 1
        if self._cost_ns > LONG_NS:
            self._freeze()
            self.frozen += 1
            self._cost_ns = _FIRST_NS
