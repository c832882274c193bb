"""The process that pushes one stream: it takes coded packets on stdin, and talks RTMP(S) to one server.

A program of its own (`python -P sender.py`), because nothing else bounds libav when a server goes wrong. Measured
against an nginx stopped with SIGSTOP: the `fifo` muxer inside the encoder's process keeps mux() under 8 ms, but its
close blocks 7.4 s with the GIL held (PyAV writes the trailer so), which stops the recording beside it; and it does not
say whether anybody is connected. Here a stuck connection is a process that can be killed, and every change of state is
told as it happens.

stdin: pickles. First a dict (url, options, header: a NUT file with the two streams, time_bases), then tuples (session,
stream, data, pts, dts, duration, key). stdout: lines `connected SESSION`, `live` when that has held for a second (a
server that refuses a stream key may accept the connection first), `retrying REASON`. A packet of another session than
the one that is connected is stale and is dropped. The end of stdin means: close and leave. Imports nothing of this
package, so that it starts fast and small.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import logging
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import OutputContainer

CONNECT_LIMIT_S = 12.0
CLOSE_LIMIT_S = 2.0
LIVE_AFTER_S = 1.0
BACKOFF_S = (0.5, 1.0, 2.0, 2.0, 4.0)
_QUEUE_PACKETS = 64


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """End the process when libav does not come back in time. It holds the GIL while it connects and closes, so only a
    watchdog outside of Python can; the encoder starts a new process then."""
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _tell(line: str) -> None:
    print(line, flush=True)


def _escaped(text: str, special: str) -> str:
    return "".join("\\" + c if c in special else c for c in text)


def connect(job: dict[str, Any]) -> OutputContainer:
    """Connect and write the header; blocks. The `tee` muxer with one target is there because it hands options
    (time-outs, TLS) to the connection, which PyAV's own open does not. Raises what libav raises."""
    options = {"f": "flv", **job["options"]}
    prefix = ":".join(f"{k}={_escaped(v, chr(92) + chr(39) + ':|]')}" for k, v in options.items())
    out = av.open(f"[{prefix}]{_escaped(job['url'], chr(92) + chr(39) + '|')}", "w", format="tee")
    with av.open(io.BytesIO(job["header"]), format="nut") as template:
        for stream in template.streams:
            out.add_stream_from_template(stream, opaque=True)
    out.start_encoding()
    return out


def _read(packets: queue.Queue[tuple[Any, ...] | None]) -> None:
    """Thread: stdin into the queue, None at its end. A full queue stops the reading, which the encoder feels and
    answers."""
    try:
        while True:
            packets.put(pickle.load(sys.stdin.buffer))
    except (EOFError, OSError, pickle.UnpicklingError):
        packets.put(None)


def _send(
    out: OutputContainer, session: int, bases: list[Fraction], packets: queue.Queue[tuple[Any, ...] | None]
) -> Iterator[None]:
    """Mux the packets of this session until the end of input. Yields after each. Raises what libav raises."""
    while (item := packets.get()) is not None:
        tag, index, data, pts, dts, duration, key = item
        if tag != session:
            continue
        packet = av.Packet(data)
        packet.stream, packet.time_base = out.streams[index], bases[index]
        packet.pts, packet.dts, packet.duration, packet.is_keyframe = pts, dts, duration, key
        out.mux_one(packet)
        yield


def _wait(seconds: float, packets: queue.Queue[tuple[Any, ...] | None]) -> bool:
    """Wait before the next try, dropping what comes. True when the input has ended."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            if packets.get(timeout=left) is None:
                return True
    return False


class _Certificates(logging.Handler):
    """Notices in libav's own log when TLS does not trust the server: the error that comes up says only `Input/output
    error`."""

    refused = False

    def emit(self, record: logging.LogRecord) -> None:
        self.refused = self.refused or "certificate" in record.getMessage()


def _watch_certificates() -> _Certificates:
    handler = _Certificates()
    libav = logging.getLogger("libav")
    libav.addHandler(handler)
    libav.propagate = False
    av.logging.set_level(av.logging.ERROR)
    return handler


def _reason(error: Exception, certificates: _Certificates) -> str:
    """Why, without the URL: it may hold a stream key."""
    if certificates.refused:
        certificates.refused = False
        return "the server's certificate is not trusted"
    return getattr(error, "strerror", None) or type(error).__name__


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    certificates = _watch_certificates()
    job = pickle.load(sys.stdin.buffer)
    packets: queue.Queue[tuple[Any, ...] | None] = queue.Queue(_QUEUE_PACKETS)
    threading.Thread(target=_read, args=(packets,), daemon=True).start()
    session, failures = 0, 0
    while True:
        out, live = None, False
        try:
            with _limit(CONNECT_LIMIT_S):
                out = connect(job)
            session += 1
            _tell(f"connected {session}")
            since = time.monotonic()
            for _ in _send(out, session, job["time_bases"], packets):
                if not live and time.monotonic() - since > LIVE_AFTER_S:
                    live, failures = True, 0
                    _tell("live")
            with _limit(CLOSE_LIMIT_S):
                out.close()
            return
        except (av.FFmpegError, OSError, ValueError) as error:
            _tell(f"retrying {_reason(error, certificates)}")
        with _limit(CLOSE_LIMIT_S):
            del out  # writes the trailer into a connection that may be dead
        if _wait(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)], packets):
            return
        failures += 1


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the encoder is gone
        os._exit(0)
