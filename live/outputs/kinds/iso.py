"""Iso recordings as an output. They are encoded by live/outputs/iso.py and written as any recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

from live.config.base import Name, NewPath, Wrong
from live.config.check import Known
from live.config.kinds import OUTPUTS
from live.config.output import Carries, Output
from live.outputs.kinds.file import FileTarget
from live.outputs.own import Worked, Workplace
from live.outputs.recording import inspect
from live.outputs.targets import Say, Target, Targeted, Template


@OUTPUTS.register
class IsoOutput(Output, Targeted, Worked):
    """The clean recording of one source, frame by frame beside the program: its frame n is what the source gave for
    program frame n, with the sound of the microphone of whoever sits there."""

    lamp: ClassVar[str] = "ISO"
    main: ClassVar[str] = "live.outputs.iso:main"

    kind: Literal["iso"]
    source: Name
    path: NewPath

    @property
    def carries(self) -> Carries:
        return Carries(source=self.source)

    @property
    def file(self) -> Path:
        return self.path

    def inspect(self) -> Iterator[Wrong]:
        yield from inspect(self.path, ".mp4", ".m4v")

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("source", self.source, known.names("sources"), "source")
        if any(s.name == self.source and not s.has_picture for s in known.rig.sources):
            yield Wrong("source", f"{self.source} has no picture", "give a camera; its sound comes with it")

    def spec(self, at: Workplace) -> object:
        from live.outputs.iso import IsoSpec  # an encoder: not for who reads a rig

        rig = at.rig
        voice, picks = rig.voice_of(self.source)
        return IsoSpec(
            self,
            rig.picture,
            rig.encoder,
            at.program,
            at.pictures[self.source],
            at.sounds[voice],
            at.picture_delay_ns,
            at.delay_ns,
            picks,
            at.fresh,
            at.identity,
        )

    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        return FileTarget(self.name, self.path, template, say, fresh=fresh, patient=patient)
