"""Players in whole shows: off line to the frame and the sample, and on air in a process of their own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import av
import numpy as np
import pytest

from live.engine.offline import run_offline
from live.engine.options import RunOptions
from live.engine.replay import Replay
from live.review.log import read_log
from live.review.recut import plan
from live.shm.frame_ring import FrameRing
from tests.support.media import film, number_of, sound_file
from tests.support.running import RunningShow
from tests.support.shows import SMALL, of_kind, play, script, small_show, write_rig

RIG = (
    SMALL
    + """
shots = ["black", "vt", "bed"]
start = "black"
[director]
level = "suggest"
[[sources]]
name = "black"
kind = "pattern"
blip = false
[[sources]]
name = "vt"
kind = "player"
play_on_take = true
at_end = "back"
after = "next"
[[sources.clips]]
path = "one.mp4"
[[sources.clips]]
path = "broken.mp4"
[[sources.clips]]
path = "two.mkv"
in_s = 0.5
cues = [{ name = "here", at_s = 1.0 }]
[[sources]]
name = "bed"
kind = "player"
sound = "always"
clips = [{ path = "tune.wav" }]
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    film(tmp_path / "one.mp4", 30)
    film(tmp_path / "two.mkv", 60, first=1000, tone_hz=960)
    sound_file(tmp_path / "tune.wav", 20.0, 300)
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    return tmp_path


def pictures(path: Path) -> list[int]:
    with av.open(str(path)) as file:
        found = []
        for frame in file.decode(video=0):
            plane = frame.planes[0]
            found.append(
                number_of(np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width])
            )
        return found


def sound(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        return np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])


def loudness(heard: np.ndarray, start_s: float, end_s: float) -> float:
    return float(np.sqrt(np.mean(heard[int(start_s * 48_000) : int(end_s * 48_000)] ** 2)))


def test_a_take_plays_a_playlist_and_comes_back(folder: Path) -> None:
    """From the frame of the cut: 30 pictures of the first clip, 45 of the third (the second is broken), then the shot
    before; with its sound, and silence around it."""
    lines, _ = play(folder, small_show(folder, RIG), 4.0, (15, "/program/cut", ["vt"]), record=True)
    seen = pictures(folder / "out.mp4")
    assert seen[15:90] == [*range(30), *range(1015, 1060)]
    assert not {*range(1000, 1100)} & set(seen[90:])
    (back,) = [line for line in of_kind(lines, "cut") if line["by"] == "director"]
    assert (back["frame"], back["to"], back["reason"]) == (90, "black", "vt has ended")
    (fault,) = of_kind(lines, "fault")
    assert str(folder / "broken.mp4") in fault["message"] and "clip 2" in fault["message"]
    heard = sound(folder / "out.mp4")
    assert loudness(heard, 0.0, 0.45) < 1e-3 and loudness(heard, 3.1, 3.9) < 1e-3
    assert loudness(heard, 0.6, 2.9) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_commands_act_on_their_frame_and_the_run_is_the_same_each_time(folder: Path) -> None:
    rows = [
        (0, "/program/cut", ["vt"]),
        (10, "/players/vt/pause", []),
        (20, "/players/vt/play", []),
        (30, "/players/vt/cue", ["here"]),
        (40, "/players/vt/play", []),
        (50, "/players/vt/goto", ["here"]),
        (60, "/players/vt/previous", []),
        (70, "/players/vt/seek", [0.5]),
        (75, "/players/vt/stop", []),
        (80, "/players/bed/play", []),
    ]
    show = small_show(folder, RIG)
    _, first = play(folder, show, 3.0, *rows, record=True)
    seen = pictures(folder / "out.mp4")
    assert seen[:80] == [
        *range(11),
        *[10] * 9,
        *range(10, 20),
        *[1030] * 10,
        *range(1030, 1040),
        *range(1030, 1040),
        *range(10),
        *range(15, 20),
        *[0] * 5,
    ]
    assert loudness(sound(folder / "out.mp4"), 2.75, 2.95) == pytest.approx(0.5 / np.sqrt(2), rel=0.05), (
        "a player that always sounds"
    )
    _, second = play(folder, show, 3.0, *rows, record=True)
    assert first == second


def test_a_microphone_takes_the_place_of_a_players_own_sound(folder: Path) -> None:
    rig = RIG + '[[microphones]]\nname = "tape"\nsource = "bed"\ngain_db = -12.0\n'
    play(folder, small_show(folder, rig), 1.0, (0, "/players/bed/play", []), record=True)
    assert loudness(sound(folder / "out.mp4"), 0.3, 0.9) == pytest.approx(0.5 / np.sqrt(2) * 10 ** (-12 / 20), rel=0.06)


