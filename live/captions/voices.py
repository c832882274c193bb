"""Whose words they are: the microphone that was loudest while a word was said. Pure; it is given levels, it keeps the
last half minute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from live.base.samples import SAMPLE_RATE, sample_at
from live.config.microphones import Microphone
from live.config.people import Person

SLICE = 1024  # samples at SAMPLE_RATE, 21 ms
_KEEP = 30 * SAMPLE_RATE // SLICE
_CLEAR = 2.0  # as power: somebody else must be 3 dB louder than who spoke last


class Voices:
    """Levels of every microphone on one time line, in slices of 21 ms."""

    def __init__(self, microphones: Sequence[Microphone], people: Sequence[Person]) -> None:
        owners: dict[str, list[str]] = {}
        for person in people:
            for microphone in person.worn:
                owners.setdefault(microphone, []).append(person.name)
        # A microphone that nobody or several people have says who speaks only by its own name.
        self._names = [names[0] if len(names := owners.get(m.name, [])) == 1 else m.name for m in microphones]
        self._gain = np.array([0.0 if m.muted else 10 ** (m.gain_db / 10) for m in microphones])
        self._power = np.zeros((_KEEP, len(microphones)))
        self._last = -1
        self._speaking: int | None = None

    def hear(self, start: int, blocks: Sequence[npt.NDArray[np.float32]]) -> None:
        """What each microphone (in the rig's order) picked up from a sample number on: (n, 2) float32 at SAMPLE_RATE,
        all of one n. start and n are multiples of SLICE."""
        first = start // SLICE
        for missed in range(max(self._last + 1, first - _KEEP), first):
            self._power[missed % _KEEP] = 0
        count = len(blocks[0]) // SLICE if blocks else 0
        if not count:
            return
        power = np.stack([np.square(b).reshape(count, -1).mean(1) for b in blocks], 1) * self._gain
        self._power[np.arange(first, first + count) % _KEEP] = power
        self._last = first + count - 1

    def who(self, start_ns: int, end_ns: int) -> str:
        """Who said a word. With one microphone there is nothing to tell apart: ""."""
        if len(self._names) < 2:
            return ""
        first, last = (sample_at(t) // SLICE for t in (start_ns, end_ns))
        slices = range(max(first, self._last - _KEEP + 1), min(last, self._last) + 1)
        if not len(slices):
            return "" if self._speaking is None else self._names[self._speaking]
        power = self._power[[i % _KEEP for i in slices]].mean(0)
        loudest = int(power.argmax())
        if self._speaking is None or power[loudest] > _CLEAR * power[self._speaking]:
            self._speaking = loudest
        return self._names[self._speaking]
