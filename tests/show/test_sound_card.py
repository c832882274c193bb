"""A sound card for real: PulseAudio's null sink, sounddevice, a process of its own, plugged out and in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from live.base.clock import NS, MonotonicClock
from live.base.samples import sample_at
from live.config.picture import PictureConfig
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.sound.devices import devices
from live.sources.kinds.audio import AudioSource
from live.sources.worker import SourceSpec
from live.workers import Supervisor, Worker
from tests.support.pulse import needs_pulse, pulse

TONES_HZ = (440, 880, 1320, 1760)


def tones(path: Path, seconds: float = 60.0) -> Path:
    t = np.arange(int(48_000 * seconds)) / 48_000
    np.stack([0.25 * np.sin(2 * np.pi * hz * t) for hz in TONES_HZ], 1).astype(np.float32).tofile(path)
    return path


def until(true: Callable[[], bool], limit_s: float, what: str) -> float:
    """Seconds it took."""
    clock = MonotonicClock()
    start = clock.now_ns()
    while not true():
        assert clock.now_ns() - start < limit_s * NS, what
        clock.wait_until(clock.now_ns() + NS // 50)
    return (clock.now_ns() - start) / NS


def heard_hz(ring: SoundRing, channel: int, age_s: float = 0.2) -> int:
    """The loudest tone on a channel in the last half second, 0 for silence."""
    end = sample_at(MonotonicClock().now_ns() - int(age_s * NS))
    block, got = ring.read(end - 24_000, 24_000, (channel,))
    if got < 24_000 or np.abs(block).max() < 0.1:
        return 0
    return int(np.abs(np.fft.rfft(block[:, 0] * np.hanning(24_000))).argmax()) * 2


@needs_pulse
def test_channels_of_a_card_are_heard_one_by_one_and_a_card_that_is_plugged_out_comes_back(tmp_path):
    with pulse(tmp_path) as server:
        server.add_card("desk", 4)
        found = {d.id: d for d in devices("in")}
        assert found["desk"].channels == 4 and found["desk_out.monitor"].monitor
        server.play("desk", tones(tmp_path / "tones.raw"), 4)
        ring = FrameRing(ring_name("src"), capacity=64, slots=4)
        sound = SoundRing(ring_name("snd"), create=True, most=64)
        told: list[str] = []
        supervisor = Supervisor(lambda name, text: told.append(text))
        config = AudioSource(name="desk", kind="audio", device="desk")
        spec = SourceSpec(config, PictureConfig(), 1, ring.name, sound.name)
        worker = supervisor.add(Worker("desk", "live.sources.worker:main", spec))
        supervisor.start()
        try:
            whole = [round(hz / 2) * 2 for hz in TONES_HZ]
            all_four = lambda: [heard_hz(sound, n) for n in (1, 2, 3, 4)] == whole  # noqa: E731
            until(all_four, 20, f"heard {[heard_hz(sound, n) for n in (1, 2, 3, 4)]}")
            assert sound.channels == 4

            server.unplug()
            until(lambda: heard_hz(sound, 1) == 0, 5, "it is heard though it has gone")
            server.plug("desk", 4)
            took_s = until(all_four, 15, f"it doesn't come back: {told}")
            assert took_s < 12
            assert not told, "its process died"
            assert int(worker.status.get("restarts")) == 0
        finally:
            supervisor.stop()
            sound.close()
            ring.close()


@needs_pulse
def test_two_cards_of_one_name_are_told_apart(tmp_path):
    with pulse(tmp_path) as server:
        for name in ("one", "two"):
            server.add_card(name, 1)
            server.unplug()
            server.plug(name, 1, "Headset")
        headsets = [d for d in devices("in") if d.name == "Headset"]
        assert [d.id for d in headsets] == ["one", "two"]


@needs_pulse
def test_the_meter_shows_who_is_heard_where(tmp_path):
    with pulse(tmp_path) as server:
        server.add_card("desk", 4)
        server.play("desk", tones(tmp_path / "tones.raw"), 4)
        words = [sys.executable, "-m", "live", "devices", "--meter", "--seconds", "6"]
        shown = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout
        rows = [line.split() for line in shown.splitlines() if "█" in line]
        assert [row[-1] for row in rows] == ["-12"] * 4, shown
