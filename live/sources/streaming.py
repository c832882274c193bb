"""What comes over a network, onto the machine's time line: read in a thread, held by a jitter buffer, put into the
rings a little before it is due."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.base.samples import SAMPLE_RATE, sample_at
from live.shm.frame_ring import FrameRing
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.sound.device_time import Aligner
from live.sources import sight, stream_board
from live.sources.backup import STEP_NS, Backup
from live.sources.jitter import MOST_NS, JitterClock
from live.sources.reader import Closable, Event, PictureEvent, SoundEvent, Streamed, Waiting
from live.sources.sight import PictureSight, commit
from live.sources.stream_board import StreamTold
from live.workers import WorkerContext

EARLY_NS = int(0.06 * NS)  # before they are due pictures are in their ring: the program takes each by its time
AHEAD_NS = NS  # of what can be made to wait so much is decoded
MOST_PICTURES = 64
QUEUE = 32  # events between the two threads
STALLS_NS = 10 * NS  # opening a camera takes 5 at most
BREAK = SAMPLE_RATE // 50  # samples: by no more than this the resampler brings sound back
_POLL_NS = NS // 10
_TELL_NS = NS // 2
_FIRST_NS = NS // 25  # how long a picture is, until two have come


class Arrivals:
    """The events of a reader with the time at which each was there, from a thread of its own."""

    def __init__(self, reader: Closable) -> None:
        self._reader = reader
        self._queue: queue.Queue[tuple[int, Event | BaseException | None]] = queue.Queue(QUEUE)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        clock = MonotonicClock()
        end: BaseException | None = None
        try:
            for event in self._reader.events():
                self._queue.put((clock.now_ns(), event))
                if self._closed:
                    return
        except Exception as error:  # handled where `take` is called
            end = error
        self._queue.put((clock.now_ns(), end))

    def take(self, timeout_s: float) -> tuple[int, Event | None] | None:
        """(time of arrival in ns, event); the event None at the end; None when nothing came within the time. Raises
        what the reader raised."""
        try:
            time_ns, event = self._queue.get(timeout=timeout_s) if timeout_s > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(event, BaseException):
            raise event
        return time_ns, event

    def close(self) -> None:
        """A thread that libav holds is left behind: it ends with what it waits for, or with the process."""
        self._closed = True
        self._reader.close()
        while self._thread.is_alive():
            try:
                self._queue.get_nowait()
            except queue.Empty:
                self._thread.join(0.2)
                return


def attended(reader: Closable) -> Iterator[Event]:
    """The events of a reader, and `Waiting` as long as none comes: one that a driver holds doesn't hold who stands in
    for it. Raises DeviceError where nothing has come for STALLS_NS: only with its process is its driver let go."""
    clock = MonotonicClock()
    arrivals, last_ns = Arrivals(reader), clock.now_ns()
    try:
        while True:
            got = arrivals.take(STEP_NS / NS)
            if got is not None and got[1] is None:
                return
            if got is not None and got[1] is not None:
                last_ns = clock.now_ns()
                yield got[1]
            elif clock.now_ns() - last_ns > STALLS_NS:
                words = f"nothing has come from its driver for {STALLS_NS // NS} s"
                raise DeviceError("camera", words, "opening it again")
            else:
                yield Waiting()
    finally:
        arrivals.close()


class _Screen:
    """Pictures and sound on the machine's time line."""

    def __init__(self, reader: Streamed, ring: FrameRing, sound: SoundRing, seen: PictureSight, backup: Backup) -> None:
        self._backup = backup
        self.clock = JitterClock(waits=reader.sender_waits)
        self._ring, self._sound = ring, sound
        self._pending = deque[tuple[int, PictureEvent]]()
        self._last_pts_ns: int | None = None
        self._length_ns = _FIRST_NS
        self._aligner: Aligner | None = None
        self._channels = 0
        self._sound_due_ns = 0
        self._written = 0  # up to here there is sound: a sample's number
        self.drops = 0  # pictures and blocks of sound that were left out
        self.size = (0, 0)
        self.seen = seen

    def take(self, event: Event, arrived_ns: int) -> None:
        if isinstance(event, PictureEvent):
            if self._last_pts_ns is not None and 0 < event.pts_ns - self._last_pts_ns < NS // 4:
                self._length_ns = event.pts_ns - self._last_pts_ns
            self._last_pts_ns = event.pts_ns
            due_ns = self.clock.due_ns("picture", event.pts_ns, self._length_ns, arrived_ns)
            self.size = (event.format.width, event.format.height)
            while self._pending and self._pending[-1][0] >= due_ns:  # the time line was laid anew, earlier
                self._pending.pop()
                self.drops += 1
            self._pending.append((due_ns, event))
        elif isinstance(event, SoundEvent):
            length_ns = len(event.samples) * NS // SAMPLE_RATE
            heard = self._backup.heard(arrived_ns)
            self._hear(event, self.clock.due_ns("sound", event.pts_ns, length_ns, arrived_ns), heard=heard)
            self._sound_due_ns += length_ns

    def _hear(self, event: SoundEvent, due_ns: int, *, heard: bool) -> None:
        channels, due = event.samples.shape[1], sample_at(due_ns)
        if due < self._written - BREAK:  # so was this: what is in the ring already stays
            self._aligner = None
            self.drops += 1
            return
        if self._aligner is None or channels != self._channels:
            self._aligner, self._channels = Aligner(SAMPLE_RATE, channels), channels
        if heard:
            self._sound.set_channels(channels)
        start, samples = self._aligner.put(event.samples, due_ns, SAMPLE_RATE)
        if len(samples) and heard:
            self._sound.write(start, samples)
            self._written = start + len(samples)
        self._sound_due_ns = due_ns

    def show(self, now_ns: int) -> None:
        """Put what is due soon into the ring."""
        while self._pending and self._pending[0][0] <= now_ns + EARLY_NS:
            due_ns, event = self._pending.popleft()
            if self._backup.gave(now_ns):
                commit(self._ring, event, due_ns, self.seen)

    def next_ns(self) -> int | None:
        """When there is something to show."""
        return self._pending[0][0] - EARLY_NS if self._pending else None

    def is_full(self, now_ns: int) -> bool:
        """Is enough read for now?"""
        if len(self._pending) >= MOST_PICTURES:
            return True
        ahead_ns = (self._pending[-1][0] if self._pending else self._sound_due_ns) - now_ns
        return ahead_ns > (AHEAD_NS if self.clock.waits else MOST_NS)


