"""The clock of a running show, as its state tells it."""

from __future__ import annotations

import select

from live.base.clock import NS, MonotonicClock
from live.base.errors import LiveError
from live.control.client import Client
from live.show.session.published import FrameNumber, ShowInfo

LISTEN_S = 2.0
WAIT_S = 5.0


def clock_of(osc_port: int) -> tuple[list[tuple[float, int]], float]:
    """(when, which frame had just gone out), for two seconds, and the frames a second. Raises LiveError."""
    clock, client, heard = MonotonicClock(), Client("127.0.0.1", osc_port), list[tuple[float, int]]()
    begun_ns, before = clock.now_ns(), -1
    try:
        while not heard or clock.now_ns() / NS - heard[0][0] < LISTEN_S:
            client.keep(now_ns := clock.now_ns())
            frame = client.replica.get(FrameNumber).number
            if FrameNumber in client.replica and frame != before:
                before = frame
                heard.append((now_ns / NS, frame))
            if not heard and now_ns - begun_ns > WAIT_S * NS:
                raise LiveError(f"port {osc_port}", "no show answers there", "give the OSC port of the show")
            select.select([client], [], [], 0.01)
        return heard, client.replica.get(ShowInfo).rate_hz
    finally:
        client.close()
