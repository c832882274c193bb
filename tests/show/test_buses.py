"""Outputs with another sound than the program's: what a guest hears, and an auxiliary, in recordings of whole shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import ConfigError
from live.config.load import load_show
from live.engine.offline import run_offline
from live.engine.options import RunOptions
from tests.show.test_recorded_feeds import read
from tests.support.running import RunningShow
from tests.support.shows import SMALL, script, write_rig

PITCHES_HZ = {"anna": 500.0, "ben": 900.0}


def rig(folder: Path, more: str = "") -> Path:
    """Two microphones with a tone each; anna is sent to an auxiliary before her fader."""
    text = SMALL + 'start = "cam"\n[[sources]]\nname = "cam"\nkind = "pattern"\nblip = false\n'
    for name, hz in PITCHES_HZ.items():
        text += f'[[sources]]\nname = "{name}-line"\nkind = "tone"\nhz = {hz}\n'
        text += f'[[microphones]]\nname = "{name}"\nsource = "{name}-line"\n'
        if name == "anna":
            text += "aux1 = { on = true, before = true }\n"
    return write_rig(folder, text + more)


def pitches(sound: np.ndarray, start_s: float = 0.5, end_s: float = 1.5) -> set[str]:
    """Whose tone is in it, within 40 dB of the loudest."""
    part = sound[int(start_s * 48_000) : int(end_s * 48_000)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    at = {name: spectrum[round(hz * len(part) / 48_000) - 2 :][:5].max() for name, hz in PITCHES_HZ.items()}
    return {name for name, level in at.items() if level > 1.0 and level > max(at.values()) / 100}


def test_off_line_a_feed_is_recorded_with_any_bus(tmp_path: Path) -> None:
    wanted = {"program+minus-anna": {"ben"}, "clean+aux1": {"anna"}, "clean": {"anna", "ben"}}
    files = {what: tmp_path / f"{what}.mp4" for what in wanted}
    options = RunOptions(
        2.0,
        tmp_path / "program.mp4",
        tmp_path / "log.jsonl",
        commands=script(tmp_path, (45, "/microphones/anna/mute", [1])),
        feeds=tuple(files.items()),
    )
    assert run_offline(load_show(rig(tmp_path)), options, lambda text: None) == 0
    pictures, program = read(tmp_path / "program.mp4")
    assert pitches(program, 0.5, 1.2) == {"anna", "ben"} and pitches(program, 1.6, 2.0) == {"ben"}
    for what, who in wanted.items():
        same, sound = read(files[what])
        assert pitches(sound, 0.5, 1.2) == who
        assert len(same) == len(pictures) and len(sound) == len(program)
    assert pitches(read(files["clean+aux1"])[1], 1.6, 2.0) == {"anna"}, "sent before the fader and the mute"


def test_a_bus_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    output = f'[[outputs]]\nname = "back"\nkind = "file"\npath = "{tmp_path}/back.mp4"\nbus = "minus-cleo"\n'
    with pytest.raises(ConfigError) as refused:
        load_show(rig(tmp_path, output))
    assert "minus-cleo" in str(refused.value) and "minus-anna" in str(refused.value)


@pytest.mark.realtime
@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_on_air_two_outputs_of_a_feed_have_a_sound_each_and_come_and_go(tmp_path: Path) -> None:
    more = "".join(
        f'[[outputs]]\nname = "{name}"\nkind = "file"\npath = "{tmp_path}/{name}.mp4"\nbus = "{bus}"\n'
        for name, bus in (("show", "program"), ("back", "minus-anna"))
    )
    with RunningShow(rig(tmp_path, more), tmp_path) as show:
        show.wait_on_air()
        assert show.wait(lambda s: s.get("outputs/back/status"))[3:5] == ("program", "minus-anna")
        show.wait_frames(75)
        show.send("/outputs/back/stop")
        show.wait(lambda s: s.get("outputs/back/status")[0] == "stopped")
        show.wait_frames(45)
    assert pitches(read(tmp_path / "show.mp4")[1]) == {"anna", "ben"}
    assert pitches(read(tmp_path / "back.mp4")[1]) == {"ben"}
    assert subprocess.run(["ffprobe", "-v", "error", str(tmp_path / "back.mp4")], capture_output=True).stderr == b""
