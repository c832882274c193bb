"""The recordings that a log names: where they are, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from live.review.log import OutputLine, ShowLog


@dataclass(frozen=True)
class Recorded:
    """One file on disk. frames: of its picture; first: the program frame it begins with; width and height in pixels."""

    path: Path
    frames: int
    first: int
    rate: Fraction
    width: int
    height: int
    has_sound: bool


def find(log: ShowLog, path: Path) -> Path:
    """Where a recording is: where the log says, or beside the log when the folder was moved."""
    if not path.exists():
        for candidate in (log.path.parent / path.name, log.path.parent / path.parent.name / path.name):
            if candidate.exists():
                return candidate.resolve()
    return path


def pieces(log: ShowLog, output: OutputLine) -> list[Recorded]:
    """What there is of an output, in order; usually one file."""
    return [file for path in log.files(output) if (file := recorded(find(log, path))) is not None]


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
            begins = _BEGINS.match(container.metadata.get("comment", ""))
            frames = video.frames or round(seconds * rate)
            return Recorded(
                path,
                frames,
                int(begins[1]) if begins else 0,
                rate,
                video.width,
                video.height,
                bool(container.streams.audio),
            )
    except (av.FFmpegError, OSError):
        return None


_BEGINS = re.compile(r"^from program frame (\d+)$")  # what the outputs write into a file that follows a fault
