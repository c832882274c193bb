"""The outputs, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.outputs import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.OutputStart)
def _start(state: ShowState, command: c.OutputStart, hand: Hand, now_s: float) -> None:
    state.outputs.want(command.name, True)


@carries_out(c.OutputStop)
def _stop(state: ShowState, command: c.OutputStop, hand: Hand, now_s: float) -> None:
    state.outputs.want(command.name, False)
