"""Where the one encode goes: files and streams, each behind its own fault boundary.

A target has a bounded queue and a thread of its own. `put` never waits, so a slow or dead target costs the others
nothing. Whatever goes wrong in a target stays in its thread: it is said once per change of state, and tried again with
back-off.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from live.base.clock import NS, MonotonicClock
from live.base.errors import OutputError
from live.base.secrets import redact
from live.outputs.board import TargetState
from live.shm.status import Message

if TYPE_CHECKING:
    from av.container import OutputContainer

log = logging.getLogger(__name__)

VIDEO, AUDIO = 0, 1
QUEUE_S = 4.0  # how far a target may fall behind before it is cut forward to the next keyframe
STUCK_LIMIT_NS = 8 * NS  # a stream that takes nothing for this long gets a new process
BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)


class Coded(NamedTuple):
    """One coded packet. Times are ticks of its stream's time base; video is Annex B H.264, audio is raw AAC."""

    stream: int
    data: bytes
    pts: int
    dts: int
    duration: int
    key: bool


@dataclass(frozen=True)
class Template:
    """What a container must know of the two streams before the first packet.

    container: an open PyAV container with the encoders' two streams, video first. header: the same as the bytes of a
    NUT file, for another process. identity: of the show.
    """

    container: OutputContainer
    header: bytes
    time_bases: tuple[Fraction, Fraction]
    rate: Fraction
    identity: str = ""


Say = Callable[[Message], None]  # called from the targets' threads


