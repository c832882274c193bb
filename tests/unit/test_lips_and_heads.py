"""Lips that move and heads that turn: the pure halves."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from live.vision.faces import Sighting
from live.vision.head import NOSE_OUT, Yaw, yaw_deg
from live.vision.lips import Lips


def talking(gaps: list[float | None], hz: float = 10.0) -> float:
    lips = Lips()
    for i, gap in enumerate(gaps):
        lips.add(i / hz, gap)
    return lips.talking((len(gaps) - 1) / hz)


def test_lips_at_rest_say_nothing_open_or_closed() -> None:
    assert talking([0.01] * 10) == talking([0.12] * 10) == 0.0


def test_lips_that_swing_speak() -> None:
    assert talking([0.02, 0.06, 0.03, 0.07, 0.02, 0.05]) == 1.0


@given(st.lists(st.floats(-0.003, 0.003), min_size=8, max_size=8), st.floats(0, 0.1))
def test_a_shaking_camera_is_no_speech(noise: list[float], gap: float) -> None:
    assert talking([gap + n for n in noise]) < 0.05


def test_a_mouth_that_opens_slowly_is_no_speech() -> None:
    assert talking([0.01 + 0.002 * i for i in range(10)]) == 0.0


def test_who_stops_is_silent_within_half_a_second() -> None:
    speech = [0.02, 0.06, 0.03, 0.07, 0.02, 0.05]
    assert talking([*speech, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03]) == 0.0


def test_lips_that_are_hardly_seen_say_nothing() -> None:
    assert talking([0.02, None, None, None, 0.07, None]) == 0.0


def turned(yaw: float, roll: float, size: float = 0.1, aspect: float = 16 / 9) -> Sighting:
    """A face as a head makes it: ears on an axis, the nose before it, turned and tilted, flat in the picture."""

    def at(side: float, up: float, out: float) -> tuple[float, float]:
        x = side * math.cos(yaw) + out * math.sin(yaw)
        a = math.radians(roll)
        return (
            0.5 + size * (x * math.cos(a) - up * math.sin(a)) / aspect,
            0.5 + size * (x * math.sin(a) + up * math.cos(a)),
        )

    eye = [at(s, -0.3, 0.5 * NOSE_OUT) for s in (-0.4, 0.4)]
    return Sighting(0.4, 0.4, 0.2, 0.3, 0.9, (*eye, at(0, 0, NOSE_OUT), at(0, 0.4, 0.6), at(-1, 0, 0), at(1, 0, 0)))


@given(st.floats(-50, 50), st.floats(-25, 25), st.floats(0.02, 0.3))
def test_yaw_is_told_whatever_the_tilt_and_size(degrees: float, roll: float, size: float) -> None:
    found = yaw_deg(turned(math.radians(degrees), roll, size), 16 / 9)
    assert found is not None and abs(found - degrees) < 0.01


def test_to_the_right_of_the_picture_is_positive() -> None:
    right = yaw_deg(turned(math.radians(20), 0), 16 / 9)
    assert right is not None and right > 0
    face = turned(math.radians(20), 0)
    assert face.points[2][0] > face.x + face.width / 2  # the nose is on that side


def test_without_points_there_is_no_pose() -> None:
    assert yaw_deg(Sighting(0.4, 0.4, 0.2, 0.3, 0.9), 1.0) is None


def test_yaw_is_smoothed_and_ends_at_a_full_turn() -> None:
    yaw = Yaw()
    yaw.add(0.0, 15.0)
    assert yaw.share == approx(0.5)  # the first look counts at once
    yaw.add(0.2, -15.0)
    assert 0.0 < yaw.share < 0.5
    for i in range(20):
        yaw.add(0.4 + i / 5, 80.0)
    assert yaw.share == 1.0
    yaw.add(60.0, 0.0)  # long unseen: what was is over
    assert yaw.share == 0.0
