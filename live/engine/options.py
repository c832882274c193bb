"""How a run was asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from live.base.errors import OutputError
from live.base.identity import new_identity
from live.config.desk import PROGRAM
from live.config.load import Show, same_file
from live.config.output import Output
from live.outputs.kinds.file import FileOutput
from live.outputs.kinds.iso import IsoOutput
from live.outputs.kinds.tracks import TracksOutput


@dataclass(frozen=True)
class RunOptions:
    """seconds: of program; None runs until told to end. hash: a file for one hash per program frame (off line).
    isos: a folder for a clean recording of every source. resume: the state of a show, to be taken
    up. feeds: (feed, file) of further recordings. tracks: a file for a track of every microphone. identity: see
    live/base/identity.py."""

    seconds: float | None = None
    record: Path | None = None
    log: Path | None = None
    hash: Path | None = None
    commands: Path | None = None
    console: bool = False
    osc_port: int | None = None
    isos: Path | None = None
    resume: Path | None = None
    feeds: tuple[tuple[str, Path], ...] = ()
    tracks: Path | None = None
    identity: str = field(default_factory=new_identity)

    def extra_outputs(self, show: Show) -> list[Output]:
        """What was asked for on the command line, beside the rig's own outputs: recordings, and an iso of every source
        that has none.
        """
        extra: list[Output] = []
        if self.record:
            extra.append(
                FileOutput.model_construct(name="record", kind="file", path=self.record.resolve(), feed="program")
            )
        for what, path in self.feeds:
            feed, bus = feed_and_bus(what)
            name = f"record-{what.replace('+', '-')}"[:40]
            extra.append(FileOutput.model_construct(name=name, kind="file", path=path.resolve(), feed=feed, bus=bus))
        if self.tracks:
            path = self.tracks.resolve()
            extra.append(TracksOutput.model_construct(name="record-tracks", kind="tracks", path=path, bits=24))
        have = {o.carries.source for o in show.rig.outputs}
        for source in show.pictures if self.isos else []:
            if source not in have:
                path = self.isos.resolve() / f"{source}.mp4"  # type: ignore[union-attr]
                extra.append(IsoOutput.model_construct(name=f"iso-{source}"[:40], kind="iso", source=source, path=path))
        for one, other, alike in same_file([*show.rig.outputs, *extra]):
            raise OutputError(one, f"{other} writes the same file{alike}", "give each output a file of its own")
        return extra


def feed_and_bus(what: str) -> tuple[str, str]:
    """Of FEED, with the program's sound, or FEED+BUS."""
    feed, _, bus = what.partition("+")
    return feed, bus or PROGRAM
