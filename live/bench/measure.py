"""Measuring: what a child process costs per frame, by slope, so that starting up is not in it."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from live.base import processes
from live.base.errors import LiveError

REPEATS = 5


@dataclass(frozen=True)
class Figure:
    """CPU ms per frame of each repeat; where the case runs against the clock also late frames and frame times, and of a
    whole show its memory."""

    cpu_ms: tuple[float, ...]
    late: int = 0
    frame_ms: Mapping[str, float] = field(default_factory=lambda: {"p50": 0.0, "p99": 0.0, "max": 0.0})
    memory_mb: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.cpu_ms)

    def as_json(self) -> dict[str, object]:
        cpu = {"median": self.median, "min": min(self.cpu_ms), "max": max(self.cpu_ms)}
        said: dict[str, object] = {
            "cpu_ms": {k: round(v, 3) for k, v in cpu.items()},
            "late": self.late,
            "frame_ms": dict(self.frame_ms),
        }
        return said if self.memory_mb is None else said | {"memory_mb": round(self.memory_mb)}


def child_cpu_s(argv: Sequence[str], env: Mapping[str, str] | None = None, timeout_s: float = 300.0) -> float:
    """User and system seconds of a program and its children. Raises LiveError with its last words when it fails."""
    before = processes.children_cpu_s()
    done = subprocess.run(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=timeout_s,
    )
    after = processes.children_cpu_s()
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise LiveError(argv[0], (words or ["it failed"])[-1][:200], "run it by hand to see why; the other cases go on")
    return after - before


def by_slope(
    argv_for: Callable[[int], Sequence[str]], few: int, many: int, env: Mapping[str, str] | None = None
) -> Figure:
    """CPU ms per frame of a program that is told how many frames to make."""
    slopes = [
        (child_cpu_s(argv_for(many), env) - child_cpu_s(argv_for(few), env)) * 1e3 / (many - few)
        for _ in range(REPEATS)
    ]
    return Figure(tuple(slopes))
