"""The microphones, by hand."""

from __future__ import annotations

from live.show.handling import carries_out
from live.show.sound import commands as c
from live.show.state import ShowState


@carries_out(c.MicrophoneGain)
def _gain(state: ShowState, command: c.MicrophoneGain, by: str, now_s: float) -> None:
    _, muted = state.faders[command.name]
    state.faders[command.name] = (command.gain_db, muted)


@carries_out(c.MicrophoneMute)
def _mute(state: ShowState, command: c.MicrophoneMute, by: str, now_s: float) -> None:
    gain_db, _ = state.faders[command.name]
    state.faders[command.name] = (gain_db, command.muted)
