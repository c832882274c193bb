"""A device's own clock against the show's: nothing drifts, nothing clicks, on simulated devices for minutes."""

from __future__ import annotations

import numpy as np
import pytest

from live.base.samples import SAMPLE_RATE
from live.sound.device_time import Aligner, DeviceTime
from tests.support.devices import TONE_HZ, Simulated, listen


def aligned(device: Simulated, rate_hz: float, seconds: float, jump_s: float | None = None):
    """(first sample, samples, offsets in ms at each block, the device's time)."""
    time, aligner = DeviceTime(rate_hz), Aligner(rate_hz, 1)
    out, offsets, first, following = [], [], None, None
    while device.at / device.true_hz < seconds:
        if jump_s is not None and device.at / device.true_hz > jump_s:
            device.shift_s = 0.05
        time_ns, block = device.block()
        start, samples = aligner.put(block, time.at(time_ns, len(block)), time.rate_hz)
        assert following is None or start == following, "a hole, or an overlap"
        first, following = start if first is None else first, start + len(samples)
        out.append(samples)
        offsets.append(aligner.offset_ns / 1e6)
    return first, np.concatenate(out)[:, 0], np.array(offsets), time


def lateness_ms(first: int, samples: np.ndarray) -> np.ndarray:
    """Of the tone, every tenth of a second, by its phase: positive where it comes out late."""
    t = (first + np.arange(len(samples))) / SAMPLE_RATE
    turned = samples * np.exp(-2j * np.pi * TONE_HZ * t)
    means = turned[: len(turned) // 4800 * 4800].reshape(-1, 4800).mean(1)
    return -np.unwrap(np.angle(means * 1j)) / (2 * np.pi * TONE_HZ) * 1e3


@pytest.mark.parametrize(
    ("rate_hz", "ppm"), [(48_000, 300), (48_000, -300), (44_100, -120), (16_000, 50), (96_000, 80)]
)
def test_a_device_that_is_off_stays_in_step(rate_hz, ppm):
    first, samples, offsets, time = aligned(Simulated(rate_hz, ppm), rate_hz, 90)
    late = lateness_ms(first, samples)[50:]
    assert np.ptp(late) < 1.0, "it drifts"
    assert np.abs(late).max() < 4.0, "half of the jitter is all that it may be late"
    assert np.abs(offsets[1000:]).max() < 1.0
    assert time.drift_ppm == pytest.approx(ppm, abs=40)
    assert time.mean_ppm == pytest.approx(ppm, abs=25), "a start that was late by chance, over 90 s"


def test_a_jump_of_50_ms_is_caught_up_with_and_does_not_click():
    first, samples, offsets, time = aligned(Simulated(48_000, 40), 48_000, 60, jump_s=30)
    assert time.jumps == 1
    assert np.abs(offsets[-500:]).max() < 1.0
    assert np.abs(lateness_ms(first, samples[-48_000 * 5 :])).max() > -1  # its phase can be told: it is a tone still
    # A tone of this level rises by 0.033 a sample at most; a fade of 5 ms adds a thousandth.
    assert np.abs(np.diff(samples)).max() < 0.036


def test_regular_times_are_left_alone():
    _, _, offsets, time = aligned(Simulated(48_000, 0, jitter_ms=0), 48_000, 20)
    assert np.abs(offsets).max() < 0.05 and abs(time.drift_ppm) < 1 and time.jumps == 0


@pytest.mark.parametrize(
    ("rate_hz", "ppm", "jumps_s"), [(48_000, 300, {}), (44_100, -120, {}), (48_000, 20, {20: 0.05})]
)
def test_two_minutes_without_a_click(rate_hz, ppm, jumps_s):
    """The hour is in tests/soak."""
    heard = listen(Simulated(rate_hz, ppm), rate_hz, 120.0, jumps_s)
    steady = [n for n in range(10, len(heard.rest_db)) if not any(-2 <= n - jump < 4 for jump in jumps_s)]
    assert heard.holes == 0
    assert max(heard.rest_db[n] for n in steady) < -60.0 and max(heard.rest_db) < -40.0
    assert max(abs(heard.offset_ms[n]) for n in steady) < 1.0
    assert np.mean([heard.ratio_ppm[n] for n in steady[-60:]]) == pytest.approx(ppm, abs=30)
