"""The player: what it shows and how it sounds at any time, by the newest note; and the worker that runs it live.

The same `Playout` runs off line. It knows no clock: the pictures and samples of a time are asked for, and they are the
same whoever asks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.samples import CHANNELS, SAMPLE_RATE, sample_at
from live.config.clips import PlayerConfig
from live.config.picture import PictureConfig
from live.picture.format import U8, PictureFormat
from live.playout import Note, Place, Reel, note_of, place
from live.shm.frame_ring import FrameRing
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.sources.clips import Clips
from live.sources.reader import PictureEvent
from live.sources.tape import Rack, Samples, Shown
from live.workers import WorkerContext

FADE = SAMPLE_RATE // 50  # 20 ms: where an order starts or stops sound, or moves its level
_EDGE = SAMPLE_RATE // 200  # 5 ms: where an in or out point cuts into a sound
REFRESH_NS = NS // 2  # a picture that stands is repeated this often: enough to be known alive
# How far behind now sound is written: an order that comes a little late still counts from its time on. The mixer is 120
# ms behind.
_SOUND_BEHIND_NS = int(0.04 * NS)
_SOUND_BLOCK = SAMPLE_RATE // 50
_EARLY = 0.7  # of a frame: time for a busy machine, but after the orders of the frame before
_POLL_NS = int(0.005 * NS)
_ALIVE_EVERY = 16  # polls between two signs of life
_SAY_EVERY_NS = NS // 2  # the log reads messages some times a second


@dataclass(frozen=True)
class _Part:
    """Sound by one start, from the sample (of the machine's time line) on at which it took effect. fades: it begins
    with a fade.
    """

    note: Note
    begin: int
    fades: bool


@dataclass(frozen=True)
class _Ramp:
    """A level that goes from one to another within FADE samples."""

    begin: int
    before: float
    after: float

    def at(self, samples: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return np.asarray(self.before + (self.after - self.before) * np.clip((samples - self.begin) / FADE, 0, 1))


@dataclass(frozen=True)
class PictureNow:
    """A picture, and what tells it from every other one."""

    key: object
    event: PictureEvent


class Playout:
    """One player. clips that can't be opened are said through `tell(message)` and skipped. Owner: one thread."""

    def __init__(
        self,
        config: PlayerConfig,
        picture: PictureConfig,
        *,
        patient: bool,
        tell: Callable[[str], None],
        beat: Callable[[], None] = lambda: None,
        sound_ahead_ns: int = 0,
    ) -> None:
        """patient: off line, where whoever asks waits for the decoder. beat: called while files are opened, which may
        take its time.
        """
        self._config, self._tell, self._sound_ahead_ns = config, tell, sound_ahead_ns
        self._black = PictureFormat(picture.width, picture.height)
        self._clips = Clips(config, tell, beat)
        limit = max(picture.width, 1920), max(picture.height, 1088)
        self.note = Note()
        self._asked_s = 0.0  # the time of the picture that was asked for last
        self._rack = Rack(
            config.clips,
            limit,
            rate_hz=picture.rate_hz,
            patient=patient,
            length_s=lambda clip: self.reel.lengths_s[clip],
            tell=self._broke_off,
            chore=self._look_again,
        )
        self._parts = deque([_Part(self.note, 0, False)])
        self._levels: deque[tuple[int, float]] = deque()  # (first sample, level to fade to)
        self._ramp = _Ramp(0, 0.0, 0.0)  # the one that runs, or ran last
        self._written = 0  # sample after the last one that was asked for
        self._shown: Shown | None = None
        self._nothing = PictureNow("black", PictureEvent(0, self._black, self._draw_black))

    @property
    def reel(self) -> Reel:
        return self._clips.reel

    def _look_again(self) -> None:
        """By the rack's thread: files that were mended, or came late."""
        here = place(self.note.start, self.reel, self._asked_s)
        for clip in self._clips.renew(but=here.clip if here.status in ("playing", "paused") else None):
            self._rack.forget(clip)
            if self.reel.lengths_s[clip]:
                self._tell(
                    f"{self._config.name}: clip {clip + 1}, {self._config.clips[clip].path}, is another file "
                    f"now; it can be played"
                )

    def _broke_off(self, clip: int, cause: str) -> None:
        path = self._config.clips[clip].path
        self._tell(
            str(
                SourceError(
                    self._config.name,
                    f"clip {clip + 1}, {path}, broke off ({cause})",
                    "its last picture stays until its end",
                )
            )
        )

    # -- orders -------------------------------------------------------------------------------------------------------

    def take(self, note: Note) -> None:
        """A new note: it counts from its own time on, for sound that has been given already from there on."""
        before, self.note = self.note, note
        if note.start != before.start or note.origin_ns != before.origin_ns:
            begin = max(self._sample(note.start.since_s), self._written)
            self._parts.append(_Part(note, begin, not self._goes_on(before, note)))
        if note.level != before.level:
            self._levels.append((max(self._sample(note.level_s), self._written), note.level))

    def begin(self, sample: int) -> None:
        """No sound will be asked for from before this sample of the machine's time line."""
        self._written = sample

    def _goes_on(self, before: Note, note: Note) -> bool:
        """Is it the same sound, told anew?"""
        a, b = (place(n.start, self.reel, note.start.since_s + 0.001) for n in (before, note))
        return a.clip == b.clip and a.status == b.status and abs(a.at_s - b.at_s) < 0.001

    def _sample(self, show_s: float) -> int:
        return sample_at(self.note.origin_ns + round(show_s * NS) - self._sound_ahead_ns)

    def show_s(self, machine_ns: int) -> float:
        return (machine_ns - self.note.origin_ns) / NS

    # -- picture ------------------------------------------------------------------------------------------------------

    def picture(self, show_s: float) -> PictureNow | None:
        """What it shows at a time of the show; None while nothing is decoded."""
        self._asked_s = show_s
        here = place(self.note.start, self.reel, show_s)
        if here.status == "empty" or here.black:
            return self._nothing
        self._prepare(here)
        shown = self._rack.picture(here.clip, self._config.clips[here.clip].in_s + here.at_s)
        if shown is None and self._rack.has_no_picture(here.clip):
            return self._nothing
        self._shown = shown or self._shown
        if self._shown is None:
            return None
        shown = self._shown
        return PictureNow(shown.serial, PictureEvent(int(shown.at_s * NS), shown.picture.format, shown.picture.write))

    def _prepare(self, here: Place) -> None:
        """What may be wanted at once: the clip that follows, this one from its beginning, and where it stands."""
        loop = self.note.start.loop if here.clip == self.note.start.clip else None
        nxt = self.reel.successor(here.clip, loop)
        for clip in dict.fromkeys((self.reel.following(here.clip), here.clip if nxt is None else nxt, here.clip)):
            self._rack.prepare(clip, self._config.clips[clip].in_s)
        if here.status != "playing":
            self._rack.prepare(here.clip, self._config.clips[here.clip].in_s + here.at_s)

    def _draw_black(self, out: U8) -> None:
        y, u, v = self._black.planes(out)
        y[:], u[:], v[:] = 16, 128, 128

    # -- sound --------------------------------------------------------------------------------------------------------

    def sound(self, first: int, count: int) -> Samples:
        """(count, 2) from a sample of the machine's time line on; asked for in order."""
        out = np.zeros((count, CHANNELS), np.float32)
        if len(self._parts) == 1 and not self._levels and self._parts[0].note.start.status != "playing":
            self._written = first + count
            return out
        parts = list(self._parts)
        for n, part in enumerate(parts):
            nxt = parts[n + 1] if n + 1 < len(parts) else None
            end = first + count if nxt is None else min(first + count, nxt.begin + (FADE if nxt.fades else 0))
            begin = max(first, part.begin)
            if begin >= end:
                continue
            samples = self._played(part, begin, end)
            if samples is None:
                continue
            at = np.arange(begin, end)
            gain = np.ones(end - begin)
            if part.fades:
                gain *= np.clip((at - part.begin) / FADE, 0, 1)
            if nxt is not None and nxt.fades:
                gain *= np.clip(1 - (at - nxt.begin) / FADE, 0, 1)
            out[begin - first : end - first] += samples * gain[:, None].astype(np.float32)
        self._written = first + count
        while len(self._parts) > 1 and self._parts[1].begin + FADE <= self._written:
            self._parts.popleft()
        return out * self._gains(first, count)

    def _gains(self, first: int, count: int) -> Samples:
        at = np.arange(first, first + count)
        gain = self._ramp.at(at)
        while self._levels and self._levels[0][0] < first + count:
            begin, level = self._levels.popleft()
            self._ramp = _Ramp(begin, float(self._ramp.at(np.array(begin))), level)
            gain = np.where(at >= begin, self._ramp.at(at), gain)
        return gain[:, None].astype(np.float32)

    def _played(self, part: _Part, begin: int, end: int) -> Samples | None:
        """The clip's sound by one start; None for silence."""
        if part.note.start.status != "playing":
            return None
        out = np.zeros((end - begin, CHANNELS), np.float32)
        at = begin
        for clip, position, count in self._runs(part.note, begin, end):
            out[at - begin : at - begin + count] = self._rack.sound(clip, position, count) * self._edges(
                clip, position, count
            )
            at += count
        return out

    def _runs(self, note: Note, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(clip, first sample in its file, how many) of the clips that play, one after the other, from a sample on."""
        at = begin
        while at < end:
            here = place(note.start, self.reel, (at * NS / SAMPLE_RATE + self._sound_ahead_ns - note.origin_ns) / NS)
            if here.status != "playing":
                return
            left = round((self.reel.lengths_s[here.clip] - here.at_s) * SAMPLE_RATE)
            count = min(end - at, max(1, left))
            yield here.clip, round((self._config.clips[here.clip].in_s + here.at_s) * SAMPLE_RATE), count
            at += count

    def _edges(self, clip: int, position: int, count: int) -> Samples:
        """Gain that takes the click out of in and out points."""
        config = self._config.clips[clip]
        at = np.arange(position, position + count)
        gain = np.ones(count)
        if config.in_s > 0:
            gain *= np.clip((at - config.in_s * SAMPLE_RATE) / _EDGE, 0, 1)
        if config.out_s is not None:
            gain *= np.clip(((config.in_s + self.reel.lengths_s[clip]) * SAMPLE_RATE - at) / _EDGE, 0, 1)
        return gain[:, None].astype(np.float32)

    def close(self) -> None:
        self._rack.close()


class Shower:
    """Puts a player's pictures into its ring: each when it changes, and now and then anyway."""

    def __init__(self, playout: Playout, ring: FrameRing) -> None:
        self._playout, self._ring = playout, ring
        self._last: object = None
        self._last_ns = 0

    @property
    def begun(self) -> bool:
        """Has it shown anything?"""
        return self._last is not None

    def show(self, show_s: float, capture_ns: int) -> bool:
        """The picture of a time; True when it was put there."""
        look = self._playout.picture(show_s)
        if look is None or (look.key == self._last and capture_ns - self._last_ns < REFRESH_NS):
            return False
        look.event.write(self._ring.slot(look.event.format.size))
        self._ring.commit(look.event.format, capture_ns=capture_ns, pts_ns=look.event.pts_ns)
        self._last, self._last_ns = look.key, capture_ns
        return True


def clips_board(clips: int) -> np.dtype[Any]:
    """The board of a player's worker: 1 once the clips were looked at, and the length of each."""
    return np.dtype([("known", "<i8"), ("lengths_s", "<f8", (clips,))])


def run(
    config: PlayerConfig,
    picture: PictureConfig,
    ring: FrameRing,
    sound: SoundRing,
    notes: NoteBlock,
    ctx: WorkerContext,
    sound_ahead_ns: int,
) -> None:
    """The player's worker: until told to stop. What it finds of its clips is on its board.

    The picture of program frame n is put into the ring _EARLY of a frame before frame n is due, so that frame n shows
    it for certain; its time is half a frame before, so that no other frame does. sound_ahead_ns: how much earlier than
    its picture sound is given.
    """
    said: deque[str] = deque()
    playout = Playout(config, picture, patient=False, tell=said.append, beat=ctx.beat, sound_ahead_ns=sound_ahead_ns)
    shower, rate = Shower(playout, ring), picture.rate
    count, frame, said_ns, polls = 0, -1, 0, 0
    written = sample_at(ctx.clock.now_ns() - _SOUND_BEHIND_NS)
    playout.begin(written)
    ctx.status.set(state=WorkerState.RUNNING)
    try:
        while polls % _ALIVE_EVERY or not ctx.stopping():
            if polls % _ALIVE_EVERY == 0:
                ctx.status.board["lengths_s"] = playout.reel.lengths_s
                ctx.status.board["known"] = 1
            polls += 1
            if (news := notes.read(count)) is not None:
                count = news[0]
                playout.take(note_of(news[1]))
            now_ns = ctx.clock.now_ns()
            due = _frame_due(playout, now_ns, rate)
            if due != frame:
                frame = due
                ahead_ns = int((frame - Fraction(1, 2)) * NS / rate)
                if shower.show(float(frame / rate), playout.note.origin_ns + ahead_ns):
                    ctx.status.add("frames")
            until = sample_at(now_ns - _SOUND_BEHIND_NS)
            if until - written >= _SOUND_BLOCK and shower.begun:
                written = max(written, until - SAMPLE_RATE)
                sound.write(written, playout.sound(written, until - written))
                written = until
            if said and now_ns - said_ns > _SAY_EVERY_NS:
                said_ns = now_ns
                ctx.say(said.popleft())
            ctx.clock.wait_until(now_ns + _POLL_NS)
    finally:
        playout.close()


def _frame_due(playout: Playout, now_ns: int, rate: Fraction) -> int:
    """The program frame whose picture is to be in the ring by now."""
    return ((now_ns - playout.note.origin_ns) * rate.numerator + int(_EARLY * NS) * rate.denominator) // (
        NS * rate.denominator
    )
