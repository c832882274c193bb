"""Flash and blip through whole shows: together at every output, and moved as hands want it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.clock import MonotonicClock
from live.sync.measure import Measured, measured
from live.sync.media import look
from tests.support.running import RunningShow
from tests.support.shows import SMALL, play, small_show, write_rig

FLASH = '[[sources]]\nname = "cam1"\nkind = "flash"\n[[microphones]]\nname = "mic1"\nsource = "cam1"\n'
KEYED = (
    'start = "black"\n'
    + SMALL
    + '[[sources]]\nname = "black"\nkind = "colour"\n'
    + FLASH.replace('"flash"\n', '"flash"\nkey = "luma"\n')
    + '[[keys]]\nsource = "cam1"\n'
)
WITHIN_MS = 10.0


def apart(path: Path, start_s: float, end_s: float) -> Measured:
    seen = look(str(path), MonotonicClock()).between(start_s, end_s)
    found = measured(seen.pictures, seen.samples, seen.sound_start_s)
    assert found is not None and found.numbered
    return found


@pytest.mark.parametrize("rate_hz", [25, 30, 60])
def test_off_line_they_are_together_and_a_delay_is_to_the_millisecond(tmp_path, rate_hz):
    rig = SMALL.replace("30", str(rate_hz)) + FLASH
    play(tmp_path, small_show(tmp_path, rig), 6, (3 * rate_hz, "/sources/cam1/delay", [80.0]), record=True)
    assert apart(tmp_path / "out.mp4", 0, 2.9).late_ms == pytest.approx(0.0, abs=0.5)
    assert apart(tmp_path / "out.mp4", 3.5, 6).late_ms == pytest.approx(80.0, abs=0.5)


@pytest.mark.parametrize(("source_hz", "show_hz"), [(25, 30), (24, 25), (30, 25)])
def test_a_file_of_another_rate_is_together_on_the_mean(tmp_path, source_hz, show_hz):
    folder = tmp_path / "made"
    folder.mkdir()
    play(folder, small_show(folder, SMALL.replace("30", str(source_hz)) + FLASH), 10, record=True)
    film = FLASH.replace('"flash"', f'"media"\npath = "{folder / "out.mp4"}"')
    play(tmp_path, small_show(tmp_path, SMALL.replace("30", str(show_hz)) + film), 9, record=True)
    assert abs(apart(tmp_path / "out.mp4", 2, 9).late_ms) < WITHIN_MS


@pytest.mark.realtime
def test_on_air_a_keyed_picture_and_its_sound_are_together_and_stay_so_when_a_hand_moves_it(tmp_path):
    with RunningShow(write_rig(tmp_path, KEYED), tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait_on_air()
        show.send("/director/level", "off")
        show.send("/dsk/1/on")
        show.wait_frames(165)
        begun = show.frame() / 30
        assert show.get("sources/cam1/delay")[2] > 5.0, "the age of its picture is known"
        show.send("/sources/cam1/delay", 60.0)
        show.wait_frames(130)
        assert show.get("sources/cam1/delay")[0] == 60.0
        show.end()
    assert abs(apart(tmp_path / "show.mp4", 2.5, begun - 0.2).late_ms) < WITHIN_MS
    assert abs(apart(tmp_path / "show.mp4", begun + 0.6, begun + 4).late_ms - 60) < WITHIN_MS
    seen = look(str(tmp_path / "show.mp4"), MonotonicClock())
    assert np.abs(np.diff(seen.samples)).max() < 0.05, "no click"
