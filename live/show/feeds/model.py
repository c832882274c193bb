"""Which feeds are wanted, and what the auxiliaries show. Pure; owned by the show's state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.feeds import BUILT_IN_FEEDS
from live.config.load import Show
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass
class AuxState:
    """What an auxiliary shows, and since when (show time)."""

    label: str
    shows: str
    since_s: float = 0.0


@dataclass(frozen=True)
class KeptFeeds:
    """By auxiliary: what it shows, and for how long already, seconds."""

    auxes: Mapping[str, tuple[str, float]]


class FeedDesk(Feature[KeptFeeds]):
    """Which feeds are wanted, and what the auxiliaries show. Pure; owned by the show's state."""

    undoes = ("auxes",)

    def __init__(self, show: Show) -> None:
        self.names = list(show.rig.feeds)
        self.auxes = {a.name: AuxState(a.label, a.shows) for a in show.rig.auxiliaries}
        # What an auxiliary can be told to show.
        self.shown = [*BUILT_IN_FEEDS, *(m.name for m in show.rig.multiviews), *(s.id for s in show.all_shots)]
        self._until_s: dict[str, float] = {}

    @classmethod
    def build(cls, state: ShowState) -> FeedDesk:
        return cls(state.show)

    def save(self, now_s: float) -> KeptFeeds:
        return KeptFeeds({name: (aux.shows, now_s - aux.since_s) for name, aux in self.auxes.items()})

    @classmethod
    def rig_keys(cls, kept: KeptFeeds, show: Show) -> Iterator[RigKey]:
        for name, (shows, _) in kept.auxes.items():
            yield RigKey(("auxiliaries", Item(name), "shows"), shows)

    def restore(self, kept: KeptFeeds, now_s: float) -> None:
        for name, (shows, age_s) in kept.auxes.items():
            if name in self.auxes and shows in self.shown:
                self.set_aux(name, shows, now_s - age_s)

    def known(self) -> Mapping[str, Collection[str]]:
        return {"feed": self.names, "auxiliary": self.auxes, "shot, source or feed": self.shown}

    def want(self, name: str, until_s: float) -> None:
        """Somebody looks at a feed until a time of the show."""
        self._until_s[name] = max(until_s, self._until_s.get(name, 0.0))

    def wanted(self, now_s: float) -> set[str]:
        """What is looked at now."""
        return {name for name, until_s in self._until_s.items() if now_s < until_s}

    def set_aux(self, name: str, shows: str, now_s: float) -> None:
        aux = self.auxes[name]
        aux.shows, aux.since_s = shows, now_s
