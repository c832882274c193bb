"""Players as the engine takes them in: live through notes to their workers, off line beside the engine on the virtual
clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from live.base.samples import SAMPLE_RATE, sample_at
from live.config.clips import PlayerConfig
from live.config.load import Show
from live.config.source import Source
from live.playout import Note
from live.shm.frame_ring import Frame
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.sources.camera_board import BOARD as CAMERA
from live.sources.device_board import BOARD as DEVICE
from live.sources.player import Playout, Shower, clips_board
from live.sources.sight import PictureSight
from live.sources.stream_board import BOARD as STREAM

if TYPE_CHECKING:
    from live.engine.inputs import SourceRings
    from live.vision.worker import Eyes


def notes_of(source: object) -> NoteBlock | None:
    """Where a source that is a player is told what to do."""
    return NoteBlock(ring_name("ply"), create=True) if isinstance(source, PlayerConfig) else None


def board_of(source: Source) -> np.dtype[Any]:
    """What a source's worker has on its board."""
    if isinstance(source, PlayerConfig):
        return clips_board(len(source.clips))
    return {"device": DEVICE, "stream": STREAM, "camera": CAMERA}[source.tells]


def tell(rings: Mapping[str, SourceRings], notes: Mapping[str, Note]) -> None:
    """Write a note to the players that have a new one."""
    for name, note in notes.items():
        to = rings.get(name)
        if to is not None and to.playing is not None and note is not to.played:
            to.playing.write(note.text())
            to.played = note


def lengths_s(show: Show, rings: Mapping[str, SourceRings]) -> dict[str, tuple[float, ...]]:
    """What the players' workers found out about their clips, as soon as they have."""
    found = {}
    for source in show.rig.players:
        status = rings[source.name].status if source.name in rings else None
        if status is not None and status.board["known"]:
            found[source.name] = tuple(status.board["lengths_s"].tolist())
    return found


class OfflinePlayer:
    """A player as a source off line: run just far enough, by the note of this frame."""

    def __init__(self, show: Show, config: PlayerConfig, rings: SourceRings) -> None:
        self.name, self.rings = config.name, rings
        self.ended = False
        self.message = ""
        self.eyes: Eyes | None = None
        self.sight = PictureSight()  # a player shows what it is told to: nobody looks
        self.said: deque[str] = deque()
        self.playout = Playout(config, show.rig.picture, patient=True, tell=self.said.append)
        self._shower = Shower(self.playout, rings.picture)
        self._written = 0
        self._half_ns = int(1e9 / show.rig.picture.rate / 2)

    def take(self, note: Note) -> None:
        if note is not self.playout.note:
            self.playout.take(note)

    def advance(self, now_ns: int, sound_until_ns: int) -> Frame | None:
        """The picture of now and the sound until then into the rings; returns a new picture."""
        until = sample_at(sound_until_ns)
        if until > self._written:
            self._written = max(self._written, until - SAMPLE_RATE)
            self.rings.sound.write(self._written, self.playout.sound(self._written, until - self._written))
            self._written = until
        shown = self._shower.show(self.playout.show_s(now_ns), now_ns - self._half_ns)
        return self.rings.picture.newest() if shown else None

    def close(self) -> None:
        self.playout.close()
