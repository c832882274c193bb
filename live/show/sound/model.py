"""The microphones under a hand, and who is heard to speak. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptFaders:
    """By microphone: gain in dB, muted."""

    faders: Mapping[str, tuple[float, bool]]


class Microphones(Feature[KeptFaders]):
    """faders: by microphone, its gain in dB and whether it is muted."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.faders = {m.name: (m.gain_db, m.muted) for m in state.rig.microphones}
        self._spoke: list[str] = []

    @classmethod
    def build(cls, state: ShowState) -> Microphones:
        return cls(state)

    def save(self, now_s: float) -> KeptFaders:
        return KeptFaders(dict(self.faders))

    def restore(self, kept: KeptFaders, now_s: float) -> None:
        self.faders |= {name: fader for name, fader in kept.faders.items() if name in self.faders}

    def known(self) -> Mapping[str, Collection[str]]:
        return {"microphone": self.faders}

    def step(self, frame: Frame) -> None:
        """Who speaks goes into the log on every change: what reports, recuts and learning go by."""
        speaking = sorted(person for person, is_on in frame.hearing.speaking.items() if is_on)
        if speaking != self._spoke:
            self._spoke = speaking
            self._state.log("speech", "live", speaking=speaking)
