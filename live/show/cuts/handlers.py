"""The buses and the automatic director, by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.director.authority import Level
from live.picture.transitions import WIPES, Style
from live.show.cuts import commands as c
from live.show.cuts.switcher import Setting
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.PreviewSet)
def _set_preview(state: ShowState, command: c.PreviewSet, hand: Hand, now_s: float) -> None:
    switcher = state.mixes[command.mix].switcher
    switcher.set_preview(command.shot, now_s)
    switcher.preview_by_hand = True


@carries_out(c.PreviewTransition)
def _rehearse(state: ShowState, command: c.PreviewTransition, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    on = not mix.switcher.rehearsing if command.on is None else command.on
    if not mix.switcher.rehearse(on):
        raise CommandError(
            "/preview/transition", "a transition runs on program", "try the next one out when it is over"
        )
    state.log("state", hand.who, rehearsal=on)


@carries_out(c.ProgramCut)
def _cut(state: ShowState, command: c.ProgramCut, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    before, to = mix.switcher.cut(command.shot, now_s)
    mix.tie(0.0)
    mix.log_cut(hand.who, before, to, "by hand")


@carries_out(c.ProgramAuto)
def _auto(state: ShowState, command: c.ProgramAuto, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    before, to = mix.switcher.program, mix.switcher.preview
    look, seconds = mix.switcher.chosen(command.transition, command.seconds)
    if mix.switcher.auto(command.transition, command.seconds, now_s) and not mix.switcher.rehearsing:
        mix.tie(seconds)
        mix.log_cut(hand.who, before, to, f"by hand, {look.name} {seconds:g} s", transition=look.name, seconds=seconds)


@carries_out(c.ProgramTransition)
def _transition(state: ShowState, command: c.ProgramTransition, hand: Hand, now_s: float) -> None:
    state.mixes[command.mix].switcher.setting = Setting(command.transition, command.seconds)


@carries_out(c.ProgramWipe)
def _wipe(state: ShowState, command: c.ProgramWipe, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    style = Style(command.softness, command.border, _colour("/program/wipe", command.colour), command.reverse)
    for name in WIPES:
        mix.switcher.ready[name] = replace(mix.switcher.ready[name], style=style)


@carries_out(c.ProgramDip)
def _dip(state: ShowState, command: c.ProgramDip, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    dip = mix.switcher.ready["dip"]
    mix.switcher.ready["dip"] = replace(dip, style=replace(dip.style, colour=_colour("/program/dip", command.colour)))


def _colour(address: str, colour: str) -> str:
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise CommandError(address, f"{colour!r:.20} is no colour", "write it as #rrggbb")
    return colour


@carries_out(c.ProgramTbar)
def _tbar(state: ShowState, command: c.ProgramTbar, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    before, to = mix.switcher.program, mix.switcher.preview
    # Not a rehearsal.
    if mix.switcher.move_bar(command.position, now_s) and (running := mix.switcher.transition) is not None:
        mix.tie(running.seconds)
        mix.log_cut(hand.who, before, to, f"by hand, {running.look.name} on the T-bar", transition=running.look.name)


@carries_out(c.ProgramFtb)
def _ftb(state: ShowState, command: c.ProgramFtb, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    mix.black.on = not mix.black.on if command.on is None else command.on
    if command.seconds is not None:
        mix.black.seconds = command.seconds


@carries_out(c.DirectorLevel)
def _level(state: ShowState, command: c.DirectorLevel, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    state.authority.set_level(mix.key, Level(command.level), now_s=now_s)
    state.session.panic = False
    mix.proposal = None


@carries_out(c.DirectorSilence)
def _silence(state: ShowState, command: c.DirectorSilence, hand: Hand, now_s: float) -> None:
    state.mixes[command.mix].silence_on(command.shot)


@carries_out(c.DirectorHold)
def _hold(state: ShowState, command: c.DirectorHold, hand: Hand, now_s: float) -> None:
    state.authority.hold(state.mixes[command.mix].key, now_s=now_s, seconds=command.seconds)


@carries_out(c.DirectorRelease)
def _release(state: ShowState, command: c.DirectorRelease, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    state.authority.release(mix.key, now_s=now_s)
    mix.switcher.preview_by_hand = False
    mix.proposal = None


@carries_out(c.DirectorTake)
def _take(state: ShowState, command: c.DirectorTake, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    if mix.proposal is None:
        raise CommandError("/director/take", "the director proposes nothing now", "wait for a proposal, or cut by hand")
    proposal, mix.proposal = mix.proposal, None
    before, to = mix.switcher.cut(proposal.shot, now_s)
    mix.log_cut(hand.who, before, to, f"taken by hand: {proposal.reason}", proposal)
    state.authority.release(mix.key, now_s=now_s)  # the machine's own idea: it may go on, but nothing older may follow


@carries_out(c.DirectorVeto)
def _veto(state: ShowState, command: c.DirectorVeto, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    if mix.proposal is not None:
        state.log("override", hand.who, vetoed=mix.proposal.shot, reason=mix.proposal.reason)
