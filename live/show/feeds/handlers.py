"""The feeds, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.control.registry import to_message
from live.show.feeds import commands as c
from live.show.handling import carries_out
from live.show.within import must_not_howl

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.AuxSet)
def _set(state: ShowState, command: c.AuxSet, hand: Hand, now_s: float) -> None:
    must_not_howl(state, to_message(command)[0], command.name, command.shows)
    state.feeds.set_aux(command.name, command.shows, now_s)
    state.mix.look_through()


@carries_out(c.FeedsWant)
def _want(state: ShowState, command: c.FeedsWant, hand: Hand, now_s: float) -> None:
    state.feeds.want(command.name, now_s + command.seconds)
