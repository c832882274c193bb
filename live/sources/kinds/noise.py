"""Noise as a source: to hear a room, a loudspeaker or a filter by."""

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

BLOCK = SAMPLE_RATE // 10
# Pink: white noise through 3 dB down an octave (P. Kellet's economy filter, right to 0.5 dB from 40 Hz on), as poles
# and gains of first-order filters beside each other.
_POLES = np.array([0.99765, 0.96300, 0.57000])
_GAINS = np.array([0.0990460, 0.2965164, 1.0526913])
_DIRECT = 0.1848
_PINK_RMS = 2.98  # of that filter for white noise of rms 1, measured over an hour


@SOURCES.register
class NoiseSource(Source, Readable):
    """Noise, the same on both channels and the same at every run."""

    repeatable: ClassVar[bool] = True

    kind: Literal["noise"]
    spectrum: Literal["pink", "white"] = Field(
        "pink", description="pink is as loud in every octave; white is as loud at every frequency"
    )
    level_db: Annotated[float, Field(ge=-60, le=-12)] = Field(-23.0, description="its rms, of full scale")

    @property
    def has_picture(self) -> bool:
        return False

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return NoiseReader(self, seed)


class NoiseReader:
    """Blocks of a tenth of a second, by the rig's seed."""

    realtime = False
    loop = False
    stamped = False

    def __init__(self, config: NoiseSource, seed: int) -> None:
        self._pink, self._seed = config.spectrum == "pink", seed
        self._rms = 10 ** (config.level_db / 20)

    def events(self) -> Iterator[Event]:
        rng = np.random.default_rng(self._seed)
        at, state = 0, np.zeros(len(_POLES))
        while True:
            wave = rng.standard_normal(BLOCK)
            if self._pink:
                wave, state = pink(wave, state)
                wave /= _PINK_RMS
            both = np.repeat((self._rms * wave).astype(np.float32)[:, None], CHANNELS, 1)
            yield SoundEvent(at * NS // SAMPLE_RATE, np.clip(both, -1, 1))
            at += BLOCK


def pink(white: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """White noise made pink, and the filter's state after it. Each pole's filter is a sum over what it remembers, so
    that no sample is worked on by itself."""
    out = _DIRECT * white
    after = np.empty_like(state)
    for n, (pole, gain) in enumerate(zip(_POLES, _GAINS, strict=True)):
        memory = pole ** np.arange(len(white))
        size = 1 << (2 * len(white) - 1).bit_length()
        ran = np.fft.irfft(np.fft.rfft(memory, size) * np.fft.rfft(gain * white, size), size)[: len(white)]
        ran += state[n] * pole * memory
        out += ran
        after[n] = ran[-1]
    return out, after
