"""A track of every microphone as an output. They are written by live/outputs/tracks.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from live.config.base import NewPath, Wrong
from live.config.check import Known
from live.config.desk import PROGRAM
from live.config.kinds import OUTPUTS
from live.config.output import Carries, Output
from live.outputs.own import Worked, Workplace
from live.outputs.recording import inspect


@OUTPUTS.register
class TracksOutput(Output, Worked):
    """A track of every microphone as it came, before anything was done to it, and the program's sound as the last two:
    one Broadcast Wave file, to be mixed again."""

    lamp: ClassVar[str] = "TRACKS"
    main: ClassVar[str] = "live.outputs.tracks:main"
    does: ClassVar[str] = "recorder"
    nice: ClassVar[int] = 3

    kind: Literal["tracks"]
    path: NewPath
    bits: Literal[24, 32] = Field(24, description="of a sample; 32 is floating point, which nothing can clip")

    @property
    def carries(self) -> Carries:
        return Carries(bus=PROGRAM)

    @property
    def file(self) -> Path:
        return self.path

    def inspect(self) -> Iterator[Wrong]:
        yield from inspect(self.path, ".wav")

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.path.suffix.lower() != ".wav":
            yield Wrong("path", f"{self.path.name} is no name of a WAV file", "let it end in .wav")
        if not known.rig.microphones:
            yield Wrong("kind", "the rig has no microphone", "name one in [[microphones]]")

    def spec(self, at: Workplace) -> object:
        from live.outputs.tracks import Track, TracksSpec

        tracks = tuple(Track(m.name, at.sounds[m.source], m.picks) for m in at.rig.microphones)
        rate = at.rig.picture.rate
        return TracksSpec(
            self.name,
            self.path,
            self.bits,
            at.rig.title,
            rate,
            tracks,
            at.mix,
            at.program,
            at.delay_ns,
            at.fresh,
            at.identity,
        )
