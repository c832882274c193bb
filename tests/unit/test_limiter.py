"""The masters' limiter, by an independent meter (libavfilter's ebur128), and the curve under what is laid over."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.samples import SAMPLE_RATE
from live.sound.limiter import KNEE, LOOKAHEAD, RELEASE_DB_S, Limiter, soft_clip, true_peaks

CEILING_DB = -1.0
TOLERANCE_DB = 0.2  # EBU Tech 3341, of a true peak that reads too high


def tone(count: int, amplitude: float, *, hz: float = 440.0, start: int = 0, phase: float = 0.0) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * hz * np.arange(start, start + count) / SAMPLE_RATE + phase)
    return np.repeat(wave[:, None], 2, 1).astype(np.float32)


def eased(samples: np.ndarray) -> np.ndarray:
    """Without an edge at its ends: what a meter reads there is its own filter's."""
    ramp = np.clip(np.minimum(np.arange(len(samples)), np.arange(len(samples))[::-1]) / 480, 0, 1)
    return samples * (0.5 - 0.5 * np.cos(np.pi * ramp))[:, None].astype(np.float32)


def limited(samples: np.ndarray, ceiling_db: float = CEILING_DB, block: int = 960) -> np.ndarray:
    """Through a limiter, at their own sample numbers again."""
    limiter, padded = Limiter(ceiling_db), np.concatenate((samples, np.zeros((LOOKAHEAD, 2), np.float32)))
    parts = np.split(padded, range(block, len(padded), block))
    return np.concatenate([limiter.apply(part) for part in parts])[LOOKAHEAD:]


