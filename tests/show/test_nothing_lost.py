"""Logs and recordings are never overwritten, know which show they are of, and are found by that."""

from __future__ import annotations

import json
import shutil
import socket
import zipfile
from fractions import Fraction

import pytest

from live.base.awake import awake, order
from live.base.errors import ConfigError, DeviceError, LogError, OutputError
from live.base.identity import new_identity, next_part, part_of, show_of
from live.cli.app import LAST, with_last
from live.cli.resume import identity_of, log_of, to_resume
from live.config.load import crowded, inspected
from live.control.registry import parse
from live.engine.keeper import stands
from live.engine.live import LiveRun
from live.engine.offline import OfflineRun
from live.engine.options import RunOptions
from live.engine.ready import ready
from live.outputs.recording import TRIAL_BYTES, StillThere, next_path, room_for
from live.review.log import read_log
from live.review.media import pieces
from live.review.page import review
from live.review.recut import plan
from live.review.shows import listed
from live.review.support import pack
from live.review.timeline import write_timeline
from live.show.keeping import identity_in, text_of
from live.showlog import ShowLog, state_beside
from tests.support.everything import HAND
from tests.support.shows import PATTERNS, options_of, play, small_show


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
        there = StillThere(path, file.fileno())
        assert there.check() == ""
        folder.rename(tmp_path / "there")
        assert "moved away" in there.check() and there.check() == ""
        (tmp_path / "there").rename(folder)
        assert there.check() == ""
        path.unlink()
        with pytest.raises(OutputError, match="deleted while it was recorded"):
            there.check()


def inspected_faults(folder, *outputs):
    tables = [f'[[outputs]]\nname = "o{n}"\nkind = "file"\npath = "{path}"\n' for n, path in enumerate(outputs)]
    faults, mild = inspected(small_show(folder, PATTERNS + "\n" + "".join(tables)))
    return [str(f) for f in faults], [str(f) for f in mild]


def test_what_cannot_be_recorded_to_is_told_before_the_show(tmp_path):
    (tmp_path / "folder.mp4").mkdir()
    places = "a.mkv", "no/where/b.mp4", "/proc/c.mp4", "folder.mp4", "new/d.mp4", "fine.mp4"
    faults, mild = inspected_faults(tmp_path, *places)
    words = (
        "is recorded as MP4; let it end in .mp4",
        "isn't there; make it",
        "nothing can be written to /proc",
        "is a folder",
    )
    assert [word in fault for word, fault in zip(words, faults, strict=True)] == [True] * 4, faults
    assert len(mild) == 1 and "isn't there; the show makes it" in mild[0]


def test_two_outputs_with_one_file_are_named(tmp_path):
    with pytest.raises(ConfigError, match=r"outputs\[o1\].path: o0 writes the same file; give each"):
        inspected_faults(tmp_path, "show.mp4", "x/../show.mp4")
    with pytest.raises(ConfigError, match="o0 writes the same file, but for capitals"):
        inspected_faults(tmp_path, "show.mp4", "SHOW.mp4")
    show = small_show(tmp_path, PATTERNS + '\n[[outputs]]\nname = "a"\nkind = "file"\npath = "show.mp4"\n')
    with pytest.raises(OutputError, match="a writes the same file"):
        RunOptions(record=tmp_path / "show.mp4").extra_outputs(show)


@pytest.mark.parametrize("path", [r"C:\Users\anna\clip.mp4", r"..\files\new\beginning.mp4", r"D:\clips\x.mp4"])
def test_a_path_of_windows_in_double_quotes_is_told_as_such(tmp_path, path):
    text = PATTERNS + f'\n[[sources]]\nname = "vt"\nkind = "media"\npath = "{path}"\n'
    with pytest.raises(ConfigError, match=r"rig.toml:\d+: .*write / instead.*single quotes"):
        small_show(tmp_path, text)


def test_a_title_that_no_picture_holds_and_names_that_mean_something_else(tmp_path):
    with pytest.raises(ConfigError, match="200 characters at most"):
        small_show(tmp_path, PATTERNS.replace('"Small"', f'"{"x" * 20_000}"'))
    _, mild = inspected(small_show(tmp_path, PATTERNS + '\n[[sources]]\nname = "clock"\nkind = "pattern"\n'))
    assert "a feed or a tile is called clock, too" in str(mild[0])


