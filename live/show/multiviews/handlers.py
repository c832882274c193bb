"""The multiviews, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.multiviews import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.MultiviewLayout)
def _layout(state: ShowState, command: c.MultiviewLayout, hand: Hand, now_s: float) -> None:
    state.multiviews.set_layout(command.name, command.layout)


@carries_out(c.MultiviewWindow)
def _window(state: ShowState, command: c.MultiviewWindow, hand: Hand, now_s: float) -> None:
    state.multiviews.set_window(command.name, command.number, command.shows)
