"""A source off line: its reader on the virtual clock, beside the engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.load import Show
from live.config.source import EARLIEST_MS, Source
from live.engine.replay import begun
from live.shm.frame_ring import Frame
from live.sources import open_reader
from live.sources.reader import Event, PictureEvent, SoundEvent, play
from live.sources.sight import PictureSight
from live.vision.worker import Eyes

_EARLY_NS = int(-EARLIEST_MS * 1e6)

if TYPE_CHECKING:
    from live.engine.inputs import SourceRings


class OfflineSource:
    """One source on the virtual clock: its reader, run just far enough."""

    def __init__(self, show: Show, config: Source, rings: SourceRings, start_s: float) -> None:
        self.rings = rings
        self.name = config.name
        self.ended = False
        self.message = ""
        self.eyes: Eyes | None = None
        self.sight = PictureSight(slides=config.role == "slides")
        events = play(open_reader(config, show.rig.picture, show.rig.seed))
        self._events: Iterator[Event] = begun(events, start_s) if start_s else events
        self._pending: deque[PictureEvent] = deque()
        self._sound_ns = 0

    def advance(self, now_ns: int, sound_until_ns: int) -> Frame | None:
        """Read until the picture of `now_ns` and the sound up to `sound_until_ns` are in the rings, and as much more as
        sound may be wanted early; returns a new picture."""
        sound_until_ns += _EARLY_NS
        while not self.ended and self._wants_more(now_ns, sound_until_ns):
            self._read()
        due: PictureEvent | None = None
        while self._pending and self._pending[0].pts_ns <= now_ns:
            due = self._pending.popleft()
        if due is None:
            return None
        slot = self.rings.picture.slot(due.format.size)
        due.write(slot)
        self.sight.look(due.format.planes(slot)[0], due.format, due.pts_ns)
        self.rings.picture.commit(due.format, capture_ns=due.pts_ns, pts_ns=due.pts_ns)
        return self.rings.picture.newest()

    def _wants_more(self, now_ns: int, sound_until_ns: int) -> bool:
        ahead_ns = self._pending[-1].pts_ns if self._pending else -1
        if self._sound_ns < sound_until_ns:
            return ahead_ns < sound_until_ns + NS // 2  # pictures half a second ahead and still no sound: it has none
        if ahead_ns < 0:  # no picture waits: its sound may run ahead of it, by less than the ring holds
            return self._sound_ns < sound_until_ns + 2 * NS
        return ahead_ns <= now_ns

    def _read(self) -> None:
        try:
            event = next(self._events, None)
        except SourceError as error:
            self.message, event = str(error), None
        if event is None:
            self.ended = True
        elif isinstance(event, PictureEvent):
            self._pending.append(event)
        elif isinstance(event, SoundEvent):
            self.rings.sound.set_channels(event.samples.shape[1])
            self.rings.sound.write(sample_at(event.pts_ns), event.samples)
            self._sound_ns = event.pts_ns + len(event.samples) * NS // SAMPLE_RATE