# -- taking it up again -----------------------------------------------------------------------------------------------


def start_line(**more):
    return json.dumps({"frame": 0, "t_s": 0.0, "kind": "start", "by": "live", "title": "T", "show": "7f3a90c2"} | more)


def test_which_show_is_taken_up(tmp_path):
    log, second = tmp_path / "show.jsonl", tmp_path / "show.2.jsonl"
    with pytest.raises(OutputError, match="which show"):
        to_resume(LAST, None)
    with pytest.raises(OutputError, match="no log of a show"):
        to_resume(LAST, log)
    log.write_text(start_line() + "\n")
    with pytest.raises(OutputError, match="its state is lost"):
        to_resume(LAST, log)
    state_beside(log).write_text("{}")
    assert to_resume(LAST, log) == state_beside(log) == to_resume(str(log), None)
    second.write_text(start_line(show="7f3a90c2.2") + "\n")
    state_beside(second).write_text("{}")
    (tmp_path / "show.3.jsonl").write_text(start_line(show="0badcafe") + "\n")
    assert to_resume(LAST, log) == state_beside(second), "the last part of this show"
    assert log_of(state_beside(second)) == log
    second.write_text(start_line(show="7f3a90c2.2") + "\n" + json.dumps({"kind": "end", "t_s": 9.0}) + "\n")
    with pytest.raises(OutputError, match="ended as it should"):
        to_resume(LAST, log)
    assert with_last(["run", "a.toml", "--resume", "--headless"]) == ["run", "a.toml", "--resume", LAST, "--headless"]
    assert with_last(["run", "--resume", "a.state.json", "b"]) == ["run", "--resume", "a.state.json", "b"]
    assert with_last(["run", "--resume"]) == ["run", "--resume", LAST]


def test_shows_are_listed_with_their_recordings(two_shows, capsys):
    text = "\n".join(listed(two_shows))
    assert "log.old.1.jsonl: Small" in text and "out.old.1.mp4, 30 frames" in text and "out.mp4, 15 frames" in text
    assert text.count("ended") == 2


def test_a_show_that_is_taken_up_is_the_next_part_of_the_same_and_says_what_the_rig_lacks(tmp_path):
    show = small_show(tmp_path, PATTERNS)
    with OfflineRun(show, options_of(tmp_path), lambda text: None) as run:
        for _ in range(3):
            run.frame()
        state = run.engine.state
        for command in ("/program/cut cam2", "/preview/set cam1", "/graphics/lower/show"):
            address, *args = command.split()
            state.apply(parse(address, args), HAND, run.engine.now_s)
        kept = state.save(run.engine.now_s)
    path = tmp_path / "log.state.json"
    path.write_text(text_of(kept, 0.1, "7f3a90c2"))
    assert identity_of(path) == "7f3a90c2.2" and identity_in("{") == ""
    less = small_show(tmp_path, PATTERNS.replace('name = "lower"', 'name = "upper"'))
    warned = []
    options = RunOptions(1.0, log=tmp_path / "log.jsonl", resume=path, identity=identity_of(path))
    with OfflineRun(less, options, lambda text: None, warned.append) as again:
        again.frame()
        assert stands(again.engine.state).startswith("cam2 on program, cam1 on preview")
    assert any("the rig has them no longer" in text and "lower" in text for text in warned)
    assert (tmp_path / "log.2.jsonl").is_file() and (tmp_path / "log.jsonl").is_file()
    assert json.loads((tmp_path / "log.2.jsonl").read_text().splitlines()[-1])["kind"] == "end"
    assert '"show": "7f3a90c2.2"' in (tmp_path / "log.2.jsonl").read_text()


