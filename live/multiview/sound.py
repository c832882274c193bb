"""How loud every microphone and the program are, for the meters: peaks of their sound rings, as late as the pictures
are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from live.base.channels import Picks
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at
from live.multiview.cards import PROGRAM_SOUND
from live.multiview.meter import SILENCE_DB, Meter, peak_db
from live.shm.sound_ring import SoundRing

# How old sound is when it is measured: by then every source has delivered it and the mixer has mixed it (0.12 s).
_AGE_NS = int(0.16 * NS)
_LONGEST = SAMPLE_RATE // 2  # samples looked at in one go, after a pause


class Sound:
    """Meters of the microphones, after gain and mute, and of the program's two channels. Owned by one thread."""

    def __init__(self, microphones: Mapping[str, tuple[str, Picks]], program: str, delay_s: float) -> None:
        """microphones: the sound ring of each, and its channels there."""
        self._rings = {name: (SoundRing(ring), picks) for name, (ring, picks) in microphones.items()}
        self._program = SoundRing(program)
        self._age_ns = _AGE_NS + int(delay_s * NS)
        self._meters = {name: Meter() for name in (*microphones, *PROGRAM_SOUND)}
        self._at = 0

    def look(self, now_ns: int, faders: Mapping[str, tuple[float, bool]]) -> dict[str, Meter]:
        """Move every meter on to now. faders: gain in dB and whether it is muted."""
        end = sample_at(now_ns - self._age_ns)
        start = max(self._at or end - SAMPLE_RATE // 15, end - _LONGEST)
        self._at, now_s, dt_s = end, now_ns / NS, (end - start) / SAMPLE_RATE
        for name, (ring, picks) in self._rings.items():
            gain_db, muted = faders.get(name, (0.0, False))
            db = SILENCE_DB if muted else peak_db(ring.read(start, end - start, picks)[0]) + gain_db
            self._meters[name].step(db, now_s, dt_s)
        both = self._program.read(start, end - start)[0]
        for channel, name in enumerate(PROGRAM_SOUND):
            self._meters[name].step(peak_db(np.ascontiguousarray(both[:, channel])), now_s, dt_s)
        return self._meters

    def close(self) -> None:
        for ring in (*(ring for ring, _ in self._rings.values()), self._program):
            ring.close()
