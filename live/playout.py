"""Where a player is in its playlist at any time, and what each order makes of that. Pure; time is an argument.

The engine keeps one `Start` for each player and tells the player's worker of it; both ask `place` where that has come
to by some time. So nothing has to be reported back while a clip runs, and a worker that was started again goes on where
it ought to be.

Times are seconds: now_s and since_s on the show's clock, at_s in a clip from its in point.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from live.config.clips import PlayerConfig

_EPS_S = 1e-6  # frame times are rounded: a clip that has so little left is over


@dataclass(frozen=True)
class Reel:
    """A playlist as it can be played. lengths_s: of each clip; 0 for one that can't be played. after: what follows
    each: hold, next, loop or black. repeat: after the last clip comes the first."""

    lengths_s: tuple[float, ...]
    after: tuple[str, ...]
    repeat: bool = False

    def playable(self, clip: int) -> int | None:
        """This clip, or the next one that can be played, from the beginning again after the last; None when there is
        none."""
        count = len(self.lengths_s)
        return next((c % count for c in range(clip, clip + count) if self.lengths_s[c % count] > 0), None)

    def following(self, clip: int, step: int = 1) -> int:
        """The next playable clip (step 1) or the one before (-1), round and round."""
        count = len(self.lengths_s)
        return next((c for n in range(1, count + 1) if self.lengths_s[c := (clip + step * n) % count] > 0), clip)

    def successor(self, clip: int, loop: bool | None = None) -> int | None:
        """What plays by itself when this clip is over; None when nothing does. loop: as a hand has set it, None for as
        the clip says."""
        after = self._after(clip, loop)
        if after == "loop":
            return clip
        nxt = self.following(clip)
        return nxt if after == "next" and (nxt > clip or self.repeat) else None

    def _after(self, clip: int, loop: bool | None) -> str:
        if loop:
            return "loop"
        return "hold" if loop is False and self.after[clip] == "loop" else self.after[clip]

    def is_black(self, clip: int, loop: bool | None) -> bool:
        """Does it leave black behind?"""
        return self._after(clip, loop) == "black"


def reel_of(config: PlayerConfig, lengths_s: tuple[float, ...]) -> Reel:
    return Reel(lengths_s, tuple(c.after or config.after for c in config.clips), config.repeat)


@dataclass(frozen=True)
class Start:
    """From since_s on a player has stood, or run, from at_s of a clip. loop: this clip again and again (True), once
    (False), or as it says itself (None)."""

    clip: int = 0
    at_s: float = 0.0
    since_s: float = 0.0
    status: str = "cued"  # or playing, paused
    loop: bool | None = None


@dataclass(frozen=True)
class Place:
    """Where a player is. status: cued, playing, paused, ended, or empty (nothing of the list can be played). black: it
    has ended so."""

    clip: int
    at_s: float
    status: str
    black: bool = False


@dataclass(frozen=True)
class Note:
    """What a player's worker is told. level: what its sound is multiplied with, from level_s on. origin_ns: the
    machine's time of show time 0."""

    start: Start = Start()
    level: float = 0.0
    level_s: float = 0.0
    origin_ns: int = 0

    def text(self) -> str:
        return json.dumps(asdict(self))


def note_of(text: str) -> Note:
    raw = json.loads(text)
    return Note(**{**raw, "start": Start(**raw["start"])})


def place(start: Start, reel: Reel, now_s: float) -> Place:
    """Where a player that started so is by now."""
    clip = reel.playable(start.clip)
    if clip is None:
        return Place(start.clip, 0.0, "empty")
    at_s = start.at_s if clip == start.clip else 0.0
    if start.status != "playing":
        return Place(clip, min(max(0.0, at_s), reel.lengths_s[clip]), start.status)
    at_s += max(0.0, now_s - start.since_s)
    first, round_s, loop = clip, 0.0, start.loop
    while at_s >= (length_s := reel.lengths_s[clip]) - _EPS_S:
        nxt = reel.successor(clip, loop)
        if nxt is None:
            return Place(clip, length_s, "ended", reel.is_black(clip, loop))
        at_s, round_s = max(0.0, at_s - length_s), round_s + length_s
        if nxt == clip:
            return Place(clip, max(0.0, (at_s + _EPS_S) % length_s - _EPS_S), "playing")
        clip, loop = nxt, None
        if clip == first:  # once round: only what is left of the last round counts
            at_s, round_s = max(0.0, (at_s + _EPS_S) % round_s - _EPS_S), 0.0
    return Place(clip, at_s, "playing")


