"""What a show's processes use of the machine: CPU time and memory, by worker. Linux tells; elsewhere only the engine's
own CPU time is known.
"""

from __future__ import annotations

import os

from live.base.clock import cpu_s
from live.workers import Supervisor


class Usage:
    """CPU time since `start`. Engine's process."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._start_s: dict[tuple[str, int], float] = {}

    def start(self) -> None:
        """From here on it counts; what starting up took is not in it."""
        self._start_s = self._used_s()

    def cpu_ms(self, frames: int) -> dict[str, float]:
        """Milliseconds per frame by process."""
        used_s = self._used_s()
        return {
            key[0]: round((used - self._start_s.get(key, 0.0)) * 1000 / max(1, frames), 2)
            for key, used in used_s.items()
        }

    def memory_mb(self) -> dict[str, float]:
        """By process; what several share is shared out among them."""
        sizes = {name: _memory_mb(pid) for name, pid in self._pids()}
        return {name: round(size, 1) for name, size in sizes.items() if size}

    def _pids(self) -> list[tuple[str, int]]:
        return [("engine", os.getpid()), *((w.name, w.pid) for w in self._supervisor.workers if w.pid)]

    def _used_s(self) -> dict[tuple[str, int], float]:
        return {(name, pid): cpu_s() if pid == os.getpid() else _process_cpu_s(pid) for name, pid in self._pids()}


def _process_cpu_s(pid: int) -> float:
    """User + system seconds of a process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    """The proportional set size of a process."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("Pss:")), 0.0)
    except OSError:
        return 0.0
