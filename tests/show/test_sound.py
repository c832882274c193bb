"""Microphones by hand, in whole shows off line: what the recording has, what the director hears, what people are
told."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from live.config.load import load_show
from tests.support.footage import needs_footage, prepare
from tests.support.shows import of_kind, play, small_show


def recorded(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        return np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])


def loudest(sound: np.ndarray, start_s: float, end_s: float) -> float:
    return float(np.abs(sound[int(start_s * 48_000) : int(end_s * 48_000)]).max())


def test_a_microphone_is_turned_down_muted_and_opened_by_hand(tmp_path: Path) -> None:
    """The pattern blips every second: whole, 12 dB down, muted, open again."""
    commands = [
        (18, "/microphones/mic1/gain", [-12.0]),
        (48, "/microphones/mic1/mute", [1]),
        (78, "/microphones/mic1/mute", [0]),
    ]
    lines, _ = play(tmp_path, small_show(tmp_path), 4.0, *commands, record=True)
    sound = recorded(tmp_path / "out.mp4")
    whole, down, muted, again = (loudest(sound, t - 0.1, t + 0.4) for t in (0.1, 1.0, 2.0, 3.0))
    assert whole > 0.05
    assert abs(20 * np.log10(down / whole) + 12) < 1
    assert muted < 0.001
    assert abs(20 * np.log10(again / down)) < 1, "it opens at the gain it had"
    assert not of_kind(lines, "fault") and len(of_kind(lines, "command")) == 3


def test_an_unknown_microphone_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    lines, _ = play(tmp_path, small_show(tmp_path), 0.3, (2, "/microphones/mic9/mute", [1]))
    (fault,) = of_kind(lines, "fault")
    assert "no microphone is called 'mic9'" in fault["message"] and "mic1" in fault["message"]


@needs_footage
def test_a_muted_speaker_is_not_cut_to(tmp_path: Path) -> None:
    rig = prepare(tmp_path / "rig", more="[picture]\nwidth = 320\nheight = 184\nrate_hz = 10")
    lines, _ = play(tmp_path, load_show(rig), 14.0, (0, "/microphones/mic1/mute", [1]))
    assert {p for line in of_kind(lines, "speech") for p in line["speaking"]} == {"ben"}
