"""Riding the faders: what is automatic and quick between a strip's fader and its bus. Pure. Owner: whoever mixes.

While nothing of it is switched on it costs nothing and touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from live.audio.automix import Automix
from live.audio.ducking import Ducker
from live.audio.listener import Heard
from live.audio.mixer import Samples, factor
from live.audio.sidechain import Sidechain
from live.config.desk import DeskOrders

OPEN_OVER_DB = -40.0  # a microphone that is turned down further than this ducks nothing


class Rider:
    """Automix and ducking of all strips. microphones: in the order in which the listener hears them."""

    def __init__(self, microphones: Sequence[str]) -> None:
        self._sidechain, self._automix, self._ducker = Sidechain(microphones), Automix(microphones), Ducker()
        self._names = tuple(microphones)
        self._works = False

    @property
    def leader(self) -> str:
        """The microphone that leads the automix; "" for none."""
        return self._automix.leader if self._works else ""

    @property
    def automix_db(self) -> dict[str, float]:
        """What the automix does to each microphone."""
        return self._automix.gain_db if self._works else {}

    @property
    def ducking_db(self) -> dict[str, float]:
        """What ducking does to each strip that is ducked."""
        return self._ducker.gain_db if self._works else {}

    def hear(self, heard: Heard) -> None:
        """What the listener says of every block."""
        self._sidechain.hear(heard)

    def gains(
        self,
        start: int,
        blocks: Mapping[str, Samples],
        orders: DeskOrders,
        late: Mapping[str, int] | None = None,
    ) -> dict[str, Samples]:
        """Of the block from a sample number on, (BLOCK, 1) by strip: what it is multiplied with after its fader.
        blocks: (BLOCK, 2) by strip, before it. late: how many samples later than it came each is mixed."""
        members = {name for name in self._names if (strip := orders.strips.get(name)) and strip.automix}
        ducked = (*orders.strips.items(), *orders.groups.items())
        depths_db = {name: strip.duck_db for name, strip in ducked if strip.duck_db}
        if len(members) < 2:
            members = set()
        if not members and not depths_db and not self._works:
            return {}
        faders = {name: _fader(orders, name) for name in self._names}
        voices = self._sidechain.step(start, blocks, faders, late)
        loudness = np.array([faders[name] for name in self._names])
        gains = self._automix.step(voices, members, loudness > 0)
        speaks = voices.coming & (voices.loud_db > voices.floor_db) & (loudness > factor(OPEN_OVER_DB))
        for name, curve in self._ducker.step(depths_db, speaks=bool(speaks.any())).items():
            gains[name] = gains[name] * curve if name in gains else curve
        self._works = bool(members or depths_db or gains)
        return gains


def _fader(orders: DeskOrders, name: str) -> float:
    """What a microphone is multiplied with, by hand and by what is slow."""
    strip = orders.strips.get(name)
    if strip is None:
        return 1.0
    return factor(strip.settings.gain_db + strip.trim_db, strip.settings.muted) * strip.open
