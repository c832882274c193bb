"""The sound desk, by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.presets import preset_of
from live.config.strips import FOLLOW_RULE, Setting, StripRules, loaded, shots_of
from live.control.registry import Command, parse, to_message
from live.director.authority import Key, Level
from live.show.handling import carries_out, carry_out
from live.show.listening.commands import StripAfl
from live.show.sound import commands as c
from live.show.sound.automatic import AUTOMIX, DENOISE, DUCKING, FOLLOW, LEVELLING, SUGGESTS, key_of
from live.show.sound.check import Place

if TYPE_CHECKING:
    from live.show import ShowState

MOST_STORED = 100  # presets of a rig


@carries_out(c.MicrophoneGain)
def _gain(state: ShowState, command: c.MicrophoneGain, hand: Hand, now_s: float) -> list[Key]:
    return state.sound.hand(command.name, ("gain_db",), command.gain_db)


@carries_out(c.MicrophoneMute)
def _mute(state: ShowState, command: c.MicrophoneMute, hand: Hand, now_s: float) -> list[Key]:
    return state.sound.hand(command.name, ("muted",), command.muted)


def _set(setting: Setting, state: ShowState, command: Any, hand: Hand, now_s: float) -> list[Key]:
    name = setting.path[-1]
    if setting.path[0] in StripRules.model_fields:
        state.sound.rule(command.strip, **{name: getattr(command, name)})
        return []
    return state.sound.hand(command.strip, setting.path, getattr(command, name))


for _cls, _setting in c.SETS.items():
    carries_out(_cls)(partial(_set, _setting))


@carries_out(c.StripGroup)
def _group(state: ShowState, command: c.StripGroup, hand: Hand, now_s: float) -> None:
    groups = [g.name for g in state.rig.groups]
    if command.strip in groups:
        raise _refused(command, "a group goes straight to the program", "name a microphone or a player")
    if command.group != "none" and command.group not in groups:
        right = f"one of: {', '.join([*groups, 'none'])}"
        raise _refused(command, f"no group is called {command.group!r:.60}", right)
    state.sound.rule(command.strip, group=None if command.group == "none" else command.group)


@carries_out(c.StripLike)
def _like(state: ShowState, command: c.StripLike, hand: Hand, now_s: float) -> None:
    strips = state.sound.strips
    state.sound.put(command.strip, loaded(strips[command.other], strips[command.strip]))


@carries_out(c.StripPreset)
def _preset(state: ShowState, command: c.StripPreset, hand: Hand, now_s: float) -> None:
    state.sound.put(command.strip, loaded(state.sound.presets[command.name], state.sound.strips[command.strip]))


@carries_out(c.StripStore)
def _store(state: ShowState, command: c.StripStore, hand: Hand, now_s: float) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", command.name):
        raise _refused(
            command, f"{command.name!r:.60} is no name for a preset", "use lower-case letters, digits, - and _"
        )
    presets = state.sound.presets
    if command.name not in presets and len(presets) >= MOST_STORED:
        raise _refused(command, f"there are {MOST_STORED} presets, which is all there may be", "write over one of them")
    title = presets[command.name].title if command.name in presets else ""
    state.sound.store(command.name, preset_of(state.sound.strips[command.strip], title=title))


@carries_out(c.StripSolo)
def _solo(state: ShowState, command: c.StripSolo, hand: Hand, now_s: float) -> Sequence[Key] | None:
    desk = state.sound
    if not desk.in_place:
        return carry_out(state, StripAfl(command.strip, command.on), hand, now_s)
    desk.put_solo(desk.solo | {command.strip} if command.on else desk.solo - {command.strip})
    _warn_of_solo(state, hand)
    return None


@carries_out(c.SoundSolo)
def _solo_where(state: ShowState, command: c.SoundSolo, hand: Hand, now_s: float) -> None:
    state.sound.in_place = command.where == "in place"
    if not state.sound.in_place:
        state.sound.put_solo(())


def _warn_of_solo(state: ShowState, hand: Hand) -> None:
    """Solo in place changes what is on air: that stands in the log in words."""
    desk = state.sound
    if desk.solo:
        only = ", ".join(desk.labels[name] for name in desk.strips if name in desk.solo)
        state.log("desk", hand.who, solo=sorted(desk.solo), reason=f"solo in place: only {only} is on air now")


# -- the machine -------------------------------------------------------------------------------------------------------


@carries_out(c.StripFollow)
def _follow(state: ShowState, command: c.StripFollow, hand: Hand, now_s: float) -> None:
    desk, rule = state.sound, command.rule
    if not re.fullmatch(FOLLOW_RULE, rule) or len(rule) > 200:
        raise _refused(
            command, f"{rule!r:.60} is no rule", "off, source, or shots with commas between them: shot:studio/left,cam2"
        )
    if (unknown := next((shot for shot in shots_of(rule) if shot not in state.mix.shots), None)) is not None:
        raise _refused(command, f"no shot is called {unknown!r:.60}", f"one of: {', '.join(state.mix.shots):.300}")
    if rule == "source" and not desk.pictures[command.strip]:
        raise _refused(command, "no picture goes with it", "name shots: shot:studio/left,cam2")
    desk.rule(command.strip, follow=rule)
    if rule == "off":
        desk.put_open(command.strip, True)
    _let(state, command.strip, FOLLOW, Level(state.rig.sound.follow) if rule != "off" else Level.OFF, now_s)


@carries_out(c.StripOpen)
def _open(state: ShowState, command: c.StripOpen, hand: Hand, now_s: float) -> list[Key]:
    if state.sound.rules[command.strip].follow == "off":
        raise _refused(command, "it follows no picture", "mute it, or give it a rule: /strips/<strip>/follow source")
    state.sound.put_open(command.strip, command.on)
    return [key_of(command.strip, FOLLOW)]


@carries_out(c.StripLevelling)
def _levelling(state: ShowState, command: c.StripLevelling, hand: Hand, now_s: float) -> None:
    _of_a_voice(state, command, command.strip)
    state.sound.rule(command.strip, levelling=command.level)
    _let(state, command.strip, LEVELLING, Level(command.level), now_s)


@carries_out(c.StripAutomix)
def _automix(state: ShowState, command: c.StripAutomix, hand: Hand, now_s: float) -> None:
    _of_a_voice(state, command, command.strip)
    state.sound.rule(command.strip, automix=command.on)
    _let(state, command.strip, AUTOMIX, Level.AUTO if command.on else Level.OFF, now_s)


@carries_out(c.StripDenoise)
def _denoise(state: ShowState, command: c.StripDenoise, hand: Hand, now_s: float) -> None:
    _of_a_voice(state, command, command.strip)
    state.sound.rule(command.strip, denoise=command.on)
    _let(state, command.strip, DENOISE, Level.AUTO if command.on else Level.OFF, now_s)


@carries_out(c.StripDuck)
def _duck(state: ShowState, command: c.StripDuck, hand: Hand, now_s: float) -> None:
    state.sound.rule(command.strip, duck_db=command.duck_db)
    _let(state, command.strip, DUCKING, Level.AUTO if command.duck_db > 0 else Level.OFF, now_s)


@carries_out(c.SoundLevel)
def _level(state: ShowState, command: c.SoundLevel, hand: Hand, now_s: float) -> None:
    what, level = command.automation, Level(command.level)
    if level is Level.SUGGEST and what not in SUGGESTS:
        raise _refused(command, f"{what} has nothing to suggest", "it is off or auto")
    for strip in state.sound.asking(what):
        _let(state, strip, what, level, now_s)


@carries_out(c.StripRelease)
def _release(state: ShowState, command: c.StripRelease, hand: Hand, now_s: float) -> None:
    for key in state.sound.keys(command.strip):
        state.authority.release(key, now_s=now_s)


@carries_out(c.StripLock)
def _lock(state: ShowState, command: c.StripLock, hand: Hand, now_s: float) -> None:
    for key in state.sound.keys(command.strip):
        state.authority.lock(key)


@carries_out(c.StripUnlock)
def _unlock(state: ShowState, command: c.StripUnlock, hand: Hand, now_s: float) -> None:
    for key in state.sound.keys(command.strip):
        state.authority.unlock(key)


def _let(state: ShowState, strip: str, what: str, level: Level, now_s: float) -> None:
    """A hand says how far the machine may go: what was suggested before that is gone, and so is a panic."""
    key = key_of(strip, what)
    state.authority.set_level(key, level, now_s=now_s)
    state.wheel.suggestions.withdraw(*key)


def _of_a_voice(state: ShowState, command: Command, strip: str) -> None:
    if state.sound.kinds[strip] != "microphone":
        raise _refused(command, f"{strip} is no microphone", f"one of: {', '.join(state.sound.levellers) or 'none'}")


def _refused(command: Command, cause: str, right: str) -> CommandError:
    return CommandError(to_message(command)[0], cause, right)


@carries_out(c.SoundCheck)
def _check(state: ShowState, command: c.SoundCheck, hand: Hand, now_s: float) -> None:
    if not state.sound.begin_check():
        raise _refused(command, "nobody wears a microphone that is open", "say in [[people]] who does, or open it")


@carries_out(c.SoundCheckTake)
def _check_take(state: ShowState, command: c.SoundCheckTake, hand: Hand, now_s: float) -> None:
    for strip, place in _proposed(state, command, command.strip):
        assert place.proposal is not None
        place.done = "taken"
        state.sound.withdraw_check(strip)
        state.sound.levellers[strip].put(0.0)  # the gain is proposed for the fader alone
        for address, args in place.proposal.does(strip):
            state.apply(parse(address, args), hand, now_s)


@carries_out(c.SoundCheckDrop)
def _check_drop(state: ShowState, command: c.SoundCheckDrop, hand: Hand, now_s: float) -> None:
    for strip, place in _proposed(state, command, command.strip):
        place.done = "dropped"
        state.sound.withdraw_check(strip)


@carries_out(c.SoundCheckStop)
def _check_stop(state: ShowState, command: c.SoundCheckStop, hand: Hand, now_s: float) -> None:
    state.sound.end_check()


def _proposed(state: ShowState, command: Command, strip: str | None) -> list[tuple[str, Place]]:
    """What stands proposed of one microphone, or of all. Raises CommandError when nothing does."""
    places = state.sound.check.places if state.sound.check is not None else {}
    found = [(n, p) for n, p in places.items() if strip in (None, n) and p.proposal is not None and not p.done]
    if not found:
        waits = ", ".join(state.sound.labels[n] for n in state.sound.check.waiting()) if state.sound.check else ""
        right = f"wait until they have spoken: {waits}" if waits else "begin one: /sound/check"
        raise _refused(command, "the sound check proposes nothing there now", right)
    return found


# -- the master --------------------------------------------------------------------------------------------------------


@carries_out(c.MasterGain)
def _master_gain(state: ShowState, command: c.MasterGain, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, gain_db=command.gain_db))


@carries_out(c.MasterMute)
def _master_mute(state: ShowState, command: c.MasterMute, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, muted=command.muted))


@carries_out(c.MasterCeiling)
def _master_ceiling(state: ShowState, command: c.MasterCeiling, hand: Hand, now_s: float) -> None:
    state.sound.order_master(replace(state.sound.master, ceiling_db=command.ceiling_db))
