"""What systems do in their own ways about processes: who hears Ctrl-C, which signals end a show, what a process uses.
Run on Linux; the ways of Windows and macOS are written from their documentation."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform != "win32":
    import resource

# What asks a show to end: Ctrl-C, a service manager, a terminal that was closed (Windows: Ctrl-Break).
if sys.platform == "win32":
    ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK)
else:
    ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def unheard_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C: it ends the engine, which ends its workers in order. What does it
    is inherited, so it holds from their first instruction on."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        kernel.SetConsoleCtrlHandler(None, True)
        try:
            yield
        finally:
            kernel.SetConsoleCtrlHandler(None, False)
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cpu_s(pid: int) -> float | None:
    """User and system seconds of a process. None when it has ended, or the system doesn't tell (all but Linux)."""
    if sys.platform != "linux":
        return None
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children_cpu_s() -> float:
    """User and system seconds of this process's children that have ended. 0 on Windows, which doesn't tell."""
    if sys.platform == "win32":
        return 0.0
    else:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def memory_mb(pid: int) -> float | None:
    """The proportional set size of a process: what several share is shared out among them. None as for cpu_s."""
    if sys.platform != "linux":
        return None
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("Pss:")), None)
    except OSError:
        return None
