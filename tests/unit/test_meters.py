"""The meters of the desk: what they read of sounds that are known, all strips at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from live.audio.loudness import KEPT
from live.audio.meters import CHUNK, FULL_SCALE, Meters, clips
from live.base.samples import SAMPLE_RATE
from live.config.desk import MeterOrders
from live.sound.metering import FLOOR_DB, NO_REDUCTION, SILENCE_LUFS, Metered

BLOCK = 960
SECOND = SAMPLE_RATE // BLOCK


def tone(amplitude: float, seconds: float, hz: float = 1000.0, turned: bool = False) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack((wave, -wave if turned else wave), 1).astype(np.float32)


def run(meters: Meters, sounds: Mapping[str, np.ndarray], start: int = 0, **more: object) -> Metered:
    """Through the meters in the mixer's blocks; the program is their sum. Gives the last readings."""
    length = max(len(s) for s in sounds.values())
    for at in range(0, length, BLOCK):
        blocks = {name: sound[at : at + BLOCK] for name, sound in sounds.items() if at < len(sound)}
        program = np.sum(list(blocks.values()), axis=0)
        meters.take(start + at + BLOCK, blocks, program, came=blocks, **more)  # type: ignore[arg-type]
    return meters.metered


def test_level_peak_and_hold() -> None:
    meters = Meters(("anna", "ben"))
    read = run(meters, {"anna": tone(0.5, 1.0), "ben": np.zeros((SAMPLE_RATE, 2), np.float32)})
    assert read.until == SAMPLE_RATE
    anna, ben = read.strips["anna"], read.strips["ben"]
    assert anna.rms_db == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.01)
    assert (anna.peak_db, anna.hold_db) == pytest.approx((-6.02, -6.02), abs=0.01)
    assert (ben.rms_db, ben.peak_db, ben.phase) == (FLOOR_DB, FLOOR_DB, None)
    quiet = run(meters, {"anna": tone(0.05, 1.9)})
    assert quiet.strips["anna"].peak_db == pytest.approx(-26.02, abs=0.01)
    assert quiet.strips["anna"].hold_db == pytest.approx(-6.02, abs=0.01), "it stays for two seconds"
    assert run(meters, {"anna": tone(0.05, 0.2)}).strips["anna"].hold_db == pytest.approx(-26.02, abs=0.01)


def test_a_strip_that_stops_is_silent_at_once() -> None:
    """What was of it in the chunk before doesn't stay."""
    meters = Meters(("anna", "ben"))
    run(meters, {"anna": tone(0.5, 0.1), "ben": tone(0.1, 0.1)})
    assert run(meters, {"ben": tone(0.1, 0.1)}).strips["anna"].peak_db == FLOOR_DB


def test_phase() -> None:
    meters = Meters(("stereo", "turned", "mono", "one side", "wide"))
    rng = np.random.default_rng(3)
    one = tone(0.3, 1.0)
    one[:, 1] = 0
    sounds = {
        "stereo": tone(0.3, 1.0),
        "turned": tone(0.3, 1.0, turned=True),
        "mono": tone(0.3, 1.0),
        "one side": one,
        "wide": rng.normal(0, 0.1, (SAMPLE_RATE, 2)).astype(np.float32),
    }
    read = run(meters, sounds, mono=frozenset({"mono"}))
    assert read.strips["stereo"].phase == pytest.approx(1)
    assert read.strips["turned"].phase == pytest.approx(-1)
    assert read.strips["mono"].phase is None and read.strips["one side"].phase is None
    assert read.strips["wide"].phase == pytest.approx(0, abs=0.05)


def test_clips_are_held_until_cleared() -> None:
    meters = Meters(("anna",))
    hot = np.clip(tone(2.0, 0.3), -1, 1)
    assert run(meters, {"anna": hot}).strips["anna"].clips == 3
    assert run(meters, {"anna": tone(0.1, 5.0)}).strips["anna"].clips == 3
    meters.obey(MeterOrders(cleared=1))
    assert run(meters, {"anna": tone(0.1, 0.1)}).strips["anna"].clips == 0


