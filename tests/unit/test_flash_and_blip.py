"""Flash and blip are found again as exactly as they were made; tone and noise are what they say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.samples import SAMPLE_RATE
from live.config.picture import PictureConfig
from live.picture.flash import BITS, draw, lightness, number_of
from live.sound.blip import blip, onsets_s
from live.sources import open_reader
from live.sources.kinds.flash import FlashSource
from live.sources.kinds.noise import NoiseSource
from live.sources.kinds.tone import ToneSource
from live.sources.reader import PictureEvent, SoundEvent
from live.sync.measure import Picture, measured

SMALL = PictureConfig(width=320, height=184, rate_hz=30)


@given(st.integers(0, 2**BITS - 1), st.booleans(), st.sampled_from([(184, 320), (90, 160), (1080, 1920)]))
def test_a_number_is_read_back_from_any_size_and_through_blur_and_noise(number, flash, size):
    luma = np.zeros(size, np.uint8)
    draw(luma, number, flash=flash)
    assert number_of(luma) == number
    assert (lightness(luma) > 200) == flash
    rough = luma.astype(float) * 0.6 + 60 + np.random.default_rng(1).normal(0, 12, size)
    assert number_of(np.clip((rough + np.roll(rough, 1, 1)) / 2, 0, 255).astype(np.uint8)) == number


@given(st.integers(0, 255), st.integers(0, 10_000))
def test_what_is_no_number_isnt_read(grey, seed):
    flat = np.full((184, 320), grey, np.uint8)
    assert number_of(flat) is None
    noise = np.random.default_rng(seed).integers(0, 255, (184, 320)).astype(np.uint8)
    assert number_of(noise) is None


@given(st.floats(0.2, 0.8), st.floats(0.0, 0.02))
def test_a_blip_is_found_to_a_fifth_of_a_millisecond(at_s, noise):
    sound = np.zeros(3 * SAMPLE_RATE, np.float32)
    t = np.arange(len(sound)) / SAMPLE_RATE
    source = blip(1_000_000_000)[:, 0]
    for second in (0, 1):
        sound += np.interp(t - at_s - second, np.arange(len(source)) / SAMPLE_RATE, source, left=0, right=0)
    sound += noise * np.random.default_rng(1).standard_normal(len(sound))
    assert onsets_s(sound.astype(np.float32)) == pytest.approx([at_s, at_s + 1], abs=2e-4 + noise / 40)


def test_speech_and_silence_hold_no_blip():
    rng = np.random.default_rng(2)
    assert onsets_s(np.zeros(SAMPLE_RATE, np.float32)) == []
    assert onsets_s((0.1 * rng.standard_normal(3 * SAMPLE_RATE)).astype(np.float32)) == []


@pytest.mark.parametrize("rate_hz", [24, 25, 29.97, 30, 60])
def test_the_source_gives_both_on_one_instant(rate_hz):
    picture = PictureConfig(width=320, height=184, rate_hz=rate_hz)
    events = open_reader(FlashSource(name="f", kind="flash"), picture, 1).events()
    pictures, sound = [], np.zeros((4 * SAMPLE_RATE, 2), np.float32)
    for event in itertools.islice(events, round(3.5 * rate_hz)):
        if isinstance(event, SoundEvent):
            at = round(event.pts_ns * SAMPLE_RATE / 1e9)
            part = sound[at : at + len(event.samples)]
            part[:] = event.samples[: len(part)]
        else:
            assert isinstance(event, PictureEvent)
            out = np.zeros(event.format.size, np.uint8)
            event.write(out)
            luma = event.format.planes(out)[0]
            pictures.append(Picture(event.pts_ns / 1e9, number_of(luma), lightness(luma)))
    found = measured(pictures, sound[:, 0], 0.0)
    assert found is not None and found.numbered
    assert abs(found.late_ms) < 0.1 and found.spread_ms < 0.1
    plain = measured([Picture(p.time_s, None, p.lightness) for p in pictures], sound[:, 0], 0.0)
    assert plain is not None and not plain.numbered and abs(plain.late_ms) < 0.1


@given(st.floats(-200, 200), st.integers(0, 1))
def test_an_offset_is_measured_with_its_sign(late_ms, numbered):
    rate = 30
    pictures = [Picture(n / rate, n if numbered else None, 235.0 if n % rate < 3 else 16.0) for n in range(1, 6 * rate)]
    one = blip(1_000_000_000)[:-1, 0]
    found = measured(pictures, np.tile(one, 6), late_ms / 1e3)
    assert found is not None and found.late_ms == pytest.approx(late_ms, abs=0.3)


def test_pictures_without_sound_and_sound_without_pictures_are_nothing():
    assert measured([], blip(3_000_000_000)[:, 0], 0.0) is None
    assert measured([Picture(n / 30, n, 16.0) for n in range(90)], np.zeros(SAMPLE_RATE, np.float32), 0.0) is None


def sound_of(source, blocks: int) -> np.ndarray:
    events = open_reader(source, SMALL, 1).events()
    return np.concatenate([e.samples for e in itertools.islice(events, blocks)])


def test_a_tone_goes_on_without_a_click_at_its_level():
    made = sound_of(ToneSource(name="t", kind="tone", hz=997.0, level_db=-12.0), 30)
    assert np.abs(made).max() == pytest.approx(10 ** (-12 / 20), rel=1e-4)
    spectrum = np.abs(np.fft.rfft(made[:, 0] * np.hanning(len(made))))
    spectrum[2991 - 5 : 2991 + 6] = 0
    assert spectrum.max() < len(made) * 1e-6, "nothing but the tone"


@pytest.mark.parametrize(("spectrum", "slope_db"), [("pink", -3.0), ("white", 0.0)])
def test_noise_is_as_loud_as_it_says_and_falls_as_it_should(spectrum, slope_db):
    made = sound_of(NoiseSource(name="n", kind="noise", spectrum=spectrum, level_db=-23.0), 300)[:, 0]
    assert 20 * np.log10(np.sqrt((made**2).mean())) == pytest.approx(-23.0, abs=0.5)
    power = np.abs(np.fft.rfft(made)) ** 2
    octaves = [power[round(f * 30) : round(2 * f * 30)].mean() for f in (100, 400, 1600, 6400)]
    falls = np.diff(10 * np.log10(octaves)) / 2
    assert falls == pytest.approx([slope_db] * 3, abs=0.6)
    assert (made == sound_of(NoiseSource(name="n", kind="noise", spectrum=spectrum, level_db=-23.0), 300)[:, 0]).all()
