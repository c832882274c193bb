"""The players, by hand. A hand on a player that is on program is a hand on the cuts: the director leaves it to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live import playout
from live.base.errors import CommandError
from live.base.hand import Hand
from live.director.authority import Key
from live.show.cuts.mix import CUTS
from live.show.handling import carries_out
from live.show.players import commands as c
from live.show.players.model import PlayerState

if TYPE_CHECKING:
    from live.show import ShowState


def _touched(player: PlayerState) -> list[Key]:
    return [CUTS] if player.on_air else []


def _clip(player: PlayerState, which: str, what: str) -> int:
    """Raises CommandError for one that isn't there, or can't be played."""
    clip = player.clip(which)
    titles = ", ".join(f"{n} {config.label}" for n, config in enumerate(player.config.clips, 1))
    if clip is None:
        raise CommandError(
            f"/players/{player.config.name}/{what}", f"no clip is called {which!r:.60}", f"one of: {titles:.300}"
        )
    if player.lengths_s[clip] <= 0:
        path = player.config.clips[clip].path
        raise CommandError(
            f"/players/{player.config.name}/{what}", f"{path} can't be played", "see to the file; play another clip"
        )
    return clip


@carries_out(c.PlayerPlay)
def _play(state: ShowState, command: c.PlayerPlay, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    clip = None if command.clip is None else _clip(player, command.clip, "play")
    player.start = playout.play(player.start, player.reel, now_s, clip)
    return _touched(player)


@carries_out(c.PlayerPause)
def _pause(state: ShowState, command: c.PlayerPause, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.pause(player.start, player.reel, now_s)
    return _touched(player)


@carries_out(c.PlayerStop)
def _stop(state: ShowState, command: c.PlayerStop, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.stop(player.start, player.reel, now_s)
    return _touched(player)


@carries_out(c.PlayerCue)
def _cue(state: ShowState, command: c.PlayerCue, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    point = player.cue_of(command.where, player.place(now_s).clip) if player.clip(command.where) is None else None
    clip, at_s = point or (_clip(player, command.where, "cue"), 0.0)
    player.start = playout.cue(player.reel, now_s, clip, at_s)
    return _touched(player)


@carries_out(c.PlayerNext)
def _next(state: ShowState, command: c.PlayerNext, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.skip(player.start, player.reel, now_s, 1)
    return _touched(player)


@carries_out(c.PlayerPrevious)
def _previous(state: ShowState, command: c.PlayerPrevious, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.skip(player.start, player.reel, now_s, -1)
    return _touched(player)


@carries_out(c.PlayerSeek)
def _seek(state: ShowState, command: c.PlayerSeek, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.seek(player.start, player.reel, now_s, command.seconds)
    return _touched(player)


@carries_out(c.PlayerGoto)
def _goto(state: ShowState, command: c.PlayerGoto, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    here = player.place(now_s)
    point = player.cue_of(command.cue, here.clip)
    if point is None or player.lengths_s[point[0]] <= 0:
        names = ", ".join(cue.name for config in player.config.clips for cue in config.cues) or "none"
        raise CommandError(
            f"/players/{command.player}/goto", f"no cue is called {command.cue!r:.60}", f"one of: {names:.300}"
        )
    clip, at_s = point
    if clip != here.clip:
        player.start = playout.skip_to(player.start, player.reel, now_s, clip)
    player.start = playout.seek(player.start, player.reel, now_s, at_s)
    return _touched(player)


@carries_out(c.PlayerLoop)
def _loop(state: ShowState, command: c.PlayerLoop, hand: Hand, now_s: float) -> list[Key]:
    player = state.players.named(command.player)
    player.start = playout.looped(player.start, player.reel, now_s, command.on)
    return _touched(player)


@carries_out(c.PlayerGain)
def _gain(state: ShowState, command: c.PlayerGain, hand: Hand, now_s: float) -> list[Key]:
    if command.player in state.sound.strips:
        return state.sound.hand(command.player, ("gain_db",), command.gain_db)
    state.players.all[command.player].gain_db = command.gain_db
    return []
