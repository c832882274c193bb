"""Feeds in whole shows: what is recorded of each, in picture and sound, off line and against the clock."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from live.engine.offline import run_offline
from live.engine.options import RunOptions
from live.shm.frame_ring import FrameRing
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, of_kind, script, small_show, write_rig

AUX = """
[[auxiliaries]]
name = "foyer"
shows = "cam2"
[[auxiliaries]]
name = "monitor"
shows = "clean"
"""


def output(folder: Path, name: str, feed: str) -> str:
    return f'\n[[outputs]]\nname = "{name}"\nkind = "file"\npath = "{folder / name}.mp4"\nfeed = "{feed}"\n'


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Every picture's luma (n, h, w), and the sound (samples)."""
    with av.open(str(path)) as file:
        pictures = np.stack([f.to_ndarray()[: f.height] for f in file.decode(video=0)])
    with av.open(str(path)) as file:
        sound = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    return pictures, sound


def loudest(sound: np.ndarray, second: int) -> float:
    """Of the blip of a second."""
    return float(np.abs(sound[int((second - 0.1) * 48_000) : int((second + 0.4) * 48_000)]).max())


def record(
    folder: Path, seconds: float, feeds: tuple[str, ...], *rows: tuple
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """A show off line, the program and some feeds recorded."""
    folder.mkdir(exist_ok=True)
    files = tuple((feed, folder / f"{feed}.mp4") for feed in feeds)
    options = RunOptions(
        seconds,
        folder / "program.mp4",
        folder / "log.jsonl",
        folder / "hashes.txt",
        script(folder, *rows) if rows else None,
        feeds=files,
    )
    assert run_offline(small_show(folder, PATTERNS + AUX), options, lambda text: None) == 0
    return {name: read(folder / f"{name}.mp4") for name in ("program", *feeds)}


def test_program_goes_to_black_and_silence_what_stays_does_not(tmp_path: Path) -> None:
    shown = (5, "/graphics/lower/show", [])
    made = record(tmp_path, 4.0, ("clean", "unfaded", "fill", "key"), shown, (45, "/program/ftb", [1, 0.5]))
    assert {len(pictures) for pictures, _ in made.values()} == {120}
    (program, faded), (clean, whole), (unfaded, also) = made["program"], made["clean"], made["unfaded"]
    assert program[60:].max() <= 18 and loudest(faded, 1) > 0.05 and max(loudest(faded, 2), loudest(faded, 3)) < 0.001
    for pictures, sound in ((clean, whole), (unfaded, also)):
        assert pictures[60:].max() > 150
        assert loudest(sound, 3) == pytest.approx(loudest(faded, 1), rel=0.1), "not faded"
    lower = slice(140, 170), slice(0, 160)
    assert (
        np.abs(program[40].astype(int) - unfaded[40]).max() <= 12
        and np.abs(clean[90][lower].astype(int) - unfaded[90][lower]).max() > 60
    )
    assert np.abs(clean[90].astype(int)[:120] - unfaded[90][:120]).max() <= 12
    key = made["key"][0]
    assert key[2].max() <= 18 and key[40].max() >= 225 and key[100].max() >= 225, "the key stays, too"


def test_an_auxiliary_shows_what_it_is_told_from_the_next_frame_on(tmp_path: Path) -> None:
    made = record(
        tmp_path,
        2.0,
        ("foyer", "monitor", "preview"),
        (20, "/aux/foyer/set", ["duo/duo"]),
        (40, "/aux/foyer/set", ["program"]),
    )
    foyer, _ = made["foyer"]
    steps = np.abs(np.diff(foyer.astype(int), axis=0)).mean(axis=(1, 2))
    assert set(np.flatnonzero(steps > 15) + 1) - {1, 30, 31} == {20, 40}
    assert np.abs(foyer[41:].astype(int) - made["program"][0][41:]).mean() < 1.5
    assert np.abs(made["monitor"][0].astype(int) - made["program"][0]).mean() < 1.5, "clean, with nothing over it"


def test_the_same_show_gives_the_same_feeds(tmp_path: Path) -> None:
    rows = (5, "/graphics/lower/show", []), (20, "/program/ftb", [1, 0.3])
    for n in ("a", "b"):
        record(tmp_path / n, 1.5, ("clean", "fill", "foyer"), *rows)
    for name in ("program", "clean", "fill", "foyer"):
        assert (tmp_path / "a" / f"{name}.mp4").read_bytes() == (tmp_path / "b" / f"{name}.mp4").read_bytes(), name


def test_feeds_change_nothing_of_program(tmp_path: Path) -> None:
    rows = (5, "/graphics/lower/show", []), (12, "/program/auto", ["wipe_left", 0.5]), (30, "/program/ftb", [1, 0.3])
    record(tmp_path / "alone", 1.5, (), *rows)
    record(tmp_path / "all", 1.5, ("clean", "unfaded", "preview", "fill", "key", "foyer", "monitor"), *rows)
    assert (tmp_path / "alone" / "hashes.txt").read_text() == (tmp_path / "all" / "hashes.txt").read_text()


def test_a_show_on_air_records_program_and_clean_and_one_encoder_killed_is_no_matter_of_the_other(
    tmp_path: Path,
) -> None:
    rig = write_rig(tmp_path, PATTERNS + AUX + output(tmp_path, "show", "program") + output(tmp_path, "clean", "clean"))
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        assert show.wait(lambda s: s.get("outputs/clean/status"))[:5] == (
            "live",
            "live: recording clean.mp4",
            "file",
            "clean",
            "program",
        )
        show.wait_frames(45)
        show.send("/program/ftb", 1, 0.3)
        show.wait(lambda s: s.get("program/ftb")[1:] == (1.0,))
        show.wait_frames(30)
        pid = show.wait(lambda s: s.get("workers/clean-feed-encoder"))[0]
        os.kill(pid, signal.SIGKILL)
        show.wait(
            lambda s: s.get("workers/clean-feed-encoder")[1] == 1 and "clean.2.mp4" in s.get("outputs/clean/status")[1]
        )
        show.wait_frames(50)  # a blip is in every second
        lines = show.end()
    (end,) = of_kind(lines, "end")
    program, sound = read(tmp_path / "show.mp4")
    assert len(program) == end["frames"] and program[-1].max() <= 18 and np.abs(sound[-24_000:]).max() < 0.001
    if shutil.which("ffprobe"):
        probe = [
            "ffprobe",
            "-v",
            "error",
            "-count_frames",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
        ]
        counted = subprocess.run([*probe, str(tmp_path / "show.mp4")], capture_output=True, text=True, check=True)
        assert (counted.stdout.strip(), counted.stderr) == (str(end["frames"]), "")
    before, heard = read(tmp_path / "clean.mp4")
    after, still = read(tmp_path / "clean.2.mp4")
    assert len(before) > 60 and before[-1].max() > 150 and after[-1].max() > 150, "it stays"
    assert np.abs(heard[-48_000:]).max() > 0.02 and np.abs(still[-48_000:]).max() > 0.02, "and is heard"
    faults = {line["subject"] for line in of_kind(lines, "fault")}
    assert "clean feed encoder" in faults and not faults & {"encoder", "show"}


def test_a_feed_is_drawn_only_while_somebody_looks_and_an_auxiliary_of_a_dead_source_shows_its_slate(
    tmp_path: Path,
) -> None:
    gone = '\n[[sources]]\nname = "gone"\nkind = "network"\nurl = "rtmp://127.0.0.1:9/live/none"\n'
    rig = write_rig(tmp_path, PATTERNS + gone + AUX.replace('"cam2"', '"gone"'))
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        name, width, height, rate = show.wait(lambda s: s.get("rings/feed/foyer"))
        assert (width, height, rate) == (320, 184, 30.0)
        ring = FrameRing(name)
        try:
            show.wait_frames(15)
            assert ring.count == 0 and show.get("feeds/foyer") == (0,)
            show.send("/feeds/foyer/want", 1.0)
            show.wait(lambda s: ring.count > 10)
            frame = ring.newest()
            assert frame is not None and frame.planes[0].max() > 150 and np.median(frame.planes[0]) < 50, (
                "a slate: words on dark"
            )
            show.wait(lambda s: s.get("feeds/foyer") == (0,))
            count = ring.count
            show.wait_frames(15)
            assert ring.count == count <= 45
            show.send("/aux/foyer/set", "cam1")
            show.send("/feeds/foyer/want", 1.0)
            show.wait(lambda s: s.get("aux/foyer")[0] == "cam1" and ring.count > count + 3)
            frame = ring.newest()
            assert frame is not None and np.median(frame.planes[0]) > 50, "bars"
        finally:
            ring.close()
        lines = show.end()
    assert not [line for line in of_kind(lines, "command") if "want" in line["address"]]


def test_a_feed_that_is_not_there_is_refused_before_the_show(tmp_path: Path) -> None:
    rig = write_rig(tmp_path, PATTERNS + '\n[[multiviews]]\nname = "wall"\n')
    refused = {
        "clan=x.mp4": "no feed is called clan; one of: program, clean",
        "clean": "clean has no file; write clean=FILE.mp4",
        "wall=x.mp4": "wall is a multiview, which is made on air only",
        "clean=/proc/x.mp4": "the recording can't be written there",
    }
    for given, said in refused.items():
        command = [sys.executable, "-m", "live", "run", str(rig), "--offline", "--record-feed", given]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        assert done.returncode == 2 and said in done.stderr
