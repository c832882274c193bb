"""Noise suppression: what it takes away, what it leaves, that nothing moves in time."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from live.audio import denoise
from live.audio.denoise import LATENCY, Denoiser
from live.audio.desk import Desk, Strip, crossed
from live.audio.mixer import BLOCK, Samples
from live.base.errors import ModelError
from live.base.samples import SAMPLE_RATE
from live.config.desk import PROGRAM, DeskOrders, StripOrders
from tests.support.bleed import recording
from tests.support.footage import needs_footage

needs_library = pytest.mark.skipif(importlib.util.find_spec("pyrnnoise") is None, reason="pyrnnoise is not installed")
FROM_S, TO_S = 8.0, 14.5  # of the conversation
HISS_DB = -42.0


def noisy() -> tuple[np.ndarray, np.ndarray]:
    """(a voice, the same in a hiss): a second of hiss alone to begin with, mono."""
    voice = recording()[int(FROM_S * SAMPLE_RATE) : int(TO_S * SAMPLE_RATE)]
    voice = np.concatenate((np.zeros(SAMPLE_RATE, np.float32), voice))
    hiss = np.random.default_rng(4).normal(0, 10 ** (HISS_DB / 20), len(voice)).astype(np.float32)
    return voice, voice + hiss


def mixed(sound: np.ndarray, orders: dict[int, bool]) -> np.ndarray:
    """The program, mono. orders: by block, whether noise is suppressed from then on."""

    def read(source: str, start: int, count: int) -> Samples:
        found = sound[max(0, start) : max(0, start + count)]
        found = np.concatenate((np.zeros(max(0, -start), np.float32)[:count], found))
        return np.repeat(np.concatenate((found, np.zeros(count - len(found), np.float32)))[:, None], 2, 1)

    said: list[str] = []
    desk, out = Desk([Strip("anna", "anna")], read, 0, say=said.append), []
    for block in range(len(sound) // BLOCK):
        if block in orders:
            desk.set(DeskOrders(strips={"anna": StripOrders(denoise=orders[block])}))
        out.append(desk.step()[PROGRAM][:, 0])
    assert not said
    return np.concatenate(out)


def in_db(sound: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-9))


@needs_footage
@needs_library
def test_a_hiss_goes_and_the_voice_stays_in_its_place() -> None:
    voice, sound = noisy()
    out = mixed(sound, {0: True})
    assert in_db(out[SAMPLE_RATE // 2 : SAMPLE_RATE]) < HISS_DB - 15
    speaking = slice(4 * SAMPLE_RATE, 7 * SAMPLE_RATE)
    assert in_db(out[speaking]) == pytest.approx(in_db(voice[speaking]), abs=1.0)
    size = 1 << 18
    across = np.fft.irfft(np.fft.rfft(out[speaking], size) * np.conj(np.fft.rfft(voice[speaking], size)), size)
    assert int(np.argmax(across)) in (0, 1, size - 1)


@needs_footage
@needs_library
def test_it_is_switched_on_and_off_without_a_click() -> None:
    t = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.2 * np.sin(2 * np.pi * 220 * t)).astype(np.float32)
    steady = np.abs(np.diff(tone)).max()
    out = mixed(tone, {0: False, 50: True, 100: False})
    assert np.abs(np.diff(out[BLOCK:])).max() < 1.5 * steady
    np.testing.assert_array_equal(out[102 * BLOCK :], mixed(tone, {0: False})[102 * BLOCK :])


@needs_library
def test_off_it_gives_back_the_very_array() -> None:
    block = np.ones((BLOCK, 2), np.float32)
    denoiser = Denoiser(print, crossed)
    assert denoiser.step("anna", block, lambda: pytest.fail("nothing is read ahead"), on=False) is block
    assert LATENCY == BLOCK


@needs_library
def test_two_sides_that_differ_stay_apart() -> None:
    rng = np.random.default_rng(2)
    denoiser = Denoiser(print, crossed)
    for _ in range(30):
        block = rng.normal(0, [0.01, 0.0], (BLOCK, 2)).astype(np.float32)
        out = denoiser.step("anna", block, lambda block=block: block, on=True)
    assert out is not None and not out[:, 1].any() and out[:, 0].any()


def test_where_it_is_missing_that_is_said_once_and_the_sound_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    denoise.library.cache_clear()
    said: list[str] = []
    denoiser, block = Denoiser(said.append, crossed), np.ones((BLOCK, 2), np.float32)
    for name in ("anna", "ben", "anna"):
        assert denoiser.step(name, block, lambda: block, on=True) is block
    denoise.library.cache_clear()
    assert len(said) == 1
    assert "pyrnnoise is not installed" in said[0] and "live-show[denoise]" in said[0]
    with pytest.raises(ModelError):
        denoise.library()
