"""Captions in whole shows: real speech, the real recogniser, real peers that read what the outputs carry."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from live.captions.recogniser import default_model, missing
from tests.support.footage import FOOTAGE, needs_footage
from tests.support.running import RunningShow
from tests.support.shows import SMALL, of_kind, play, small_show, write_rig

needs_model = pytest.mark.skipif(missing(None) is not None, reason=f"no speech recognition here ({missing(None)})")

RIG = (
    SMALL
    + f"""
shots = ["cam1"]
[[sources]]
name = "cam1"
kind = "pattern"
blip = false
[[sources]]
name = "voice1"
kind = "media"
path = "{FOOTAGE}/speech/jfk.flac"
loop = false
[[microphones]]
name = "mic1"
source = "voice1"
[[graphics]]
name = "lower"
fields = {{ title = "One", subtitle = "Two" }}
[control]
osc_port = 0
"""
)
SPOKEN = (
    "and so my fellow americans ask not what your country can do for you ask what you can do for your country".split()
)


def plain(text: str) -> list[str]:
    return re.sub(r"[^a-z ]", " ", text.lower()).split()


def right(text: str) -> float:
    """Share of the words that are right, by what two word lists have in common in order."""
    a, b = SPOKEN, plain(text)
    row = [0] * (len(b) + 1)
    for x in a:
        before = row[:]
        for j, y in enumerate(b, 1):
            row[j] = before[j - 1] + 1 if x == y else max(before[j], row[j - 1])
    return row[-1] / max(len(a), len(b))


def captions(lines: list[dict]) -> str:
    return " ".join(line["text"] for line in of_kind(lines, "caption"))


@needs_footage
@needs_model
def test_what_is_said_is_on_screen_in_the_outputs_and_in_the_file_the_same_each_time(tmp_path: Path) -> None:
    runs = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        show = small_show(tmp_path / name, RIG + '[captions]\nfile = "show.vtt"\n')
        runs.append(play(tmp_path / name, show, 13.0, (250, "/graphics/lower/show", []), record=name == "a"))
    lines, hashes = runs[0]
    assert runs[0][1] == runs[1][1]
    assert runs[0][0][1:] == runs[1][0][1:]  # but for the rig's path
    assert right(captions(lines)) >= 0.85

    _, without = play(tmp_path, small_show(tmp_path, RIG), 13.0, (250, "/graphics/lower/show", []))
    differs = [a != b for a, b in zip(hashes, without, strict=True)]
    first = of_kind(lines, "caption")[0]["frame"]
    assert differs[first] and not any(differs[:first])
    assert 30 < first < 110  # "And so" is said in the first second

    cues = (tmp_path / "a" / "show.vtt").read_text()
    assert cues.startswith("WEBVTT\n")
    times = [
        sum(float(x) * 60**i for i, x in enumerate(reversed(t.split(":"))))
        for t in re.findall(r"[\d:.]+(?= -->)|(?<=--> )[\d:.]+", cues)
    ]
    assert times == sorted(times) and times[0] < 0.6 and 9.5 < times[-1] < 11.5
    assert right(re.sub(r"WEBVTT|.*-->.*", " ", cues)) >= 0.85

    probe = subprocess.run(["ffprobe", str(tmp_path / "a" / "out.mp4")], capture_output=True, text=True, check=True)
    assert "Closed Captions" in probe.stderr
    found = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "movie=out.mp4[out0+subcc]", "-map", "0:s", "-f", "srt", "-"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path / "a",
    )
    shown = [re.sub(r"<[^>]*>|\{[^}]*\}", "", line) for line in found.stdout.splitlines()]
    rows: list[str] = []
    for line in (s for s in shown if s and not re.fullmatch(r"\d+|.*-->.*", s)):
        if line not in rows[-2:]:
            rows = [r for r in rows if not line.startswith(r)] + [line]  # a row that has grown
    assert right(" ".join(rows)) >= 0.8


@needs_footage
@needs_model
def test_a_hook_translates_and_a_broken_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "def say(text):\n    if 'fellow' in text:\n        raise KeyError('word')\n    return text.upper()\n"
    )
    lines, _ = play(tmp_path, small_show(tmp_path, RIG + '[captions]\ntranslate = "loud:say"\n'), 13.0)
    assert "COUNTRY" in captions(lines) and "fellow" in captions(lines)
    faults = [f["message"] for f in of_kind(lines, "fault")]
    assert len([f for f in faults if f.startswith("translation loud:say: KeyError")]) == 1


@needs_footage
@needs_model
@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('translate = "no_such_package:say"', "no_such_package:say: can't be loaded"),
        ('language = "xx"\nmodel = "{model}"', "knows English only"),
    ],
)
def test_what_cannot_be_had_is_named_and_the_show_runs_on(tmp_path: Path, keys: str, says: str) -> None:
    lines, hashes = play(
        tmp_path, small_show(tmp_path, RIG + "[captions]\n" + keys.format(model=default_model()) + "\n"), 0.3
    )
    assert len(hashes) == 9
    assert [says in f["message"] for f in of_kind(lines, "fault")] == [True]


@needs_footage
def test_without_the_model_the_show_runs_on_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("faster_whisper")
    monkeypatch.setenv("LIVE_DATA", str(tmp_path / "empty"))
    lines, hashes = play(tmp_path, small_show(tmp_path, RIG + "[captions]\n"), 0.5)
    assert len(hashes) == 15
    (fault,) = [f["message"] for f in of_kind(lines, "fault") if f["subject"] == "captions"]
    assert "the model is not there" in fault and "live models" in fault
    rig = write_rig(tmp_path, RIG + "[captions]\n")
    checked = subprocess.run([sys.executable, "-m", "live", "check", str(rig)], capture_output=True, text=True)
    assert checked.returncode == 0 and "the show runs without captions" in checked.stderr
    deaf = subprocess.run(
        [
            sys.executable,
            "-m",
            "live",
            "check",
            str(
                write_rig(
                    tmp_path,
                    RIG.replace("[[microphones]]\nname", "[[people]]\nname").replace(
                        'source = "voice1"\n[[graphics]]', "[[graphics]]"
                    )
                    + "[captions]\n",
                    "deaf.toml",
                )
            ),
        ],
        capture_output=True,
        text=True,
    )
    assert deaf.returncode == 2 and "captions: there is no microphone to listen to" in deaf.stdout


@pytest.mark.realtime
@needs_footage
@needs_model
def test_on_air_words_come_soon_after_they_are_said_and_a_hand_hides_and_clears_them(tmp_path: Path) -> None:
    shutil.copy(FOOTAGE / "speech" / "jfk.flac", tmp_path)
    rig = write_rig(tmp_path, RIG.replace("loop = false", "loop = true") + '[captions]\nfile = "show.srt"\n')
    with RunningShow(rig, tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait(lambda s: "country" in " ".join(map(str, s.get("captions/lines"))), 60)
        show.send("/captions/hide")
        show.wait(lambda s: s.get("captions/visible") == (0,))
        show.wait(lambda s: s.get("captions/latency") and s.get("captions/latency")[0] > 0)
        latency_s = show.get("captions/latency")[0]
        show.send("/captions/clear")
        show.send("/captions/show")
        show.wait(lambda s: s.get("captions/visible") == (1,))
    assert 0.3 < latency_s < 8.0
    lines = [json.loads(line) for line in show.log.read_text().splitlines()]
    assert "country" in captions(lines)
    assert "-->" in (tmp_path / "show.srt").read_text()
    picture = np.frombuffer((tmp_path / "show.mp4").read_bytes(), np.uint8).tobytes()
    assert picture.count(b"GA94\x03") > 100
