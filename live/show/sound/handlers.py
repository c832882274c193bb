"""The microphones, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.sound import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.MicrophoneGain)
def _gain(state: ShowState, command: c.MicrophoneGain, hand: Hand, now_s: float) -> None:
    _, muted = state.microphones.faders[command.name]
    state.microphones.faders[command.name] = (command.gain_db, muted)


@carries_out(c.MicrophoneMute)
def _mute(state: ShowState, command: c.MicrophoneMute, hand: Hand, now_s: float) -> None:
    gain_db, _ = state.microphones.faders[command.name]
    state.microphones.faders[command.name] = (gain_db, command.muted)
