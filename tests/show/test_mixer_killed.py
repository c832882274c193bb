"""The audio worker is killed in mid-show, and nobody hears it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.show.test_buses import PITCHES_HZ, rig
from tests.show.test_recorded_feeds import read
from tests.support.running import RunningShow
from tests.support.shows import of_kind


@pytest.mark.realtime
@pytest.mark.parametrize("strip", ["", "highpass = { hz = 80.0 }\ncompressor = { threshold_db = -30.0 }\n"])
def test_a_mixer_that_is_killed_leaves_no_gap_and_no_step(tmp_path: Path, strip: str) -> None:
    path = rig(tmp_path)
    text = path.read_text().replace('source = "ben-line"\n', f'source = "ben-line"\n{strip}')
    path.write_text(text)
    with RunningShow(path, tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait_on_air()
        show.wait(lambda s: max(s.get("microphones/ben/level") or (-99.0,)) > -60.0, 40.0)
        show.wait_frames(60)
        (pid, _) = show.wait(lambda s: s.get("workers/audio"))
        os.kill(pid, signal.SIGKILL)
        show.wait(lambda s: s.get("workers/audio") and s.get("workers/audio")[0] not in (0, pid))
        show.wait_frames(150)
        log = show.end()
    assert any(line.get("subject") == "audio" for line in of_kind(log, "fault")), "it is told"
    _, sound = read(tmp_path / "show.mp4")
    begins = (
        int(np.argmax(np.abs(sound) > 0.05)) + 4800
    )  # on a slow machine the mixer is not there when the show begins
    heard = sound[begins:-24_000]
    assert len(heard) > 5 * 48_000
    # Nothing but the two tones: what is left without them is what AAC adds, wherever one looks.
    at = np.arange(len(heard)) / 48_000
    tones = np.stack([f(2 * np.pi * hz * at) for hz in PITCHES_HZ.values() for f in (np.sin, np.cos)], 1)
    fit, *_ = np.linalg.lstsq(tones, heard, rcond=None)
    rest = np.abs(heard - tones @ fit)
    assert rest.max() < 0.05 * np.abs(heard).max(), f"{rest.max():.4f} at {(begins + rest.argmax()) / 48_000:.2f} s"
