"""A sender that never pauses: so many OSC messages a second, as a process of its own.

    python -m tests.support.flood PORT RATE SECONDS [KIND]

KIND: faders (one fader, moved), mixed (faders, buttons, notes, addresses that nobody knows, garbage).
"""

from __future__ import annotations

import socket
import sys
import time

from live.control.osc import encode

KINDS = {
    "faders": [encode("/microphones/mic1/gain", -n / 10) for n in range(100)],
    "mixed": [
        encode("/microphones/mic1/gain", -3.0),
        encode("/accxyz", 0.1, 0.2, 0.9),
        encode("/program/cut", "cam2"),
        encode("/graphics/lower/set", "title", "Somebody"),
        encode("/program/cut", 0.0),
        encode("/show/marker", "flood"),
        encode("/microphones/mic1/gain", "loud"),
        b"\xff\xfe no OSC",
        encode("/dsk/1/on", 1.0),
        encode("/program/cut", "cam1"),
    ],
}


def flood(port: int, rate_hz: float, seconds: float, kind: str) -> int:
    """Returns how many were sent."""
    messages, sent, to = KINDS[kind], 0, ("127.0.0.1", port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        began_s = time.monotonic()
        while (past_s := time.monotonic() - began_s) < seconds:
            for _ in range(int(past_s * rate_hz) - sent):
                sock.sendto(messages[sent % len(messages)], to)
                sent += 1
            time.sleep(0.001)
    return sent


if __name__ == "__main__":
    print(flood(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), (sys.argv[4:] or ["mixed"])[0]))
