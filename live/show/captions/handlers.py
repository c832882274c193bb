"""Captions, by hand."""

from __future__ import annotations

from live.base.errors import CommandError
from live.show.captions import commands as c
from live.show.handling import carries_out
from live.show.state import ShowState


@carries_out(c.CaptionsShow)
def _show(state: ShowState, command: c.CaptionsShow, by: str, now_s: float) -> None:
    _need(state, "/captions/show")
    state.captions.visible = True


@carries_out(c.CaptionsHide)
def _hide(state: ShowState, command: c.CaptionsHide, by: str, now_s: float) -> None:
    _need(state, "/captions/hide")
    state.captions.visible = False


@carries_out(c.CaptionsClear)
def _clear(state: ShowState, command: c.CaptionsClear, by: str, now_s: float) -> None:
    _need(state, "/captions/clear")
    state.captions.clear()


def _need(state: ShowState, address: str) -> None:
    if not state.captions.there:
        raise CommandError(address, "this show has no captions", "add [captions] to the rig")