def left_s(start: Start, reel: Reel, now_s: float) -> float | None:
    """Seconds until it stops by itself; 0 when it doesn't run, None when it runs for ever."""
    here = place(start, reel, now_s)
    if here.status != "playing":
        return 0.0
    total_s, clip = -here.at_s, here.clip
    loop = start.loop if clip == start.clip else None
    seen = set()
    while True:
        total_s += reel.lengths_s[clip]
        seen.add(clip)
        nxt = reel.successor(clip, loop)
        if nxt is None:
            return total_s
        if nxt in seen:
            return None
        clip, loop = nxt, None


# Orders: each gives the new start.


def settled(start: Start, reel: Reel, now_s: float) -> Start:
    """The same, told from the beginning of the clip that plays now: so that nobody has to walk a long way."""
    here = place(start, reel, now_s)
    if start.status != "playing" or here.status != "playing" or here.clip == start.clip:
        return start
    return Start(here.clip, 0.0, now_s - here.at_s, "playing")


def play(start: Start, reel: Reel, now_s: float, clip: int | None = None) -> Start:
    """Run: from where it stands; from its beginning again if it has ended; or another clip from its beginning."""
    here = place(start, reel, now_s)
    if clip is not None:
        return Start(clip, 0.0, now_s, "playing")
    if here.status == "playing":
        return start
    at_s = 0.0 if here.status == "ended" else here.at_s
    return Start(here.clip, at_s, now_s, "playing", _loop(start, here))


def pause(start: Start, reel: Reel, now_s: float) -> Start:
    here = place(start, reel, now_s)
    return Start(here.clip, here.at_s, now_s, "paused", _loop(start, here)) if here.status == "playing" else start


def cue(reel: Reel, now_s: float, clip: int, at_s: float = 0.0) -> Start:
    """Stand on a picture of a clip, ready to be played."""
    return Start(clip, min(max(0.0, at_s), reel.lengths_s[clip]), now_s, "cued")


def stop(start: Start, reel: Reel, now_s: float) -> Start:
    """Stand on the first picture of the clip again."""
    return cue(reel, now_s, place(start, reel, now_s).clip)


def skip(start: Start, reel: Reel, now_s: float, step: int) -> Start:
    """To the next clip (step 1) or the one before (-1): it plays if this one does, and is cued otherwise."""
    return skip_to(start, reel, now_s, reel.following(place(start, reel, now_s).clip, step))


def skip_to(start: Start, reel: Reel, now_s: float, clip: int) -> Start:
    """To the beginning of another clip, in the same way."""
    return Start(clip, 0.0, now_s, "playing" if place(start, reel, now_s).status == "playing" else "cued")


def seek(start: Start, reel: Reel, now_s: float, at_s: float) -> Start:
    """To a point of the clip: on it runs if it does; otherwise it stands there."""
    here = place(start, reel, now_s)
    status = "paused" if here.status == "ended" else here.status
    at_s = min(max(0.0, at_s), reel.lengths_s[here.clip])
    return Start(here.clip, at_s, now_s, status if status != "empty" else "cued", _loop(start, here))


def looped(start: Start, reel: Reel, now_s: float, loop: bool) -> Start:
    """This clip again and again from now on, or not any more."""
    here = place(start, reel, now_s)
    if here.status == "ended":
        return (
            replace(start, clip=here.clip, at_s=here.at_s, since_s=now_s, status="paused", loop=loop) if loop else start
        )
    return Start(here.clip, here.at_s, now_s, here.status if here.status != "empty" else "cued", loop)


def _loop(start: Start, here: Place) -> bool | None:
    return start.loop if here.clip == start.clip else None