def true_peak_db(samples: np.ndarray) -> float:
    """As libavfilter measures it."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        format="flt", sample_rate=SAMPLE_RATE, layout="stereo", time_base=Fraction(1, SAMPLE_RATE)
    )
    meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    peak = 1e-9
    for start in range(0, len(samples), 4800):
        part = np.ascontiguousarray(samples[start : start + 4800].reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        source.push(frame)
        while True:
            try:
                told = graph.pull().metadata
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            peak = max(peak, *(float(told.get(f"lavfi.r128.true_peaks_ch{side}", 0)) for side in (0, 1)))
    return 20 * float(np.log10(peak))


def bursts(count: int) -> np.ndarray:
    """Loud ones of 10 ms, four a second, over something quiet."""
    loud = (np.arange(count) % (SAMPLE_RATE // 4)) < 480
    return tone(count, 1.0, hz=3000) * np.where(loud, 3.0, 0.1)[:, None].astype(np.float32)


def noise(count: int, amplitude: float) -> np.ndarray:
    return (amplitude * np.random.default_rng(1).uniform(-1, 1, (count, 2))).astype(np.float32)


SECOND = SAMPLE_RATE
LOUD = {
    "997 Hz": tone(SECOND, 2.0, hz=997),
    "a quarter of the rate, between its samples": eased(tone(SECOND, 1.4, hz=SAMPLE_RATE / 4, phase=np.pi / 4)),
    "a sixth of the rate, between its samples": eased(tone(SECOND, 1.4, hz=SAMPLE_RATE / 6, phase=np.pi / 3)),
    "15 kHz": eased(tone(SECOND, 1.5, hz=15_000)),
    "19 kHz": eased(tone(SECOND, 1.5, hz=19_000)),
    "white noise": noise(SECOND, 4.0),
    "bursts": bursts(SECOND),
    "a square wave": np.sign(tone(SECOND, 1.0)) * np.float32(1.5),
}


@pytest.mark.parametrize("name", LOUD)
@pytest.mark.parametrize("ceiling_db", [-1.0, -9.0])
def test_no_true_peak_is_over_the_ceiling(name: str, ceiling_db: float) -> None:
    peak_db = true_peak_db(limited(LOUD[name], ceiling_db))
    assert ceiling_db - 0.5 < peak_db < ceiling_db + TOLERANCE_DB


def test_the_meter_of_this_test_sees_what_lies_between_samples() -> None:
    between = eased(tone(SECOND, 1.0, hz=SAMPLE_RATE / 4, phase=np.pi / 4))
    assert np.abs(between).max() < 0.708 and true_peak_db(between) == pytest.approx(0.0, abs=0.2)


def test_what_is_under_the_ceiling_comes_through_bit_for_bit_at_its_own_sample() -> None:
    for samples in (eased(tone(5000, 0.88)), noise(5000, 0.3)):
        np.testing.assert_array_equal(limited(samples), samples)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.0, 40.0), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_nothing_passes_the_ceiling(amplitudes: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = np.concatenate([amplitude * rng.uniform(-1, 1, (960, 2)) for amplitude in amplitudes])
    out = limited(samples.astype(np.float32))
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 10 ** (CEILING_DB / 20) * 1.001


@pytest.mark.parametrize("over_db", [0.5, 3.0, 12.0, 30.0])
def test_a_tone_comes_out_at_the_ceiling_however_loud_it_was(over_db: float) -> None:
    out = limited(tone(SECOND, 10 ** ((CEILING_DB + over_db) / 20)))[SECOND // 2 :]
    rms_db = 10 * np.log10(2 * np.mean(np.square(out[:, 0], dtype=np.float64)))
    assert rms_db == pytest.approx(CEILING_DB, abs=0.1)


def test_a_steady_loud_tone_stays_a_tone() -> None:
    late = limited(tone(20 * 960, 1.4))[5 * 960 : -960]
    gain = np.float32(10 ** (CEILING_DB / 20) / 1.4)
    np.testing.assert_allclose(late, tone(20 * 960, 1.4)[5 * 960 : -960] * gain, atol=2e-3)


def test_it_lets_go_slowly_and_wholly() -> None:
    samples = np.concatenate((tone(960, 4 * 10 ** (CEILING_DB / 20)), tone(50 * 960, 0.1, start=960)))
    out = limited(samples)
    held = [float(np.abs(out[n * 960 : (n + 1) * 960]).max()) for n in range(2, 50)]
    steps_db = 20 * np.diff(np.log10(held))
    assert steps_db.max() < RELEASE_DB_S / 50 * 1.2, "a step of half a dB in 20 ms is heard as pumping"
    assert steps_db.min() > -0.01
    np.testing.assert_array_equal(out[45 * 960 :], samples[45 * 960 :])


def test_blocks_of_any_length_make_the_same() -> None:
    whole = limited(LOUD["bursts"][:9000])
    for block in (1, 37, 480, 5000):
        np.testing.assert_allclose(limited(LOUD["bursts"][:9000], block=block), whole, atol=1e-6)


def test_it_is_down_before_a_peak_is_there_without_a_jump() -> None:
    """Of sound that stands still: the gain goes in a straight line, over 2 ms."""
    samples = np.full((4800, 2), 0.5, np.float32)
    samples[2400:] = 1.5
    gain = limited(samples)[:, 0] / samples[:, 0]
    assert np.abs(np.diff(gain[:4500])).max() < 0.02
    assert np.abs(limited(samples)).max() < 10 ** (CEILING_DB / 20) * 1.001


def test_true_peaks_are_those_of_the_wave() -> None:
    for hz in (100, 997, 5000, 11_987):
        assert true_peaks(tone(4800, 0.5, hz=hz)).max() == pytest.approx(0.5, rel=0.01)


def test_the_curve_is_smooth_and_odd() -> None:
    x = np.linspace(-3, 3, 6001, dtype=np.float32)[:, None]
    y = soft_clip(x)
    assert (np.diff(y[:, 0]) >= 0).all()
    np.testing.assert_allclose(y, -y[::-1], atol=1e-6)
    assert np.abs(np.diff(y[:, 0])).max() <= np.abs(np.diff(x[:, 0])).max() * 1.001
    quiet = x[np.abs(x[:, 0]) <= KNEE]
    np.testing.assert_array_equal(soft_clip(quiet), quiet)
