"""Who is brought in, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.fitness import commands as c
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.PersonOnCall)
def _person(state: ShowState, command: c.PersonOnCall, hand: Hand, now_s: float) -> None:
    waiting = state.fitness.people_on_call
    state.fitness.wait_for(waiting, command.name, command.name not in waiting if command.on is None else command.on)


@carries_out(c.SourceOnCall)
def _source(state: ShowState, command: c.SourceOnCall, hand: Hand, now_s: float) -> None:
    waiting = state.fitness.sources_on_call
    state.fitness.wait_for(waiting, command.name, command.name not in waiting if command.on is None else command.on)
