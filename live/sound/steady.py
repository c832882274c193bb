"""Where the samples of a track lie: one behind the other, whatever its time stamps round to. Pure."""

from __future__ import annotations

from live.base.samples import SAMPLE_RATE

NS = 1_000_000_000
BREAK_NS = 30_000_000  # a time stamp that is so far off is no rounding: something was left out


class Steady:
    """Matroska and FLV write whole milliseconds, and a resampler holds some samples back: taken at its word, every
    block would leave a gap or overlap. So a block follows the one before, unless its time says that there was a
    break."""

    def __init__(self) -> None:
        self._first_ns = self._samples = 0  # of what has followed on without a break
        self._begun = False

    def at(self, pts_ns: int, count: int) -> int:
        """When a block of `count` samples at 48 kHz begins that is said to begin at pts_ns; ns."""
        due_ns = self._first_ns + self._samples * NS // SAMPLE_RATE
        if not self._begun or abs(pts_ns - due_ns) > BREAK_NS:
            self._begun, self._first_ns, self._samples, due_ns = True, pts_ns, 0, pts_ns
        self._samples += count
        return due_ns
