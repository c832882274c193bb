"""Players, as the console and multiviews show them: read from the state tree. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Player:
    """status: cued, playing, paused, ended or empty. clip: number, from 1 on. left_s: of the clip. near_end: all of it
    ends in 10 s.
    next: the clip that follows, "" for none; cue: the next cue of the clip and the seconds to it."""

    name: str
    status: str
    clip: int
    title: str
    at_s: float
    left_s: float
    near_end: bool
    next: str
    cue: str
    cue_s: float
    loop: bool
    clips: tuple[str, ...]
    cues: tuple[str, ...]

    @property
    def running(self) -> bool:
        return self.status == "playing"

    @property
    def countdown(self) -> str:
        """How long the clip still runs: "-0:12"; how it stands when it doesn't."""
        if self.status in ("ended", "empty"):
            return self.status
        return f"{'-' if self.running else ''}{clock(self.left_s)}"


def clock(seconds: float) -> str:
    """1:05; a second that has begun counts, so that 0:00 is the end."""
    whole = int(seconds + 0.95)
    return f"{whole // 60}:{whole % 60:02d}"


def players(state: State) -> tuple[Player, ...]:
    """In the order of arrival."""
    prefix = "/state/players/"
    names = [path.removeprefix(prefix) for path in state if path.startswith(prefix) and path.count("/") == 3]
    return tuple(found for name in names if (found := _player(state, name, f"{prefix}{name}")) is not None)


def _player(state: State, name: str, at: str) -> Player | None:
    here = state[at]
    if len(here) < 6:
        return None
    status, clip, title, at_s, left_s, near = here[:6]
    texts = {key: tuple(str(v) for v in state.get(f"{at}/{key}", ())) for key in ("next", "clips", "cues")}
    cue, cue_s = (*state.get(f"{at}/cue", ()), "", 0.0)[:2]
    loop = bool((*state.get(f"{at}/loop", ()), 0)[0])
    nxt = texts["next"][0] if texts["next"] else ""
    return Player(
        name,
        str(status),
        int(clip),
        str(title),
        float(at_s),
        float(left_s),
        bool(near),
        nxt,
        str(cue),
        float(cue_s),
        loop,
        texts["clips"],
        texts["cues"],
    )
