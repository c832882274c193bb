"""A rig with a sound device in and one out, ten minutes on air: no x-run, and nothing heard that wasn't said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from tests.support.pulse import SERVERS, TWO_VOICES, Pulse, pulse
from tests.support.running import RunningShow

CLOCK = MonotonicClock()
MINUTES = 10
TONES_HZ = (440, 880)
BLOCK = 4_800  # 44 and 88 whole waves
RIG = (
    TWO_VOICES
    + """[[outputs]]
name = "hall"
kind = "audio"
device = "hall"
"""
)


@pytest.mark.soak
@pytest.mark.timeout(60 * MINUTES + 300)
@pytest.mark.parametrize("kind", SERVERS)
def test_ten_minutes_in_and_out(tmp_path: Path, kind: type[Pulse]) -> None:
    with pulse(tmp_path, kind) as server:
        server.add_sink("big", 4)
        server.add_pair_in("desk", "big", 1)
        server.add_pair_out("hall", "big", 0)
        t = np.arange(48_000) / 48_000
        wave = np.zeros((48_000, 4), np.float32)
        wave[:, 2:] = np.stack([0.1 * np.sin(2 * np.pi * hz * t) for hz in TONES_HZ], 1)
        np.tile(wave, (60 * MINUTES + 60, 1)).tofile(tmp_path / "voices.raw")
        server.play_to("big", tmp_path / "voices.raw", 4)
        (tmp_path / "rig.toml").write_text(RIG)
        with RunningShow(tmp_path / "rig.toml", tmp_path) as show:
            show.wait(lambda s: (s.get("outputs/hall/status") or [""])[0] == "live", 30)
            CLOCK.wait_until(CLOCK.now_ns() + 5 * NS)
            with server.heard_at("big", 4) as listened:
                CLOCK.wait_until(CLOCK.now_ns() + 60 * MINUTES * NS)
            late_ms, buffer_ms, x_runs, drift_ppm = show.wait(lambda s: s.get("outputs/hall/device"))
            source = show.client.state.get("/state/sources/desk/device")
        heard = listened.samples[:, :2]
    rest_db = clicks_db(heard)
    print(
        f"{kind.__name__}: {len(heard) / 48_000:.0f} s, {late_ms} ms late, {buffer_ms} ms wait, {x_runs} x-runs, "
        f"{drift_ppm} ppm; in: {source}; beside the tones at most {rest_db.max():.0f} dB, "
        f"{(rest_db > -60).sum()} of {len(rest_db)} blocks over -60 dB"
    )
    assert x_runs == 0
    assert len(heard) > 48_000 * (60 * MINUTES - 2)
    assert rest_db.max() < -40, "a click"


def clicks_db(heard: np.ndarray) -> np.ndarray:
    """What is on each channel beside its tone, against the tone, for each tenth of a second."""
    blocks = heard[: len(heard) // BLOCK * BLOCK].reshape(-1, BLOCK, 2)
    power = np.abs(np.fft.rfft(blocks * np.hanning(BLOCK)[:, None], axis=1)) ** 2
    rest = power.copy()
    for side, hz in enumerate(TONES_HZ):
        rest[:, hz // 10 - 4 : hz // 10 + 5, side] = 0
    return np.asarray(10 * np.log10((rest.sum(1) + 1e-12) / (power.sum(1) + 1e-9)).max(1))
