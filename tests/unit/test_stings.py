"""The sound of a stinger lies under its own frames, to the sample."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from live.base.samples import SAMPLE_RATE
from live.outputs.stings import FADE, Stings
from live.sound.film_sound import LONGEST_S, FilmSound
from tests.support.stings import sting

RATE = Fraction(30)
A_FRAME = SAMPLE_RATE // 30
RAMP = np.repeat(np.linspace(0.1, 0.2, 30 * A_FRAME, dtype=np.float32)[:, None], 2, axis=1)  # a second


def played(stings: Stings, marks: list[tuple[int, int]], rate: Fraction = RATE, floor: float = 0.0) -> np.ndarray:
    """The program's sound, a picture at a time: (film, frame) each."""
    out = []
    for n, mark in enumerate(marks):
        start, end = int(n * SAMPLE_RATE / rate), int((n + 1) * SAMPLE_RATE / rate)
        stings.mark(start, *mark)
        out.append(stings.apply(start, np.full((end - start, 2), floor, np.float32)))
    return np.concatenate(out)[:, 0]


def test_a_film_sounds_from_its_own_frame_on_and_the_rest_is_untouched() -> None:
    stings = Stings([RAMP], RATE)
    silent = np.zeros((A_FRAME, 2), np.float32)
    stings.mark(0, 0, 0)
    assert stings.apply(0, silent) is silent
    got = played(Stings([RAMP], RATE), [(0, 0)] * 5 + [(1, n) for n in range(30)] + [(0, 0)] * 8)
    assert not got[: 5 * A_FRAME].any() and not got[35 * A_FRAME :].any()
    assert np.array_equal(got[5 * A_FRAME : 35 * A_FRAME], RAMP[:, 0])


def test_pictures_left_out_and_odd_rates_dont_move_it() -> None:
    rate = Fraction(30000, 1001)
    marks = [(0, 0)] + [(1, n) for n in range(20)]
    whole = played(Stings([RAMP], rate), marks, rate)
    start = int(SAMPLE_RATE / rate)
    assert np.array_equal(whole[start:], RAMP[: len(whole) - start, 0])


def test_a_film_that_is_broken_off_fades_in_a_tenth_of_a_second() -> None:
    got = played(Stings([RAMP], RATE), [(1, n) for n in range(10)] + [(0, 0)] * 10)
    over = 10 * A_FRAME
    assert np.array_equal(got[:over], RAMP[:over, 0])
    assert abs(np.diff(got[over - 1 : over + FADE + 1])).max() < 1e-3  # no click
    assert got[over + FADE - 10] < 0.001 and not got[over + FADE :].any()


def test_it_may_be_taken_again_while_it_fades() -> None:
    loud = np.full((30 * A_FRAME, 2), 0.9, np.float32)
    marks = [(1, n) for n in range(10)] + [(0, 0)] + [(1, n) for n in range(30)] + [(0, 0)] * 4
    got = played(Stings([loud], RATE), marks, floor=0.5)
    assert got[11 * A_FRAME + 5] > 0.9 and got[-1] == 0.5


def test_nothing_is_heaped_up() -> None:
    stings = Stings([RAMP, RAMP], RATE)
    played(stings, [(n % 3, n % 7) for n in range(500)] + [(0, 0)] * 40)
    assert not stings._runs


def test_a_track_is_read_at_its_own_time_with_its_gain(tmp_path: Path) -> None:
    path = sting(tmp_path / "s.mov", blip_s=0.5)
    samples = FilmSound(path, -6.0).read()
    loud = np.flatnonzero(abs(samples[:, 0]) > 0.05)
    assert loud[0] / SAMPLE_RATE == pytest.approx(0.5, abs=0.001)
    assert abs(samples).max() == pytest.approx(0.5 * 10 ** (-6 / 20), abs=0.02)
    assert len(samples) <= LONGEST_S * SAMPLE_RATE


@pytest.mark.parametrize("content", [b"", b"no film"])
def test_what_cant_be_read_is_silent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.mov").write_bytes(content)
    assert len(FilmSound(tmp_path / "s.mov").read()) == 0
