"""How late what comes out is, against the clock of the show that it comes from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from live.sync.measure import Picture, first_seen


def tick_zero_s(heard: Sequence[tuple[float, int]], rate_hz: float) -> float | None:
    """When frame 0 of a show was due, by the machine's clock. heard: (when, which frame had just gone out), as the
    state says; what came soonest is right."""
    return min((when_s - frame / rate_hz for when_s, frame in heard), default=None)


def latency_ms(pictures: Sequence[Picture], zero_s: float, rate_hz: float) -> float | None:
    """From the instant of a flash source's pictures to their coming. It began half a frame before frame 0, as every
    file of a show does. None without pictures that say which they are."""
    late = [
        picture.came_s - (zero_s + ((picture.number or 0) - 0.5) / rate_hz)
        for picture in first_seen(pictures)
        if picture.came_s
    ]
    return 1e3 * median(late) if late else None
