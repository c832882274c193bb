"""The source worker: one process that reads one source and writes its frame ring and its sound ring."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from live.base.clock import NS
from live.base.errors import LoginError, SourceError
from live.base.samples import sample_at
from live.config.clips import PlayerConfig
from live.config.picture import PictureConfig
from live.config.source import Source
from live.shm.frame_ring import FrameRing
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import OVER, WorkerState
from live.sources import camera_board, device_board, open_reader, sight, stream_board
from live.sources.backup import STEP_NS, Backup, BackupSpec
from live.sources.camera_board import CameraTold
from live.sources.device_board import DeviceTold, Worse
from live.sources.reader import (
    Closable,
    Event,
    PictureEvent,
    Reader,
    SoundEvent,
    StillWaiting,
    Streamed,
    Waiting,
    play,
)
from live.sources.sight import PictureSight, commit
from live.sources.streaming import attended, show_stream
from live.workers import WorkerContext

AHEAD_NS = int(0.3 * NS)  # files are decoded this far ahead, so that their sound is there when the mixer wants it
LATE_NS = int(0.3 * NS)  # further behind than this, the time line is laid anew instead of catching up
_START_LOOK_NS = NS // 200
CATCH_UP_NS = 4 * NS  # a file that is no further behind the show's start stays in step with the others
RETRY_S = (0.5, 1.0, 2.0, 4.0)
LOGIN_RETRY_S = 60.0
AT_ONCE_S = 0.1


@dataclass(frozen=True)
class SourceSpec:
    """What a source worker is given. notes: where a player is told what to do. sound_ahead_ns: how much earlier than
    its picture a player's sound is due. When files begin to play its status block says."""

    config: Source
    picture: PictureConfig
    seed: int
    ring: str
    sound: str
    notes: str = ""
    sound_ahead_ns: int = 0
    backups: tuple[BackupSpec, ...] = ()


def main(spec: SourceSpec, ctx: WorkerContext) -> None:
    """Read the source until told to stop. What it can't open or read is reported once and tried again with back-off."""
    ring, sound = FrameRing(spec.ring), SoundRing(spec.sound)
    if isinstance(spec.config, PlayerConfig):
        from live.sources.player import run

        run(spec.config, spec.picture, ring, sound, NoteBlock(spec.notes), ctx, spec.sound_ahead_ns)
        return
    seen = PictureSight(slides=spec.config.role == "slides")
    failures, said = 0, ""
    told: set[str] = set()
    after_ns = int(spec.config.backup_after_s * NS)

    def tell(words: str, is_over: bool) -> None:
        ctx.say(words, state=OVER if is_over else "")

    def keep(gave_ns: int, stands_in: int) -> None:
        ctx.status.set(gave_ns=gave_ns, stands_in=stands_in)

    if not ctx.status.get("gave_ns"):
        keep(ctx.clock.now_ns(), 0)
    gave_ns, stands_in = int(ctx.status.get("gave_ns")), int(ctx.status.get("stands_in"))
    backup = Backup(spec.backups, after_ns, ring, sound, seen, tell, gave_ns, stands_in, keep)
    backup.step(ctx.clock.now_ns())
    while not ctx.stopping():
        reader = open_reader(spec.config, spec.picture, spec.seed)
        before = ctx.status.get("frames")
        try:
            if isinstance(reader, Streamed):
                show_stream(reader, ring, sound, ctx, seen, backup, told)
            else:
                _show(reader, ring, sound, ctx, seen, backup)
            ctx.status.set(state=WorkerState.ENDED)
            while not ctx.stopping():  # the last picture stays, unless another source stands in
                backup.step(ctx.clock.now_ns())
                ctx.clock.wait_until(ctx.clock.now_ns() + STEP_NS)
            return
        except SourceError as error:
            came = ctx.status.get("frames") > before
            if came:
                failures, said = 0, ""
                told.clear()
            waits = isinstance(error, StillWaiting)
            if str(error) != said and not waits:
                ctx.say(said := str(error))
            ctx.status.set(state=WorkerState.RETRYING)
            device_board.gone(ctx.status.board)
            stream_board.gone(ctx.status.board)
            camera_board.gone(ctx.status.board)
            back_at_once = waits or (came and isinstance(reader, Streamed) and reader.called)
            _wait(ctx, backup, AT_ONCE_S if back_at_once else pause_s(error, failures))
            failures += 1


def pause_s(error: SourceError, failures: int) -> float:
    """How long until the next try. failures: how many there have been in a row before."""
    return LOGIN_RETRY_S if isinstance(error, LoginError) else RETRY_S[min(failures, len(RETRY_S) - 1)]


def _wait(ctx: WorkerContext, backup: Backup, seconds: float) -> None:
    end = ctx.clock.now_ns() + int(seconds * NS)
    while not ctx.stopping() and ctx.clock.now_ns() < end:
        backup.step(ctx.clock.now_ns())
        ctx.clock.wait_until(min(end, ctx.clock.now_ns() + STEP_NS))


