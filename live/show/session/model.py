"""The show itself: whether it goes on, and whether its automation does. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


class Session(Feature):
    """want_preview_until_s: till when somebody looks at the small pictures, show time."""

    def __init__(self) -> None:
        self.panic = False
        self.ended = False
        self.want_preview_until_s = -1.0

    @classmethod
    def build(cls, state: ShowState) -> Session:
        return cls()
