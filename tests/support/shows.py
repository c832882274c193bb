"""Small shows for tests: rigs written to a folder, whole shows on the virtual clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from live.config.load import Show, load_show
from live.engine.options import RunOptions

SMALL = """\
title = "Small"
[picture]
width = 320
height = 184
rate_hz = 30
"""

# Two who talk: a camera and a microphone for each.
TALKERS = """\
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[microphones]]
name = "mic1"
source = "cam1"
[[microphones]]
name = "mic2"
source = "cam2"
[[people]]
name = "anna"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
microphone = "mic2"
camera = "cam2"
"""

PATTERNS = (
    SMALL
    + """
shots = ["duo/duo", "cam1", "cam2"]
start = "cam1"
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
blip = false
[[microphones]]
name = "mic1"
source = "cam1"
[[scenes]]
name = "duo"
talent = { left = "cam1", right = "cam2" }
[[graphics]]
name = "lower"
fields = { title = "One", subtitle = "Two" }
"""
)


def write_rig(folder: Path, text: str = PATTERNS, name: str = "rig.toml") -> Path:
    """TOML keys of the top level must come before its tables: `shots` and `start` are moved up."""
    lines = text.splitlines()
    first = [line for line in lines if line.startswith(("shots =", "start =", "title =", "seed ="))]
    rest = [line for line in lines if line not in first]
    path = folder / name
    path.write_text("\n".join(first + rest) + "\n", encoding="utf-8")
    return path


def small_show(folder: Path, text: str = PATTERNS) -> Show:
    return load_show(write_rig(folder, text))


def script(folder: Path, *rows: tuple[int, str, list[Any]]) -> Path:
    """A command script: (frame, address, args) each."""
    path = folder / "commands.jsonl"
    path.write_text("\n".join(json.dumps({"frame": f, "address": a, "args": list(args)}) for f, a, args in rows))
    return path


def play(
    folder: Path, show: Show, seconds: float, *rows: tuple[int, str, list[Any]], record: bool = False
) -> tuple[list[dict], list[str]]:
    """Run a show off line; returns its log lines and one hash per frame."""
    from live.engine.offline import run_offline  # the renderer comes with it

    log, hashes = folder / "log.jsonl", folder / "hashes.txt"
    options = RunOptions(
        seconds,
        folder / "out.mp4" if record else None,
        log,
        hashes,
        script(folder, *rows) if rows else None,
    )
    assert run_offline(show, options, lambda text: None) == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return lines, [line.split()[1] for line in hashes.read_text().splitlines()]


def of_kind(lines: list[dict], kind: str) -> list[dict]:
    return [line for line in lines if line["kind"] == kind]


def options_of(folder: Path, seconds: float = 1.0) -> RunOptions:
    """Of an off-line run that keeps its log and one hash a frame."""
    return RunOptions(seconds, log=folder / "log.jsonl", hash=folder / "hashes.txt")
