"""A share that stops answering, on air and at the start: no frame is late, no other file waits, and it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from live.base.paths import shipped
from tests.support.dead_share import unanswered
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, write_rig

MORE = """
data = "share/who.json"
template = "mine"
[[graphics]]
name = "second"
template = "lower_third"
data = "second.json"
[[keys]]
still = "share/logo.png"
[[keys]]
still = "mine.png"
"""


def _show(folder: Path) -> Path:
    share = folder / "share"
    share.mkdir()
    (folder / "mine").mkdir()
    (folder / "mine" / "template.toml").write_bytes((shipped("graphics") / "lower_third/template.toml").read_bytes())
    (share / "who.json").write_text('{"title": "One"}')
    (folder / "second.json").write_text('{"title": "One"}')
    for path, grey in ((share / "logo.png", 200), (share / "other.png", 50), (folder / "mine.png", 100)):
        cv2.imwrite(str(path), np.full((40, 60, 3), grey, np.uint8))
    return write_rig(folder, PATTERNS.rstrip() + MORE)


def _said(show: RunningShow, *words: str) -> bool:
    return any(all(w in line["message"] for w in words) for line in show.lines() if line["kind"] == "fault")


def test_a_share_that_goes_away_on_air_holds_up_nothing_and_is_told(tmp_path: Path) -> None:
    share, second = tmp_path / "share", tmp_path / "second.json"
    with RunningShow(_show(tmp_path), tmp_path) as show:
        show.wait_on_air()
        for address in ("/dsk/1/on", "/dsk/2/on", "/graphics/lower/show"):
            show.send(address)
        show.wait(lambda s: s.get("graphics/second/field/title") == ("One",))
        show.wait_frames(30)
        with unanswered(share):
            began_s = time.monotonic()
            show.wait(lambda s: _said(s, str(share), "doesn't answer; see to its disk or share"), 5.0)
            print(f"told after {time.monotonic() - began_s:.1f} s")
            for text in ("Two", "Three"):
                second.write_text(json.dumps({"title": text}))
                began_s = time.monotonic()
                show.wait(lambda s, text=text: s.get("graphics/second/field/title") == (text,), 1.5)
                print(f"another file: {time.monotonic() - began_s:.2f} s")
            show.send("/dsk/1/still", "share/other.png")
            show.wait(lambda s: _said(s, "/dsk/1/still", "other.png: doesn't answer"), 5.0)
            assert "logo" in str(show.get("dsk/1"))
        (share / "who.json").write_text('{"title": "Back"}')
        show.wait(lambda s: s.get("graphics/lower/field/title") == ("Back",), 5.0)
        show.wait(lambda s: _said(s, str(share), "answers again"), 5.0)
        show.send("/dsk/1/still", "share/other.png")
        show.wait(lambda s: "other" in str(s.get("dsk/1")))
        lines = show.end()
    late = [line for line in lines if line["kind"] == "late"]
    assert len(late) <= 2, late  # by a full machine; each hang would be hundreds


def test_a_show_begins_without_a_share_that_is_dead_and_check_names_it(tmp_path: Path) -> None:
    rig = _show(tmp_path)
    with unanswered(tmp_path / "share"):
        began_s = time.monotonic()
        checked = subprocess.run([sys.executable, "-m", "live", "check", str(rig)], capture_output=True, text=True)
        took_s = time.monotonic() - began_s
        print(f"check: {took_s:.1f} s")
        lines = checked.stdout.splitlines()
        assert checked.returncode == 2 and len(lines) == 2 and all("doesn't answer" in line for line in lines), lines
        with RunningShow(rig, tmp_path) as show:
            show.wait_on_air()
            show.wait(lambda s: s.get("graphics/second/field/title") == ("One",))
            show.wait(lambda s: _said(s, "who.json", "doesn't answer"), 5.0)
            show.send("/show/end")
            show.end()


def test_a_pipe_in_a_file_s_place_is_told_and_the_show_begins(tmp_path: Path) -> None:
    rig = _show(tmp_path)
    (tmp_path / "share" / "who.json").unlink()
    os.mkfifo(tmp_path / "share" / "who.json")
    checked = subprocess.run(
        [sys.executable, "-m", "live", "check", str(rig)], capture_output=True, text=True, timeout=30
    )
    (line,) = checked.stdout.splitlines()
    assert "who.json: graphics[lower].data: can't be read (is no file but a pipe or a device)" in line
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        assert _said(show, "who.json", "is no file but a pipe")
