"""Sound is counted in samples of the machine's monotonic clock: one time line for everybody, and no other sync."""

from __future__ import annotations

SAMPLE_RATE = 48_000


CHANNELS = 2


def sample_at(time_ns: int) -> int:
    """Number of the sample captured at a monotonic time. All rings share this time line, so sound needs no other
    sync."""
    return time_ns * SAMPLE_RATE // 1_000_000_000


def time_of_sample(sample: int) -> int:
    """Monotonic ns of a sample number."""
    return sample * 1_000_000_000 // SAMPLE_RATE
