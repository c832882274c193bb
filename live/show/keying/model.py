"""What each source's keyer is told. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.config.keying import KeyerOrders
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


class Keyers(Feature):
    """orders: by source, of those that the rig keys."""

    def __init__(self, orders: dict[str, KeyerOrders]) -> None:
        self.orders = orders

    @classmethod
    def build(cls, state: ShowState) -> Keyers:
        return cls({s.name: s.orders for s in state.rig.sources if s.key != "none"})
