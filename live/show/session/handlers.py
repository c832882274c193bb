"""The show itself, by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.base import NAME
from live.show.handling import carries_out
from live.show.session import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.ShowPanic)
def _panic(state: ShowState, command: c.ShowPanic, hand: Hand, now_s: float) -> None:
    state.authority.panic(now_s=now_s)
    state.session.panic = True
    for mix in state.mixes.values():
        mix.proposal = None


@carries_out(c.ShowUndo)
def _undo(state: ShowState, command: c.ShowUndo, hand: Hand, now_s: float) -> None:
    change = state.take_back(hand, now_s)
    state.mix.look_through()
    state.log("state", hand.who, undone=change.address)


@carries_out(c.ShowMarker)
def _marker(state: ShowState, command: c.ShowMarker, hand: Hand, now_s: float) -> None:
    state.log("marker", hand.who, text=command.text)


@carries_out(c.RigSave)
def _save(state: ShowState, command: c.RigSave, hand: Hand, now_s: float) -> None:
    if command.name and not re.fullmatch(NAME, command.name):
        raise CommandError("/rig/save", f"{command.name!r:.60} is no name for a rig", "use a to z, 0 to 9, - and _")
    if state.session.saving:
        raise CommandError("/rig/save", "the rig is being saved", "save it again in a moment")
    state.session.saving, state.session.save_as = True, command.name


@carries_out(c.ShowEnd)
def _end(state: ShowState, command: c.ShowEnd, hand: Hand, now_s: float) -> None:
    state.session.ended = True


@carries_out(c.MultiviewWant)
def _want(state: ShowState, command: c.MultiviewWant, hand: Hand, now_s: float) -> None:
    state.session.want_preview_until_s = now_s + command.seconds
