"""Show logs written by hand: two people, a wide shot, and whatever lines a test wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from live.review.log import ShowLog, read_log

PEOPLE = [
    {"name": "anna", "label": "Anna", "microphone": "mic1", "camera": "cam1"},
    {"name": "ben", "label": "Ben", "microphone": "mic2", "camera": "cam2"},
]
SHOTS = [
    {"id": "wide", "label": "Wide", "role": "wide", "person": None, "source": None},
    {"id": "cam1", "label": "Anna's camera", "role": "close_up", "person": "anna", "source": "cam1"},
    {"id": "cam2", "label": "Ben's camera", "role": "close_up", "person": "ben", "source": "cam2"},
]


def start(**more: Any) -> dict[str, Any]:
    """A `start` line of an off-line show at 30 frames a second that begins on the wide shot."""
    picture = {"width": 320, "height": 180, "rate_hz": 30.0, "delay_s": 0.0}
    return {
        "frame": 0,
        "timecode": "00:00:00:00",
        "t_s": 0.0,
        "kind": "start",
        "by": "live",
        "title": "Two talk",
        "rig": "/nowhere/rig.toml",
        "seed": 1,
        "rate": "30/1",
        "picture": picture,
        "delay_s": 0.0,
        "program": "wide",
        "people": PEOPLE,
        "shots": SHOTS,
        "sources": [{"name": s, "label": s, "kind": "pattern"} for s in ("cam1", "cam2")],
        "microphones": ["mic1", "mic2"],
        "outputs": [],
        "offline": True,
    } | more


def line(frame: int, kind: str, by: str = "director", rate: float = 30.0, **more: Any) -> dict[str, Any]:
    return {"frame": frame, "timecode": "", "t_s": round(frame / rate, 3), "kind": kind, "by": by, **more}


def cut(frame: int, before: str, to: str, by: str = "director", **more: Any) -> dict[str, Any]:
    return line(
        frame,
        "cut",
        by,
        **(
            {"from": before, "to": to, "reason": "because", "cost": 2.0, "runner_up": "wide", "terms": {"cut": 2.0}}
            | more
        ),
    )


def speech(frame: int, *people: str) -> dict[str, Any]:
    return line(frame, "speech", "live", speaking=list(people))


def end(frames: int, **more: Any) -> dict[str, Any]:
    return line(frames - 1, "end", "live", frames=frames, made=frames, late=0, **more)


def written(folder: Path, *lines: dict[str, Any], name: str = "show.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    return path


def log_of(folder: Path, *lines: dict[str, Any]) -> ShowLog:
    return read_log(written(folder, *lines))
