"""A show on a real sound server, from microphones to loudspeakers: two voices on two channels of a device become two
microphones, are mixed, and are played by another device. Everything is pairs of channels of one sink, so that one
recording of it has what went in beside what came out, on one clock.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from tests.support.pulse import Listened, Pulse, needs_pulse, pulse
from tests.support.running import RunningShow

pytestmark = [needs_pulse, pytest.mark.realtime]

CLOCK = MonotonicClock()
CHANNELS = 8  # of the sink: 1, 2 come out of the show, 3, 4 go in, 5, 6 are the operator's phones, 7 talks back
TONES_HZ = (440, 880)
TALK_HZ = 1320
RIG = """
format = 1
[picture]
width = 320
height = 180
rate_hz = 25
[[sources]]
name = "cam"
kind = "pattern"
[[sources]]
name = "desk"
kind = "audio"
device = "desk"
[[microphones]]
name = "anna"
source = "desk"
channel = 1
pan = -1.0
[[microphones]]
name = "ben"
source = "desk"
channel = 2
pan = 1.0
[[sources]]
name = "operator"
kind = "audio"
device = "talk"
[talkback]
source = "operator"
[[outputs]]
name = "hall"
kind = "audio"
device = "hall"
[listening]
device = "phones"
"""


def voices(path: Path, seconds: int) -> Path:
    """Two tones on the channels that go in; the first is louder for 30 ms at every second."""
    t = np.arange(48_000 * seconds) / 48_000
    sound = np.zeros((len(t), CHANNELS), np.float32)
    sound[:, 2] = 0.1 * np.sin(2 * np.pi * TONES_HZ[0] * t) * np.where(t % 1 < 0.03, 5, 1)
    sound[:, 3] = 0.1 * np.sin(2 * np.pi * TONES_HZ[1] * t)
    sound[:, 6] = 0.5 * np.sin(2 * np.pi * TALK_HZ * t)
    sound.tofile(path)
    return path


def loudest_hz(samples: np.ndarray) -> list[int]:
    """On each channel of the last half second; 0 for silence."""
    last = samples[-24_000:]
    if len(last) < 24_000:
        return [0] * CHANNELS
    loud = np.abs(last[-4_800:]).max(0) > 0.02
    hz = np.abs(np.fft.rfft(last * np.hanning(24_000)[:, None], axis=0)).argmax(0) * 2
    return [round(h / 20) * 20 if on else 0 for h, on in zip(hz, loud, strict=True)]


def round_trips_ms(samples: np.ndarray, channel: int) -> list[float]:
    """From when the first voice is louder where it goes in until it is on a channel (from 0 on)."""
    went_in, came_out = (_onsets(samples[:, n]) for n in (2, channel))
    after = [came_out[came_out > at] for at in went_in]
    return [(out[0] - at) / 48 for at, out in zip(went_in, after, strict=True) if len(out)]


def _onsets(side: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(side) > 0.6 * np.abs(side[-96_000:]).max())
    return loud[np.diff(loud, prepend=-48_000) > 12_000]


def wait_for(listened: Listened, wanted: list[int], limit_s: float) -> float:
    """Until the channels that come out sound like this; seconds it took."""
    start_ns = CLOCK.now_ns()
    while loudest_hz(listened.samples)[:2] != wanted:
        took_s = (CLOCK.now_ns() - start_ns) / NS
        assert took_s < limit_s, f"heard {loudest_hz(listened.samples)}"
        CLOCK.wait_until(CLOCK.now_ns() + NS // 20)
    return (CLOCK.now_ns() - start_ns) / NS


def cards(server: Pulse, folder: Path) -> str:
    """Returns what unplugs the hall."""
    server.add_sink("big", CHANNELS)
    server.add_pair_in("desk", "big", 1)
    server.add_pair_out("phones", "big", 2)
    server.add_pair_in("talk", "big", 3)
    server.play_to("big", voices(folder / "voices.raw", 120), CHANNELS)
    return server.add_pair_out("hall", "big", 0)


def test_two_voices_go_through_the_show_to_the_loudspeakers_and_the_phones(tmp_path: Path) -> None:
    with pulse(tmp_path) as server:
        hall = cards(server, tmp_path)
        (tmp_path / "rig.toml").write_text(RIG)
        with RunningShow(tmp_path / "rig.toml", tmp_path) as show, server.heard_at("big", CHANNELS) as listened:
            wait_for(listened, list(TONES_HZ), 30)
            rest(1)
            told_ms = [show.wait(lambda s: s.get("outputs/hall/device"))[0]]
            until_ns = CLOCK.now_ns() + 3 * NS
            show.wait(lambda s: told_ms.append(s.get("outputs/hall/device")[0]) or CLOCK.now_ns() > until_ns)
            trip_ms = np.median(round_trips_ms(listened.samples[-3 * 48_000 :], 0))
            mixed_ms = np.median(round_trips_ms(listened.samples[-3 * 48_000 :], 4))
            print(f"round trip {trip_ms:.0f} ms; the show says {min(told_ms):.0f} to {max(told_ms):.0f}")
            assert min(told_ms) - 60 < trip_ms < max(told_ms) + 150  # a server that is late itself says nothing of it

            phones(show, listened, mixed_ms)

            server.unplug(hall)
            show.wait(lambda s: s.get("outputs/hall/status")[0] == "retrying", 5)
            wait_for(listened, [0, 0], 2)
            server.add_pair_out("hall", "big", 0)
            assert wait_for(listened, list(TONES_HZ), 8) < 3
            show.wait(lambda s: s.get("outputs/hall/status")[0] == "live", 2)

            [pid] = [v[0] for p, v in show.client.state.items() if p == "/state/workers/hall-device"]
            os.kill(pid, signal.SIGKILL)
            wait_for(listened, [0, 0], 2)
            assert wait_for(listened, list(TONES_HZ), 8) < 4
        assert show.process.returncode == 0


def phones(show: RunningShow, listened: Listened, mixed_ms: float) -> None:
    """A microphone is heard in them before it is mixed; then the program again, then nothing."""
    show.send("/strips/anna/pfl", 1)
    show.wait(lambda s: s.get("listening/heard") == ("anna",))
    rest(4)
    direct_ms = np.median(round_trips_ms(listened.samples[-2 * 48_000 :], 4))
    print(f"phones: the mix after {mixed_ms:.0f} ms, a microphone itself after {direct_ms:.0f}")
    assert direct_ms < mixed_ms - 80
    show.send("/listening/clear")
    rest(1.5)
    assert loudest_hz(listened.samples)[4:6] == list(TONES_HZ), "back to the program"

    show.send("/listening/source", "aux1")
    show.send("/talkback/on", 1, "aux1")
    rest(2)
    assert loudest_hz(listened.samples)[:6] == [*TONES_HZ, *TONES_HZ, TALK_HZ, TALK_HZ], "on the return, not on air"
    assert 0.03 < np.abs(listened.samples[-4_800:, 4]).max() < 0.07, "and dimmed by 20 dB"
    show.send("/talkback/on", 0)
    rest(1)
    assert loudest_hz(listened.samples)[4:6] == [0, 0]


def rest(seconds: float) -> None:
    CLOCK.wait_until(CLOCK.now_ns() + int(seconds * NS))
