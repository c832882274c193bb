"""Who sits where: the tables `people`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from live.config.base import Name, Wrong
from live.config.check import Known, Table


class Person(Table):
    """Who sits where: joins a voice to a camera."""

    name: Name
    title: str = ""
    line: str = Field("", description="what a lower third says under the name")
    microphone: Name | None = Field(
        None, description="the one they wear; one that several people name is shared, and lips tell who of them speaks"
    )
    camera: Name | None = Field(
        None, description="the source they are seen in; several people of one camera stand in it from left to right"
    )

    @property
    def label(self) -> str:
        return self.title or self.name

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("microphone", self.microphone, known.names("microphones"), "microphone")
        yield from known.need("camera", self.camera, known.names("sources"), "source")
