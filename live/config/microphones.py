"""Where voices come in: the tables `microphones`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from live.config.base import Name, Wrong
from live.config.check import Known, Table


class Microphone(Table):
    """Where a voice comes in: the sound of a source."""

    name: Name
    source: Name
    gain_db: Annotated[float, Field(ge=-60, le=24)] = Field(
        0.0, description="at the start; /microphones/<name>/gain changes it"
    )
    muted: bool = Field(False, description="at the start; /microphones/<name>/mute changes it")

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("source", self.source, known.names("sources"), "source")
