"""What the console knows of how sources are graded and keyed, and of transitions: what the engine tells is what it
reads."""

from __future__ import annotations

from pathlib import Path

from live.config.source import EARLIEST_MS
from live.console.cameras import DELAY_MS, GRADE
from live.control.published import Replica
from live.control.registry import parse
from live.show.colour.commands import ColourSet
from live.show.colour.published import ColourStatus
from live.show.cuts.published import RigTransitions, TransitionSetting
from live.show.dsk.published import KeyStatus
from live.show.keying.published import KeyingStatus
from live.show.sources.commands import SourceDelay
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
    replica = Replica(state())
    one, two = replica.all(ColourStatus)
    assert (one.source, one.grade, one.look, one.like) == (
        "cam1",
        (3200.0, 0.1, 0.0, 1.0, 1.0, 0.5),
        "warm.cube",
        "cam2",
    )
    first, second = (replica.get(KeyingStatus, camera.source) for camera in (one, two))
    assert not first.key and not first.numbers
    assert (second.key, second.screen, second.numbers, two.look, two.like) == (
        "chroma",
        "#30a0b8",
        (("core", 0.7), ("wrap", 0.2)),
        "",
        "",
    )


def test_the_rig_s_transitions_are_known_and_which_keys_go_with_the_next() -> None:
    replica = Replica(state())
    assert replica.get(RigTransitions).names == ("logo", "ink")
    assert replica.get(TransitionSetting) == TransitionSetting("logo", 1.2)
    assert [k.tied for k in replica.all(KeyStatus)] == [True]


def test_every_slider_is_a_control_that_takes_its_ends() -> None:
    for name, low, high, words in GRADE:
        for value in (low, high):
            command = parse("/colour/cam1/set", [name, value])
            assert isinstance(command, ColourSet) and command.value == value and words % value


def test_the_delay_of_a_sound_takes_the_ends_of_its_slider() -> None:
    for ms in (EARLIEST_MS, DELAY_MS):
        assert parse("/sources/cam1/delay", [ms]) == SourceDelay("cam1", ms)


def test_what_a_slider_can_send_is_carried_out(tmp_path: Path) -> None:
    rows = [
        (n, "/colour/cam1/set", [name, value])
        for n, (name, value) in enumerate((g[0], v) for g in GRADE for v in g[1:3])
    ]
    lines, _ = play(tmp_path, small_show(tmp_path, PATTERNS), 1.0, *rows)
    assert not [line for line in lines if line["kind"] == "fault"]
