"""What one frame of the desk is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from live.console.layout import Layout, Tile
from live.control.view import View
from live.show.cuts.published import ShotOnKey
from live.show.sources.published import SourceStatus


@dataclass
class Slot:
    """A tile of the row: a shot on a key, or a source that no key shows."""

    tile: Tile
    shot: ShotOnKey | None
    source: SourceStatus | None
    live: bool = False  # its picture moves


@dataclass
class Screen:
    """Everything one frame of the desk is drawn from. preview_live, program_live, move_live: there is a picture."""

    view: View
    layout: Layout
    slots: list[Slot]
    connected: bool
    where: str  # host:port of the engine
    lost_s: float  # how long it has been silent
    count_down: tuple[float, float] | None
    preview_live: bool
    program_live: bool
    move_live: bool
