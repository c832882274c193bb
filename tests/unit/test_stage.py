"""Where cameras, lenses and cards put things in the frame."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from live.config.scene import Move, ShotConfig, TalentPlace
from live.picture.values import Pose
from live.stage.geometry import WHOLE, Camera, Rect, camera_at, card_of

ASPECT = 16 / 9
EYE, AT = (0.4, 1.6, 4.0), (0.1, 1.1, 0.0)
SHIFT = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))


def seen(camera: Camera, point: tuple[float, float, float]) -> tuple[float, float]:
    """Where a point of the world is in the frame, in shares, by the matrix that sets are drawn with."""
    clip = camera.clip_from_world(ASPECT) @ np.array([*point, 1.0])
    return (clip[0] / clip[3] + 1) / 2, (clip[1] / clip[3] + 1) / 2


def turned(card, x: float, y: float) -> tuple[float, float]:
    """A point of the card's rectangle (shares of the frame), as the painters turn it."""
    c, s = math.cos(math.radians(card.turn_deg)), math.sin(math.radians(card.turn_deg))
    dx, dy = (x - card.about[0]) * ASPECT, y - card.about[1]
    return card.about[0] + (c * dx - s * dy) / ASPECT, card.about[1] + s * dx + c * dy


@given(st.floats(-180, 180), SHIFT)
def test_a_card_stands_in_the_set_however_the_camera_is_rolled(roll_deg: float, shift: tuple[float, float]):
    camera, place = (
        Camera(EYE, AT, 35.0, roll_deg, shift),
        TalentPlace(name="a", position=(0.5, 0.2, 0.3), height_m=1.4),
    )
    card = card_of(place, camera, ASPECT, ASPECT)
    assert card is not None
    foot = turned(card, card.rect.x + card.rect.w / 2, card.rect.y + card.rect.h)
    assert foot == pytest.approx(seen(camera, place.position), abs=1e-6)
    # The card is parallel to the picture, and upright as without a roll.
    up = Camera(EYE, AT, 35.0).view_from_world()[1, :3]
    head = turned(card, card.rect.x + card.rect.w / 2, card.rect.y)
    assert head == pytest.approx(seen(camera, tuple(np.array(place.position) + 1.4 * up)), abs=1e-6)
    bounds = card.bounds(WHOLE, ASPECT)
    assert bounds.x - 1e-6 <= min(foot[0], head[0]) and max(foot[1], head[1]) <= bounds.y + bounds.h + 1e-6


def test_a_rolled_camera_turns_the_picture_the_other_way():
    x, y = seen(Camera((0.0, 1.0, 4.0), (0.0, 1.0, 0.0), 40.0, 90.0), (0.0, 1.5, 0.0))
    assert x < 0.45 and y == pytest.approx(0.5)  # what was above is on the left of a camera rolled clockwise


def test_the_middle_of_the_lens_is_where_its_shift_says():
    assert seen(Camera(EYE, AT, 35.0, 20.0, (0.1, -0.2)), AT) == pytest.approx((0.6, 0.3))


def test_a_card_that_is_not_turned_has_its_own_bounds():
    card = card_of(TalentPlace(name="a", position=(0.0, 0.0, 0.0), height_m=2.0), Camera(EYE, AT, 35.0), ASPECT, ASPECT)
    assert card is not None and card.bounds(Rect(0.2, 0.1, 0.5, 0.6), ASPECT) == card.rect.part(
        Rect(0.2, 0.1, 0.5, 0.6)
    )


def test_a_shots_roll_and_shift_reach_its_camera_and_a_move_rolls_on():
    move = Move(position=EYE, look_at=AT, fov_deg=30.0, roll_deg=20.0, duration_s=4.0)
    shot = ShotConfig(name="a", position=EYE, look_at=AT, roll_deg=-10.0, shift=(0.1, 0.0), move=move)
    assert [camera_at(shot, t_s)[0].roll_deg for t_s in (0.0, 2.0, 9.0)] == [-10.0, 5.0, 20.0]
    assert camera_at(shot, 2.0)[0].shift == (0.1, 0.0)
    stays = shot.model_copy(update={"move": move.model_copy(update={"roll_deg": None})})
    assert [camera_at(stays, t_s)[0].roll_deg for t_s in (0.0, 2.0, 9.0)] == [-10.0, -10.0, -10.0]
    posed = camera_at(shot, 2.0, Pose(EYE, AT, 25.0, 3.0, (0.2, 0.1)))[0]
    assert (posed.fov_deg, posed.roll_deg, posed.shift) == (25.0, 3.0, (0.2, 0.1))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"shift": (1.2, 0.0)}, "more than a frame"),
        ({"shift": (0.1, 0.0), "size": "cu", "of": "a"}, "a size and a shift"),
    ],
)
def test_a_shift_that_can_not_be_is_refused(more: dict[str, object], words: str):
    with pytest.raises(ValidationError, match=words):
        ShotConfig.model_validate({"name": "x", **more})
