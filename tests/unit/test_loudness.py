"""Loudness against the signals of EBU Tech 3341 and 3342, made from their descriptions, and against libavfilter's
ebur128. What they ask of 5.0 and of broadcast material (3341: 6 to 8; 3342: 5 and 6) has no meaning for a stereo
program, or can't be made from a description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import firwin

from live.audio.loudness import (
    BINS,
    HOP,
    KEPT,
    MOMENTARY,
    SHORT,
    STEP,
    Distribution,
    ProgramLoudness,
    TruePeak,
    Weighting,
    energy_of,
    lufs,
)
from live.base.samples import SAMPLE_RATE
from live.sound.metering import SILENCE_LUFS, Loudness

CHUNK = STEP * HOP
Part = tuple[float, float]  # dB of full scale of a sine's peaks (None: silence), s


def tone(parts: Sequence[Part], hz: float = 1000.0) -> np.ndarray:
    """A sine in both channels, (2, n), one level after the other."""
    levels = np.concatenate([np.full(round(s * SAMPLE_RATE), 10 ** (db / 20)) for db, s in parts])
    wave = levels * np.sin(2 * np.pi * hz * np.arange(len(levels)) / SAMPLE_RATE)
    return np.stack((wave, wave)).astype(np.float32)


SILENT = -400.0


class Meter:
    """The measure as the mixer uses it: 100 ms at a time."""

    def __init__(self) -> None:
        self.program, self._weighting = ProgramLoudness(), Weighting(2)

    def steps(self, sound: np.ndarray) -> Iterator[Loudness]:
        for start in range(0, sound.shape[1] - CHUNK + 1, CHUNK):
            chunk = sound[:, start : start + CHUNK]
            self.program.take(chunk, self._weighting.energies(chunk).sum(0))
            yield self.program.loudness()

    def all(self, sound: np.ndarray) -> list[Loudness]:
        return list(self.steps(sound))


@pytest.mark.parametrize("level", (-23.0, -33.0), ids=("3341-1", "3341-2"))
def test_a_steady_tone(level: float) -> None:
    end = Meter().all(tone([(level, 20)]))[-1]
    assert (end.momentary_lufs, end.short_lufs, end.integrated_lufs) == pytest.approx((level,) * 3, abs=0.1)
    assert end.range_lu == pytest.approx(0, abs=0.05)


GATED = {
    "3341-3": [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)],
    "3341-4": [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)],
    "3341-5": [(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)],
}


@pytest.mark.parametrize("parts", GATED.values(), ids=GATED)
def test_gates(parts: Sequence[Part]) -> None:
    assert Meter().all(tone(parts))[-1].integrated_lufs == pytest.approx(-23, abs=0.1)


def test_short_term_stays_3341_9() -> None:
    readings = Meter().all(tone([(-20.0, 1.34), (-30.0, 1.66)] * 5))[30:]
    assert [r.short_lufs for r in readings] == pytest.approx([-23] * len(readings), abs=0.1)


def test_short_term_of_short_sounds_3341_10() -> None:
    for n in range(20):
        readings = Meter().all(tone([(SILENT, 0.15 * n), (-23.0, 3.0), (SILENT, 1.0)]))
        assert max(r.short_lufs for r in readings) == pytest.approx(-23, abs=0.1), n


def test_short_term_live_3341_11() -> None:
    meter = Meter()
    signal = tone([part for n in range(20) for part in ((SILENT, 0.15 * n), (n - 38.0, 3.0), (SILENT, 3.0 - 0.15 * n))])
    readings = [r.short_lufs for r in meter.steps(signal)]
    assert [max(readings[60 * n : 60 * (n + 1)]) for n in range(20)] == pytest.approx(range(-38, -18), abs=0.1)


def test_momentary_stays_3341_12() -> None:
    readings = Meter().all(tone([(-20.0, 0.18), (-30.0, 0.22)] * 25))[10:]
    assert [r.momentary_lufs for r in readings] == pytest.approx([-23] * len(readings), abs=0.1)


def test_momentary_of_short_sounds_3341_13() -> None:
    for n in range(20):
        meter = Meter()
        meter.all(tone([(SILENT, 0.02 * n), (-23.0, 0.4), (SILENT, 1.0)]))
        assert meter.program.momentary_max_lufs == pytest.approx(-23, abs=0.1), n


def test_momentary_live_3341_14() -> None:
    """The highest of each segment, as a console that shows the maximum since it was read last would."""
    meter = Meter()
    for n in range(20):
        meter.program.momentary_max_lufs = SILENCE_LUFS
        meter.all(tone([(SILENT, 0.02 * n), (n - 38.0, 0.4), (SILENT, 0.8 - 0.02 * n)]))
        assert meter.program.momentary_max_lufs == pytest.approx(n - 38, abs=0.1), n


RANGES = {
    "3342-1": ([-20.0, -30.0], 10),
    "3342-2": ([-20.0, -15.0], 5),
    "3342-3": ([-40.0, -20.0], 20),
    "3342-4": ([-50.0, -35.0, -20.0, -35.0, -50.0], 15),
}


@pytest.mark.parametrize(("levels", "expected"), RANGES.values(), ids=RANGES)
def test_loudness_range(levels: Sequence[float], expected: float) -> None:
    assert Meter().all(tone([(level, 20.0) for level in levels]))[-1].range_lu == pytest.approx(expected, abs=1)


def true_peak_db(wave: np.ndarray) -> float:
    meter, peak = TruePeak(1), 0.0
    for start in range(0, len(wave), 960):
        peak = max(peak, meter.take(wave[None, start : start + 960].astype(np.float32)))
    return 20 * float(np.log10(peak))


PEAKS = {
    "3341-15": (4, 0.0, 0.50, -6.0),
    "3341-16": (4, 45.0, 0.50, -6.0),
    "3341-17": (6, 60.0, 0.50, -6.0),
    "3341-18": (8, 67.5, 0.50, -6.0),
    "3341-19": (4, 45.0, 1.41, 3.0),
}


@pytest.mark.parametrize(("part", "degrees", "amplitude", "expected"), PEAKS.values(), ids=PEAKS)
def test_true_peak_of_a_tone(part: int, degrees: float, amplitude: float, expected: float) -> None:
    """A sine of a part of the sample rate, whose samples miss its peaks; faded in and out."""
    n = np.arange(SAMPLE_RATE)
    fade = np.clip(np.minimum(n, n[::-1]) / (SAMPLE_RATE / 10), 0, 1)
    peak = true_peak_db(fade * amplitude * np.sin(2 * np.pi * n / part + np.radians(degrees)))
    assert expected - 0.4 <= peak <= expected + 0.2


@pytest.mark.parametrize("offset", range(4), ids=("3341-20", "3341-21", "3341-22", "3341-23"))
def test_true_peak_between_samples(offset: int) -> None:
    """A sine of a quarter of the rate at 0.5, one period of it at 1.0, made at four times the rate and brought to it
    with every offset."""
    n = np.arange(4 * SAMPLE_RATE)
    wave = 0.5 * np.sin(2 * np.pi * n / 16)
    middle = len(n) // 2 // 16 * 16
    wave[middle : middle + 16] *= 2
    low = np.convolve(wave * np.clip(np.minimum(n, n[::-1]) / 20_000, 0, 1), firwin(2001, 0.25), "same")
    assert -0.4 <= true_peak_db(low[offset::4]) <= 0.2


def test_begun_anew_the_windows_go_on() -> None:
    meter = Meter()
    meter.all(tone([(-13.0, 5.0)]))
    meter.program.begin(1)
    at_once = meter.program.loudness()
    assert at_once.short_lufs == pytest.approx(-13, abs=0.1)
    assert (at_once.integrated_lufs, at_once.true_peak_db) == (SILENCE_LUFS, SILENCE_LUFS)
    assert meter.all(tone([(-33.0, 10.0)]))[-1].integrated_lufs == pytest.approx(-33, abs=1.5)  # blocks with the old in


def test_what_is_kept_outlives_the_meter() -> None:
    """A mixer that was started again goes on with the same measure."""
    kept = np.zeros((), KEPT)
    for level in (-20.0, -26.0):
        program, weighting = ProgramLoudness(kept), Weighting(2)
        sound = tone([(level, 20.0)])
        for start in range(0, sound.shape[1], CHUNK):
            chunk = sound[:, start : start + CHUNK]
            program.take(chunk, weighting.energies(chunk).sum(0))
    whole = Meter().all(tone([(-20.0, 20.0), (-26.0, 20.0)]))[-1]
    assert program.loudness().integrated_lufs == pytest.approx(whole.integrated_lufs, abs=0.1)


def test_silence_and_worse() -> None:
    meter = Meter()
    assert meter.all(np.zeros((2, SAMPLE_RATE), np.float32))[-1] == Loudness()
    assert lufs(float("nan")) == SILENCE_LUFS


def test_like_libavfilter() -> None:
    """A voice-like noise with pauses: the same integrated loudness and range as ebur128's."""
    import av
    import av.filter

    rng = np.random.default_rng(7)
    loud = np.repeat(10 ** (rng.uniform(-50, -14, 120) / 20), SAMPLE_RATE // 2)
    sound = (loud * rng.normal(0, 0.5, (2, len(loud)))).astype(np.float32)
    ours = Meter().all(sound)[-1]
    graph = av.filter.Graph()
    source = graph.add("abuffer", f"sample_rate={SAMPLE_RATE}:sample_fmt=flt:channel_layout=stereo:time_base=1/48000")
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for start in range(0, sound.shape[1], CHUNK):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[:, start : start + CHUNK].T).reshape(1, -1), format="flt", layout="stereo"
        )
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        source.push(frame)
        told = dict(sink.pull().metadata)
    assert ours.integrated_lufs == pytest.approx(float(told["lavfi.r128.I"]), abs=0.05)
    assert ours.range_lu == pytest.approx(float(told["lavfi.r128.LRA"]), abs=0.1)
    assert ours.short_lufs == pytest.approx(float(told["lavfi.r128.S"]), abs=0.05)
    peak_db = 20 * np.log10(float(told["lavfi.r128.true_peak"]))
    assert ours.true_peak_db == pytest.approx(peak_db, abs=0.4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-90, 25), min_size=1, max_size=60))
def test_the_distribution_is_the_definition(levels: list[float]) -> None:
    """Against the definition, on the list itself."""
    kept = Distribution(np.zeros((2, BINS)))
    for level in levels:
        kept.take(energy_of(level))
    heard = [energy_of(level) for level in levels if level > SILENCE_LUFS]
    if not heard:
        assert kept.integrated() == SILENCE_LUFS and kept.range_lu() == 0
        return
    gate = lufs(sum(heard) / len(heard)) - 10
    if min(abs(lufs(e) - gate) for e in heard) > 0.011:  # on the gate itself a bin decides
        gated = [e for e in heard if lufs(e) > gate]
        assert kept.integrated() == pytest.approx(lufs(sum(gated) / len(gated)), abs=1e-6)


def test_window_lengths() -> None:
    assert (MOMENTARY * HOP, SHORT * HOP, CHUNK) == (0.4 * SAMPLE_RATE, 3 * SAMPLE_RATE, 0.1 * SAMPLE_RATE)
