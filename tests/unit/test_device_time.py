"""A device's own clock against the show's: nothing drifts, nothing clicks, on simulated devices for minutes."""

from __future__ import annotations

import random

import numpy as np
import pytest

from live.base.samples import SAMPLE_RATE
from live.sound.device_time import NS, Aligner, DeviceTime

TONE_HZ = 997.0


class Simulated:
    """A device of a rate that is a little off, whose callbacks come late by chance, and that may jump."""

    def __init__(self, rate_hz: float, ppm: float, *, jitter_ms: float = 4.0, block_s: float = 0.01) -> None:
        self.true_hz = rate_hz * (1 + ppm * 1e-6)
        self.count = round(rate_hz * block_s)
        self.at = 0
        self.shift_s = 0.0
        self._jitter_s, self._rng = jitter_ms / 1e3, random.Random(7)

    def block(self) -> tuple[int, np.ndarray]:
        """When it is said to have come, and a tone."""
        time_s = 100 + self.shift_s + self.at / self.true_hz
        # The tone is of the room, not of the device: what was lost in a jump is lost.
        t = time_s + np.arange(self.count) / self.true_hz
        self.at += self.count
        late_s = abs(self._rng.gauss(0, self._jitter_s)) / 2
        return round((time_s + late_s) * NS), (0.25 * np.sin(2 * np.pi * TONE_HZ * t)).astype(np.float32)[:, None]


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
