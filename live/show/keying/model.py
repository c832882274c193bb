"""What each source's keyer is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.keying import KeyerOrders
from live.config.load import Show
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptKeyers:
    """By source."""

    orders: Mapping[str, KeyerOrders]


class Keyers(Feature[KeptKeyers]):
    """orders: by source, of those that the rig keys."""

    undoes = ("orders",)
    stays = ("picks", "finds", "plates")

    def __init__(self, orders: dict[str, KeyerOrders]) -> None:
        self.orders = orders

    @classmethod
    def build(cls, state: ShowState) -> Keyers:
        return cls({s.name: s.orders for s in state.rig.sources if s.key != "none"})

    def save(self, now_s: float) -> KeptKeyers:
        """But for taking an empty picture: when the show is taken up again, somebody may be in it."""
        return KeptKeyers({n: o.model_copy(update={"plates": 0}) for n, o in self.orders.items()})

    @classmethod
    def rig_keys(cls, kept: KeptKeyers, show: Show) -> Iterator[RigKey]:
        for name, orders in kept.orders.items():
            yield RigKey(("sources", Item(name), "key"), orders.key)
            yield RigKey(("sources", Item(name), "keyer"), orders.keyer.model_dump())
            why = f"the screen's colour that was picked in {name}: pick it again, or give keyer.screen"
            yield RigKey(("sources", Item(name), "picked"), orders.picks or None, cannot=why)

    def restore(self, kept: KeptKeyers, now_s: float) -> None:
        for name, orders in kept.orders.items():
            if name in self.orders:
                self.orders[name] = orders.model_copy(update={"plates": self.orders[name].plates})
