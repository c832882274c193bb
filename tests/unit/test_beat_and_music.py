"""Beat and music, in sounds made by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from live.audio.beat import Beat, BeatTracker
from live.audio.music import MusicEar
from live.audio.spectrum import HOP, WINDOW, Frames, Spectra
from tests.support.sounds import RATE_HZ, chords, claps, drums, noise, tone

STEP = 1600


def listen(sound: np.ndarray, speech: float = 0.0) -> list[tuple[float, Beat | None, bool]]:
    """(seconds heard, beat, music) every 0.1 s."""
    spectra, beats = Spectra(), BeatTracker()
    music, told = MusicEar(beats), []
    for start in range(0, len(sound), STEP):
        frames = spectra.hear(sound[start : start + STEP])
        beats.hear(frames.onset)
        music.hear(frames, speech)
        told.append(((start + STEP) / RATE_HZ, beats.beat, music.music))
    return told


@pytest.mark.parametrize("per_minute", [60, 75, 92, 100, 118, 128, 140, 160, 174])
def test_the_beat_is_found_to_the_hundredth_of_a_second(per_minute: float) -> None:
    period_s = 60 / per_minute
    late = [beat for t, beat, _ in listen(drums(14, per_minute)) if t > 6]
    assert all(late), "lost once it was found"
    for beat in late:
        assert beat.period_s == pytest.approx(period_s, rel=0.01)
        assert abs((beat.at_s - 0.1 + period_s / 2) % period_s - period_s / 2) < 0.012
    assert next(t for t, beat, _ in listen(drums(14, per_minute)) if beat) < 4.5


def test_another_tempo_is_followed() -> None:
    told = listen(np.concatenate((drums(12, 100), drums(14, 132))))
    assert told[110][1].period_s == pytest.approx(0.6, rel=0.02)
    assert told[-1][1].period_s == pytest.approx(60 / 132, rel=0.02)


def test_a_beat_that_ends_is_forgotten() -> None:
    told = listen(np.concatenate((drums(10, 120), noise(10, -60.0))))
    assert told[95][1] is not None and told[-1][1] is None


@pytest.mark.parametrize(
    "sound", [noise(12), claps(12, 50), claps(12, 5), tone(12, 440), np.zeros(12 * RATE_HZ, np.float32)], ids=str
)
def test_what_has_no_beat_gets_none(sound: np.ndarray) -> None:
    assert all(beat is None for _, beat, _ in listen(sound))


@pytest.mark.parametrize(
    "sound",
    [chords(12), chords(12) + noise(12, -40.0), 0.5 * chords(12) + drums(12, 110)],
    ids=["chords", "noisy", "drums"],
)
def test_music_is_known_within_six_seconds_and_stays(sound: np.ndarray) -> None:
    told = listen(sound)
    assert next(t for t, _, music in told if music) <= 6.0
    assert all(music for t, _, music in told if t > 6)


@pytest.mark.parametrize(
    "sound",
    [noise(12), claps(12, 50), claps(12, 5), drums(12, 60), noise(12, -70.0) + 0.001 * chords(12)],
    ids=["noise", "applause", "typing", "knocking", "far away"],
)
def test_noise_applause_typing_and_what_is_too_quiet_are_no_music(sound: np.ndarray) -> None:
    assert not any(music for _, _, music in listen(sound))


def test_what_speaks_is_no_music_until_its_beat_is_clear() -> None:
    held = tone(12, 220) + tone(12, 277)
    assert listen(held)[-1][2] and not any(music for _, _, music in listen(held, speech=0.9))
    singing = 0.3 * chords(14) + drums(14, 110)
    assert listen(singing, speech=0.9)[-1][2]


def voiced(tonal: float) -> Frames:
    return Frames(*(np.full(10, value, np.float32) for value in (0.0, 0.01, tonal)))


def test_an_instrument_while_somebody_talks_is_no_music_and_singing_is() -> None:
    def told(tonal: float | None) -> list[bool]:
        beats, spectra, sound = BeatTracker(), Spectra(), 0.3 * chords(14) + drums(14, 110)
        music, found = MusicEar(beats), []
        for start in range(0, len(sound), STEP):
            frames = spectra.hear(sound[start : start + STEP])
            beats.hear(frames.onset)
            music.hear(frames, 0.0 if tonal is None else 0.9, None if tonal is None else voiced(tonal))
            found.append(music.music)
        return found

    assert told(None)[-1] and told(0.5)[-1]
    assert not any(told(0.18))


def test_music_that_ends_is_over_soon() -> None:
    told = listen(np.concatenate((chords(8), noise(8, -65.0))))
    assert told[75][2] and next(t for t, _, music in told[80:] if not music) < 14.0


def test_frames_are_the_same_however_the_sound_is_cut() -> None:
    sound = chords(2.0) + noise(2.0, -30)
    whole, parts = Spectra().hear(sound), Spectra()
    pieces = [parts.hear(piece) for piece in np.split(sound, [100, 101, 5000, 5160, 20000])]
    for name in ("onset", "power", "tonal"):
        np.testing.assert_allclose(
            np.concatenate([getattr(p, name) for p in pieces]), getattr(whole, name), rtol=1e-3, atol=1e-5
        )
    assert len(whole.onset) == (len(sound) - WINDOW) // HOP + 1
