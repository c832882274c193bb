"""What one table of a rig can't see by itself: names that must exist elsewhere. Each table checks its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live.config.base import Model, Wrong

if TYPE_CHECKING:
    from live.config.rig import Rig


class Table(Model):
    """A table of a rig that refers to others."""

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        """What is wrong in it beside the rest of the rig."""
        yield from ()


@dataclass(frozen=True)
class Known:
    """The rest of the rig, without its faulty parts. given: every name that the file gives, by table, in faulty tables
    too: a fault in a source is no second fault where it is used. places: of each scene, those where somebody stands.
    shots: their ids; None when they can't be known, because a scene or a source is at fault.
    """

    rig: Rig
    given: Mapping[str, Collection[str]]
    places: Mapping[str, Collection[str]]
    shots: Collection[str] | None
    layer_places: Mapping[str, Collection[str]] = field(default_factory=dict)  # those of `places` that layers have

    def names(self, table: str) -> set[str]:
        return set(self.given.get(table, ()))

    @property
    def feeds(self) -> set[str]:
        return {*self.rig.feeds, *self.names("auxiliaries"), *self.names("multiviews")}

    @staticmethod
    def need(key: str, name: str | None, known: Collection[str], what: str) -> Iterator[Wrong]:
        """A name that must be one of those known."""
        if name is not None and name not in known:
            yield Wrong(key, f"no {what} is called {name}", f"one of: {', '.join(sorted(known)) or 'none'}")
