"""Captions, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.show.captions import commands as c
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.CaptionsShow)
def _show(state: ShowState, command: c.CaptionsShow, hand: Hand, now_s: float) -> None:
    _need(state, "/captions/show")
    state.captions.visible = True


@carries_out(c.CaptionsHide)
def _hide(state: ShowState, command: c.CaptionsHide, hand: Hand, now_s: float) -> None:
    _need(state, "/captions/hide")
    state.captions.visible = False


@carries_out(c.CaptionsClear)
def _clear(state: ShowState, command: c.CaptionsClear, hand: Hand, now_s: float) -> None:
    _need(state, "/captions/clear")
    state.captions.clear()


def _need(state: ShowState, address: str) -> None:
    if not state.captions.there:
        raise CommandError(address, "this show has no captions", "add [captions] to the rig")
