"""Stingers in whole shows: what is recorded of them, picture and sound together."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from live.config.load import load_show
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, play, write_rig
from tests.support.stings import flash_and_blip_s, sting
from tests.unit.test_limiter import true_peak_db

FRAME_S = 1 / 30
RIG = PATTERNS.replace('name = "cam1"\nkind = "pattern"\n', 'name = "cam1"\nkind = "pattern"\nblip = false\n')


def rig(folder: Path, *, picture: str = "", transition: str = "") -> Path:
    sting(folder / "sting.mov")
    table = f'\n[[transitions]]\nname = "logo"\nkind = "stinger"\npath = "sting.mov"\n{transition}'
    return write_rig(folder, RIG.replace("rate_hz = 30\n", f"rate_hz = 30\n{picture}") + table)


def test_a_stinger_is_heard_on_the_frame_that_shows_it_and_the_same_each_time(tmp_path: Path) -> None:
    show = load_show(rig(tmp_path))
    sounds = []
    for _ in range(2):
        play(tmp_path, show, 5.0, (30, "/program/auto", ["logo"]), (90, "/program/auto", ["logo"]), record=True)
        flashes, blips = flash_and_blip_s(tmp_path / "out.mp4")
        assert flashes == pytest.approx([1.5, 3.5], abs=0.002)
        assert blips == pytest.approx(flashes, abs=0.003)
        with av.open(str(tmp_path / "out.mp4")) as file:
            sounds.append(np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)]))
    assert np.array_equal(*sounds)


def test_it_is_as_loud_as_the_rig_says_and_gone_with_black(tmp_path: Path) -> None:
    show = load_show(rig(tmp_path, transition="gain_db = -12.0"))
    commands = [(30, "/program/auto", ["logo"]), (75, "/program/ftb", [1, 0.1]), (90, "/program/auto", ["logo"])]
    play(tmp_path, show, 4.5, *commands, record=True)
    with av.open(str(tmp_path / "out.mp4")) as file:
        sound = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    assert abs(sound[int(1.4 * 48_000) : int(1.7 * 48_000)]).max() == pytest.approx(0.5 * 10 ** (-12 / 20), rel=0.15)
    assert abs(sound[int(3.0 * 48_000) :]).max() < 0.002


def test_a_film_that_is_far_too_loud_stays_under_the_ceiling(tmp_path: Path) -> None:
    """No curve bends it: it is turned down before it comes. AAC adds a little."""
    show = load_show(rig(tmp_path, transition="gain_db = 12.0"))
    play(tmp_path, show, 3.0, (30, "/program/auto", ["logo"]), record=True)
    with av.open(str(tmp_path / "out.mp4")) as file:
        sound = np.concatenate([f.to_ndarray().T for f in file.decode(audio=0)])
    assert -2.0 < true_peak_db(np.ascontiguousarray(sound)) < -0.5
    flashes, blips = flash_and_blip_s(tmp_path / "out.mp4")
    assert blips == pytest.approx(flashes, abs=0.003)


def test_a_cut_breaks_it_off(tmp_path: Path) -> None:
    show = load_show(rig(tmp_path))
    play(tmp_path, show, 3.0, (30, "/program/auto", ["logo"]), (40, "/program/cut", ["cam1"]), record=True)
    assert flash_and_blip_s(tmp_path / "out.mp4") == ([], [])


@pytest.mark.parametrize("delay_s", [0.0, 0.5])
def test_on_air_picture_and_sound_of_a_stinger_are_together(tmp_path: Path, delay_s: float) -> None:
    """However late the program is, and whatever the mixer's own latency."""
    path = rig(tmp_path, picture=f"delay_s = {delay_s}\n")
    with RunningShow(path, tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait_on_air()
        for _ in range(2):
            show.send("/program/auto", "logo")
            show.wait_frames(50)
        show.end()
    flashes, blips = flash_and_blip_s(tmp_path / "show.mp4")
    assert len(flashes) == len(blips) == 2
    for flash, blip in zip(flashes, blips, strict=True):
        print(f"delay {delay_s}: sound {1000 * (blip - flash):+.1f} ms from picture")
        assert abs(blip - flash) < FRAME_S / 2
