"""Scenarios, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.scenarios import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.ScenarioPick)
def _pick(state: ShowState, command: c.ScenarioPick, hand: Hand, now_s: float) -> None:
    state.scenarios.pick(command.name, hand, now_s)
