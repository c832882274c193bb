"""A source's colours as ordered. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.keying import ColourConfig
from live.config.load import Show
from live.config.rig import AnySource
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState

SET = "set"  # what a match may have for its reference instead of a source: what the set is made of


@dataclass
class SourceColours:
    """A source's colours as ordered. reference: what it is matched to, "" for nothing; orders: raised by each command
    for a match.
    """

    config: ColourConfig
    reference: str = ""
    follow: bool = False
    locked: bool = False
    orders: int = 0


@dataclass(frozen=True)
class KeptColours:
    """By source: its settings, what it is matched to, whether it follows, whether a hand has locked it."""

    all: Mapping[str, tuple[ColourConfig, str, bool, bool]]


class ColourDesk(Feature[KeptColours]):
    """The colours of every source of the rig: a match in the rig follows."""

    undoes = ("all",)

    def __init__(self, sources: Sequence[AnySource]) -> None:
        self.all = {s.name: SourceColours(s.colour, s.colour.match or "", s.colour.match is not None) for s in sources}

    @classmethod
    def build(cls, state: ShowState) -> ColourDesk:
        return cls(state.rig.sources)

    def save(self, now_s: float) -> KeptColours:
        return KeptColours({n: (c.config, c.reference, c.follow, c.locked) for n, c in self.all.items()})

    @classmethod
    def rig_keys(cls, kept: KeptColours, show: Show) -> Iterator[RigKey]:
        for name, (config, reference, follow, _) in kept.all.items():
            match = reference if follow else None
            yield RigKey(("sources", Item(name), "colour"), config.model_dump() | {"match": match})
            once = None if follow else reference or None
            why = f"that {name} was matched to {reference} once: a rig's match follows"
            yield RigKey(("sources", Item(name), "matched"), once, cannot=why)

    def restore(self, kept: KeptColours, now_s: float) -> None:
        for name, (config, reference, follow, locked) in kept.all.items():
            if name in self.all:
                orders = self.all[name].orders + 1
                self.all[name] = SourceColours(config, reference, follow, locked, orders)
