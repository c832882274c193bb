"""Sources, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.sources import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.SourceDelay)
def _delay(state: ShowState, command: c.SourceDelay, hand: Hand, now_s: float) -> None:
    state.sync.delay(command.name, command.delay_ms)
