"""Ten thousand messages a second for a minute, and a panic in the middle. `make soak` runs it; `make test` doesn't."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from live.base.clock import NS, MonotonicClock
from live.control.client import Client
from tests.support.running import RunningShow
from tests.support.shows import SMALL

RIG = (
    SMALL
    + """
[director]
level = "auto"
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[microphones]]
name = "mic1"
source = "cam1"
[[graphics]]
name = "lower"
[[keys]]
source = "cam2"
"""
)
RATE_HZ, SECONDS = 10_000, 60
clock = MonotonicClock()


class Frames:
    """When frames are due, by what the state says: it can come late, but not early."""

    def __init__(self, client: Client, rate_hz: float) -> None:
        self._client, self._interval_ns = client, NS / rate_hz
        self._zero_ns = math.inf

    def look(self, seconds: float) -> None:
        end = clock.now_ns() + int(seconds * NS)
        while clock.now_ns() < end:
            for address, args in self._client.keep(clock.now_ns()):
                if address == "/state/frame":
                    self._zero_ns = min(self._zero_ns, clock.now_ns() - args[0] * self._interval_ns)
            clock.wait_until(clock.now_ns() + NS // 500)

    def at(self, now_ns: int) -> float:
        return (now_ns - self._zero_ns) / self._interval_ns


@pytest.mark.soak
@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["mixed", "faders"])
def test_a_flood_delays_no_frame_and_no_panic(tmp_path: Path, kind: str) -> None:
    (tmp_path / "rig.toml").write_text(RIG)
    with RunningShow(tmp_path / "rig.toml", tmp_path) as show:
        show.wait_on_air()
        rate_hz = show.get("show/rate")[0]
        frames = Frames(show.client, rate_hz)
        frames.look(3.0)
        late = show.get("late")[0]
        argv = [sys.executable, "-m", "tests.support.flood", str(show.client.port), str(RATE_HZ), str(SECONDS), kind]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as sender:
            frames.look(SECONDS / 2)
            sent_at = frames.at(clock.now_ns())
            show.send("/show/panic")
            frames.look(SECONDS / 2)
            sent = int(sender.communicate(timeout=30)[0])
        frames.look(2.0)
        late, dropped = show.get("late")[0] - late, show.get("drops")[0]
        refused = show.get("surfaces/osc")[1]
        lines = show.end()
    (panic,) = [line for line in lines if line.get("address") == "/show/panic"]
    faults = [line for line in lines if line["kind"] == "fault"]
    after = panic["frame"] - sent_at
    took = next(line["figures"] for line in lines if line["kind"] == "end")
    told = f"{late} frames late, {dropped} lost in the kernel, {refused} refused, {len(faults)} faults told"
    print(f"\n{kind}: {sent} sent, panic after {after:.1f} frames; {told}; {took}")
    assert sent > 0.9 * RATE_HZ * SECONDS, "the sender was too slow"
    assert after <= 2.0
    assert len(faults) < 60
    assert late == 0
