"""Rigs and scenes: every fault at once, one line each, each with its file, its key, what is wrong and what would be
right."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from live.base.errors import ConfigError
from live.config.load import load_show
from live.config.picture import PictureConfig

SCENE = """
title = "Two"
[[layers]]
place = "left"
[[layers]]
place = "right"
rect = [0.5, 0.0, 0.5, 1.0]
[[shots]]
name = "both"
role = "wide"
"""

RIG = """
title = "A show"
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "cam3"
kind = "pattern"
[[microphones]]
name = "mic1"
source = "cam1"
[[people]]
name = "ann"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "bea"
camera = "cam3"
[[scenes]]
name = "two"
path = "two"
talent = { left = "cam1", right = "cam2" }
"""


def write(folder: Path, rig: str = RIG, scene: str = SCENE) -> Path:
    (folder / "two").mkdir()
    (folder / "two" / "scene.toml").write_text(scene)
    path = folder / "rig.toml"
    path.write_text(rig)
    return path


def faults(folder: Path, rig: str = RIG, scene: str = SCENE) -> list[str]:
    """The lines of a rig that must not load, without the folder."""
    with pytest.raises(ConfigError) as caught:
        load_show(write(folder, rig, scene))
    return [line.replace(f"{folder}/", "") for line in str(caught.value).splitlines()]


def one(folder: Path, rig: str = RIG, scene: str = SCENE) -> str:
    lines = faults(folder, rig, scene)
    assert len(lines) == 1, lines
    return lines[0]


def test_a_valid_rig(tmp_path: Path) -> None:
    show = load_show(write(tmp_path))
    assert [s.id for s in show.all_shots] == ["two/both", "cam1", "cam2", "cam3"]
    assert [s.role for s in show.all_shots] == ["wide", "none", "none", "close_up"]
    assert show.all_shots[3].person == "bea"
    assert show.sources_of(show.all_shots[0]) == ["cam1", "cam2"]
    assert show.row == show.all_shots


def test_three_faults_are_three_lines(tmp_path: Path) -> None:
    rig = """
title = 3
[[sources]]
name = "cam1"
kind = "media"
path = "nope.mp4"
hue = "red"
"""
    assert faults(tmp_path, rig) == [
        "rig.toml:2: title: is 3 (number); should be text",
        "rig.toml:6: sources[cam1].path: no such file: nope.mp4; give one that is there",
        "rig.toml:7: sources[cam1].hue: unknown key; remove it, or check the spelling (docs/rigs.md, docs/scenes.md)",
    ]


def test_a_fault_in_one_table_hides_no_fault_in_another(tmp_path: Path) -> None:
    """A name used twice, and references to what isn't there; the faulty source counts as known where it is used."""
    rig = (
        RIG.replace('title = "A show"', 'title = "A show"\nstart = "nowhere"')
        + """
[[outputs]]
name = "out"
kind = "file"
path = "a.mp4"
[[outputs]]
name = "out"
kind = "file"
path = "b.mp4"
[[microphones]]
name = "stray"
source = "cam9"
"""
    )
    assert faults(tmp_path, rig) == [
        "rig.toml:28: outputs: the name out is used twice; names must differ",
        "rig.toml:38: microphones[stray].source: no source is called cam9; one of: cam1, cam2, cam3",
        "rig.toml:3: start: no shot is called nowhere; one of: cam1, cam2, cam3, two/both",
    ]


def test_a_table_without_a_name_keeps_its_number_behind_a_faulty_one(tmp_path: Path) -> None:
    lines = faults(tmp_path, RIG + '[[keys]]\nstill = "nope.png"\n[[keys]]\nsource = "cam9"\n')
    assert [line.split(": ")[:2] for line in lines] == [
        ["rig.toml:27", "keys[1].still"],
        ["rig.toml:29", "keys[2].source"],
    ]


@pytest.mark.parametrize(
    "rig", ["scenes = 3\n", "sources = []\n", '[[sources]]\nname = "a"\nkind = "still"\npath = "."\ncenter = [0.5]\n']
)
def test_odd_shapes_are_faults_and_not_crashes(tmp_path: Path, rig: str) -> None:
    assert faults(tmp_path, rig)


