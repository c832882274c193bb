"""How long there is room for: the disks that a show records on, watched in a process of their own, since a share that
is gone lets whoever asks it wait for ever.

How fast a disk fills is measured on the disk itself, so that everything counts that is written there.
"""

from __future__ import annotations

import shutil
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from live.base.clock import NS
from live.outputs.recording import LOW_DISK_BYTES
from live.shm.status import OVER, WorkerState

if TYPE_CHECKING:
    from live.workers import WorkerContext

MARKS_MIN = (60, 30, 10, 3, 1)  # minutes of room that are worth a word
_LOOK_S = 2.0
_MEASURED_S = 30.0  # over which it is measured how fast a disk fills
_AT_LEAST_S = 10.0  # before which nothing is said of it
_WELL_AGAIN = 1.5  # times the mark that was told


@dataclass(frozen=True)
class DisksSpec:
    """files: what the show writes, by name."""

    files: Mapping[str, Path]


class Room:
    """One disk. Pure: time (seconds) and what is free (bytes) are arguments."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._told_min: int | None = None  # the last mark that was told

    def look(self, now_s: float, free: int) -> tuple[str, bool] | None:
        """What there is to say, and whether it is that all is well again; None for nothing."""
        self._seen.append((now_s, free))
        while now_s - self._seen[0][0] > _MEASURED_S:
            self._seen.popleft()
        since_s, before = self._seen[0]
        if now_s - since_s < _AT_LEAST_S:
            return None
        rate = (before - free) / (now_s - since_s)  # bytes a second
        left_min = max(0, free - LOW_DISK_BYTES) / rate / 60 if rate > 0 else float("inf")
        told = self._told_min
        if told is not None and left_min > _WELL_AGAIN * told:
            self._told_min = next((m for m in reversed(MARKS_MIN) if left_min <= m), None)
            return (f"there is room again: {free / 1e9:.1f} GB", True) if self._told_min is None else None
        mark = next((m for m in reversed(MARKS_MIN) if left_min <= m), None)
        if mark is None or (told is not None and mark >= told):
            return None
        self._told_min = mark
        minutes = f"{left_min:.0f} minutes" if left_min >= 2 else f"{left_min * 60:.0f} seconds"
        return f"room for {minutes} more ({free / 1e9:.1f} GB, {rate / 1e6:.1f} MB/s); make room, or stop one", False


def free_of(files: Mapping[str, Path]) -> dict[str, int]:
    """What is free where files lie, bytes, by the files on each disk: "show, log". What can't be asked is left out."""
    names: dict[int, list[str]] = {}
    free: dict[int, int] = {}
    for name, file in files.items():
        with suppress(OSError):
            folder = next(f for f in file.absolute().parents if f.is_dir())  # the others will have been made by then
            disk = folder.stat().st_dev
            names.setdefault(disk, []).append(name)
            free[disk] = shutil.disk_usage(folder).free
    return {", ".join(names[disk]): bytes_free for disk, bytes_free in free.items()}


def main(spec: DisksSpec, ctx: WorkerContext) -> None:
    """The worker."""
    rooms: defaultdict[str, Room] = defaultdict(Room)
    ctx.status.set(state=WorkerState.RUNNING)
    due_ns = ctx.clock.now_ns()
    while not ctx.stopping():
        now_ns = ctx.clock.now_ns()
        if now_ns >= due_ns:
            due_ns = now_ns + int(_LOOK_S * NS)
            for what, free in free_of(spec.files).items():
                if (said := rooms[what].look(now_ns / NS, free)) is not None:
                    text, well = said
                    ctx.say(text, f"disk of {what}", OVER if well else "")
        ctx.clock.wait_until(now_ns + NS // 5)
