"""The buses and the automatic director, by hand."""

from __future__ import annotations

from live.control.commands import cuts as c
from live.director.authority import Level
from live.engine.hands.table import carries_out
from live.engine.show import CUTS, ShowState
from live.errors import CommandError


@carries_out(c.PreviewSet)
def _set_preview(state: ShowState, command: c.PreviewSet, by: str, now_s: float) -> None:
    state.switcher.set_preview(command.shot, now_s)


@carries_out(c.ProgramCut)
def _cut(state: ShowState, command: c.ProgramCut, by: str, now_s: float) -> None:
    before, to = state.switcher.cut(command.shot, now_s)
    state.log_cut(by, before, to, "by hand")


@carries_out(c.ProgramAuto)
def _auto(state: ShowState, command: c.ProgramAuto, by: str, now_s: float) -> None:
    before, to = state.switcher.program, state.switcher.preview
    if state.switcher.auto(command.transition, command.seconds, now_s):
        state.log_cut(by, before, to, f"by hand, {command.transition} {command.seconds:g} s", transition=command.transition)


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