def test_faults_of_the_scene_come_with_those_of_the_rig(tmp_path: Path) -> None:
    lines = faults(tmp_path, RIG.replace('title = "A show"', "seed = true"), SCENE + "fov_deg = 500.0\n")
    assert lines == [
        "rig.toml:2: seed: is True (true or false); should be a whole number",
        "two/scene.toml:11: shots[both].fov_deg: is 500.0 (number); should be under 120",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (('kind = "pattern"', 'kind = "film"'), "sources[cam1].kind: missing or unknown kind"),
        (('kind = "pattern"\n', ""), "sources[cam1].kind: missing or unknown kind"),
        (('name = "cam1"\n', ""), "sources[1].name: missing"),
        (('name = "cam2"', 'name = "cam1"'), "sources: the name cam1 is used twice; names must differ"),
        (
            ('name = "bea"', 'name = "Bea B"'),
            "people[Bea B].name: is 'Bea B' (text); should be lower-case letters (a to z), digits",
        ),
        (
            ('source = "cam1"', 'source = "cam9"'),
            "microphones[mic1].source: no source is called cam9; one of: cam1, cam2, cam3",
        ),
        (
            ('microphone = "mic1"', 'microphone = "mic9"'),
            "people[ann].microphone: no microphone is called mic9; one of: mic1",
        ),
        (('camera = "cam3"', 'camera = "cam9"'), "people[bea].camera: no source is called cam9"),
        (('left = "cam1"', 'left = "cam9"'), "scenes[two].talent.left: no source is called cam9"),
        (
            ('left = "cam1"', 'front = "cam1"'),
            "scenes[two].talent.front: no place in the scene is called front; one of: left, right",
        ),
        (('path = "two"', 'path = "three"'), "scenes[two].path: no such file: three; give one that is there"),
        (
            ('title = "A show"', 'shots = ["two/nine"]'),
            "shots: no shot is called two/nine; one of: cam1, cam2, cam3, two/both",
        ),
        (('title = "A show"', 'start = "nine"'), "start: no shot is called nine"),
        (
            ('title = "A show"', "picture = { width = 1281 }"),
            "picture.width: is 1281 (number); should be a multiple of 8",
        ),
        (('title = "A show"', 'picture = { rate_hz = "30" }'), "picture.rate_hz: is '30' (text); should be a number"),
        (
            ('title = "A show"', 'director = { level = "on" }'),
            "director.level: is 'on' (text); should be one of 'off', 'suggest'",
        ),
        (
            ('title = "A show"', "control = { osc_port = 70000 }"),
            "control.osc_port: is 70000 (number); should be 65535 or less",
        ),
    ],
)
def test_one_fault_is_one_line_that_names_its_key(tmp_path: Path, change: tuple[str, str], line: str) -> None:
    lines = faults(tmp_path, RIG.replace(*change, 1))
    old, new = change
    at = RIG.count("\n", 0, RIG.index(old)) + 1
    # Its table, where it was.
    at = RIG[: RIG.index("[[sources]]")].count("\n") + 1 if not new or "twice" in line else at
    assert len([found for found in lines if found.startswith(f"rig.toml:{at}: {line}")]) == 1, lines


@pytest.mark.parametrize("kind", ['kind = "file"\npath = 3', 'kind = "rtmp"\nurl = "ftp://x/y"'])
def test_outputs_are_checked(tmp_path: Path, kind: str) -> None:
    assert one(tmp_path, f'{RIG}\n[[outputs]]\nname = "out"\n{kind}\n').startswith("rig.toml:30: outputs[out].")


def test_a_shot_of_nobody(tmp_path: Path) -> None:
    line = one(tmp_path, scene=SCENE + 'of = "top"\n')
    assert line.startswith("two/scene.toml: -: shot both is of top, which is no place; places: left, right")


def test_no_toml(tmp_path: Path) -> None:
    assert one(tmp_path, 'title = "T"\nseed = \n') == "rig.toml:2: -: not TOML: Invalid value; mend that line"


def test_a_file_that_breaks_off_is_no_toml_on_no_line(tmp_path: Path) -> None:
    assert one(tmp_path, "shots = [").startswith("rig.toml: -: not TOML: ")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"rig\.toml: -: is no text"):
        load_show(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"gone\.toml: -: can't be read \(No such file or directory\); give the path of a TOML file"
    ):
        load_show(tmp_path / "gone.toml")


def test_a_scene_that_is_not_there(tmp_path: Path) -> None:
    line = one(tmp_path, RIG.replace('path = "two"\n', "").replace('name = "two"', 'name = "moon"'))
    assert line.startswith("rig.toml:22: scenes[moon]: no scene at ")


def test_fetched_files_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_DATA", str(tmp_path / "data"))
    rig = '[[sources]]\nname = "cam1"\nkind = "still"\npath = "@assets/face.png"\n'
    assert "no such file: @assets/face.png" in one(tmp_path, rig)
    (tmp_path / "data" / "assets").mkdir(parents=True)
    (tmp_path / "data" / "assets" / "face.png").write_bytes(b"")
    # type: ignore[union-attr]
    assert load_show(tmp_path / "rig.toml").rig.sources[0].path == tmp_path / "data" / "assets" / "face.png"


def test_what_was_read_cannot_be_changed(tmp_path: Path) -> None:
    show = load_show(write(tmp_path))
    with pytest.raises(ValidationError, match="frozen"):
        show.rig.title = "Another"


@pytest.mark.parametrize(
    ("rate_hz", "rate"),
    [
        (30.0, Fraction(30)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (25.0, Fraction(25)),
    ],
)
def test_rates_are_exact(rate_hz: float, rate: Fraction) -> None:
    assert PictureConfig(rate_hz=rate_hz).rate == rate