def show_stream(
    reader: Streamed,
    ring: FrameRing,
    sound: SoundRing,
    ctx: WorkerContext,
    seen: PictureSight,
    backup: Backup,
    said: set[str],
) -> None:
    """Until told to stop, or the stream ends. said: what was said since something came last: a listener listens anew
    every 20 s, which is no news. Raises SourceError when it can't be opened or breaks; what had come until
    then has been shown."""
    ctx.status.set(state=WorkerState.STARTING)
    screen = _Screen(reader, ring, sound, seen, backup)
    arrivals = Arrivals(reader)
    told_ns = 0
    end: Exception | None = None
    ended = False
    try:
        while not ctx.stopping():
            now_ns = ctx.clock.now_ns()
            screen.show(now_ns)
            backup.step(now_ns)
            sight.publish(ctx.status.board, screen.seen)
            while reader.said:
                if (words := reader.said.popleft()) not in said:
                    said.add(words)
                    ctx.say(words)
            if ended and screen.next_ns() is None:
                break
            if now_ns - told_ns > _TELL_NS and screen.size[0]:
                told_ns = now_ns
                clock = screen.clock
                told = StreamTold(clock.held_ns / 1e6, clock.late, clock.jumps, *screen.size)
                stream_board.publish(ctx.status.board, told)
            next_ns = screen.next_ns()
            poll_ns = now_ns + (STEP_NS if backup.wanted else _POLL_NS)
            until_ns = poll_ns if next_ns is None else min(poll_ns, next_ns)
            if ended or screen.is_full(now_ns):
                ctx.clock.wait_until(max(until_ns, now_ns + NS // 500))
                continue
            try:
                got = arrivals.take(max(0.0, (until_ns - now_ns) / NS))
            except Exception as error:
                end, ended = error, True
                continue
            if got is None:
                continue
            arrived_ns, event = got
            if event is None:
                ended = True
                continue
            screen.take(event, arrived_ns)
            if screen.drops:
                ctx.status.add("drops", screen.drops)
                screen.drops = 0
            ctx.status.add("frames")
            ctx.status.set(state=WorkerState.RUNNING)
    finally:
        arrivals.close()
    if end is not None:
        raise end
