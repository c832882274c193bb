"""Who holds the wheel, and what the machine suggests, by hand."""

from __future__ import annotations

from collections.abc import Sequence

from live.base.errors import CommandError
from live.control.registry import parse
from live.director.authority import Key, Level
from live.show.authority import commands as c
from live.show.handling import carries_out
from live.show.state import CUTS, ShowState, hand_of


@carries_out(c.AuthorityClaim)
def _claim(state: ShowState, command: c.AuthorityClaim, by: str, now_s: float) -> None:
    state.authority.claim(command.domain, hand_of(by), now_s=now_s)


@carries_out(c.AuthorityYield)
def _yield(state: ShowState, command: c.AuthorityYield, by: str, now_s: float) -> None:
    state.authority.yield_token(command.domain, hand_of(by), now_s=now_s)


@carries_out(c.DirectorLock)
def _lock(state: ShowState, command: c.DirectorLock, by: str, now_s: float) -> None:
    state.authority.lock(CUTS)
    state.proposal = None


@carries_out(c.DirectorUnlock)
def _unlock(state: ShowState, command: c.DirectorUnlock, by: str, now_s: float) -> None:
    state.authority.unlock(CUTS)


@carries_out(c.DirectorNever)
def _never(state: ShowState, command: c.DirectorNever, by: str, now_s: float) -> Sequence[Key] | None:
    shot = command.shot or (state.proposal.shot if state.proposal else None)
    if shot is None:
        raise CommandError(
            "/director/never", "the director proposes nothing now", "name a shot: /director/never 10 SHOT"
        )
    if state.proposal is not None and state.proposal.shot == shot:
        state.log("override", by, vetoed=shot, reason=state.proposal.reason, minutes=command.minutes)
    state.banned.pop(shot, None)
    if command.minutes > 0:
        state.banned[shot] = now_s + 60 * command.minutes
    return None if command.minutes > 0 else []


@carries_out(c.SuggestionTake)
def _take(state: ShowState, command: c.SuggestionTake, by: str, now_s: float) -> None:
    taken = state.suggestions.take(command.id, "/suggestions/take")
    state.log("suggestion", by, taken=taken.text, reason=taken.reason)
    for address, args in taken.does:
        state.apply(parse(address, args), by, now_s)
    state.suggested(taken, now_s)


@carries_out(c.SuggestionDrop)
def _drop(state: ShowState, command: c.SuggestionDrop, by: str, now_s: float) -> None:
    dropped = state.suggestions.drop(command.id, "/suggestions/drop", now_s=now_s, quiet_s=60 * command.minutes)
    state.log("suggestion", by, dropped=dropped.text, reason=dropped.reason)


@carries_out(c.GraphicLevel)
def _graphic_level(state: ShowState, command: c.GraphicLevel, by: str, now_s: float) -> None:
    state.authority.set_level(("graphics", command.name), Level(command.level), now_s=now_s)