@pytest.mark.parametrize("bits", (16, 24))
def test_what_clipping_is(bits: int) -> None:
    """Three samples in a row at full scale, whatever bits they came by; a peak that touches it is none."""
    full = 1 - 2.0 ** (1 - bits)
    assert full >= FULL_SCALE
    block = np.zeros((BLOCK, 2), np.float32)
    block[100:102, 1] = full
    assert not clips(block)
    block[102, 1] = full
    assert clips(block)
    assert clips(-block)


def test_loudness_of_a_voice_only_while_it_speaks() -> None:
    """Two seconds of speech, then a long pause in which somebody else is heard through the microphone."""
    meters = Meters(("anna", "music"))
    short = run(meters, {"anna": tone(0.1, 0.8)}, speaking={"anna"})
    assert not short.speech_lufs, "too little to tell"
    spoken = run(meters, {"anna": tone(0.1, 2.0)}, speaking={"anna", "music"})
    assert spoken.speech_lufs == {"anna": pytest.approx(-20, abs=0.1)}
    assert run(meters, {"anna": tone(0.9, 10.0)}).speech_lufs == spoken.speech_lufs
    pauses = np.concatenate([tone(0.1, 0.3), np.zeros((SAMPLE_RATE // 10, 2), np.float32)] * 8)
    assert run(meters, {"anna": pauses}, speaking={"anna"}).speech_lufs["anna"] == pytest.approx(-20, abs=0.3)


def test_loudness_of_the_program() -> None:
    meters = Meters(("anna", "ben"))
    read = run(meters, {"anna": tone(0.1, 5.0), "ben": np.zeros((5 * SAMPLE_RATE, 2), np.float32)}).loudness
    assert (read.momentary_lufs, read.short_lufs, read.integrated_lufs) == pytest.approx((-20, -20, -20), abs=0.1)
    assert read.true_peak_db == pytest.approx(-20, abs=0.2)
    meters.obey(MeterOrders(begun=1))
    read = run(meters, {"anna": tone(0.01, 1.0)}).loudness
    assert read.integrated_lufs < -20.5 and read.short_lufs > -23


def test_begun_again_with_what_was_kept() -> None:
    kept = np.zeros((), KEPT)
    run(Meters(("anna",), kept), {"anna": tone(0.1, 5.0)})
    read = run(Meters(("anna",), kept), {"anna": np.zeros((SAMPLE_RATE, 2), np.float32)})
    assert read.loudness.integrated_lufs == pytest.approx(-20, abs=0.1)


def test_broken_samples_poison_nothing() -> None:
    meters = Meters(("anna",))
    broken = tone(0.1, 0.1)
    broken[100] = np.nan
    broken[200] = np.inf
    run(meters, {"anna": broken})
    read = run(meters, {"anna": tone(0.1, 5.0)})
    assert read.loudness.short_lufs == pytest.approx(-20, abs=0.1)
    assert read.strips["anna"].peak_db == pytest.approx(-20, abs=0.1)


def test_reduction_is_passed_on() -> None:
    meters = Meters(("anna", "ben"))
    read = run(meters, {"anna": tone(0.1, 0.1)}, reduction={"anna": (0.0, 3.5, 0.0, 1.0, 0.0, 0.0)})
    assert read.strips["anna"].reduction == (0, 3.5, 0, 1, 0, 0) and read.strips["ben"].reduction == NO_REDUCTION
    assert run(meters, {"anna": tone(0.1, 0.1)}).strips["anna"].reduction == NO_REDUCTION


def test_no_strips_at_all() -> None:
    meters = Meters(())
    for at in range(0, CHUNK, BLOCK):
        read = meters.take(at + BLOCK, {}, np.zeros((BLOCK, 2), np.float32), came={})
    assert read is not None and read.loudness.short_lufs == SILENCE_LUFS


@pytest.mark.parametrize(("hz", "low_db"), [(40.0, -9.0), (60.0, -9.0), (120.0, -60.0), (300.0, -60.0)])
def test_what_lies_below_a_voice(hz: float, low_db: float) -> None:
    read = run(Meters(("anna",)), {"anna": tone(0.5, 1.0, hz)}).strips["anna"].low_db
    assert read == pytest.approx(low_db, abs=0.5) if low_db == -9.0 else read < low_db
