"""A source's colours as ordered. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from live.config.keying import ColourConfig
from live.config.load import Show

SET = "set"  # what a match may have for its reference instead of a source: what the set is made of


@dataclass
class Colours:
    """A source's colours as ordered. reference: what it is matched to, "" for nothing; orders: raised by each command
    for a match.
    """

    config: ColourConfig
    reference: str = ""
    follow: bool = False
    locked: bool = False
    orders: int = 0


def colours_of(show: Show) -> dict[str, Colours]:
    """As the rig says: a match in the rig follows."""
    return {s.name: Colours(s.colour, s.colour.match or "", s.colour.match is not None) for s in show.rig.sources}
