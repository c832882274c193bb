"""The sound desk, by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.strips import Setting, loaded
from live.control.registry import Command, to_message
from live.show.handling import carries_out
from live.show.sound import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.MicrophoneGain)
def _gain(state: ShowState, command: c.MicrophoneGain, hand: Hand, now_s: float) -> None:
    state.sound.set(command.name, ("gain_db",), command.gain_db)


@carries_out(c.MicrophoneMute)
def _mute(state: ShowState, command: c.MicrophoneMute, hand: Hand, now_s: float) -> None:
    state.sound.set(command.name, ("muted",), command.muted)


def _set(setting: Setting, state: ShowState, command: Command, hand: Hand, now_s: float) -> None:
    state.sound.set(command.strip, setting.path, getattr(command, setting.path[-1]))  # type: ignore[attr-defined]


for _cls, _setting in c.SETS.items():
    carries_out(_cls)(partial(_set, _setting))


@carries_out(c.StripGroup)
def _group(state: ShowState, command: c.StripGroup, hand: Hand, now_s: float) -> None:
    groups = [g.name for g in state.rig.groups]
    if command.strip in groups:
        raise CommandError(
            to_message(command)[0], "a group goes straight to the program", "name a microphone or player"
        )
    if command.group != "none" and command.group not in groups:
        raise CommandError(
            to_message(command)[0],
            f"no group is called {command.group!r:.60}",
            f"one of: {', '.join([*groups, 'none'])}",
        )
    state.sound.rule(command.strip, group=None if command.group == "none" else command.group)


@carries_out(c.StripLike)
def _like(state: ShowState, command: c.StripLike, hand: Hand, now_s: float) -> None:
    strips = state.sound.strips
    state.sound.put(command.strip, loaded(strips[command.other], strips[command.strip]))


@carries_out(c.StripPreset)
def _preset(state: ShowState, command: c.StripPreset, hand: Hand, now_s: float) -> None:
    state.sound.put(command.strip, loaded(state.sound.presets[command.name], state.sound.strips[command.strip]))


@carries_out(c.MasterGain)
def _master_gain(state: ShowState, command: c.MasterGain, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, gain_db=command.gain_db))


@carries_out(c.MasterMute)
def _master_mute(state: ShowState, command: c.MasterMute, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, muted=command.muted))


@carries_out(c.MasterCeiling)
def _master_ceiling(state: ShowState, command: c.MasterCeiling, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, ceiling_db=command.ceiling_db))