def test_a_show_with_a_player_is_cut_again_and_plays_when_its_orders_are_given_again(two_shows, tmp_path):
    clip = f'\n[[sources]]\nname = "vt"\nkind = "player"\n[[sources.clips]]\npath = "{two_shows / "out.mp4"}"\n'
    show = small_show(tmp_path, PATTERNS + clip)
    play(tmp_path, show, 0.5, (3, "/players/vt/play", []), (5, "/program/cut", ["vt"]))
    log = read_log(tmp_path / "log.jsonl")
    assert any("vt has no iso: it plays nothing" in text for text in plan(log, None).warnings)
    made = plan(log, None, keep_hands=True)
    assert [address for _, address, _ in made.hands] == ["/players/vt/play", "/program/cut"]
    assert not [text for text in made.warnings if "vt" in text]


SECRETS = "hunter2", "s3cr3tkey", "tenletters", "admin"
SECRET_RIG = """
[[sources]]
name = "gate"
kind = "network"
url = "rtsp://admin:hunter2@10.0.0.9/stream"
[[sources]]
name = "far"
kind = "network"
url = "srt://10.0.0.8:9998?passphrase=tenletters"
[[outputs]]
name = "web"
kind = "rtmp"
url = "rtmp://live.example.com/app/s3cr3tkey"
"""


def test_what_is_packed_for_whoever_helps_has_traces_and_versions_and_no_secret(tmp_path):
    rig = tmp_path / "rig.toml"
    rig.write_text(PATTERNS + SECRET_RIG)
    log = tmp_path / "show.jsonl"
    fault = {"frame": 1, "timecode": "00:00:00:01", "t_s": 0.1, "kind": "fault", "by": "live", "subject": "draw"}
    fault |= {"message": "rtmp://live.example.com/app/s3cr3tkey failed", "trace": "Traceback\n  passphrase=tenletters"}
    log.write_text(f"{start_line(rig=str(rig))}\n{json.dumps(fault)}\n")
    state_beside(log).write_text('{"password": "hunter2"}')
    names = pack(log, tmp_path / "show.zip")
    assert {"show.jsonl", "show.state.json", "show.faults.txt", "rig/rig.toml", "versions.txt"} == set(names)
    with zipfile.ZipFile(tmp_path / "show.zip") as file:
        texts = {name: file.read(name).decode() for name in names}
    assert not [(name, s) for name, text in texts.items() for s in SECRETS if s in text]
    assert "10.0.0.9" in texts["rig/rig.toml"] and "Traceback" in texts["show.faults.txt"]
    assert texts["versions.txt"].startswith("live ") and "numpy " in texts["versions.txt"]
    with pytest.raises(LogError, match="is there already"):
        pack(log, tmp_path / "show.zip")


def test_what_keeps_the_machine_awake_ends_with_the_show():
    assert order("linux", 7)[-1] == "cat" and order("darwin", 7)[-2:] == ["-w", "7"] and order("sunos", 7) is None
    with awake() as told:
        assert told == told.strip()


NOT_THERE = """
[[sources]]
name = "far"
kind = "network"
url = "tcp://127.0.0.1:9"
[[microphones]]
name = "quiet"
source = "cam2"
[[outputs]]
name = "web"
kind = "rtmp"
url = "rtmp://127.0.0.1:9/app/s3cr3tkey"
[[outputs]]
name = "rec"
kind = "file"
path = "/proc/show.mp4"
"""


@pytest.mark.realtime
def test_before_the_doors_open_everything_is_asked(tmp_path):
    answers = {a.what: a for a in ready(small_show(tmp_path, PATTERNS + NOT_THERE), 4.0)}
    assert answers["source cam1"].ok and answers["microphone mic1"].ok
    missing = {what for what, answer in answers.items() if not answer.ok}
    assert missing >= {"source far", "microphone quiet", "target web", "disk of rec"}
    assert "s3cr3tkey" not in str(answers["target web"]) and not (tmp_path / "show.mp4").exists()


def test_more_sources_than_the_cores_can_do_get_a_word(tmp_path):
    more = "".join(f'\n[[sources]]\nname = "more{n}"\nkind = "pattern"\n' for n in range(48))
    rig = small_show(tmp_path, PATTERNS + more).rig
    assert "50 sources on 2 cores" in crowded(rig, 2) and crowded(rig, 8) == ""
