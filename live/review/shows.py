"""What shows there are in a folder: their logs, in which state each is, and which can be taken up again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from live.base.errors import LogError
from live.base.held import is_held
from live.base.identity import part_of, show_of
from live.review.log import read_log
from live.review.media import recorded
from live.showlog import state_beside

_TAIL_BYTES = 65_536


class Ending(StrEnum):
    ON_AIR = "on air"
    ENDED = "ended"
    CUT_SHORT = "cut short"


@dataclass(frozen=True)
class Logged:
    """A log, by its first and its last lines. state: what `live run --resume` takes, if it is there."""

    path: Path
    show: str
    begun: str
    title: str
    seconds: float
    ending: Ending
    state: Path | None

    @property
    def resumable(self) -> bool:
        return self.ending is Ending.CUT_SHORT and self.state is not None


def logged(path: Path) -> Logged | None:
    """None for a file that is no show log."""
    try:
        with path.open("rb") as file:
            first = _row(file.readline())
            while first is not None and first.get("kind") != "start":
                first = _row(file.readline())
            if first is None:
                return None
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            rows = [row for row in map(_row, file.read().split(b"\n")) if row is not None]
    except OSError:
        return None
    last = rows[-1] if rows else first
    ended = any(row.get("kind") == "end" for row in rows)
    ending = Ending.ENDED if ended else Ending.ON_AIR if is_held(path) else Ending.CUT_SHORT
    state = state_beside(path)
    return Logged(
        path,
        str(first.get("show", "")),
        str(first.get("begun", "")),
        " ".join(str(first.get("title", "")).split()),
        float(last.get("t_s", 0.0)),
        ending,
        state if state.is_file() else None,
    )


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def newest(log: Path) -> Logged | None:
    """The last part of the show whose log that is: show.jsonl, or show.2.jsonl and so on."""
    parts = re.compile(rf"{re.escape(log.stem)}(\.\d+)?{re.escape(log.suffix)}")
    found = [one for path in log.parent.glob("*") if parts.fullmatch(path.name) and (one := logged(path)) is not None]
    mine = next((one for one in found if one.path.name == log.name), None)
    same = [one for one in found if mine is None or show_of(one.show) == show_of(mine.show)]
    return max(same, key=lambda one: (part_of(one.show), one.path.stat().st_mtime), default=None)


def listed(folder: Path) -> list[str]:
    """A line for every show log of a folder, oldest first, and one for each of its recordings."""
    found = [one for path in folder.glob("*.jsonl") if (one := logged(path)) is not None]
    lines = []
    for one in sorted(found, key=lambda one: (one.begun, one.path.name)):
        minutes, seconds = divmod(round(one.seconds), 60)
        words = [
            one.begun or "off line",
            f"{minutes}:{seconds:02d}",
            f"show {one.show or 'without identity'}",
            one.ending,
        ]
        lines.append(f"{one.path.name}: {one.title} ({', '.join(words)})")
        lines += [f"    {text}" for text in _files(one)]
        if one.resumable:
            lines.append(f"    taken up again by: live run RIG --resume {one.state}")
    return lines


def _files(one: Logged) -> list[str]:
    """The recordings that say they are of this show, and the outputs that have none."""
    try:
        log = read_log(one.path)
    except LogError as error:
        return [str(error)]
    outputs = [output for output in log.start.outputs if output.path is not None and output.path.suffix != ".wav"]
    folders = {folder.resolve() for o in outputs if o.path for folder in (o.path.parent, one.path.parent)}
    files = [file for folder in folders for path in sorted(folder.glob("*.mp4")) if (file := recorded(path))]
    lines = []
    for output in outputs:
        mine = [file for file in files if one.show and file.is_of(log, output)]
        lines += [f"{output.name}: {file.path}, {file.frames} frames" for file in mine]
        if not mine and one.show:
            lines.append(f"{output.name}: no file of this show is there ({output.path})")
    return lines