class Target(ABC):
    """One output. `put` and `close` belong to the encoder's thread; `_session` runs in the target's own.

    say(message) is called from the target's thread on every change of state. patient: `put` waits when the queue is
    full instead of dropping (an off-line run, which is faster than the disk).
    """

    def __init__(self, name: str, template: Template, say: Say, *, patient: bool = False) -> None:
        self.name = name
        self.state = TargetState.CONNECTING
        self.message = ""
        self.dropped = 0  # video frames that did not reach the target
        self.first_frame = 0  # the program frame of the encoder's first picture; set before the first packet
        self._template = template
        self._say = say
        self._patient = patient
        self._clock = MonotonicClock()
        self._packets: deque[Coded] = deque()
        self._capacity = int(QUEUE_S * (template.rate + 48))
        self._need_key = True
        self._finishing = False
        self._changed = threading.Condition()
        self._progress_ns = self._clock.now_ns()
        self._thread = threading.Thread(target=self._run, name=f"output {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Has it closed, one way or another?"""
        return not self._thread.is_alive()

    # The encoder's side.

    def put(self, packet: Coded) -> None:
        """Hand over one packet. Never waits (unless patient)."""
        with self._changed:
            if self._patient:
                self._changed.wait_for(lambda: len(self._packets) < self._capacity or not self._thread.is_alive())
            elif len(self._packets) >= self._capacity:
                self._clear()
                self._overflow()
            if self._need_key and not (packet.stream == VIDEO and packet.key):
                self.dropped += packet.stream == VIDEO
                return
            self._need_key = False
            self._packets.append(packet)
            self._changed.notify_all()

    def _clear(self) -> None:
        """Drop what waits; go on at the next keyframe. Called with the lock."""
        self.dropped += sum(p.stream == VIDEO for p in self._packets)
        self._packets.clear()
        self._need_key = True
        self._changed.notify_all()  # a patient encoder may wait for room

    def _overflow(self) -> None:
        """The queue has run full (called with the lock): end what hangs."""
        if self._clock.now_ns() - self._progress_ns > STUCK_LIMIT_NS:
            self._abandon()

    def finish(self) -> None:
        """No more packets will come: write what waits, then close."""
        with self._changed:
            self._finishing = True
            self._changed.notify_all()

    def join(self, timeout_s: float) -> None:
        """Wait for the end; after the time-out, end what can be ended and leave the rest to the end of the process."""
        self._thread.join(max(0.0, timeout_s))
        if self._thread.is_alive():
            self._abandon()
            self._tell(TargetState.FAILED, "did not close in time: left")

    def _abandon(self) -> None:
        """Break off what blocks the thread, where that is possible."""
        log.warning("output %s takes nothing", self.name)

    # The target's own thread.

    def _run(self) -> None:
        import av  # only who writes needs it, not who reads a rig

        failures = 0
        while True:
            started_ns = self._clock.now_ns()
            try:
                self._session()
                self._tell(TargetState.CLOSED, "closed")
                return
            except Exception as error:  # the fault boundary of this output: the others live on
                if self._finishing:
                    self._tell(TargetState.FAILED, f"closed badly: {_reason(error)}")
                    return
                self._tell(TargetState.RETRYING, _reason(error))
                if not isinstance(error, (OutputError, OSError, av.FFmpegError)):
                    log.exception("output %s", self.name)
            if self._clock.now_ns() - started_ns > 30 * NS:
                failures = 0
            if self._wait(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]):
                self._tell(TargetState.FAILED, f"closed; {self.message}")
                return
            failures += 1
            with self._changed:
                self._clear()

    @abstractmethod
    def _session(self) -> None:
        """Open, write everything, close. Returns when the output is finished; raises when it is broken."""

    def _wait(self, seconds: float) -> bool:
        """Wait; True when it is time to finish. Packets that come meanwhile are dropped by the queue's limit."""
        with self._changed:
            finishing = self._changed.wait_for(lambda: self._finishing, seconds)
            self._progress_ns = self._clock.now_ns()
            return finishing

    def _take(self, timeout_s: float | None = None) -> Coded | None:
        """The next packet; None when there are no more, or after the time-out."""
        with self._changed:
            self._changed.wait_for(lambda: self._packets or self._finishing, timeout_s)
            self._progress_ns = self._clock.now_ns()
            if not self._packets:
                return None
            packet = self._packets.popleft()
            if self._patient:
                self._changed.notify_all()
            return packet

    def _skip_to_newest_key(self) -> None:
        """Drop what waits before the newest keyframe."""
        with self._changed:
            keys = [i for i, p in enumerate(self._packets) if p.stream == VIDEO and p.key]
            if not keys:
                self._clear()
            for _ in range(keys[-1] if keys else 0):
                self.dropped += self._packets.popleft().stream == VIDEO

    def _rebased(self, packets: Iterator[Coded]) -> Iterator[Coded]:
        """The packets on a time line that starts at the first video frame (a keyframe). Sound from before it is left
        out, but for the one AAC frame that primes the decoder."""
        base: Fraction | None = None
        for packet in packets:
            tick = self._template.time_bases[packet.stream]
            if base is None:
                if packet.stream != VIDEO:
                    continue
                base = packet.pts * tick
            shift = round(base / tick)
            if packet.stream == AUDIO and packet.pts + packet.duration < shift:
                continue
            yield packet._replace(pts=packet.pts - shift, dts=packet.dts - shift)

    def _all(self) -> Iterator[Coded]:
        while (packet := self._take()) is not None:
            yield packet

    def _tell(self, state: TargetState, message: str) -> None:
        """Change the state; say it when it is a change."""
        message = redact(message)
        changed = (state, message) != (self.state, self.message)
        self.state, self.message = state, message
        if changed and state is not TargetState.CONNECTING:
            self._say(Message(message, self.name, state.name.lower()))


def _reason(error: BaseException) -> str:
    """Why it failed, in one line, without file names or URLs."""
    if isinstance(error, OutputError):
        return f"{error.cause}; {error.action}" if error.action else error.cause
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"


class Targeted(ABC):
    """An output that a target writes."""

    @abstractmethod
    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        """Not started yet. What the arguments mean, Encoder says."""


def add_streams(out: OutputContainer, template: OutputContainer) -> None:
    """Give a container the streams of another, without encoders of its own."""
    for stream in template.streams:
        out.add_stream_from_template(stream, opaque=True)


def mux(out: OutputContainer, coded: Coded, time_bases: tuple[Fraction, Fraction]) -> None:
    """Write one packet. Each container gets a packet of its own: muxing rescales its times in place."""
    import av

    packet = av.Packet(coded.data)
    packet.stream, packet.time_base = out.streams[coded.stream], time_bases[coded.stream]
    packet.pts, packet.dts, packet.duration, packet.is_keyframe = coded.pts, coded.dts, coded.duration, coded.key
    out.mux_one(packet)
