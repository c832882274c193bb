"""The microphones under a hand, and who is heard to speak. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState


class Microphones(Feature):
    """faders: by microphone, its gain in dB and whether it is muted."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.faders = {m.name: (m.gain_db, m.muted) for m in state.rig.microphones}
        self._spoke: list[str] = []

    @classmethod
    def build(cls, state: ShowState) -> Microphones:
        return cls(state)

    def known(self) -> Mapping[str, Collection[str]]:
        return {"microphone": self.faders}

    def step(self, frame: Frame) -> None:
        """Who speaks goes into the log on every change: what reports, recuts and learning go by."""
        speaking = sorted(person for person, is_on in frame.hearing.speaking.items() if is_on)
        if speaking != self._spoke:
            self._spoke = speaking
            self._state.log("speech", "live", speaking=speaking)
