"""What the console knows of how sources are graded and keyed, and of transitions: what the engine tells is what it
reads."""

from __future__ import annotations

from pathlib import Path

from live.console.cameras import GRADE
from live.control.registry import parse
from live.control.view import read
from live.show.colour.commands import ColourSet
from tests.support.shows import PATTERNS, play, small_show


def state() -> dict[str, tuple[object, ...]]:
    return {
        "/state/colour/cam1/grade": (3200.0, 0.1, 0.0, 1.0, 1.0, 0.5),
        "/state/colour/cam1/look": ("warm.cube",),
        "/state/colour/cam1/match": ("cam2", 1, 0),
        "/state/colour/cam2/grade": (6500.0, 0.0, 0.0, 1.0, 1.0, 1.0),
        "/state/keying/cam2/key": ("chroma", "none", "min"),
        "/state/keying/cam2/screen": ("#30a0b8",),
        "/state/keying/cam2/numbers": ("core", 0.7, "wrap", 0.2),
        "/state/program/setting": ("logo", 1.2),
        "/state/program/transitions": ("logo", "ink"),
        "/state/dsk/1": (0, 0.0, "bug", 1, "Bug"),
    }


def test_a_camera_is_read_whole() -> None:
    one, two = read(state()).cameras  # type: ignore[arg-type]
    assert (one.name, one.grade, one.look, one.match) == (
        "cam1",
        (3200.0, 0.1, 0.0, 1.0, 1.0, 0.5),
        "warm.cube",
        "cam2",
    )
    assert not one.key and not one.keyer
    assert (two.key, two.screen, two.keyer, two.look, two.match) == (
        "chroma",
        "#30a0b8",
        {"core": 0.7, "wrap": 0.2},
        "",
        "",
    )


def test_the_rig_s_transitions_are_known_and_which_keys_go_with_the_next() -> None:
    view = read(state())  # type: ignore[arg-type]
    assert view.transitions == ("logo", "ink") and (view.setting, view.setting_s) == ("logo", 1.2)
    assert [k.tied for k in view.keys] == [True]


def test_every_slider_is_a_control_that_takes_its_ends() -> None:
    for name, low, high, words in GRADE:
        for value in (low, high):
            command = parse("/colour/cam1/set", [name, value])
            assert isinstance(command, ColourSet) and command.value == value and words % value


def test_what_a_slider_can_send_is_carried_out(tmp_path: Path) -> None:
    rows = [
        (n, "/colour/cam1/set", [name, value])
        for n, (name, value) in enumerate((g[0], v) for g in GRADE for v in g[1:3])
    ]
    lines, _ = play(tmp_path, small_show(tmp_path, PATTERNS), 1.0, *rows)
    assert not [line for line in lines if line["kind"] == "fault"]
