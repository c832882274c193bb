"""What the microphones hear: resampling, the speech model, levels, and the numbers that cross to the engine."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.audio import board
from live.audio.listener import FIRST_LIFT_DB, LIFTED_DB, MOST_LIFT_DB, Heard, Lift, Listener
from live.audio.mixer import BLOCK, FLOOR_DB
from live.audio.resample import DELAY, RATIO, Decimator
from live.audio.voice import CHUNK, SPEECH_MODEL, SpeechModel, Voice
from live.base.errors import ModelError
from live.base.paths import model_path
from live.base.samples import SAMPLE_RATE
from live.config.desk import DeskOrders, StripOrders
from live.config.microphones import Microphone
from live.config.strips import StripSettings
from live.shm.memory import ring_name
from live.shm.status import StatusBlock
from live.sound.hearing import Echo
from tests.support.footage import FOOTAGE, needs_footage
from tests.support.sounds import chords, claps, drums, noise, tone

needs_model = pytest.mark.skipif(
    not model_path(SPEECH_MODEL).exists(), reason="the speech model is not there: run `live models`"
)


def wave(seconds: float, hz: float, amplitude: float = 0.5) -> np.ndarray:
    """Stereo at 48 kHz."""
    samples = amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.repeat(samples[:, None], 2, 1).astype(np.float32)


def mic(name: str, **fields: object) -> Microphone:
    return Microphone.model_validate({"name": name, "source": name, **fields})


def speech(name: str) -> np.ndarray:
    """A recording from the footage, mono at 16 kHz."""
    import av

    with av.open(str(FOOTAGE / "speech" / name)) as file:
        to_mono = av.AudioResampler("flt", "mono", 16_000)
        return np.concatenate([b.to_ndarray()[0] for f in file.decode(audio=0) for b in to_mono.resample(f)])


# -- resampling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hz", [100, 1000, 4000, 5000])
def test_what_a_voice_is_made_of_passes(hz: float) -> None:
    out = Decimator().apply(wave(0.3, hz))[200:]
    assert np.sqrt(np.mean(out**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("hz", [9000, 10_000, 15_000, 22_000])
def test_what_would_fold_back_does_not(hz: float) -> None:
    assert np.abs(Decimator().apply(wave(0.3, hz))[200:]).max() < 0.5 * 10 ** (-60 / 20)


def test_a_click_keeps_its_place() -> None:
    block = np.zeros((4800, 2), np.float32)
    block[2400] = 1.0
    assert int(np.argmax(Decimator().apply(block))) * RATIO - DELAY == 2400


@settings(max_examples=20)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_blocks_of_any_length_make_one_stream(lengths: list[int]) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, (sum(lengths) * RATIO, 2)).astype(np.float32)
    parts, one = Decimator(), Decimator()
    pieces = [parts.apply(piece) for piece in np.split(sound, np.cumsum(lengths)[:-1] * RATIO)]
    np.testing.assert_allclose(np.concatenate(pieces), one.apply(sound), atol=1e-6)


# -- the gain before the model ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level_db", "gain_db"), [(-32.0, 12.0), (-40.0, 20.0), (-60.0, MOST_LIFT_DB), (-10.0, 0.0)])
def test_a_voice_is_brought_to_what_the_model_is_used_to(level_db: float, gain_db: float) -> None:
    lift = Lift()
    for _ in range(600):
        lift.learn(level_db, 0.95)
    assert lift.gain_db == pytest.approx(gain_db, abs=0.1)


def test_noise_is_never_lifted_and_a_loud_moment_moves_it_little() -> None:
    lift = Lift()
    for _ in range(3000):
        lift.learn(-55.0, 0.2)
    assert lift.gain_db == FIRST_LIFT_DB
    for _ in range(25):
        lift.learn(-3.0, 0.95)
    assert lift.gain_db > FIRST_LIFT_DB - 1.1 and LIFTED_DB < 0


# -- the speech model -------------------------------------------------------------------------------------------------


def asked(voice: Voice, sound: np.ndarray) -> np.ndarray:
    """The probability after every chunk."""
    told = []
    for start in range(0, len(sound) - CHUNK + 1, CHUNK):
        voice.hear(sound[start : start + CHUNK])
        told.append(voice.probability)
    return np.array(told)


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel(model_path(SPEECH_MODEL))


@needs_model
@pytest.mark.parametrize(
    "sound",
    [tone(3, 440), noise(3), claps(3, 5), claps(3, 40), drums(3, 120)],
    ids=["tone", "noise", "typing", "applause", "drums"],
)
def test_what_is_no_speech_is_not_taken_for_it(model: SpeechModel, sound: np.ndarray) -> None:
    assert asked(Voice(model), sound).max() < 0.5


@needs_model
@needs_footage
@pytest.mark.parametrize("name", ["jfk.flac", "librispeech/1988-24833-0000.flac", "librispeech/2412-153948-0001.flac"])
def test_speech_is_known_soon_after_it_begins(model: SpeechModel, name: str) -> None:
    sound = speech(name)
    loud = np.sqrt(np.convolve(sound**2, np.ones(160) / 160, "same"))
    begins = int(np.argmax(loud > 0.1 * np.percentile(loud, 95)))
    told = asked(Voice(model), np.concatenate((noise(1.0, -65.0), sound[begins:])))
    assert told[: 16_000 // CHUNK - 1].max() < 0.5
    known_s = (int(np.argmax(told > 0.5)) + 1) * CHUNK / 16_000 - 1.0
    assert 0 < known_s < 0.13
    assert np.mean(told[32:] > 0.5) > 0.5


@needs_model
@needs_footage
def test_the_same_sound_in_other_pieces_is_the_same_speech(model: SpeechModel) -> None:
    sound = speech("jfk.flac")[:32_000]
    whole, parts = Voice(model), Voice(model)
    expected = asked(whole, sound)
    told = []
    for start in range(0, len(sound), 320):
        before = parts.probability
        parts.hear(sound[start : start + 320])
        if parts.probability != before:
            told.append(parts.probability)
    assert told == [p for p, before in zip(expected, [0.0, *expected], strict=False) if p != before]


@needs_model
@needs_footage
def test_digital_silence_is_none_and_leaves_nothing_behind(model: SpeechModel) -> None:
    sound = speech("jfk.flac")[:16_000]
    used = Voice(model)
    asked(used, sound)
    assert asked(used, np.zeros(CHUNK * 4, np.float32)).max() == 0
    np.testing.assert_array_equal(asked(used, sound), asked(Voice(model), sound))


def test_a_model_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="speech.onnx.*not there.*live models"):
        SpeechModel(tmp_path / "speech.onnx")
    (tmp_path / "speech.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="can't be used"):
        SpeechModel(tmp_path / "speech.onnx")


# -- the listener -----------------------------------------------------------------------------------------------------


def hear(listener: Listener, sounds: dict[str, np.ndarray], start: int = 0) -> Heard:
    """All of it, block by block; the last answer."""
    heard = None
    for at in range(0, min(len(s) for s in sounds.values()) - BLOCK + 1, BLOCK):
        heard = listener.hear(start + at, {name: s[at : at + BLOCK] for name, s in sounds.items()})
    assert heard is not None
    return heard


def test_levels_are_after_gain_and_mute_and_in_the_rigs_order() -> None:
    listener = Listener([mic("a"), mic("b", gain_db=-20.0), mic("c", muted=True), mic("d")], None)
    heard = hear(listener, {name: wave(0.1, 440) for name in "abc"})
    assert heard.peak_db == pytest.approx([-6.02, -26.02, FLOOR_DB, FLOOR_DB], abs=0.05)
    assert heard.rms_db == pytest.approx([-9.03, -29.03, FLOOR_DB, FLOOR_DB], abs=0.05)
    assert heard.until == 4800 and all(math.isnan(p) for p in heard.speech)


def test_a_fader_is_heard() -> None:
    listener = Listener([mic("a")], None)
    listener.obey(DeskOrders({"a": StripOrders(StripSettings(gain_db=-12.0))}))
    assert hear(listener, {"a": wave(0.1, 440)}).peak_db[0] == pytest.approx(-18.02, abs=0.05)
    listener.obey(DeskOrders({"a": StripOrders(StripSettings(gain_db=-12.0, muted=True))}))
    assert hear(listener, {"a": wave(0.1, 440)}, 4800).peak_db[0] == FLOOR_DB


def played_chords() -> np.ndarray:
    """Twelve seconds of music, stereo at 48 kHz."""
    return np.repeat(np.repeat(chords(12), RATIO)[:, None], 2, 1).astype(np.float32)


def test_a_muted_microphone_is_not_listened_to_for_music_and_what_it_gave_is_forgotten() -> None:
    listener, sound = Listener([mic("a"), mic("b")], None), played_chords()
    assert hear(listener, {"a": sound}).music
    listener.obey(DeskOrders({"a": StripOrders(StripSettings(muted=True))}))
    assert not hear(listener, {"a": sound[: 5 * BLOCK]}, len(sound)).music, "at once, not after what it heard before"
    assert not hear(listener, {"a": sound}, len(sound) + 5 * BLOCK).music


def test_the_music_of_a_film_is_not_the_rooms() -> None:
    sound = played_chords()
    assert not hear(Listener([mic("film"), mic("room")], None, played=["film"]), {"film": sound}).music
    assert hear(Listener([mic("film"), mic("room")], None, played=["film"]), {"room": sound}).music


def test_broken_samples_count_as_silence() -> None:
    broken = wave(0.1, 440)
    broken[1000:1100] = np.nan
    heard = hear(Listener([mic("a")], None), {"a": broken})
    assert math.isfinite(heard.rms_db[0]) and math.isfinite(heard.peak_db[0])


def test_a_beat_is_told_in_sample_numbers_of_the_machine() -> None:
    start = 1_000_000 * BLOCK
    sound = np.repeat(np.repeat(drums(9, 120, first_s=0.25), RATIO)[:, None], 2, 1)  # to 48 kHz, roughly
    heard = hear(Listener([mic("a")], None), {"a": sound}, start)
    assert heard.beat is not None
    at, period = heard.beat
    assert period == pytest.approx(SAMPLE_RATE / 2, rel=0.01)
    off = (at - start) / SAMPLE_RATE - 0.25
    assert abs((off + 0.25) % 0.5 - 0.25) < 0.015


def test_a_jump_in_time_forgets_the_beat() -> None:
    listener = Listener([mic("a")], None)
    sound = np.repeat(np.repeat(drums(9, 120), RATIO)[:, None], 2, 1)
    assert hear(listener, {"a": sound}).beat is not None
    assert hear(listener, {"a": sound[: SAMPLE_RATE // 2]}, 100 * SAMPLE_RATE).beat is None


# -- across to the engine ---------------------------------------------------------------------------------------------


def test_the_board_carries_what_was_heard() -> None:
    count = 40  # no place is the last
    status = StatusBlock(ring_name("st"), create=True, board=board.board_of(count, count))
    try:
        assert board.heard(status.board).until == 0
        levels = [-20.0 - n for n in range(count)]
        echoes = (Echo(0, 39, 0.5, 0.25), Echo(7, 8, 0.125, 0.75))
        told = Heard(4800, levels, [n + 5 for n in levels], [0.9, *[math.nan] * 39], True, (1200.5, 24_000.25), echoes)
        board.publish(status.board, told)
        got = board.heard(status.board)
        assert (got.until, got.rms_db, got.peak_db) == (4800, told.rms_db, told.peak_db)
        assert got.echoes == echoes
        board.publish(status.board, Heard(9600, levels, levels, levels))
        assert board.heard(status.board).echoes == ()
        board.publish(status.board, told)
        assert (got.music, got.beat) == (True, (1200.5, 24_000.25))
        assert got.speech[0] == 0.9 and len(got.speech) == count and all(math.isnan(p) for p in got.speech[1:])
    finally:
        status.close()
