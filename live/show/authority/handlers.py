"""Who holds the wheel, and what the machine suggests, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import parse
from live.director.authority import Key, Level
from live.show.authority import commands as c
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.AuthorityClaim)
def _claim(state: ShowState, command: c.AuthorityClaim, hand: Hand, now_s: float) -> None:
    state.authority.claim(command.domain, hand, now_s=now_s)


@carries_out(c.AuthorityYield)
def _yield(state: ShowState, command: c.AuthorityYield, hand: Hand, now_s: float) -> None:
    state.authority.yield_token(command.domain, hand, now_s=now_s)


@carries_out(c.DirectorLock)
def _lock(state: ShowState, command: c.DirectorLock, hand: Hand, now_s: float) -> None:
    mix = state.mixes[command.mix]
    state.authority.lock(mix.key)
    mix.proposal = None


@carries_out(c.DirectorUnlock)
def _unlock(state: ShowState, command: c.DirectorUnlock, hand: Hand, now_s: float) -> None:
    state.authority.unlock(state.mixes[command.mix].key)


@carries_out(c.DirectorNever)
def _never(state: ShowState, command: c.DirectorNever, hand: Hand, now_s: float) -> Sequence[Key] | None:
    mix = state.mixes[command.mix]
    shot = command.shot or (mix.proposal.shot if mix.proposal else None)
    if shot is None:
        raise CommandError(
            "/director/never", "the director proposes nothing now", "name a shot: /director/never 10 SHOT"
        )
    if mix.proposal is not None and mix.proposal.shot == shot:
        state.log("override", hand.who, vetoed=shot, reason=mix.proposal.reason, minutes=command.minutes)
    mix.banned.pop(shot, None)
    if command.minutes > 0:
        mix.banned[shot] = now_s + 60 * command.minutes
    return None if command.minutes > 0 else []


@carries_out(c.SuggestionTake)
def _take(state: ShowState, command: c.SuggestionTake, hand: Hand, now_s: float) -> None:
    taken = state.wheel.suggestions.take(command.id or 0, "/suggestions/take")
    state.log("suggestion", hand.who, taken=taken.text, reason=taken.reason)
    for address, args in taken.does:
        state.apply(parse(address, args), hand, now_s)
    state.graphics.suggested(taken, now_s)


@carries_out(c.SuggestionDrop)
def _drop(state: ShowState, command: c.SuggestionDrop, hand: Hand, now_s: float) -> None:
    dropped = state.wheel.suggestions.drop(
        command.id or 0, "/suggestions/drop", now_s=now_s, quiet_s=60 * command.minutes
    )
    state.log("suggestion", hand.who, dropped=dropped.text, reason=dropped.reason)


@carries_out(c.GraphicLevel)
def _graphic_level(state: ShowState, command: c.GraphicLevel, hand: Hand, now_s: float) -> None:
    state.authority.set_level(("graphics", command.name), Level(command.level), now_s=now_s)
