"""What a stream brings, on its way into the rings of its source; a reader that gives what a test says."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.samples import SAMPLE_RATE
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.sources.backup import Backup
from live.sources.reader import Event, PictureEvent, SoundEvent, StillWaiting, Streamed
from live.sources.sight import PictureSight
from live.sources.stream_board import BOARD
from live.sources.streaming import _Screen, show_stream
from live.workers import WorkerContext

FORMAT = PictureFormat(64, 32)


class Given(Streamed):
    """Says and gives what it is told, then ends by an error."""

    sender_waits: bool | None = False
    called = True

    def __init__(self, words: Sequence[str], events: Sequence[Event], error: SourceError) -> None:
        self.said, self._events, self._error = deque(words), events, error

    def events(self) -> Iterator[Event]:
        yield from self._events
        raise self._error

    def close(self) -> None:
        pass


class Room:
    """A source's worker, and what it writes."""

    def __init__(self, stack: ExitStack) -> None:
        self.ring = FrameRing(ring_name("t"), capacity=FORMAT.size)
        self.sound = SoundRing(ring_name("t"), create=True)
        self.status = StatusBlock(ring_name("t"), create=True, board=BOARD)
        for shared in (self.ring, self.sound, self.status):
            stack.callback(shared.close)
        self.seen = PictureSight()
        self.backup = Backup((), 0, self.ring, self.sound, self.seen, lambda words, over: None, 0)
        self.said: set[str] = set()

    def show(self, reader: Streamed) -> list[str]:
        """What was told meanwhile."""
        with pytest.raises(SourceError):
            show_stream(reader, self.ring, self.sound, WorkerContext(self.status), self.seen, self.backup, self.said)
        return [m.text for m in self.status.messages()]


@pytest.fixture
def room() -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(stack)


def test_a_listener_that_listens_anew_says_so_once(room: Room) -> None:
    words = ["waits for a caller at h:1", "a wrong passphrase"]
    told = [room.show(Given(words, [], StillWaiting("guest", "nobody has called", "waiting"))) for _ in range(3)]
    assert told == [words, [], []]


def sound(pts_ns: int, length_ns: int) -> SoundEvent:
    return SoundEvent(pts_ns, np.zeros((length_ns * SAMPLE_RATE // NS, 2), np.float32))


def picture(pts_ns: int) -> PictureEvent:
    return PictureEvent(pts_ns, FORMAT, lambda out: out.fill(16))


def test_what_a_time_line_that_is_laid_earlier_leaves_out_is_counted(room: Room) -> None:
    """A server's last seconds in one heap."""
    reader = Given([], [sound(0, NS // 2), sound(14 * NS // 10, NS // 25)], SourceError("guest", "ended", "again"))
    screen = _Screen(reader, room.ring, room.sound, room.seen, room.backup)
    for pts_ns in (0, NS // 25, 7 * NS // 10):
        screen.take(picture(pts_ns), 5 * NS)
    assert screen.drops == 2
    room.show(reader)
    assert room.status.get("drops") == 1