def _show(
    reader: Reader, ring: FrameRing, sound: SoundRing, ctx: WorkerContext, seen: PictureSight, backup: Backup
) -> None:
    """Put every event on the machine's time line: pictures when they are due, sound as early as it comes."""
    events: Iterator[Event]
    if backup.wanted and reader.stamped and isinstance(reader, Closable):
        events = attended(reader)
    else:
        events = reader.events() if reader.stamped else play(reader)
    pending: deque[PictureEvent] = deque()
    base_ns: int | None = None  # machine time of the medium's time 0
    ctx.status.set(state=WorkerState.STARTING)
    if not reader.realtime and not ctx.status.get("start_ns"):
        begun, base_ns = _begun(events, ring, ctx)
        events = chain(begun, events)
    elif not reader.realtime and not ctx.status.get("restarts"):
        base_ns = _joined(ctx)
    joining, worse = base_ns is not None, Worse()
    while True:
        if ctx.stopping():
            return
        now = ctx.clock.now_ns()
        if pending and base_ns is not None and base_ns + pending[0].pts_ns <= now:
            event = pending.popleft()
            if backup.gave(now):
                commit(ring, event, base_ns + event.pts_ns, seen)
            else:
                backup.step(now)
            sight.publish(ctx.status.board, seen)
            continue
        if _full(reader, pending, base_ns, now):
            ctx.clock.wait_until(min(base_ns + pending[0].pts_ns, now + NS // 10))  # type: ignore[operator]
            continue
        next_event = next(events, None)
        if next_event is None:
            if not pending:
                return
            ctx.clock.wait_until(min(base_ns + pending[0].pts_ns, now + NS // 10))  # type: ignore[operator]
            continue
        if isinstance(next_event, DeviceTold):
            device_board.publish(ctx.status.board, next_event)
            if words := worse.step(next_event, ctx.clock.now_ns()):
                ctx.say(words)
            continue
        if isinstance(next_event, CameraTold):
            camera_board.publish(ctx.status.board, next_event)
            if next_event.refused:
                ctx.say(f"{next_event.device} can't be set: {', '.join(next_event.refused)}; set it at the camera")
            continue
        if isinstance(next_event, Waiting):
            backup.step(ctx.clock.now_ns())
            continue
        base_ns = _base(reader, base_ns, next_event.pts_ns, ctx, CATCH_UP_NS if joining else LATE_NS)
        joining = joining and ctx.clock.now_ns() > base_ns + next_event.pts_ns
        ctx.status.add("frames")
        ctx.status.set(state=WorkerState.RUNNING)
        if isinstance(next_event, PictureEvent):
            pending.append(next_event)
        else:
            if backup.heard(ctx.clock.now_ns()):
                sound.set_channels(next_event.samples.shape[1])
                first = next_event.sample
                sound.write(sample_at(base_ns + next_event.pts_ns) if first is None else first, next_event.samples)
            else:
                backup.step(ctx.clock.now_ns())
            _pace_sound(reader, pending, base_ns + next_event.pts_ns, ctx)


def _joined(ctx: WorkerContext) -> int | None:
    """The time at which the show started its files, for one that was opened a little later: it is decoded as fast as
    can be until it has caught up with the others. None for one that comes much later."""
    start_ns = int(ctx.status.get("start_ns"))
    return start_ns if ctx.clock.now_ns() - start_ns < CATCH_UP_NS else None


def _begun(events: Iterator[Event], ring: FrameRing, ctx: WorkerContext) -> tuple[list[Event], int]:
    """The beginning of a file, and the time at which the show starts it: all files of a show that were opened by then
    start together, however long each took. Its first picture stands until then."""
    begun: list[Event] = []
    while (event := next(events, None)) is not None:
        if isinstance(event, PictureEvent):
            commit(ring, event, ctx.clock.now_ns())
            break
        begun.append(event)
        if isinstance(event, SoundEvent) and event.pts_ns > AHEAD_NS:
            break
    ctx.status.set(state=WorkerState.RUNNING)
    while not ctx.status.get("start_ns") and not ctx.stopping():
        ctx.clock.wait_until(ctx.clock.now_ns() + _START_LOOK_NS)
    return begun, int(ctx.status.get("start_ns"))


def _full(reader: Reader, pending: deque[PictureEvent], base_ns: int | None, now: int) -> bool:
    """Enough decoded? A realtime reader is never left waiting: it would only grow stale behind our back."""
    if not pending or base_ns is None or reader.realtime:
        return False
    return base_ns + pending[-1].pts_ns > now + AHEAD_NS


def _pace_sound(reader: Reader, pending: deque[PictureEvent], time_ns: int, ctx: WorkerContext) -> None:
    """A file with sound only has no pictures to wait for: wait here, at most as far ahead as the sound itself."""
    while not reader.realtime and not pending and time_ns > ctx.clock.now_ns() + 2 * AHEAD_NS and not ctx.stopping():
        ctx.clock.wait_until(ctx.clock.now_ns() + NS // 20)


def _base(reader: Reader, base_ns: int | None, pts_ns: int, ctx: WorkerContext, late_ns: int) -> int:
    """Where the medium's time 0 lies; laid anew when the medium has fallen behind or jumped."""
    if reader.stamped:
        return 0
    now = ctx.clock.now_ns()
    if base_ns is None:
        return now - pts_ns
    behind = now - (base_ns + pts_ns)
    if behind > late_ns or (reader.realtime and behind < -LATE_NS):
        ctx.status.add("drops")
        return now - pts_ns
    return base_ns
