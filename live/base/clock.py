"""Time. The only module that asks the machine what time it is; everything else takes time as an argument."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol

NS = 1_000_000_000


DayTime = datetime  # local time
MIDNIGHT = datetime(2000, 1, 1)
_DAY_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def seconds_until(text: str, now: DayTime) -> float | None:
    """From now until a time of day ("20:15", "20:15:30"): of the next twelve hours, or gone by (negative). None for
    other text.
    """
    match = _DAY_TIME.fullmatch(text.strip())
    if match is None:
        return None
    end = now.replace(hour=int(match[1]), minute=int(match[2]), second=int(match[3] or 0), microsecond=0)
    if end < now - timedelta(hours=12):
        end += timedelta(days=1)
    return (end - now).total_seconds()


class Clock(Protocol):
    """A monotonic clock in nanoseconds that can be waited on."""

    def now_ns(self) -> int: ...

    def wait_until(self, deadline_ns: int) -> None: ...

    def time_of_day(self) -> datetime:
        """Local time, for clocks in the picture."""
        ...


# Windows: monotonic_ns goes in steps of 15.6 ms before Python 3.13; perf_counter_ns is as monotonic, and one clock for
# all processes too.
_now_ns = time.perf_counter_ns if sys.platform == "win32" else time.monotonic_ns


class MonotonicClock:
    """The machine's monotonic clock. It is the same clock in every process of one machine, so capture stamps
    compare.
    """

    def now_ns(self) -> int:
        return _now_ns()

    def wait_until(self, deadline_ns: int) -> None:
        wait_ns = deadline_ns - _now_ns()
        if wait_ns > 0:
            time.sleep(wait_ns / NS)

    def time_of_day(self) -> datetime:
        return datetime.now()


class ManualClock:
    """A clock that stands still until it is told: the off-line run and the tests. Waiting on it jumps it forward."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns

    def wait_until(self, deadline_ns: int) -> None:
        self._now_ns = max(self._now_ns, deadline_ns)

    def time_of_day(self) -> datetime:
        """It was midnight when it started."""
        return MIDNIGHT + timedelta(seconds=self._now_ns / NS)


def thread_cpu_s() -> float:
    """CPU seconds of this thread."""
    return time.thread_time()


def thread_cpu_ns(thread: int) -> int:
    """CPU ns of a thread that runs (its `threading.get_ident()`); 0 where the system doesn't say."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.pthread_getcpuclockid(thread))
    return 0


def cpu_s() -> float:
    """CPU seconds (user + system) this process has used, all threads."""
    return time.process_time()


@dataclass(frozen=True)
class Tick:
    """One turn of the frame clock."""

    frame: int  # number of the frame to make; skips what was missed
    deadline_ns: int  # when it is due
    missed: int  # whole intervals that went by since the last tick without a frame


class FrameClock:
    """Absolute deadlines: frame n is due at start + n / rate, whatever happened before. Pure arithmetic.

    Lateness is counted, not slept away: when an interval has gone by whole, its frame number is skipped and counted in
    `late` (the accounting of libobs: lagged += intervals - 1).
    """

    def __init__(self, rate_hz: Fraction, start_ns: int) -> None:
        self.rate_hz = rate_hz
        self.start_ns = start_ns
        self.late = 0
        self._next = 0

    def deadline_ns(self, frame: int) -> int:
        return self.start_ns + int(frame * NS / self.rate_hz)

    def tick(self, now_ns: int) -> Tick:
        """The next frame to make, given the time now. The caller waits until its deadline."""
        due = int((now_ns - self.start_ns) * self.rate_hz / NS)
        missed = max(0, due - self._next)
        frame = self._next + missed
        self._next = frame + 1
        self.late += missed
        return Tick(frame, self.deadline_ns(frame), missed)


def timecode(frame: int, rate_hz: Fraction) -> str:
    """Non-drop HH:MM:SS:FF of a frame number at the nominal rate (30 for 29.97)."""
    nominal = round(rate_hz)
    seconds, ff = divmod(frame, nominal)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{ff:02d}"
