"""The buses and the automatic director, by hand."""

from __future__ import annotations

import re
from dataclasses import replace

from live.base.errors import CommandError
from live.director.authority import Level
from live.picture.transitions import WIPES, Style
from live.show.cuts import commands as c
from live.show.cuts.switcher import Setting
from live.show.handling import carries_out
from live.show.state import CUTS, ShowState


@carries_out(c.PreviewSet)
def _set_preview(state: ShowState, command: c.PreviewSet, by: str, now_s: float) -> None:
    state.switcher.set_preview(command.shot, now_s)


@carries_out(c.PreviewTransition)
def _rehearse(state: ShowState, command: c.PreviewTransition, by: str, now_s: float) -> None:
    on = not state.switcher.rehearsing if command.on is None else command.on
    if not state.switcher.rehearse(on):
        raise CommandError(
            "/preview/transition", "a transition runs on program", "try the next one out when it is over"
        )
    state.log("state", by, rehearsal=on)


@carries_out(c.ProgramCut)
def _cut(state: ShowState, command: c.ProgramCut, by: str, now_s: float) -> None:
    before, to = state.switcher.cut(command.shot, now_s)
    state.keys.tie(0.0)
    state.log_cut(by, before, to, "by hand")


@carries_out(c.ProgramAuto)
def _auto(state: ShowState, command: c.ProgramAuto, by: str, now_s: float) -> None:
    before, to = state.switcher.program, state.switcher.preview
    look, seconds = state.switcher.chosen(command.transition, command.seconds)
    if state.switcher.auto(command.transition, command.seconds, now_s) and not state.switcher.rehearsing:
        state.keys.tie(seconds)
        state.log_cut(by, before, to, f"by hand, {look.name} {seconds:g} s", transition=look.name, seconds=seconds)


@carries_out(c.ProgramTransition)
def _transition(state: ShowState, command: c.ProgramTransition, by: str, now_s: float) -> None:
    state.switcher.setting = Setting(command.transition, command.seconds)


@carries_out(c.ProgramWipe)
def _wipe(state: ShowState, command: c.ProgramWipe, by: str, now_s: float) -> None:
    style = Style(command.softness, command.border, _colour("/program/wipe", command.colour), command.reverse)
    for name in WIPES:
        state.switcher.ready[name] = replace(state.switcher.ready[name], style=style)


@carries_out(c.ProgramDip)
def _dip(state: ShowState, command: c.ProgramDip, by: str, now_s: float) -> None:
    dip = state.switcher.ready["dip"]
    state.switcher.ready["dip"] = replace(dip, style=replace(dip.style, colour=_colour("/program/dip", command.colour)))


def _colour(address: str, colour: str) -> str:
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise CommandError(address, f"{colour!r:.20} is no colour", "write it as #rrggbb")
    return colour


@carries_out(c.ProgramTbar)
def _tbar(state: ShowState, command: c.ProgramTbar, by: str, now_s: float) -> None:
    before, to = state.switcher.program, state.switcher.preview
    if (
        state.switcher.move_bar(command.position, now_s) and (running := state.switcher.transition) is not None
    ):  # not a rehearsal
        state.keys.tie(running.seconds)
        state.log_cut(by, before, to, f"by hand, {running.look.name} on the T-bar", transition=running.look.name)


@carries_out(c.ProgramFtb)
def _ftb(state: ShowState, command: c.ProgramFtb, by: str, now_s: float) -> None:
    state.black.on = not state.black.on if command.on is None else command.on
    if command.seconds is not None:
        state.black.seconds = command.seconds


@carries_out(c.DirectorLevel)
def _level(state: ShowState, command: c.DirectorLevel, by: str, now_s: float) -> None:
    state.authority.set_level(CUTS, Level(command.level), now_s=now_s)
    state.panic = False
    state.proposal = None


@carries_out(c.DirectorHold)
def _hold(state: ShowState, command: c.DirectorHold, by: str, now_s: float) -> None:
    state.authority.hold(CUTS, now_s=now_s, seconds=command.seconds)


@carries_out(c.DirectorRelease)
def _release(state: ShowState, command: c.DirectorRelease, by: str, now_s: float) -> None:
    state.authority.release(CUTS, now_s=now_s)
    state.proposal = None


@carries_out(c.DirectorTake)
def _take(state: ShowState, command: c.DirectorTake, by: str, now_s: float) -> None:
    if state.proposal is None:
        raise CommandError("/director/take", "the director proposes nothing now", "wait for a proposal, or cut by hand")
    proposal, state.proposal = state.proposal, None
    before, to = state.switcher.cut(proposal.shot, now_s)
    state.log_cut(by, before, to, f"taken by hand: {proposal.reason}", proposal)
    state.authority.release(CUTS, now_s=now_s)  # the machine's own idea: it may go on, but nothing older may follow


@carries_out(c.DirectorVeto)
def _veto(state: ShowState, command: c.DirectorVeto, by: str, now_s: float) -> None:
    if state.proposal is not None:
        state.log("override", by, vetoed=state.proposal.shot, reason=state.proposal.reason)
