"""Logs and recordings are never overwritten, know which show they are of, and are found by that."""

from __future__ import annotations

import json
import shutil
import socket
from fractions import Fraction

import pytest

from live.base.errors import DeviceError, LogError, OutputError
from live.base.identity import new_identity, next_part, part_of, show_of
from live.engine.live import LiveRun
from live.engine.options import RunOptions
from live.outputs.recording import TRIAL_BYTES, Watch, next_path, room_for
from live.review.log import read_log
from live.review.media import pieces
from live.review.page import review
from live.review.timeline import write_timeline
from live.showlog import ShowLog, state_beside
from tests.support.shows import PATTERNS, play, small_show


def write(log, text="x"):
    log.line(0, text, "test")


def test_a_log_that_is_there_is_put_aside_with_its_state_when_the_show_begins(tmp_path):
    path = tmp_path / "show.jsonl"
    path.write_text("first\n")
    state_beside(path).write_text("kept")
    log = ShowLog(path, Fraction(25))
    write(log)
    assert path.read_text() == "first\n" and log.said == "", "nothing is touched before the show begins"
    log.begin()
    write(log, "y")
    log.close()
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == ["x", "y"]
    assert (tmp_path / "show.old.1.jsonl").read_text() == "first\n"
    assert (tmp_path / "show.old.1.state.json").read_text() == "kept" and not state_beside(path).exists()
    assert log.said == "show.jsonl was there already and is now show.old.1.jsonl"


def test_a_log_that_never_begins_leaves_nothing(tmp_path):
    log = ShowLog(tmp_path / "show.jsonl", Fraction(25))
    write(log)
    log.close()
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_a_show_is_writing_is_refused_and_free_after_it(tmp_path):
    first = ShowLog(tmp_path / "show.jsonl", Fraction(25))
    first.begin()
    with pytest.raises(OutputError, match="a show that runs writes this log"):
        ShowLog(tmp_path / "show.jsonl", Fraction(25))
    first.close()
    ShowLog(tmp_path / "show.jsonl", Fraction(25)).close()


def test_the_log_of_a_show_that_is_taken_up_goes_on_in_a_new_file(tmp_path):
    path = tmp_path / "show.jsonl"
    path.write_text("first\n")
    log = ShowLog(path, Fraction(25), part=True)
    log.begin()
    log.close()
    assert log.path == tmp_path / "show.2.jsonl" and path.read_text() == "first\n"


def test_a_start_on_a_busy_port_touches_nothing(tmp_path):
    log, record = tmp_path / "show.jsonl", tmp_path / "show.mp4"
    for path in (log, record):
        path.write_text("of the show that runs")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    show = small_show(tmp_path, PATTERNS)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        options = RunOptions(record=record, log=log, osc_port=taken.getsockname()[1])
        with pytest.raises(DeviceError):
            LiveRun(show, options, lambda text: None).run()
    assert before == {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name != "rig.toml"}


def test_identities():
    first = new_identity()
    assert next_part(next_part(first)) == f"{first}.3" and show_of(f"{first}.3") == first
    assert [part_of(first), part_of(f"{first}.2")] == [1, 2] and new_identity() != first


@pytest.fixture(scope="module")
def two_shows(tmp_path_factory):
    """The same start twice: the files of the first are put aside."""
    folder = tmp_path_factory.mktemp("two")
    show = small_show(folder, PATTERNS)
    play(folder, show, 1.0, record=True)
    play(folder, show, 0.5, record=True)
    return folder


def frames(log):
    return [(p.path.name, p.frames) for p in pieces(log, log.recordings()[0])]


def test_each_log_finds_the_recording_of_its_own_show(two_shows):
    assert frames(read_log(two_shows / "log.old.1.jsonl")) == [("out.old.1.mp4", 30)]
    assert frames(read_log(two_shows / "log.jsonl")) == [("out.mp4", 15)]


def test_a_recording_of_another_show_is_an_error_in_words_and_a_renamed_one_is_found(two_shows, tmp_path):
    for name in ("log.jsonl", "out.mp4"):
        shutil.copy(two_shows / name, tmp_path / name)
    start, *rest = (two_shows / "log.jsonl").read_text().splitlines()
    other = json.loads(start) | {"show": "0badcafe", "outputs": moved(json.loads(start), tmp_path)}
    (tmp_path / "log.jsonl").write_text("\n".join([json.dumps(other), *rest]) + "\n")
    log = read_log(tmp_path / "log.jsonl")
    with pytest.raises(LogError, match="no recording of this show"):
        write_timeline(log, tmp_path / "t.edl")
    assert "no recording of this show" in review(log).trouble
    mine = json.loads(start) | {"outputs": moved(json.loads(start), tmp_path)}
    (tmp_path / "log.jsonl").write_text("\n".join([json.dumps(mine), *rest]) + "\n")
    (tmp_path / "out.mp4").rename(tmp_path / "the evening.mp4")
    assert frames(read_log(tmp_path / "log.jsonl")) == [("the evening.mp4", 15)]


def test_a_stale_second_part_is_no_continuation(two_shows, tmp_path):
    for name in ("log.jsonl", "out.mp4"):
        shutil.copy(two_shows / name, tmp_path / name)
    shutil.copy(two_shows / "out.old.1.mp4", tmp_path / "out.2.mp4")
    start, *rest = (two_shows / "log.jsonl").read_text().splitlines()
    mine = json.loads(start) | {"outputs": moved(json.loads(start), tmp_path)}
    said = {"frame": 9, "t_s": 0.3, "kind": "state", "by": "encoder", "output": "record"}
    said["message"] = "live: recording out.2.mp4"
    (tmp_path / "log.jsonl").write_text("\n".join([json.dumps(mine), json.dumps(said), *rest]) + "\n")
    assert frames(read_log(tmp_path / "log.jsonl")) == [("out.mp4", 15)]


def moved(start, folder):
    return [o | {"path": str(folder / "out.mp4")} for o in start["outputs"]]


# -- where recordings go ----------------------------------------------------------------------------------------------


def test_a_disk_that_says_that_nothing_is_free_is_tried(tmp_path, monkeypatch):
    usage = type(shutil.disk_usage(tmp_path))
    for figures in ((0, 0, 0), (1 << 40, 1 << 40, 0)):
        monkeypatch.setattr(shutil, "disk_usage", lambda path, figures=figures: usage(*figures))
        assert "nothing is free, and takes what is written" in room_for(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 1 << 40, TRIAL_BYTES))
    with pytest.raises(OutputError, match="the disk has 4 MB left"):
        next_path(tmp_path / "a.mp4", fresh=True, say=lambda text: None)


def test_a_recording_whose_folder_is_moved_away_is_told_once_and_one_that_is_deleted_ends(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    path = folder / "a.mp4"
    with path.open("wb") as file:
        watch = Watch(path, file.fileno())
        assert watch.look() == ""
        folder.rename(tmp_path / "there")
        assert "moved away" in watch.look() and watch.look() == ""
        (tmp_path / "there").rename(folder)
        assert watch.look() == ""
        path.unlink()
        with pytest.raises(OutputError, match="deleted while it was recorded"):
            watch.look()
