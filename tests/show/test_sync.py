"""Flash and blip through whole shows: together at every output, and moved as hands want it."""

from __future__ import annotations

import re
import subprocess
import sys
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


def film(folder: Path, sound_delay_ms: float) -> str:
    """A rig's source: a recording of flash and blip, whose sound comes so much after its picture."""
    folder.mkdir()
    late = FLASH.replace("[[mic", f"sound_delay_ms = {sound_delay_ms}\n[[mic")
    play(folder, small_show(folder, SMALL + late), 16, record=True)
    name, path = folder.name, folder / "out.mp4"
    return (
        f'[[sources]]\nname = "{name}"\nkind = "media"\npath = "{path}"\n'
        f'[[microphones]]\nname = "m{name}"\nsource = "{name}"\n'
    )


@pytest.mark.realtime
def test_live_sync_measures_a_camera_and_proposes_its_delay(tmp_path):
    rig = SMALL.replace("30", "25") + film(tmp_path / "cam1", -60)
    argv = [sys.executable, "-m", "live", "sync", str(write_rig(tmp_path, rig)), "--seconds", "3.5"]
    words = subprocess.run(argv, capture_output=True, text=True, timeout=90, check=True).stdout
    proposed = {m[1]: int(m[2]) for m in re.finditer(r'name = "(\w+)"\n  sound_delay_ms = (-?\d+)', words)}
    assert proposed == {"cam1": pytest.approx(60, abs=WITHIN_MS)}, words


def test_live_sync_measures_a_recording_and_says_what_it_cannot(tmp_path):
    path = tmp_path / "made.mp4"
    assert main_says("--make", str(path)).returncode == 0 and path.stat().st_size > 10_000
    assert "picture and sound are together (+0." in main_says(str(path)).stdout
    for target, words in (
        (str(tmp_path / "none.mp4"), "can't be read"),
        (str(Path(__file__)), "can't be read"),
        ("udp://127.0.0.1:9", "can't be read"),
    ):
        said = main_says(target)
        assert said.returncode == 2 and words in said.stderr and said.stderr.count("\n") == 1


def main_says(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "live", "sync", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=90)
