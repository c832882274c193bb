"""What `live sync` does with a rig, and what it says: pure."""

from __future__ import annotations

import json

import pytest

from live.config.rig import Rig
from live.sync.latency import latency_ms, tick_zero_s
from live.sync.measure import Apart, Measured, Picture
from live.sync.plan import SETTLE_S, advice, commands, turns
from tests.support.shows import SMALL, small_show

RIG = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
sound_delay_ms = 20
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "cam3"
kind = "pattern"
[[sources]]
name = "desk"
kind = "tone"
[[microphones]]
name = "own"
source = "cam1"
[[microphones]]
name = "lapel"
source = "desk"
[[people]]
name = "ben"
camera = "cam2"
microphone = "lapel"
"""
)


@pytest.fixture
def rig(tmp_path) -> Rig:
    return small_show(tmp_path, RIG).rig


def found(late_ms: float, blips: int = 5) -> Measured:
    return Measured(tuple(Apart(float(n), late_ms) for n in range(blips)), True, 33.3)


def test_every_camera_has_its_turn_alone_with_its_microphones(rig):
    plan = turns(rig, 6.0)
    assert [(t.camera, t.microphones, t.sounds) for t in plan] == [
        ("cam1", ("own",), ("cam1",)),
        ("cam2", ("lapel",), ("desk",)),
    ]
    assert plan[1].start_s == plan[0].end_s == SETTLE_S + 6.0
    lines = [json.loads(line) for line in commands(rig, plan)]
    second = [(r["address"], r["args"]) for r in lines if r["frame"] == round(plan[1].start_s * 30)]
    assert second == [
        ("/program/cut", ["cam2"]),
        ("/microphones/own/mute", [1]),
        ("/microphones/lapel/mute", [0]),
    ]


def test_what_is_apart_is_proposed_as_lines_of_the_rig(rig):
    one, two = turns(rig, 6.0)
    said = "\n".join(advice(rig, [(one, found(15.0)), (two, found(-42.0))]))
    assert "cam1: the sound comes 15.0 ms after its picture (5 blips" in said
    assert "cam2: the sound comes 42.0 ms before its picture" in said
    assert 'name = "cam1"\n  sound_delay_ms = 5  # was 20; on air: /sources/cam1/delay 5' in said
    assert 'name = "desk"\n  sound_delay_ms = 42  # was 0; on air: /sources/desk/delay 42' in said


def test_a_sound_that_is_too_late_has_its_picture_held_back(rig):
    _, two = turns(rig, 6.0)
    said = "\n".join(advice(rig, [(two, found(150.0))]))
    assert 'name = "cam2"\n  picture_delay_ms = 70' in said and "sound_delay_ms = -80 " in said


def test_what_is_together_is_left_alone_and_too_little_is_nothing(rig):
    one, two = turns(rig, 6.0)
    said = list(advice(rig, [(one, found(1.4)), (two, found(60.0, 2))]))
    assert said == [
        "cam1: picture and sound are together (+1.4 ms; 5 blips, 0 ms between them)",
        "cam2: 2 blips went with a flash; show it one, near its microphone (live sync --make)",
    ]


def test_latency_is_from_the_picture_to_its_coming():
    heard = [(100 + n / 25 + (0.03 if n % 3 else 0.002), n) for n in range(50)]
    zero_s = tick_zero_s(heard, 25.0)
    assert zero_s == pytest.approx(100.002)
    pictures = [Picture(n / 25, n, 16.0, 100.002 + (n - 0.5) / 25 + 0.4) for n in range(5, 60)]
    assert latency_ms(pictures, zero_s, 25.0) == pytest.approx(400.0)
    assert latency_ms([Picture(0.0, None, 16.0, 5.0)], zero_s, 25.0) is None
    assert tick_zero_s([], 25.0) is None
