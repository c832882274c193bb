"""The recordings that a log names: where they are, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from live.base.errors import LogError
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
    show: str = ""  # what it says of itself; "" when it says nothing
    output: str = ""

    def is_of(self, log: ShowLog, output: OutputLine) -> bool:
        return (self.show, self.output) == (output.show or log.start.show, output.name)


def find(log: ShowLog, path: Path) -> Path:
    """Where a recording is: where the log says, or beside the log when the folder was moved."""
    if not path.exists():
        for candidate in (log.path.parent / path.name, log.path.parent / path.parent.name / path.name):
            if candidate.exists():
                return candidate.resolve()
    return path


def pieces(log: ShowLog, output: OutputLine) -> list[Recorded]:
    """What there is of an output in the log's show, in order; usually one file. A recording that a later show has put
    aside, or a hand has renamed, is found by what it says of itself. Raises LogError when there is only one of another
    show.
    """
    named = [file for path in log.files(output) if (file := recorded(find(log, path))) is not None]
    if not log.start.show:
        return named
    mine = [file for file in named if file.is_of(log, output)]
    if len(mine) < len(log.files(output)):
        mine = _found(log, output)
    if not mine and (mine := [file for file in named if not file.show]):  # rewritten by something that keeps no comment
        return mine
    if named and not mine:
        want = output.show or log.start.show
        raise LogError(
            str(named[0].path),
            f"is no recording of this show ({log.path.name} is of show {want}, it of show {named[0].show})",
            "put the recording of this show there, or beside the log",
        )
    return sorted(mine, key=lambda file: file.first)


def _found(log: ShowLog, output: OutputLine) -> list[Recorded]:
    """All that lies where the log says, or beside the log, and says that it is of this output and show."""
    assert output.path is not None
    folders = (output.path.parent, log.path.parent, log.path.parent / output.path.parent.name)
    paths = {path.resolve() for folder in folders for path in folder.glob(f"*{output.path.suffix}")}
    return [file for path in sorted(paths) if (file := recorded(path)) is not None and file.is_of(log, output)]


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
            says = _COMMENT.match(container.metadata.get("comment", ""))
            show, of_output, begins = says.groups("") if says else ("", "", "")
            frames = video.frames or round(seconds * rate)
            return Recorded(
                path,
                frames,
                int(begins or 0),
                rate,
                video.width,
                video.height,
                bool(container.streams.audio),
                show,
                of_output,
            )
    except (av.FFmpegError, OSError):
        return None


_COMMENT = re.compile(r"^(?:show (\S+) output (\S+))?(?:, )?(?:from program frame (\d+))?$")  # what the outputs write
