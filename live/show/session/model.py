"""The show itself: whether it goes on, and whether its automation does. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptSession:
    """panic: all automation is stopped."""

    panic: bool


class Session(Feature[KeptSession]):
    """want_preview_until_s: till when somebody looks at the small pictures, show time. saving: the rig is being
    saved. save_as: it is to be, under that name ("" for its own); None once somebody does. saved: what came of it last.
    """

    def __init__(self) -> None:
        self.panic = False
        self.ended = False
        self.want_preview_until_s = -1.0
        self.saving = False
        self.save_as: str | None = None
        self.saved = ""

    @classmethod
    def build(cls, state: ShowState) -> Session:
        return cls()

    def save(self, now_s: float) -> KeptSession:
        return KeptSession(self.panic)

    def restore(self, kept: KeptSession, now_s: float) -> None:
        self.panic = kept.panic
