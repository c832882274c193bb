"""What is published of the players."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState
    from live.show.players.model import PlayerState

NEAR_END_S = 10.0  # a director wants to know


@published("players/<name>")
@dataclass(frozen=True)
class PlayerStatus(Published):
    """A player."""

    name: str
    status: Annotated[str, Field("how it stands", choices=("cued", "playing", "paused", "ended", "empty"))] = ""
    clip: Annotated[int, Field("number of the clip", low=1)] = 1
    title: Annotated[str, Field("title of the clip")] = ""
    at_s: Annotated[float, Field("how far into the clip")] = 0.0
    left_s: Annotated[float, Field("how much of the clip is left")] = 0.0
    near_end: Annotated[bool, Field(f"what plays by itself is over in {NEAR_END_S:g} s")] = False
    next: Annotated[str, Field('the clip that follows; "" for none', at="next")] = ""
    cue: Annotated[str, Field('the next cue; "" for none', at="cue")] = ""
    cue_in_s: Annotated[float, Field("how long until it", at="cue")] = 0.0
    loop: Annotated[bool, Field("this clip begins again when it is over", at="loop")] = False
    gain_db: Annotated[float, Field("how much its sound is raised", at="gain")] = 0.0
    clips: Annotated[tuple[str, ...], Field("their titles", at="clips")] = ()
    cues: Annotated[tuple[str, ...], Field("the cues of this clip", at="cues")] = ()

    @property
    def running(self) -> bool:
        return self.status == "playing"

    @property
    def countdown(self) -> str:
        """How long the clip still runs: "-0:12"; how it stands when it doesn't."""
        if self.status in ("ended", "empty"):
            return self.status
        return f"{'-' if self.running else ''}{minutes(self.left_s)}"


def minutes(seconds: float) -> str:
    """1:05; a second that has begun counts, so that 0:00 is the end."""
    whole = int(seconds + 0.95)
    return f"{whole // 60}:{whole % 60:02d}"


def players(state: ShowState, now_s: float) -> Iterator[Published]:
    for name, player in state.players.all.items():
        yield player_status(name, player, now_s)


def player_status(name: str, player: PlayerState, now_s: float) -> PlayerStatus:
    """What people see of a player."""
    here, clips = player.place(now_s), player.config.clips
    left_s, nxt, cue = player.left_s(now_s), player.next_clip(here), player.next_cue(here)
    loop = player.start.loop if here.clip == player.start.clip else None
    return PlayerStatus(
        name,
        here.status,
        here.clip + 1,
        clips[here.clip].label,
        round(here.at_s, 1),
        round(max(0.0, player.lengths_s[here.clip] - here.at_s), 1),
        here.status == "playing" and left_s is not None and left_s <= NEAR_END_S,
        "" if nxt is None else clips[nxt].label,
        cue[0] if cue else "",
        round(cue[1] - here.at_s, 1) if cue else 0.0,
        player.reel.successor(here.clip, loop) == here.clip,
        round(player.gain_db, 1),
        player.titles,
        tuple(c.name for c in clips[here.clip].cues),
    )


def players_go_by(state: ShowState, now_s: float) -> object:
    """What each was told, or told itself at the end of a clip; the tenth of a second while one runs."""
    runs = any(player.start.status == "playing" for player in state.players.all.values())
    told = [(player.start, player.gain_db, player.titles) for player in state.players.all.values()]
    return told, int(now_s * 10) if runs else 0
