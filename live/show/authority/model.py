"""What the machine suggests. The table of authority itself is the holder's: it is of all features' keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.director.suggestions import Suggestions
from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState


class Wheel(Feature):
    """What stands suggested."""

    def __init__(self) -> None:
        self.suggestions = Suggestions()

    @classmethod
    def build(cls, state: ShowState) -> Wheel:
        return cls()

    def step(self, frame: Frame) -> None:
        self.suggestions.step(frame.now_s)
