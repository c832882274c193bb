"""The multiviews, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.multiviews import SOURCE_WORD
from live.control.registry import to_message
from live.show.handling import carries_out
from live.show.multiviews import commands as c
from live.show.within import must_not_howl

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.MultiviewLayout)
def _layout(state: ShowState, command: c.MultiviewLayout, hand: Hand, now_s: float) -> None:
    desk = state.multiviews
    before = desk.layout(command.name)
    desk.set_layout(command.name, command.layout)
    try:
        for shown in desk.shown(command.name):
            must_not_howl(state, to_message(command)[0], command.name, shown)
    except CommandError:
        desk.set_layout(command.name, before)
        raise
    state.mix.look_through()


@carries_out(c.MultiviewWindow)
def _window(state: ShowState, command: c.MultiviewWindow, hand: Hand, now_s: float) -> None:
    if command.shows != command.name:
        must_not_howl(state, to_message(command)[0], command.name, command.shows.removeprefix(SOURCE_WORD))
    state.multiviews.set_window(command.name, command.number, command.shows)
    state.mix.look_through()
