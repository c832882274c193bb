"""Which files a hand may name, and names that are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import LiveError, SceneError, one_line
from live.config.load import load_show
from live.config.places import Places, named
from live.show import ShowState
from live.showlog import ShowLog
from tests.support.shows import PATTERNS, write_rig


@pytest.fixture
def places(tmp_path: Path) -> Places:
    base, stills = tmp_path / "show", tmp_path / "stills"
    (base / "art").mkdir(parents=True)
    stills.mkdir()
    (tmp_path / "outside.png").touch()
    (tmp_path / "mine.png").touch()
    (base / "logo.png").touch()
    (base / "art" / "Zoe\u0308.png").touch()
    (stills / "one.png").touch()
    (base / "out.png").symlink_to("../outside.png")
    (base / "in.png").symlink_to("art/Zoe\u0308.png")
    (base / "named.png").symlink_to("../mine.png")
    (base / "loop.png").symlink_to("loop.png")
    (base / "away").symlink_to("..")
    os.mkfifo(base / "pipe.png")
    return Places(base, (base, stills), frozenset({tmp_path / "mine.png"}))


def test_a_hand_names_what_belongs_to_the_show(places: Places, tmp_path: Path) -> None:
    base, stills = places.folders
    for name, path in (
        ("logo.png", base / "logo.png"),
        ("art/../logo.png", base / "logo.png"),
        ("art/Zo\u00eb.png", base / "art" / "Zoe\u0308.png"),
        ("one.png", stills / "one.png"),
        (str(stills / "one.png"), stills / "one.png"),
        ("in.png", base / "in.png"),
        ("../mine.png", tmp_path / "mine.png"),
        ("named.png", base / "named.png"),
    ):
        assert places.find(places.meant(name, stills)) == path, name


@pytest.mark.parametrize(
    "name",
    ["~nosuchuser/x", "x" * 5000, "x/" * 400 + "y" * 300, "a\0b", "a\ud800", "", "  ", "/etc/passwd", "../../x"]
    + ["../outside.png", "~/x", "/", "..", "art/../../outside.png"],
)
def test_what_a_hand_may_not_name_touches_no_disk(places: Places, name: str) -> None:
    with pytest.raises(ValueError) as caught:
        places.meant(name)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.png", "no such file"),
        ("art", "is a folder"),
        (".", "is a folder"),
        ("pipe.png", "is no file but a pipe"),
        ("loop.png", "a link that leads to itself"),
        ("out.png", "a link out of the show's folders"),
        ("away/outside.png", "a link out of the show's folders"),
        ("logo.png/x", "Not a directory"),
    ],
)
def test_what_is_no_file_of_the_show_is_told(places: Places, name: str, words: str) -> None:
    with pytest.raises(SceneError, match=words):
        places.find(places.meant(name))


@given(st.text(st.characters(codec=None), max_size=40))
def test_a_name_is_a_path_or_a_fault_in_words(name: str) -> None:
    places = Places(Path("/show"), (Path("/show"),), frozenset())
    try:
        assert all(path.is_relative_to("/show") for path in places.meant(name))
    except ValueError as error:
        assert one_line(str(error)).isprintable()
    if name:
        assert one_line(name).isprintable() and str(LiveError(name, name)).isprintable()


def test_a_tilde_is_the_user_s_folder() -> None:
    assert named("~/a/../b", Path("/show")) == Path(os.path.expanduser("~")) / "b"


HOSTILE = (
    PATTERNS
    + """
[[sources]]
name = "vt"
kind = "player"
[[sources.clips]]
path = "loop.mp4"
[[sources.clips]]
path = "new\\nline.mp4"
"""
)


def test_a_link_to_itself_and_a_name_with_a_line_break_are_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "loop.mp4").symlink_to("loop.mp4")
    (tmp_path / "new\nline.mp4").write_bytes(b"no film")
    path = write_rig(tmp_path, HOSTILE)
    checked = subprocess.run([sys.executable, "-m", "live", "check", str(path)], capture_output=True, text=True)
    assert checked.returncode == 2 and not checked.stderr, checked.stderr
    lines = checked.stdout.splitlines()
    assert len(lines) == 2 and "loop.mp4" in lines[0] and r"new\nline.mp4" in lines[1], lines
    still = HOSTILE.replace('path = "loop.mp4"', 'path = "x"') + '[[keys]]\nstill = "loop.mp4"\n'
    path = write_rig(tmp_path, still)
    with pytest.raises(LiveError, match=r"keys\[1\].still: loop.mp4 is a link that leads to itself"):
        load_show(path)


def test_a_clip_is_called_by_the_name_of_its_link_in_either_unicode_form(tmp_path: Path) -> None:
    (tmp_path / "target.mp4").touch()
    (tmp_path / "new\nline.mp4").touch()
    (tmp_path / unicodedata.normalize("NFD", "Zoë.mp4")).symlink_to("target.mp4")
    name = unicodedata.normalize("NFD", "Zoë")
    rig = HOSTILE.replace("loop.mp4", f"{name}.mp4")
    player = ShowState(load_show(write_rig(tmp_path, rig)), lambda *a, **k: None).players.all["vt"]
    assert player.config.clips[0].label == name
    assert player.clip(name) == player.clip(unicodedata.normalize("NFC", name)) == 0
    assert player.clip("target") is None and player.clip("\u00b2") is None


def test_a_name_that_is_no_text_ends_no_log(tmp_path: Path) -> None:
    log = ShowLog(tmp_path / "show.jsonl", Fraction(30))
    log.begin()
    for name in ("a\ud800b", "a\nb\0", "\udcff"):
        log.line(1, "fault", "hand", message=name)
    log.close()
    lines = (tmp_path / "show.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["a\ud800b", "a\nb\0", "\udcff"]