def test_a_delayed_program_shows_and_sounds_the_clip_as_late_as_everything_else(folder: Path) -> None:
    delayed = RIG.replace("rate_hz = 30", "rate_hz = 30\ndelay_s = 0.5")
    play(folder, small_show(folder, delayed), 4.0, (15, "/program/cut", ["vt"]), record=True)
    assert pictures(folder / "out.mp4")[15:105] == [*[0] * 15, *range(30), *range(1015, 1060)]
    heard = sound(folder / "out.mp4")
    assert loudness(heard, 0.5, 0.95) < 1e-3 and loudness(heard, 1.1, 3.3) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_a_recut_has_what_the_player_played(folder: Path) -> None:
    show = small_show(folder, RIG)
    options = RunOptions(
        4.0,
        folder / "show.mp4",
        folder / "show.jsonl",
        None,
        script(folder, (15, "/program/cut", ["vt"])),
        isos=folder / "isos",
    )
    assert run_offline(show, options, lambda text: None) == 0
    made = plan(read_log(folder / "show.jsonl"), None, keep_hands=True)
    replay = Replay(made.hearing, made.lookahead_s, made.files_s, made.hands, made.told, made.isos)
    assert run_offline(made.show, RunOptions(made.seconds, folder / "again.mp4"), lambda text: None, replay=replay) == 0
    assert pictures(folder / "again.mp4")[17:88] == pictures(folder / "show.mp4")[17:88]
    assert loudness(sound(folder / "again.mp4"), 0.7, 2.8) == pytest.approx(0.5 / np.sqrt(2), rel=0.06)


def test_on_air_a_command_moves_the_very_next_frame(folder: Path) -> None:
    """Of five plays, the picture after that of the command's frame is the second one of the clip. One that a busy
    machine was late for is let pass."""
    rig = write_rig(folder, RIG.replace('at_end = "back"', 'at_end = "stay"'))
    seen: dict[int, int] = {}
    with RunningShow(rig, folder) as show:
        show.wait_on_air()
        ring = FrameRing(show.get("rings/program")[0])

        def look(s: RunningShow) -> None:
            for index in range(max(1, ring.count - 8), ring.count + 1):
                frame = ring.at(index)
                if frame is not None:
                    number = number_of(frame.planes[0])
                    if frame.intact():
                        seen[frame.seq] = number

        def until(status: str, frames: int) -> None:
            show.wait(lambda s: (look(s), s.get("players/vt")[:1] == (status,))[1])
            end = show.frame() + frames
            show.wait(lambda s: (look(s), s.get("frame")[0] >= end)[1])

        show.send("/program/cut", "vt")
        until("playing", 5)
        for _ in range(5):
            show.send("/players/vt/stop")
            until("cued", 8)
            show.send("/players/vt/play")
            until("playing", 8)
        assert show.get("players/vt/next") == ("two",)
        ring.close()
        lines = show.end()
    played = [line["frame"] for line in of_kind(lines, "command") if line["address"] == "/players/vt/play"]
    exact = [[seen.get(f + n) for n in range(4)] == [0, 1, 2, 3] for f in played]
    assert len(played) == 5 and sum(exact) >= 3, [[seen.get(f + n) for n in range(-1, 5)] for f in played]
    cut = next(line["frame"] for line in of_kind(lines, "command") if line["address"] == "/program/cut")
    assert seen.get(cut, 0) == 0


def test_a_killed_player_goes_on_where_it_ought_to_be_and_a_clip_that_comes_late_can_be_played(folder: Path) -> None:
    rig = write_rig(
        folder, RIG.replace('path = "one.mp4"', 'path = "long.mp4"').replace('at_end = "back"', 'at_end = "stay"')
    )
    film(folder / "long.mp4", 600, first=1)
    with RunningShow(rig, folder) as show:
        show.wait_on_air()
        assert "can't be played" in show.get("players/vt/clips")[1]
        show.send("/program/cut", "vt")
        show.wait(lambda s: s.get("players/vt")[:1] == ("playing",))
        pid = show.wait(lambda s: s.get("workers/vt") and s.get("workers/vt")[0])
        os.kill(pid, signal.SIGKILL)
        film(folder / "broken.mp4", 30, first=3000)
        show.wait(lambda s: s.get("workers/vt")[1] == 1 and s.get("workers/vt")[0] not in (0, pid))
        show.wait(lambda s: "can't be played" not in s.get("players/vt/clips")[1])
        ring = FrameRing(show.get("rings/program")[0])

        def offset(_: RunningShow) -> int:
            """How far the picture's number is behind its program frame: the take's frame, when all is well."""
            frame = ring.newest()
            assert frame is not None
            number, seq = number_of(frame.planes[0]), frame.seq
            return seq - number + 1 if frame.intact() else -1

        take = show.wait(
            lambda s: next((f["frame"] for f in of_kind(s.lines(), "command") if f["address"] == "/program/cut"), None)
        )
        show.wait(lambda s: offset(s) == take)
        ring.close()
        show.end()
