"""The packets and the time of a container that libav (PyAV) has opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def demuxed(container: Any, *streams: Any) -> Iterator[Any]:
    """The packets of these streams, and an empty one of each at the end. Raises av.error.FFmpegError and OSError.

    At the end of a file in which another stream joined on the way (MPEG-TS, MPEG-PS and FLV may have that) PyAV looks
    for that one in its list of those that were there when it was opened, after it has given the last packets of these:
    IndexError."""
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, IndexError):
            return
        yield packet


def start_s(container: Any) -> float:
    """Where a file's own clock begins: its time 0."""
    starts = [float(s.start_time * s.time_base) for s in container.streams if s.start_time is not None]
    return min(starts, default=0.0)


def late_start_s(container: Any) -> float:
    """The same of one that begins late, as a transport stream does (at 1.4 s mostly); 0 of one that begins at 0, or
    before that with the sound that fills its decoder."""
    return max(0.0, start_s(container))
