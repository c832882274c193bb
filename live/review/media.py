"""The recordings that a log names: where they are, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from live.review.log import OutputLine, ShowLog


@dataclass(frozen=True)
class Recorded:
    """One file on disk. frames: of its picture; width and height in pixels."""

    path: Path
    frames: int
    rate: Fraction
    width: int
    height: int
    has_sound: bool


def find(log: ShowLog, output: OutputLine) -> Path:
    """Where a recording is: where the log says, or beside the log when the folder was moved."""
    assert output.path is not None
    if not output.path.exists():
        for candidate in (log.path.parent / output.path.name, log.path.parent / output.path.parent.name / output.path.name):
            if candidate.exists():
                return candidate.resolve()
    return output.path


def recorded(path: Path) -> Recorded | None:
    """What a file holds; None when it isn't there or is no video."""
    if not path.is_file():
        return None
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                return None
            video = container.streams.video[0]
            rate = Fraction(video.average_rate or video.base_rate or 30)
            seconds = video.duration * video.time_base if video.duration and video.time_base else Fraction(0)
            return Recorded(path, video.frames or round(seconds * rate), rate, video.width, video.height, bool(container.streams.audio))
    except (av.FFmpegError, OSError):
        return None
