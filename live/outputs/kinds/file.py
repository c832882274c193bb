"""Recordings: a file as an output."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import ClassVar, Literal

from live.config.base import NewPath, Wrong
from live.config.kinds import OUTPUTS
from live.config.output import FeedOutput
from live.outputs.board import AMISS, RECORDING, TargetState
from live.outputs.recording import StillThere, inspect, next_path, room_for
from live.outputs.targets import VIDEO, Say, Target, Targeted, Template, add_streams, mux
from live.shm.status import Message

BEGINS = "from program frame "  # in the comment of a recording that doesn't begin with the show
LOOK_S = 2.0  # between looks whether a recording is still where it was begun


def comment(identity: str, name: str, first: int) -> str:
    """What a recording says of itself: of which show and output it is, and with which program frame it begins. Read by
    live/review/media.py.
    """
    parts = (f"show {identity} output {name}" if identity else "", f"{BEGINS}{first}" if first else "")
    return ", ".join(part for part in parts if part)


@OUTPUTS.register
class FileOutput(FeedOutput, Targeted):
    """A recording: fragmented MP4, so that a kill loses no more than the last fragment."""

    lamp: ClassVar[str] = "REC"

    kind: Literal["file"]
    path: NewPath

    @property
    def file(self) -> Path:
        return self.path

    def inspect(self) -> Iterator[Wrong]:
        yield from inspect(self.path, ".mp4", ".m4v")

    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        return FileTarget(self.name, self.path, template, say, fresh=fresh, patient=patient)


class FileTarget(Target):
    """A recording as fragmented MP4: a kill -9 loses no more than the last fragment; a close makes it an ordinary MP4.

    A fragment ends with each keyframe and after half a second. No recording is ever overwritten: at the start of a show
    a file of the same name is renamed to the first free `NAME.old.N.mp4`; within a show the next file is `NAME.2.mp4`,
    and so on.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        template: Template,
        say: Say,
        *,
        fresh: bool = True,
        patient: bool = False,
    ) -> None:
        super().__init__(name, template, say, patient=patient)
        self._path = path
        self._fresh = fresh

    def _session(self) -> None:
        import av

        if odd := room_for(self._path):  # told at once, not with the first picture
            self._say(Message(odd, self.name, AMISS))
        first = self._take()  # a keyframe: a file that doesn't begin with the show, after a fault, says where it begins
        if first is None:
            return
        path = next_path(self._path, fresh=self._fresh, say=lambda text: self._say(Message(text, self.name)))
        self._fresh = False
        begins = self.first_frame + first.pts
        file = RecordingFile(path)
        there, every = StillThere(path, file.fd), round(LOOK_S * self._template.rate)
        out = av.open(
            file,
            "w",
            format="mp4",
            container_options={
                # delay_moov: without it there is no edit list, and the 21 ms that prime AAC shift the picture, whose
                # first frame then lasts longer than the others (ffprobe: 29.94 fps).
                "movflags": "hybrid_fragmented+frag_keyframe+delay_moov",
                "frag_duration": "500000",
                "flush_packets": "1",
            },
        )
        try:
            add_streams(out, self._template.container)
            if said := comment(self._template.identity, self.name, begins):
                out.metadata["comment"] = said
            out.start_encoding()
            self._tell(TargetState.LIVE, f"{RECORDING}{path.name}")
            for packet in self._rebased(chain([first], self._all())):
                mux(out, packet, self._template.time_bases)
                if packet.stream == VIDEO and not packet.pts % every and (away := there.check()):
                    self._say(Message(away, self.name, AMISS))
            out.close()
        finally:
            file.end()
            if file.size == 0:  # of no use to anybody
                path.unlink()


class RecordingFile:
    """The file under a recording, for libav to write to. Raises OSError once, at the first write that fails, and is
    deaf from then on: the container's trailer must not reach a file whose disk is full. It would turn the fragments
    into one big piece whose index is missing, and what had been recorded could not be played any more.
    """

    def __init__(self, path: Path) -> None:
        self._file: io.FileIO | None = open(path, "xb", buffering=0)  # closed by end()
        self.name = str(path)
        self.size = 0

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        while self._file is not None and view:
            try:
                written = self._file.write(view) or 0
            except OSError:
                self.end()
                raise
            view = view[written:]
            self.size += written
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self._file is None else self._file.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self._file is None else self._file.tell()

    @property
    def fd(self) -> int:
        assert self._file is not None
        return self._file.fileno()

    def end(self) -> None:
        """Close it; whatever is written later is lost."""
        if self._file is not None:
            self._file.close()
            self._file = None
