"""How the render thread comes before everything else of the machine. Each part is done where the system lets us, and
left where it doesn't.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_NICE, _LAST = -10, 4
_REALTIME = 1  # the lowest of its kind: before every ordinary thread, behind the sound server's


def go_first() -> None:
    """Put this thread, and those that it starts from now on (software GL's), before the workers. Linux: as root, or
    with a nice limit.
    """
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)


def go_last() -> None:
    """Put this thread behind the frame and the sound: it is not waited for. Linux alone has threads in an order."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _LAST)


def go_early() -> None:
    """Put this process before the workers, behind the engine: a human's command waits for no picture. Linux: as root,
    or with a nice limit."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE // 2)


@contextmanager
def realtime(*, passed_on: bool = False) -> Iterator[bool]:
    """This thread runs as soon as it wants to, whatever else there is to do; yields whether it does. What it starts
    meanwhile is ordinary;
    passed_on: it is like this thread, and stays so.

    Linux: as root, or with an rtprio limit, as sound programs want one. Beside a full machine, frames that took 20 to
    31 ms (p99) took 14.
    """
    try:
        before = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_RR | (0 if passed_on else os.SCHED_RESET_ON_FORK), os.sched_param(_REALTIME))
    except (AttributeError, OSError):  # another system, or not allowed
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(0, *before)
