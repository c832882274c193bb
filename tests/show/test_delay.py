"""A delayed program: pictures and sound are late together, and the machine hears what comes."""

import shutil

import numpy as np
import pytest

from tests.feed import read_back
from tests.show.test_outputs import blip_times
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, of_kind, play, small_show, write_rig

DELAYED = PATTERNS.replace("rate_hz = 30", "rate_hz = 30\ndelay_s = 0.5")
DELAY_FRAMES = 15


def test_off_line_the_same_pictures_come_later(tmp_path):
    prompt_dir, late_dir = tmp_path / "prompt", tmp_path / "late"
    for folder in (prompt_dir, late_dir):
        folder.mkdir()
    _, prompt = play(prompt_dir, small_show(prompt_dir), 2)
    _, late = play(late_dir, small_show(late_dir, DELAYED), 2)
    assert late[DELAY_FRAMES:] == prompt[:-DELAY_FRAMES]
    assert len(set(prompt)) > 50, "pictures that move"


def test_off_line_flash_and_blip_stay_together(tmp_path):
    play(tmp_path, small_show(tmp_path, DELAYED), 3, record=True)
    assert_together(tmp_path / "out.mp4", 0.004)  # a blip swells within 2 ms


def test_on_air_flash_and_blip_stay_together(tmp_path):
    with RunningShow(write_rig(tmp_path, DELAYED), tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait_on_air()
        show.send("/director/level", "off")
        show.send("/program/cut", "cam1")
        show.wait_frames(150)
        assert show.get("show/delay") == (0.5,)
        start = of_kind(show.end(), "start")[0]
    assert start["delay_s"] == 0.5
    assert_together(tmp_path / "show.mp4", 1.2 / 30)


def assert_together(path, within_s: float):
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    pictures, sound, start_s = read_back(path)
    lumas = np.array([luma for _, luma in pictures])
    flashing = lumas > (lumas.min() + lumas.max()) / 2
    flashes = [
        t for (t, _), on, before in zip(pictures[1:], flashing[1:], flashing[:-1], strict=True) if on and not before
    ]
    blips = [t for t in blip_times(sound, start_s) if t > 0.1]
    assert len(flashes) >= 2, "no flash to hold against"
    for flash in flashes:
        assert min(abs(flash - blip) for blip in blips) <= within_s, (flashes, blips)
