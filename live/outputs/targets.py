"""Where the one encode goes: files and streams, each behind its own fault boundary.

A target has a bounded queue and a thread of its own. `put` never waits, so a slow or dead target costs the others nothing.
Whatever goes wrong in a target stays in its thread: it is said once per change of state, and tried again with back-off.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import re
import shutil
import ssl
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import av
from av.container import OutputContainer

from live.clock import NS, MonotonicClock
from live.config import FileOutput, OutputConfig, StreamOutput
from live.errors import OutputError

log = logging.getLogger(__name__)

VIDEO, AUDIO = 0, 1
QUEUE_S = 4.0  # how far a target may fall behind before it is cut forward to the next keyframe
STUCK_LIMIT_NS = 8 * NS  # a stream that takes nothing for this long gets a new process
LOW_DISK_BYTES = 32 << 20
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

    container: an open PyAV container with the encoders' two streams, video first. header: the same as the bytes of a NUT file,
    for another process.
    """

    container: OutputContainer
    header: bytes
    time_bases: tuple[Fraction, Fraction]
    rate: Fraction


class TargetState(IntEnum):
    CONNECTING = 0
    LIVE = 1
    RETRYING = 2
    CLOSED = 3


def redact(text: str) -> str:
    """Text with the secrets of its URLs masked: user and password, the stream key (the last part of the path), the query."""
    return re.sub(r"[a-z][a-z0-9+.-]*://[^\s'\"|]+", lambda match: _redact_url(match.group()), text, flags=re.IGNORECASE)


def _redact_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # not even a URL: show none of it
        return "***"
    folders = [p for p in parts.path.split("/") if p][:-1][:1]
    return f"{parts.scheme}://{host}{port}/{''.join(f + '/' for f in folders)}***"


class Target(ABC):
    """One output. `put` and `close` belong to the encoder's thread; `_session` runs in the target's own.

    say(text) is called from the target's thread on every change of state. patient: `put` waits when the queue is full instead
    of dropping (an off-line run, which is faster than the disk).
    """

    def __init__(self, name: str, template: Template, say: Callable[[str], None], *, patient: bool = False) -> None:
        self.name = name
        self.state = TargetState.CONNECTING
        self.message = ""
        self.dropped = 0  # video frames that did not reach the target
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
            self._tell(TargetState.CLOSED, "did not close in time: left")

    def _abandon(self) -> None:
        """Break off what blocks the thread, where that is possible."""
        log.warning("output %s takes nothing", self.name)

    # The target's own thread.

    def _run(self) -> None:
        failures = 0
        while True:
            started_ns = self._clock.now_ns()
            try:
                self._session()
                self._tell(TargetState.CLOSED, "closed")
                return
            except Exception as error:  # the fault boundary of this output: the others live on
                if self._finishing:
                    self._tell(TargetState.CLOSED, f"closed badly: {_reason(error)}")
                    return
                self._tell(TargetState.RETRYING, _reason(error))
                if not isinstance(error, (OutputError, OSError, av.FFmpegError)):
                    log.exception("output %s", self.name)
            if self._clock.now_ns() - started_ns > 30 * NS:
                failures = 0
            if self._wait(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]):
                self._tell(TargetState.CLOSED, f"closed; {self.message}")
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
        """The packets on a time line that starts at the first video frame (a keyframe). Sound from before it is left out, but for
        the one AAC frame that primes the decoder."""
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
            self._say(f"{self.name}: {state.name.lower()}{': ' if message else ''}{message}")


def _reason(error: BaseException) -> str:
    """Why it failed, in one line, without file names or URLs."""
    if isinstance(error, OutputError):
        return str(error)
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"


class FileTarget(Target):
    """A recording as fragmented MP4: a kill -9 loses no more than the last fragment; a close makes it an ordinary MP4.

    A fragment ends with each keyframe and after half a second. No recording is ever overwritten: at the start of a show a file
    of the same name is renamed to the first free `NAME.old.N.mp4`; within a show the next file is `NAME.2.mp4`, and so on.
    """

    def __init__(
        self, name: str, path: Path, template: Template, say: Callable[[str], None], *, fresh: bool = True, patient: bool = False
    ) -> None:
        super().__init__(name, template, say, patient=patient)
        self._path = path
        self._fresh = fresh

    def _session(self) -> None:
        path = self._next_path()
        file = RecordingFile(path)
        out = av.open(
            file, "w", format="mp4",
            container_options={
                # delay_moov: without it there is no edit list, and the 21 ms that prime AAC shift the picture, whose first
                # frame then lasts longer than the others (ffprobe: 29.94 fps).
                "movflags": "hybrid_fragmented+frag_keyframe+delay_moov", "frag_duration": "500000", "flush_packets": "1",
            },
        )  # fmt: skip
        try:
            add_streams(out, self._template.container)
            out.start_encoding()
            self._tell(TargetState.LIVE, f"recording {path.name}")
            for packet in self._rebased(self._all()):
                mux(out, packet, self._template.time_bases)
            out.close()
        finally:
            file.end()
            if file.size == 0:  # of no use to anybody
                path.unlink()

    def _next_path(self) -> Path:
        """The name of the next file. Raises OutputError when the folder or the disk will not do."""
        path = self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(path.parent).free
        if free < LOW_DISK_BYTES:
            raise OutputError(path.name, f"the disk has {free >> 20} MB left", "make room; recording goes on in a new file then")
        if path.is_file() and path.stat().st_size:
            if self._fresh:
                kept = _free_name(path, ".old.", 1)
                path.rename(kept)
                self._say(f"{self.name}: {path.name} was there already and is now {kept.name}")
            else:
                path = _free_name(path, ".", 2)
        self._fresh = False
        return path


