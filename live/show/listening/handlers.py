"""What the operator hears, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import Command, to_message
from live.show.handling import carries_out
from live.show.listening import commands as c

if TYPE_CHECKING:
    from live.show import ShowState
    from live.show.listening.model import Listening


def _listening(state: ShowState, command: Command) -> Listening:
    """Raises CommandError where nobody listens."""
    if state.listening.config is None:
        raise CommandError(
            to_message(command)[0],
            "the rig has no table [listening]",
            "give it one (docs/sound.md): a device to hear by",
        )
    return state.listening


@carries_out(c.ListeningSource)
def _source(state: ShowState, command: c.ListeningSource, hand: Hand, now_s: float) -> None:
    _listening(state, command).listen_to(command.name)


@carries_out(c.StripPfl)
def _pfl(state: ShowState, command: c.StripPfl, hand: Hand, now_s: float) -> None:
    listening = _listening(state, command)
    listening.engage(listening.pfl, command.strip, command.on)


@carries_out(c.StripAfl)
def _afl(state: ShowState, command: c.StripAfl, hand: Hand, now_s: float) -> None:
    listening = _listening(state, command)
    listening.engage(listening.afl, command.strip, command.on)


@carries_out(c.ListeningClear)
def _clear(state: ShowState, command: c.ListeningClear, hand: Hand, now_s: float) -> None:
    _listening(state, command).clear()


@carries_out(c.ListeningGain)
def _gain(state: ShowState, command: c.ListeningGain, hand: Hand, now_s: float) -> None:
    _listening(state, command).gain_db = command.gain_db


@carries_out(c.ListeningDim)
def _dim(state: ShowState, command: c.ListeningDim, hand: Hand, now_s: float) -> None:
    _listening(state, command).dimmed = command.dimmed


@carries_out(c.ListeningMute)
def _mute(state: ShowState, command: c.ListeningMute, hand: Hand, now_s: float) -> None:
    _listening(state, command).muted = command.muted


@carries_out(c.ListeningMono)
def _mono(state: ShowState, command: c.ListeningMono, hand: Hand, now_s: float) -> None:
    _listening(state, command).mono = command.mono


@carries_out(c.TalkbackOn)
def _talk(state: ShowState, command: c.TalkbackOn, hand: Hand, now_s: float) -> None:
    if state.listening.talkback is None:
        raise CommandError(
            to_message(command)[0], "the rig has no table [talkback]", "give it one (docs/sound.md): a source's channel"
        )
    state.listening.talk(command.on, command.who)
