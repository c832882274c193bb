"""A tone as a source: to line levels up by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from live.base.clock import NS
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.sources.reader import Event, Readable, Reader, SoundEvent

Samples = np.ndarray[tuple[int, int], np.dtype[np.float32]]

BLOCK = SAMPLE_RATE // 10


@SOURCES.register
class ToneSource(Source, Readable):
    """A sine tone on both channels: to line levels up by, and to find a cable."""

    repeatable: ClassVar[bool] = True

    kind: Literal["tone"]
    hz: Annotated[float, Field(ge=20, le=20_000)] = 1_000.0
    level_db: Annotated[float, Field(ge=-60, le=0)] = Field(-18.0, description="its peak, of full scale")

    @property
    def has_picture(self) -> bool:
        return False

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return ToneReader(self)


class ToneReader:
    """Sample n is at n / 48000: it goes through zero upwards at every start."""

    realtime = False
    loop = False
    stamped = False

    def __init__(self, config: ToneSource) -> None:
        self._turn = config.hz / SAMPLE_RATE
        self._peak = 10 ** (config.level_db / 20)

    def events(self) -> Iterator[Event]:
        at = 0
        while True:
            turns = (np.arange(at, at + BLOCK) * self._turn) % 1.0
            wave = (self._peak * np.sin(2 * np.pi * turns)).astype(np.float32)
            yield SoundEvent(at * NS // SAMPLE_RATE, np.repeat(wave[:, None], CHANNELS, 1))
            at += BLOCK