class RecordingFile:
    """The file under a recording, for libav to write to. Raises OSError once, at the first write that fails, and is deaf from
    then on: the container's trailer must not reach a file whose disk is full. It would turn the fragments into one big piece
    whose index is missing, and what had been recorded could not be played any more.
    """

    def __init__(self, path: Path) -> None:
        self._file: io.FileIO | None = open(path, "xb", buffering=0)  # closed by end()
        self.name = str(path)
        self.size = 0

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        while self._file is not None and view:
            try:
                written = self._file.write(view) or 0
            except OSError:
                self.end()
                raise
            view = view[written:]
            self.size += written
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self._file is None else self._file.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self._file is None else self._file.tell()

    def end(self) -> None:
        """Close it; whatever is written later is lost."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _free_name(path: Path, mark: str, number: int) -> Path:
    while (candidate := path.with_name(f"{path.stem}{mark}{number}{path.suffix}")).exists():
        number += 1
    return candidate


def add_streams(out: OutputContainer, template: OutputContainer) -> None:
    """Give a container the streams of another, without encoders of its own."""
    for stream in template.streams:
        out.add_stream_from_template(stream, opaque=True)


def mux(out: OutputContainer, coded: Coded, time_bases: tuple[Fraction, Fraction]) -> None:
    """Write one packet. Each container gets a packet of its own: muxing rescales its times in place."""
    packet = av.Packet(coded.data)
    packet.stream, packet.time_base = out.streams[coded.stream], time_bases[coded.stream]
    packet.pts, packet.dts, packet.duration, packet.is_keyframe = coded.pts, coded.dts, coded.duration, coded.key
    out.mux_one(packet)


class RtmpTarget(Target):
    """A live stream by RTMP or RTMPS, sent by a process of its own (see sender.py), which reconnects by itself.

    Until the server has accepted the stream nothing is sent to the process; then the stream starts with the newest keyframe.
    RTMPS checks the server's certificate against the system's authorities.
    """

    def __init__(self, name: str, url: str, template: Template, say: Callable[[str], None]) -> None:
        super().__init__(name, template, say)
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None
        self._connected = 0

    @property
    def pid(self) -> int | None:
        """The sending process, if there is one now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _session(self) -> None:
        sender = Path(__file__).with_name("sender.py")
        process = subprocess.Popen(
            [sys.executable, "-P", str(sender)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdin is not None and process.stdout is not None
        self._process, self._connected = process, 0
        watcher = threading.Thread(target=self._watch, args=(process,), name=f"output {self.name} states", daemon=True)
        watcher.start()
        try:
            job = {
                "url": self._url, "options": _connection_options(self._url), "header": self._template.header,
                "time_bases": list(self._template.time_bases),
            }  # fmt: skip
            self._write(pickle.dumps(job))
            while self._feed(process):
                continue
        except BrokenPipeError:
            raise OutputError(self.name, "the sending process ended", "starting another") from None
        finally:
            self._end(process, watcher)

    def _feed(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the connection, then send until it goes. False when the output is finished."""
        while not (session := self._connected):
            if process.poll() is not None:
                raise OutputError(self.name, "the server did not answer in time", "starting the connection again")
            with self._changed:
                if self._finishing:
                    return False
                self._progress_ns = self._clock.now_ns()
                self._changed.wait(0.1)
        self._skip_to_newest_key()
        for packet in self._rebased(self._all()):
            if self._connected != session:
                return True
            self._write(pickle.dumps((session, *packet), pickle.HIGHEST_PROTOCOL))
        return False

    def _write(self, data: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Thread: what the process says of its connection."""
        assert process.stdout is not None
        for raw in process.stdout:
            kind, _, rest = raw.decode("utf-8", "replace").strip().partition(" ")
            if kind == "connected":
                self._connected = int(rest)
            elif kind == "live":
                self._tell(TargetState.LIVE, self._url)
            elif kind == "retrying":
                self._connected = 0
                self._tell(TargetState.RETRYING, rest)
        self._connected = 0

    def _end(self, process: subprocess.Popen[bytes], watcher: threading.Thread) -> None:
        """Close its stdin, give it time to say goodbye to the server, then kill it."""
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.close()
        except BrokenPipeError:
            log.debug("output %s: the process was gone", self.name)
        try:
            process.wait(2.0 if self._connected else 0.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        watcher.join()
        process.stdout.close()
        self._process = None

    def _abandon(self) -> None:
        process = self._process
        if process is not None:
            process.kill()


def _connection_options(url: str) -> dict[str, str]:
    """For the connection: give up on a silent server after 3 s; check certificates."""
    options = {"rw_timeout": "3000000"}
    if url.lower().startswith("rtmps:"):
        paths = ssl.get_default_verify_paths()
        authorities = paths.cafile or paths.openssl_cafile
        if authorities and os.path.exists(authorities):
            options |= {"tls_verify": "1", "ca_file": authorities}
    return options


def make_target(
    config: OutputConfig, template: Template, say: Callable[[str], None], *, fresh: bool = True, patient: bool = False
) -> Target:
    """The target of an output of the rig."""
    if isinstance(config, FileOutput):
        return FileTarget(config.name, config.path, template, say, fresh=fresh, patient=patient)
    assert isinstance(config, StreamOutput)
    return RtmpTarget(config.name, config.url, template, say)
