"""The players: what each was told, where it is, and what it does by itself when it comes on program, ends there, or
leaves it.

Pure; time is an argument. The pictures and the sound are made by each player's worker (off line: beside the engine),
which asks the same `live.playout` where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from live import playout
from live.base.errors import CommandError
from live.config.clips import ClipConfig, PlayerConfig
from live.config.edits import Item, RigKey
from live.config.load import Show
from live.playout import Note, Place, Start
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass
class PlayerState:
    """One player. note: what it was told, and its sound's level; none of its times lies in the future. gain_db: its
    fader, which is that of its strip where it has one.
    """

    config: PlayerConfig
    note: Note = Note()
    gain_db: float = 0.0
    lengths_s: tuple[float, ...] = ()
    on_air: bool = False
    reel: playout.Reel = field(init=False)
    titles: tuple[str, ...] = field(init=False)  # of the clips, for people

    def __post_init__(self) -> None:
        self.gain_db = self.config.gain_db
        self.know(self.lengths_s or (0.0,) * len(self.config.clips))

    def know(self, lengths_s: tuple[float, ...]) -> None:
        """The length of each clip, 0 for one that can't be played. What is asked for many times a frame is made
        here.
        """
        self.lengths_s, self.reel = lengths_s, playout.reel_of(self.config, lengths_s)
        words = ("" if length > 0 else " (can't be played)" for length in lengths_s)
        self.titles = tuple(c.label + word for c, word in zip(self.config.clips, words, strict=True))

    @property
    def start(self) -> Start:
        return self.note.start

    @start.setter
    def start(self, start: Start) -> None:
        if start != self.note.start:
            self.note = replace(self.note, start=start)

    def place(self, now_s: float) -> Place:
        return playout.place(self.start, self.reel, now_s)

    def left_s(self, now_s: float) -> float | None:
        """Until it stops by itself; 0 when it doesn't run, None when it never does."""
        return playout.left_s(self.start, self.reel, now_s)

    def clip(self, which: str) -> int | None:
        """The clip of a title, or of a number from 1 on."""
        titles = [normalize("NFC", c.label) for c in self.config.clips]  # the same letters, whoever wrote them
        if (title := normalize("NFC", which)) in titles:
            return titles.index(title)
        return next((n for n in range(len(titles)) if which == str(n + 1)), None)

    def cue_of(self, name: str, here: int) -> tuple[int, float] | None:
        """(clip, seconds from its in point) of a cue, looked for in this clip first."""
        count = len(self.config.clips)
        for n in range(here, here + count):
            config = self.config.clips[n % count]
            for c in config.cues:
                if c.name == name:
                    return n % count, c.at_s - config.in_s
        return None

    def next_cue(self, here: Place) -> tuple[str, float] | None:
        """(name, seconds from the in point) of the next cue of the clip."""
        config: ClipConfig = self.config.clips[here.clip]
        to_come = [(c.at_s - config.in_s, c.name) for c in config.cues if c.at_s - config.in_s > here.at_s + 1e-6]
        return (min(to_come)[1], min(to_come)[0]) if to_come else None

    def next_clip(self, here: Place) -> int | None:
        """What plays, or is cued, after this one."""
        loop = self.start.loop if here.clip == self.start.clip else None
        nxt = self.reel.successor(here.clip, loop)
        following = self.reel.following(here.clip)
        return nxt if nxt is not None else following if following != here.clip else None


@dataclass(frozen=True)
class KeptPlayers:
    """By player: where it stood or ran, since how long (since_s is an age here), and its gain in dB."""

    all: Mapping[str, tuple[Start, float]]


class Players(Feature[KeptPlayers]):
    """Every player of a show, by the name of its source. Engine thread only."""

    def __init__(self, state: ShowState) -> None:
        self._mix, self._strips = state.mix, state.sound.strips
        self.all = {s.name: PlayerState(s) for s in state.rig.players}

    @classmethod
    def build(cls, state: ShowState) -> Players:
        return cls(state)

    def save(self, now_s: float) -> KeptPlayers:
        return KeptPlayers(
            {n: (replace(p.start, since_s=now_s - p.start.since_s), p.gain_db) for n, p in self.all.items()}
        )

    @classmethod
    def rig_keys(cls, kept: KeptPlayers, show: Show) -> Iterator[RigKey]:
        for name, (_, gain_db) in kept.all.items():
            if name not in show.rig.strips:  # else it is the strip's
                yield RigKey(("sources", Item(name), "gain_db"), gain_db)

    def restore(self, kept: KeptPlayers, now_s: float) -> None:
        for name, (start, gain_db) in kept.all.items():
            if name in self.all and 0 <= start.clip < len(self.all[name].config.clips):
                self.all[name].start = replace(start, since_s=now_s - start.since_s)
                self.all[name].gain_db = gain_db

    def known(self) -> Mapping[str, Collection[str]]:
        return {"player": self.all}

    def know(self, lengths_s: Mapping[str, tuple[float, ...]]) -> None:
        """What the workers found: the length of each clip, 0 for one that can't be played."""
        for name, found in lengths_s.items():
            if found != self.all[name].lengths_s:
                self.all[name].know(found)

    def named(self, name: str) -> PlayerState:
        """Raises CommandError when it has nothing to play."""
        player = self.all[name]
        if player.reel.playable(0) is None:
            raise CommandError(
                f"/players/{name}", "none of its clips can be played", "see to the files; `live check` names them"
            )
        return player

    def commanded(self, now_s: float) -> None:
        """One that is taken plays from the frame of the cut on."""
        shares = self._mix.shares(now_s)
        for name, player in self.all.items():
            player.start = playout.settled(player.start, player.reel, now_s)
            self._on_air(player, name in shares, now_s)
            sound = player.config.sound
            level = 1.0 if sound == "always" else shares.get(name, 0.0) if sound == "follow" else 0.0
            if (strip := self._strips.get(name)) is not None:
                player.gain_db = strip.gain_db  # the mixer's business
            else:
                level *= 10 ** (player.gain_db / 20)
            if level != player.note.level:
                player.note = replace(player.note, level=level, level_s=now_s)

    @staticmethod
    def _on_air(player: PlayerState, on_air: bool, now_s: float) -> None:
        """It comes on program, or leaves it."""
        came, player.on_air = on_air and not player.on_air, on_air
        if not player.config.play_on_take:
            return
        here = player.place(now_s)
        if came and here.status in ("cued", "paused"):
            player.start = playout.play(player.start, player.reel, now_s)
        elif here.status == "ended" and not on_air:
            player.start = playout.cue(player.reel, now_s, player.reel.following(here.clip))

    def rolls(self, name: str, now_s: float) -> bool:
        """Does it run, toward an end?"""
        return name in self.all and bool(self.all[name].left_s(now_s))

    def notes(self, origin_ns: int) -> dict[str, Note]:
        """What each worker is to know. origin_ns: the machine's time of show time 0."""
        for player in self.all.values():
            if abs(player.note.origin_ns - origin_ns) > 1000:
                player.note = replace(player.note, origin_ns=origin_ns)
        return {name: player.note for name, player in self.all.items()}
