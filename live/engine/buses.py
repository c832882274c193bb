"""The buses of the sound desk on air: a ring for each, and which of them somebody takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from live.config.desk import LISTEN, PROGRAM
from live.config.rig import Rig
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing


class Buses(Mapping[str, SoundRing]):
    """Every bus that there may be has its ring: one that nothing is written to costs no memory. listened: those that
    the operator hears. Engine thread only.
    """

    def __init__(self, rig: Rig) -> None:
        self._rings = {bus: SoundRing(ring_name("mix"), create=True) for bus in (*rig.buses, LISTEN)}
        self._users: Counter[str] = Counter()
        self.listened: tuple[str, ...] = ()

    def __getitem__(self, bus: str) -> SoundRing:
        return self._rings[bus]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rings)

    def __len__(self) -> int:
        return len(self._rings)

    def use(self, bus: str) -> None:
        """An output takes it from now on."""
        self._users[bus] += 1

    def release(self, bus: str) -> None:
        """That one doesn't any more."""
        self._users[bus] -= 1

    @property
    def used(self) -> frozenset[str]:
        """Those that the mixer has to make."""
        return frozenset({PROGRAM, *self.listened, *(+self._users)})

    def close(self) -> None:
        for ring in self._rings.values():
            ring.close()
