"""What the machine suggests. The table of authority itself is the holder's: it is of all features' keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.director.authority import KeptKeyState
from live.director.suggestions import Suggestions
from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptWheel:
    """keys: those of authority, as they stood. dropped: suggestions that aren't made again for so many seconds."""

    keys: tuple[KeptKeyState, ...]
    dropped: tuple[tuple[str, str, str, float], ...]


class Wheel(Feature[KeptWheel]):
    """What stands suggested."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.suggestions = Suggestions()

    @classmethod
    def build(cls, state: ShowState) -> Wheel:
        return cls(state)

    def save(self, now_s: float) -> KeptWheel:
        return KeptWheel(self._state.authority.save(now_s), self.suggestions.save(now_s))

    def restore(self, kept: KeptWheel, now_s: float) -> None:
        self._state.authority.restore(kept.keys, now_s)
        self.suggestions.restore(kept.dropped, now_s)

    def step(self, frame: Frame) -> None:
        self.suggestions.step(frame.now_s)
