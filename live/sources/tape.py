"""Clips of a player, opened and decoded ahead: pictures and sound by their time in the file.

A tape is one opened file that stands at a point and runs forward. The rack holds a few: those that play, and those that
may be asked for next, so that the next clip's first pictures are there before it begins. On air a thread of the rack
opens and decodes (libav lets go of the interpreter while it works) and whoever asks never waits; off line they are run
as far as the frame needs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar

import av
import av.error
import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.base.packets import demuxed, start_s
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.clips import ClipConfig
from live.sound.stereo import Stereo
from live.sources.clips import ROUNDED_S, cause_of
from live.sources.develop import Developed, Developer, decoder_of, pictures_of, rate_of
from live.sources.opening import is_picture, opened
from live.sources.timing import Timing

Samples = npt.NDArray[np.float32]
T = TypeVar("T", bound="_Tape")

PICTURES_AHEAD = 6
SOUND_AHEAD = SAMPLE_RATE // 2
REACH_S = 2.0  # a tape that stands so far before what is wanted runs there; further, another one is opened nearer
KEPT = 6  # tapes of pictures, and as many of sound
_BACK = SAMPLE_RATE // 5  # sound that is kept behind, for a fade or a start from a pause
_SLIP = 4  # samples that rounding may put two times apart
_EARLIER_S = 2.0  # these hold no index: a seek lands anywhere
_IDLE_S = 0.05
_CHORE_S = 2.0
_NO_INDEX = {"mpegts", "mpeg"}
_BARE = {"h264", "hevc", "m4v", "mpegvideo", "h263", "vc1"}  # no times: a seek breaks them, so they are run through


@dataclass(frozen=True)
class Shown:
    """A picture of a clip, and its time in the file. serial: different for every picture decoded."""

    at_s: float
    picture: Developed
    serial: tuple[int, int]


class _Tape:
    """What both kinds share. `fill` is called by one thread; the rest by another."""

    kind = "video"
    _number = 0  # which of the file's streams of this kind

    def __init__(self, number: int, clip: int, config: ClipConfig, from_s: float) -> None:
        self.number, self.clip, self.from_s = number, clip, from_s
        self.fault = ""
        self.done = False  # nothing more will come
        self._config = config
        self._lock = threading.Lock()
        self._steps = self._run()

    def _run(self) -> Iterator[Any]:
        """Decoded frames and their times in the file, from a little before from_s on; None for a step that gave
        nothing.
        """
        try:
            with opened(self._config.path) as container:
                streams = pictures_of(container) if self.kind == "video" else container.streams.audio
                stream = next(iter(streams[self._number :]), None)
                if stream is None:
                    return
                self._begin(stream)
                timing = Timing(pictures=self.kind == "video")
                step_ns = round(NS / rate_of(stream)) if self.kind == "video" else 0
                stream.codec_context.thread_type = (
                    "NONE"  # a thread is the rack's own; a second one costs what the render loop needs
                )
                begin_s = start_s(container)
                names = set(container.format.name.split(","))
                if self.from_s > 0 and not is_picture(self._config.path) and not names & _BARE:
                    earlier_s = _EARLIER_S if names & _NO_INDEX else 0.0
                    container.seek(int((max(0.0, self.from_s - earlier_s) + begin_s) * av.time_base))
                decode = decoder_of(stream)
                for packet in demuxed(container, stream):
                    with suppress(av.error.InvalidDataError):
                        for frame in decode(packet):
                            at_s = None
                            if frame.pts is not None and frame.time_base:
                                at_s = float(frame.pts * frame.time_base) - begin_s
                            due_ns = timing.at(None if at_s is None else round(at_s * NS), step_ns)
                            if at_s is None or abs(due_ns - at_s * NS) > 1:
                                at_s = due_ns / NS
                            yield from self._arrive(at_s, frame)
                    yield None
                yield from self._rest()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self.fault = cause_of(error)

    def _begin(self, stream: Any) -> None:
        """It is opened."""

    def _arrive(self, at_s: float, frame: Any) -> Iterator[tuple[float, Any]]:
        """What of a decoded frame is whole by now."""
        yield at_s, frame

    def _rest(self) -> Iterator[tuple[float, Any]]:
        """What is left at the end."""
        yield from ()

    def close(self) -> None:
        """By whoever fills."""
        self._steps.close()  # type: ignore[attr-defined]


class PictureTape(_Tape):
    """The pictures of a clip from a point on."""

    def __init__(
        self,
        number: int,
        clip: int,
        config: ClipConfig,
        from_s: float,
        until_s: float,
        limit: tuple[int, int],
        rate_hz: float = 25.0,
    ) -> None:
        """limit, rate_hz: see Developer."""
        super().__init__(number, clip, config, from_s)
        self._until_s, self._limit, self._rate_hz = until_s, limit, rate_hz
        self._developer: Developer | None = None
        self._frames: deque[Shown] = deque()
        self.wanted_s = from_s
        self._floor_s = from_s
        self._count = 0
        self._before: Any = None  # decoded on the way to from_s

    def covers(self, at_s: float) -> bool:
        """Can it show that moment, now or soon?"""
        with self._lock:
            ahead_s = self._frames[-1].at_s if self._frames else self.wanted_s
            return self._floor_s - ROUNDED_S <= at_s and (self.done or at_s <= ahead_s + REACH_S)

    def at(self, at_s: float) -> Shown | None:
        """The newest picture of that moment that is decoded; the first one if none is so old; None when there is none
        yet.
        """
        with self._lock:
            self.wanted_s = max(self.wanted_s, at_s)
            self._trim()
            return self._frames[0] if self._frames else None

    @property
    def empty(self) -> bool:
        return not self._frames

    def sure(self, at_s: float) -> bool:
        """Is that what `at` says for good, however much more is decoded?"""
        with self._lock:
            return self.done or (bool(self._frames) and self._frames[-1].at_s > at_s + ROUNDED_S)

    def _trim(self) -> None:
        while len(self._frames) > 1 and self._frames[1].at_s <= self.wanted_s + ROUNDED_S:
            self._frames.popleft()
            self._floor_s = self._frames[0].at_s

    def fill(self) -> bool:
        """A step further; False when there is nothing to do."""
        if self.done or len(self._frames) >= PICTURES_AHEAD:
            return False
        try:
            step = next(self._steps)
        except StopIteration:
            if self._before is not None and not self._count:
                self._put(*self._before)
            self.done = True
            return True
        if step is None:
            return True
        at_s, frame = step
        if not self._count and at_s < self.from_s - ROUNDED_S:
            self._before = step  # on the way: only the last one counts, the others needn't be converted
            return True
        if not self._count and self._before is not None and at_s > self.from_s + ROUNDED_S:
            self._put(*self._before)
        if self._count and at_s >= self._until_s - ROUNDED_S:
            self.done = True
            return True
        self._put(at_s, frame)
        return True

    def _begin(self, stream: Any) -> None:
        self._developer = Developer(
            stream, self._limit, self._rate_hz, premultiplied=self._config.alpha == "premultiplied"
        )

    def _arrive(self, at_s: float, frame: Any) -> Iterator[tuple[float, Any]]:
        assert self._developer is not None
        for at_ns, whole in self._developer.arrive(frame, round(at_s * NS)):
            yield (at_s if whole is frame else at_ns / NS), whole

    def _rest(self) -> Iterator[tuple[float, Any]]:
        assert self._developer is not None
        for at_ns, whole in self._developer.rest():
            yield at_ns / NS, whole

    def _put(self, at_s: float, frame: av.VideoFrame) -> None:
        assert self._developer is not None
        picture = self._developer.develop(frame)
        with self._lock:
            self._count += 1
            self._frames.append(Shown(at_s, picture, (self.number, self._count)))
            self._trim()

    @property
    def full(self) -> bool:
        return self.done or len(self._frames) >= PICTURES_AHEAD


class SoundTape(_Tape):
    """The sound of a clip from a point on: float32 stereo at 48 kHz, by sample number in the file."""

    kind = "audio"

    def __init__(self, number: int, clip: int, config: ClipConfig, from_s: float) -> None:
        self._number = (config.track or 1) - 1
        super().__init__(number, clip, config, from_s)
        self._stereo = Stereo()
        self._blocks: deque[tuple[int, Samples]] = deque()
        self.next = round(from_s * SAMPLE_RATE)  # where reading goes on
        self._floor = self.next
        self._end: int | None = None  # after the last sample decoded

    def covers(self, at: int) -> bool:
        with self._lock:
            ahead = self.next if self._end is None else self._end
            return self._floor - _SLIP <= at and (self.done or at <= ahead + REACH_S * SAMPLE_RATE)

    def sure(self, until: int) -> bool:
        with self._lock:
            return self.done or (self._end is not None and self._end >= until)

    def read(self, at: int, count: int) -> Samples:
        """(count, 2) from a sample of the file on; silence where nothing is decoded."""
        if abs(at - self.next) <= _SLIP:
            at = self.next
        out = np.zeros((count, CHANNELS), np.float32)
        with self._lock:
            self.next = at + count
            for begin, block in self._blocks:
                low, high = max(at, begin), min(at + count, begin + len(block))
                if low < high:
                    out[low - at : high - at] = block[low - begin : high - begin]
            while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) < self.next - _BACK:
                begin, block = self._blocks.popleft()
                self._floor = begin + len(block)
        return out

    def fill(self) -> bool:
        if self.full:
            return False
        try:
            step = next(self._steps)
        except StopIteration:
            if self._end is not None:
                self._put(self._stereo.blocks(None))
            self.done = True
            return True
        if step is None:
            return True
        at_s, frame = step
        frame.pts = None
        at = round(at_s * SAMPLE_RATE)
        if self._end is None or abs(at - self._end) > SAMPLE_RATE // 50:  # a hole in the file stays one
            self._end = at
        self._put(self._stereo.blocks(frame))
        return True

    def _put(self, blocks: Sequence[Samples]) -> None:
        for samples in blocks:
            with self._lock:
                assert self._end is not None
                if self._end + len(samples) > self._floor - _BACK:
                    self._blocks.append((self._end, samples))
                self._end += len(samples)

    @property
    def full(self) -> bool:
        return self.done or (self._end is not None and self._end >= self.next + SOUND_AHEAD)


class Rack:
    """The tapes of one player. patient: whoever asks waits until it is decoded (off line); otherwise a thread
    decodes.
    """

    def __init__(
        self,
        clips: Sequence[ClipConfig],
        limit: tuple[int, int],
        *,
        rate_hz: float,
        patient: bool,
        length_s: Callable[[int], float],
        tell: Callable[[int, str], None],
        chore: Callable[[], None],
    ) -> None:
        """length_s(clip): from its in point on. chore: done by the thread now and then, when nothing is to be decoded.
        tell(clip, what) is called, from the thread, for a file that can't be read on."""
        self._clips, self._length_s, self._limit, self._patient, self._tell = clips, length_s, limit, patient, tell
        self._rate_hz, self._chore = rate_hz, chore
        self._pictures: list[PictureTape] = []  # the one used last is the last one
        self._sounds: list[SoundTape] = []
        self._retired: list[_Tape] = []
        self._made = 0
        self._told: set[int] = set()
        self._change = threading.Condition()
        self._closing = False
        self._thread = None if patient else threading.Thread(target=self._work, name="tapes", daemon=True)
        if self._thread is not None:
            self._thread.start()

    def picture(self, clip: int, at_s: float) -> Shown | None:
        """The picture of a moment of a clip, or the newest before it that is decoded; None while there is none."""
        tape = self._picture_tape(clip, at_s)
        shown = tape.at(at_s)
        if self._patient:
            while not tape.sure(at_s) and self._step(tape):
                shown = tape.at(at_s)
            shown = tape.at(at_s)
        self._wake(tape)
        return shown

    def has_no_picture(self, clip: int) -> bool:
        """Was it read through, and there was none?"""
        return any(t.clip == clip and t.done and t.empty and not t.fault for t in self._pictures)

    def sound(self, clip: int, at: int, count: int) -> Samples:
        """(count, 2) of a clip from a sample of its file on."""
        tape = self._sound_tape(clip, at)
        while self._patient and not tape.sure(at + count) and self._step(tape):
            pass
        samples = tape.read(at, count)
        self._wake(tape)
        return samples

    def prepare(self, clip: int, at_s: float) -> None:
        """It may be wanted next."""
        self._picture_tape(clip, at_s)
        self._sound_tape(clip, round(at_s * SAMPLE_RATE))

    def _picture_tape(self, clip: int, at_s: float) -> PictureTape:
        fits = [t for t in self._pictures if t.clip == clip and t.covers(at_s)]
        if fits:
            return self._used(self._pictures, min(fits, key=lambda t: abs(t.wanted_s - at_s)))
        config = self._clips[clip]
        return self._used(
            self._pictures,
            PictureTape(
                self._number(), clip, config, at_s, config.in_s + self._length_s(clip), self._limit, self._rate_hz
            ),
        )

    def _sound_tape(self, clip: int, at: int) -> SoundTape:
        fits = [t for t in self._sounds if t.clip == clip and t.covers(at)]
        if fits:
            return self._used(self._sounds, min(fits, key=lambda t: abs(t.next - at)))
        return self._used(self._sounds, SoundTape(self._number(), clip, self._clips[clip], at / SAMPLE_RATE))

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _used(self, tapes: list[T], tape: T) -> T:
        with self._change:
            if tape in tapes:
                tapes.remove(tape)
            tapes.append(tape)
            while len(tapes) > KEPT:
                self._retired.append(tapes.pop(0))
        if self._patient:
            self._close_retired()
        return tape

    # -- decoding -----------------------------------------------------------------------------------------------------

    def _step(self, tape: Any) -> bool:
        try:
            worked = bool(tape.fill())
        except Exception as error:  # whatever is odd in one clip, the others go on
            tape.fault, tape.done, worked = cause_of(error), True, True
        if tape.fault and tape.number not in self._told:
            self._told.add(tape.number)
            self._tell(tape.clip, tape.fault)
        return worked

    def _wake(self, tape: SoundTape | PictureTape) -> None:
        if self._thread is not None and not tape.full:
            with self._change:
                self._change.notify()

    def forget(self, clip: int) -> None:
        """Its file is another one now."""
        with self._change:
            self._retired += [t for t in (*self._pictures, *self._sounds) if t.clip == clip]
            self._pictures = [t for t in self._pictures if t.clip != clip]
            self._sounds = [t for t in self._sounds if t.clip != clip]

    def _work(self) -> None:
        idle = 0
        while True:
            with self._change:
                if self._closing:
                    return
                tape = next((t for t in self._in_turn() if not t.full), None)
                if tape is None:
                    self._change.wait(_IDLE_S)
                    idle += 1
            self._close_retired()
            if tape is not None:
                self._step(tape)
            elif idle * _IDLE_S >= _CHORE_S:
                idle = 0
                self._chore()

    def _in_turn(self) -> Iterator[SoundTape | PictureTape]:
        """The ones used last first, sound and picture by turns."""
        for pair in zip_longest(reversed(self._sounds), reversed(self._pictures)):
            yield from (tape for tape in pair if tape is not None)

    def _close_retired(self) -> None:
        while self._retired:
            self._retired.pop(0).close()

    def close(self) -> None:
        with self._change:
            self._closing = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join(5.0)
        if self._thread is None or not self._thread.is_alive():
            with ExitStack() as stack:
                for tape in (*self._pictures, *self._sounds, *self._retired):
                    stack.callback(tape.close)
