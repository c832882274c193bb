"""The meters of the sound desk as the show goes by them: the log's figures, and what is worth a word. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from live.show.feature import Feature, Frame
from live.show.metering.warnings import Warnings
from live.sound.metering import SILENCE_LUFS, Loudness, Metered

if TYPE_CHECKING:
    from live.show import ShowState

LOGGED_EVERY_S = 60.0


class Metering(Feature[None]):
    """metered: what the meters read last. warnings: what they give cause to say now."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.metered = Metered()
        self._warnings = Warnings()
        self._logged_s = 0.0

    @classmethod
    def build(cls, state: ShowState) -> Metering:
        return cls(state)

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line each."""
        return tuple(self._warnings.now.values())

    def step(self, frame: Frame) -> None:
        if frame.metered.until != self.metered.until:
            self.metered = frame.metered
            self._warn(frame)
        if frame.now_s - self._logged_s >= LOGGED_EVERY_S:
            self._logged_s = frame.now_s
            if figures := self.figures():
                self._state.log("loudness", "live", **figures)

    def _warn(self, frame: Frame) -> None:
        desk, metered = self._state.sound, frame.metered
        # The two sides of a microphone are whoever listens' to speak of (live/audio/listener.py).
        judged = {desk.labels[n]: lv for n, lv in metered.strips.items() if desk.kinds[n] != "microphone"}
        for text in self._warnings.step(
            frame.now_s,
            metered,
            target_lufs=self._state.rig.sound.target_lufs,
            ceiling_db=desk.master.ceiling_db,
            speaking=any(frame.hearing.speaking.values()),
            labels=desk.labels,
            judged=judged | {"program": metered.program},
        ):
            self._state.log("sound", "live", message=text)

    def figures(self) -> Mapping[str, float]:
        """What the log says of the program's loudness; nothing before anything was heard."""
        return figures_of(self.metered.loudness)


def figures_of(loudness: Loudness) -> dict[str, float]:
    if loudness.integrated_lufs <= SILENCE_LUFS:
        return {}
    return {
        "short_lufs": round(loudness.short_lufs, 1),
        "integrated_lufs": round(loudness.integrated_lufs, 1),
        "range_lu": round(loudness.range_lu, 1),
        "true_peak_db": round(loudness.true_peak_db, 1),
    }
