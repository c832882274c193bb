"""The packets of a container that libav (PyAV) has opened."""

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
