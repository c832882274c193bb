"""Downstream keys: the tables `keys`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from live.config.base import ExistingFile, Name, Wrong
from live.config.check import Known, Table


class KeyConfig(Table):
    """A downstream key, the first table for DSK 1: a graphic, a still or a source over every transition."""

    title: str = ""
    graphic: Name | None = Field(None, description="one of [[graphics]]: it comes and goes as its template says")
    still: ExistingFile | None = Field(None, description="a picture with alpha, fitted into the frame")
    source: Name | None = Field(None, description="the fill; keyed by its own keyer when it has one")
    key: Name | None = Field(None, description="a source that is the key of the fill: white where it is seen")
    seconds: Annotated[float, Field(ge=0, le=10)] = Field(0.5, description="how long it takes to come or go")
    tied: bool = Field(False, description="it goes along with the next transition")

    @model_validator(mode="after")
    def _one(self) -> KeyConfig:
        if sum(v is not None for v in (self.graphic, self.still, self.source)) != 1:
            raise ValueError("a key holds one thing; give a graphic, or a still, or a source")
        if self.key is not None and self.source is None:
            raise ValueError("a key without a fill; give the fill as source")
        return self

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("graphic", self.graphic, known.names("graphics"), "graphic")
        yield from known.need("source", self.source, known.names("sources"), "source")
        yield from known.need("key", self.key, known.names("sources"), "source")
