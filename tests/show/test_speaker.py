"""Sound out of the machine, by PulseAudio's null sinks: both channels right, a device that goes and comes back, its
process killed, no sound card at all."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from live.base.samples import sample_at
from live.outputs.board import BOARD, TargetState, read
from live.outputs.speaker import SpeakerSpec
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.sound.taps import PlayOrders, Tap
from live.workers import Supervisor, Worker
from tests.support.pulse import SERVERS, Pulse, needs_pulse, pulse

pytestmark = pytest.mark.realtime

BLOCK, BEHIND_NS = 960, 120_000_000
TONES_HZ = (440, 880)
CLOCK = MonotonicClock()


class Mixed:
    """A ring that a thread writes as the mixer does: 20 ms at a time, 120 ms behind."""

    def __init__(self) -> None:
        self.ring = SoundRing(ring_name("mix"), create=True)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self) -> None:
        at = sample_at(CLOCK.now_ns() - BEHIND_NS) // BLOCK * BLOCK
        while not self._stop.wait(0.005):
            while at + BLOCK <= sample_at(CLOCK.now_ns() - BEHIND_NS):
                t = (at + np.arange(BLOCK)) / 48_000
                tones = [0.3 * np.sin(2 * np.pi * hz * t) for hz in TONES_HZ]
                self.ring.write(at, np.stack(tones, 1).astype(np.float32))
                at += BLOCK

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.ring.close()


@contextmanager
def speaker(device: str | None, picks: tuple[int, int] = (1, 2)) -> Iterator[tuple[Worker, list[str]]]:
    """(its worker, what was said)."""
    mixed, said = Mixed(), []
    supervisor = Supervisor(lambda name, text: said.append(text))
    spec = SpeakerSpec("hall", device, picks, plays=PlayOrders((Tap(mixed.ring.name),)))
    worker = supervisor.add(Worker("hall device", "live.outputs.speaker:main", spec, board=BOARD))
    supervisor.start()
    try:
        yield worker, said
    finally:
        supervisor.stop()
        mixed.close()


def until(true: Callable[[], bool], limit_s: float, what: Callable[[], object]) -> float:
    """Seconds it took."""
    start_ns = CLOCK.now_ns()
    while not true():
        assert CLOCK.now_ns() - start_ns < limit_s * NS, what()
        CLOCK.wait_until(CLOCK.now_ns() + NS // 50)
    return (CLOCK.now_ns() - start_ns) / NS


def loudest_hz(samples: np.ndarray) -> list[int]:
    """On each channel of the last fifth of a second; 0 for silence."""
    last = samples[-9_600:]
    if len(last) < 9_600 or np.abs(last[-960:]).max() < 0.1:
        return [0] * samples.shape[1]
    return [int(np.abs(np.fft.rfft(side * np.hanning(9_600))).argmax()) * 5 for side in last.T]


def heard(server: Pulse, sink: str, limit_s: float) -> float:
    """Seconds until both tones are heard there, each on its own side."""
    with server.heard_at(sink) as listened:
        return until(
            lambda: loudest_hz(listened.samples) == list(TONES_HZ), limit_s, lambda: loudest_hz(listened.samples)
        )


@pytest.mark.parametrize("kind", SERVERS)
def test_both_channels_are_heard_and_a_device_that_went_comes_back(tmp_path: Path, kind: type[Pulse]) -> None:
    with pulse(tmp_path, kind) as server:
        server.add_sink("other")
        module = server.add_sink("hall")
        with speaker("hall") as (worker, said):
            heard(server, "hall", 15)
            told = worker.status.board["device"]
            until(lambda: float(told["latency_ms"]) > 120, 3, lambda: told)
            assert float(told["latency_ms"]) < 400

            server.unplug(module)
            until(lambda: read(worker.status.board, 0).state is TargetState.RETRYING, 3, lambda: "nobody saw it go")
            assert "has gone" in read(worker.status.board, 0).words
            server.add_sink("hall")
            took_s = heard(server, "hall", 8)
            print(f"back {took_s:.1f} s after it was there again")
            assert took_s < 4, "of which the null sink rests up to 2 s"
            assert not said, "its process died"


@needs_pulse
def test_a_process_that_was_killed_is_back_within_3_s(tmp_path: Path) -> None:
    with pulse(tmp_path) as server:
        server.add_sink("hall")
        with speaker("hall") as (worker, said):
            heard(server, "hall", 15)
            os.kill(worker.pid, signal.SIGKILL)
            until(lambda: bool(said), 2, lambda: "nobody saw it die")
            took_s = heard(server, "hall", 10)
            print(f"heard {took_s:.1f} s after it was seen to have died")
            assert took_s < 5
            assert int(worker.status.get("restarts")) == 1


@needs_pulse
def test_without_a_sound_card_a_silent_clock_runs_until_one_comes(tmp_path: Path) -> None:
    with pulse(tmp_path) as server:
        with speaker(None) as (worker, said):
            until(lambda: read(worker.status.board, 0).state is TargetState.LIVE, 10, lambda: "it doesn't run")
            assert "no sound card" in read(worker.status.board, 0).words
            until(lambda: float(worker.status.board["device"]["latency_ms"]) > 100, 5, lambda: "its clock stands")
            server.add_sink("headset")
            heard(server, "headset", 10)
            assert len([m for m in worker.status.messages() if "no sound card" in m.text]) == 1 and not said


@needs_pulse
def test_an_interface_whose_channels_have_numbers_plays_the_pair_that_is_asked_for(tmp_path: Path) -> None:
    """As a sound server has an interface with all its channels: they are no loudspeakers."""
    with pulse(tmp_path) as server:
        server.add_sink("interface", 4, places="aux0,aux1,aux2,aux3")
        with speaker("interface", picks=(3, 4)), server.heard_at("interface", 4, places="aux0,aux1,aux2,aux3") as out:
            until(lambda: loudest_hz(out.samples)[2:] == list(TONES_HZ), 15, lambda: loudest_hz(out.samples))
            assert not np.abs(out.samples[:, :2]).max()
