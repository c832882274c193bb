"""Graphics, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.show.graphics import commands as c
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.GraphicShow)
def _show(state: ShowState, command: c.GraphicShow, hand: Hand, now_s: float) -> None:
    state.graphics[command.name].visible = True


@carries_out(c.GraphicHide)
def _hide(state: ShowState, command: c.GraphicHide, hand: Hand, now_s: float) -> None:
    state.graphics[command.name].visible = False


@carries_out(c.GraphicSet)
def _set(state: ShowState, command: c.GraphicSet, hand: Hand, now_s: float) -> None:
    known = state.graphics.fields_of(command.name)
    if command.field not in known:
        raise CommandError(
            f"/graphics/{command.name}/set",
            f"no field is called {command.field!r:.40}",
            f"one of: {', '.join(known) or 'none'}",
        )
    if command.text and command.field in state.graphics.images_of(command.name):
        state.asks.meant(f"/graphics/{command.name}/set", command.text)
    state.graphics[command.name].fields[command.field] = command.text


@carries_out(c.GraphicRow)
def _row(state: ShowState, command: c.GraphicRow, hand: Hand, now_s: float) -> None:
    if not state.graphics.set_row(command.name, command.row):
        raise CommandError(f"/graphics/{command.name}/row", "has no data file", "give it one in the rig (data)")
