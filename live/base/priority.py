"""How the render thread comes before everything else of the machine, in each system's own way. Each part is done where
the system lets us, and left where it doesn't. Run on Linux; the calls of Windows and macOS are written from their
documentation.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_NICE, _LAST = -10, 4
_REALTIME = 1  # the lowest of its kind: before every ordinary thread, behind the sound server's

# Windows: winbase.h. A class is the whole process's, a priority one thread's in it.
_ABOVE_NORMAL, _BELOW_NORMAL, _IDLE = 0x8000, 0x4000, 0x40
_NORMAL, _TIME_CRITICAL = 0, 15
# macOS: sys/qos.h.
_QOS_DEFAULT, _QOS_USER_INTERACTIVE = 0x15, 0x21


def go_first() -> None:
    """Put this thread, and those that it starts from now on (software GL's), before the workers. Linux and macOS: as
    root, or with a nice limit; Windows: the whole process."""
    if sys.platform == "win32":
        _windows_class(_ABOVE_NORMAL)
    else:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)


def go_last() -> None:
    """Put this thread behind the frame and the sound: it is not waited for. Linux alone has threads in an order."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _LAST)


def go_early() -> None:
    """Put this process before the workers, behind the engine: a human's command waits for no picture. Linux and macOS:
    as root, or with a nice limit."""
    if sys.platform == "win32":
        _windows_class(_ABOVE_NORMAL)
    else:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE // 2)


def step_back(nice: int) -> None:
    """This process comes after others, by so much in the units of nice (1 to 19). 0 changes nothing."""
    if not nice:
        return
    if sys.platform == "win32":
        _windows_class(_IDLE if nice >= 15 else _BELOW_NORMAL)
    else:
        os.nice(nice)


@contextmanager
def realtime(*, passed_on: bool = False) -> Iterator[bool]:
    """This thread runs as soon as it wants to, whatever else there is to do; yields whether it does. What it starts
    meanwhile is ordinary; passed_on: it is like this thread, and stays so (Linux).

    Linux: as root, or with an rtprio limit, as sound programs want one. Beside a full machine, frames that took 20 to
    31 ms (p99) took 14.
    """
    if sys.platform == "win32":
        first = _windows_thread(_TIME_CRITICAL)
        try:
            yield first
        finally:
            _windows_thread(_NORMAL)
    elif sys.platform == "darwin":
        first = _mac_thread(_QOS_USER_INTERACTIVE)
        try:
            yield first
        finally:
            _mac_thread(_QOS_DEFAULT)
    else:
        try:
            before = os.sched_getscheduler(0), os.sched_getparam(0)
            policy = os.SCHED_RR | (0 if passed_on else os.SCHED_RESET_ON_FORK)
            os.sched_setscheduler(0, policy, os.sched_param(_REALTIME))
        except OSError:  # not allowed
            yield False
            return
        try:
            yield True
        finally:
            os.sched_setscheduler(0, *before)


if sys.platform == "win32":

    def _windows_class(priority: int) -> bool:
        """The class of this process."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = ctypes.c_void_p, ctypes.c_uint32
        return bool(kernel.SetPriorityClass(kernel.GetCurrentProcess(), priority))

    def _windows_thread(priority: int) -> bool:
        """The priority of this thread."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentThread.restype = ctypes.c_void_p
        kernel.SetThreadPriority.argtypes = ctypes.c_void_p, ctypes.c_int
        return bool(kernel.SetThreadPriority(kernel.GetCurrentThread(), priority))


if sys.platform == "darwin":

    def _mac_thread(quality: int) -> bool:
        """The quality of service of this thread."""
        return int(ctypes.CDLL(None).pthread_set_qos_class_self_np(quality, 0)) == 0
