"""The meters, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.metering import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.LoudnessReset)
def _reset(state: ShowState, command: c.LoudnessReset, hand: Hand, now_s: float) -> None:
    meters = state.sound.meters
    state.sound.order_meters(replace(meters, begun=meters.begun + 1))


@carries_out(c.MetersClear)
def _clear(state: ShowState, command: c.MetersClear, hand: Hand, now_s: float) -> None:
    meters = state.sound.meters
    state.sound.order_meters(replace(meters, cleared=meters.cleared + 1))
