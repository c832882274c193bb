"""What a show's processes use of the machine: CPU time and memory, by worker. Linux tells; elsewhere only the engine's
own CPU time is known.
"""

from __future__ import annotations

import os

from live.base import processes
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
        sizes = {name: processes.memory_mb(pid) for name, pid in self._pids()}
        return {name: round(size, 1) for name, size in sizes.items() if size}

    def _pids(self) -> list[tuple[str, int]]:
        return [("engine", os.getpid()), *((w.name, w.pid) for w in self._supervisor.workers if w.pid)]

    def _used_s(self) -> dict[tuple[str, int], float]:
        return {
            (name, pid): cpu_s() if pid == os.getpid() else processes.cpu_s(pid) or 0.0 for name, pid in self._pids()
        }
