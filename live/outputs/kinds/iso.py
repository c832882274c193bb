"""Iso recordings as an output. They are encoded by live/outputs/iso.py and written as any recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from live.config.base import Name, NewPath, Wrong
from live.config.check import Known
from live.config.kinds import OUTPUTS
from live.config.output import Carries, Output
from live.outputs.kinds.file import FileTarget
from live.outputs.targets import Say, Target, Targeted, Template


@OUTPUTS.register
class IsoOutput(Output, Targeted):
    """The clean recording of one source, frame by frame beside the program: its frame n is what the source gave for
    program frame n, with the sound of the microphone of whoever sits there."""

    kind: Literal["iso"]
    source: Name
    path: NewPath

    @property
    def carries(self) -> Carries:
        return Carries(source=self.source)

    @property
    def file(self) -> Path:
        return self.path

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("source", self.source, known.names("sources"), "source")
        if any(s.name == self.source and not s.has_picture for s in known.rig.sources):
            yield Wrong("source", f"{self.source} has no picture", "give a camera; its sound comes with it")

    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        return FileTarget(self.name, self.path, template, say, fresh=fresh, patient=patient)
