"""Framing: shot sizes as geometry, the spring as mathematics, the operator as behaviour."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.framing.heads import Pace
from live.framing.operator import AXES
from live.framing.shots import EYES_IN_BOX, MAX_ZOOM, SIZES, Fit, aim_at, crop_for, head_of
from live.framing.spring import Axis, DeadZone, Median
from live.framing.subjects import LOST_AFTER_S
from live.picture.values import Crop, Face
from tests.support.framing import (
    ASPECTS,
    FRAME_S,
    WIDE,
    assert_inside,
    box_of,
    face_at,
    faces,
    in_picture,
    make,
    of_one,
    quick,
    run,
    settled,
)

# Shot sizes


@quick
@given(data=st.data(), aspects=ASPECTS, size=st.sampled_from(sorted(SIZES)), lead=st.floats(-1, 1))
def test_a_crop_is_inside_the_picture_and_holds_the_head(
    data: st.DataObject, aspects: tuple, size: str, lead: float
) -> None:
    face = data.draw(faces(aspects[0]))
    crop = of_one(face, size, *aspects, lead=lead)
    assert_inside(crop, aspects)
    assert crop.zoom <= MAX_ZOOM
    head, box = in_picture(head_of(face, aspects[0])), box_of(crop, *aspects)
    if size != "ecu" and head.x1 - head.x0 <= box.x1 - box.x0 + 1e-9 and head.y1 - head.y0 <= box.y1 - box.y0 + 1e-9:
        assert box.x0 <= head.x0 + 1e-9 and box.x1 >= head.x1 - 1e-9, "an ear is cut"
        assert box.y0 <= head.y0 + 1e-9 and box.y1 >= head.y1 - 1e-9, "a crown or a chin is cut"
    elif size != "ecu":
        assert crop.zoom == 1 or math.isclose(crop.zoom, 1), (
            "only a picture of another shape may be too small for the head"
        )


@quick
@given(
    data=st.data(),
    aspects=ASPECTS,
    size=st.sampled_from(["full", "wide", "two_shot", "group"]),
    count=st.integers(2, 5),
)
def test_a_group_crop_holds_every_head_it_can(data: st.DataObject, aspects: tuple, size: str, count: int) -> None:
    people = [data.draw(faces(aspects[0])) for _ in range(count)]
    crop = crop_for(aim_at(people, aspects[0]), size, Fit(*aspects))
    assert_inside(crop, aspects)
    box, heads = box_of(crop, *aspects), [in_picture(head_of(f, aspects[0])) for f in people]
    if crop.zoom > 1 + 1e-9:
        assert min(h.x0 for h in heads) >= box.x0 - 1e-9 and max(h.x1 for h in heads) <= box.x1 + 1e-9
        assert min(h.y0 for h in heads) >= box.y0 - 1e-9 and max(h.y1 for h in heads) <= box.y1 + 1e-9


def eye_line(size: str) -> float:
    face = face_at(0.5, 0.45, 0.15)
    box = box_of(of_one(face, size, WIDE, WIDE), WIDE, WIDE)
    return (face.y + EYES_IN_BOX * face.height - box.y0) / (box.y1 - box.y0)


def test_eyes_at_a_third_or_above_where_headroom_is_capped() -> None:
    assert eye_line("cu") == pytest.approx(1 / 3)
    assert 0.28 < eye_line("mcu") <= 1 / 3


def test_sizes_get_wider_one_after_the_other() -> None:
    aim, fit = aim_at([face_at(0.5, 0.4, 0.04)], WIDE), Fit(WIDE, WIDE, max_zoom=100)
    zooms = [crop_for(aim, size, fit).zoom for size in SIZES if size not in ("two_shot", "group")]
    assert zooms == sorted(zooms, reverse=True) and len(set(zooms)) == len(zooms)


def test_headroom_is_capped_from_the_medium_shot_outwards() -> None:
    face = face_at(0.5, 0.5, 0.03)
    for size in ("ms", "cowboy", "full"):
        box = box_of(of_one(face, size, WIDE, WIDE), WIDE, WIDE)
        assert (head_of(face, WIDE).y0 - box.y0) / (box.y1 - box.y0) <= 0.12


def test_lead_room_is_on_the_side_one_looks_to() -> None:
    face = face_at(0.5)
    left, straight, right = (of_one(face, "mcu", WIDE, WIDE, lead=lead).x for lead in (-1, 0, 1))
    assert left < straight < right


# Spring


TENS = st.floats(-10, 10)


@quick
@given(start=st.tuples(TENS, TENS), goal=TENS, dt_s=st.floats(0, 1), parts=st.integers(2, 5))
def test_many_small_steps_of_a_spring_are_one_large_one(start: tuple, goal: float, dt_s: float, parts: int) -> None:
    one, many = Axis(*start), Axis(*start)
    one.spring(goal, dt_s, omega=4.0)
    for _ in range(parts):
        many.spring(goal, dt_s / parts, omega=4.0)
    assert many.position == pytest.approx(one.position, abs=1e-9)
    assert many.speed == pytest.approx(one.speed, abs=1e-9)


def test_a_spring_from_rest_never_overshoots_and_settles_in_its_time() -> None:
    spring = Axis(0.0)
    path = [spring.spring(1.0, FRAME_S, omega=4.0) for _ in range(90)]
    assert path == sorted(path) and path[-1] <= 1
    assert path[int(4.8 / 4 / FRAME_S)] > 0.95


@quick
@given(goal=st.floats(-3, 3), dt_s=st.sampled_from([1 / 120, 1 / 60, 1 / 30, 1 / 25]), turn=st.floats(-3, 3))
def test_limits_of_speed_and_acceleration_hold(goal: float, dt_s: float, turn: float) -> None:
    spring = Axis(0.0)
    for i in range(200):
        before = spring.speed
        spring.glide(goal if i < 60 else turn, dt_s, omega=4.0, max_speed=0.35, max_accel=0.8)
        assert abs(spring.speed) <= 0.35 + 1e-9
        assert abs(spring.speed - before) <= 0.8 * dt_s + 1e-9


@quick
@given(goal=st.floats(-1, 1))
def test_a_limited_spring_is_the_same_at_every_frame_rate(goal: float) -> None:
    ends = []
    for rate_hz in (24, 30, 60):
        spring = Axis(0.0)
        for _ in range(rate_hz):
            spring.glide(goal, 1 / rate_hz, omega=4.0, max_speed=0.35, max_accel=0.8)
        ends.append(spring.position)
    assert ends == pytest.approx([ends[0]] * 3, abs=2e-3)


def test_the_median_drops_an_outlier_and_what_is_old() -> None:
    median = Median()
    for i in range(7):
        median.add(i * 0.03, (0.5, 1.0))
    assert median.add(0.21, (0.9, 3.0)) == (0.5, 1.0)
    assert median.add(5.0, (0.9, 3.0)) == (0.9, 3.0)


def test_the_dead_zone_waits_moves_and_comes_to_rest() -> None:
    zone = DeadZone(dwell_s=0.3)
    assert not any(zone.step(0.049, 0.1) for _ in range(50))
    assert [zone.step(0.2, 0.1) for _ in range(3)] == [False, False, True]
    assert zone.step(0.02, 0.1), "under way it goes on to the inner stop"
    assert not zone.step(0.009, 0.1)
    assert [zone.step(error, 0.1) for error in (0.2, 0.2, 0.0, 0.2, 0.2)] == [False] * 5, "the dwell starts anew"


# Operator


def test_off_air_it_frames_within_a_second() -> None:
    operator = make("mcu")
    run(operator, 1, lambda _: [face_at(0.35)], on_air=False)
    goal = of_one(face_at(0.35), "mcu", WIDE, WIDE)
    assert operator.crop.x == pytest.approx(goal.x, abs=0.02)
    assert operator.crop.zoom == pytest.approx(goal.zoom, rel=0.03)


def test_on_air_it_stands_still_over_a_face_that_jitters() -> None:
    operator = settled()
    jitter = [(0.006 * math.sin(9 * i), 0.004 * math.cos(7 * i)) for i in range(300)]
    looks = iter([[face_at(0.35 + dx, 0.4 + dy)] for dx, dy in jitter])
    crops = run(operator, 10, lambda _: next(looks), on_air=True)
    assert set(crops) == {crops[0]}


def test_on_air_it_follows_a_small_move_slowly_after_a_dwell() -> None:
    operator = settled()
    before = operator.crop
    crops = run(operator, 6, lambda _: [face_at(0.45)], on_air=True)
    assert crops[int(0.25 / FRAME_S)] == before, "not at once"
    width = box_of(before, WIDE, WIDE).x1 - box_of(before, WIDE, WIDE).x0
    speeds = [(b.x - a.x) / FRAME_S / width for a, b in zip(crops, crops[1:], strict=False)]
    assert max(speeds) <= Pace.top_speed_w_per_s + 1e-6
    speeding_up = [(b - a) / FRAME_S for a, b in zip(speeds, speeds[1:], strict=False)]
    assert max(speeding_up) <= Pace.accel_w_per_s2 * 1.05
    assert crops[-1].x == pytest.approx(0.45, abs=0.05 * width)
    assert crops[-1] == crops[-30], "at rest again"


def test_on_air_it_never_pans_to_another_person() -> None:
    operator = settled(0.25)
    crops = run(operator, 10, lambda _: [face_at(0.25), face_at(0.8, 0.4, 0.3)], on_air=True)
    assert set(crops) == {crops[0]}, "a larger face comes in: the subject stays the subject"


def test_on_air_a_walk_across_opens_the_frame() -> None:
    operator = make("mcu")
    run(operator, 3, lambda _: [face_at(0.3, height=0.1)], on_air=False)
    zoom = operator.crop.zoom
    crops = run(operator, 3, lambda t: [face_at(min(0.8, 0.3 + 0.4 * (t - 3)), height=0.1)], on_air=True, start_s=3)
    assert min(c.zoom for c in crops) < zoom * 0.8


def test_a_show_that_starts_on_air_is_framed_too() -> None:
    operator = make("cu")
    crops = run(operator, 12, lambda _: [face_at(0.5, height=0.1)], on_air=True)
    assert crops[-1].zoom == pytest.approx(MAX_ZOOM, rel=0.03)


@pytest.mark.parametrize("on_air", [True, False])
def test_a_lost_subject_is_waited_for_and_then_let_go(on_air: bool) -> None:
    operator = settled()
    before = operator.crop
    crops = run(operator, 10, lambda _: [], on_air=on_air)
    assert crops[int((LOST_AFTER_S - 0.1) / FRAME_S)] == before
    steps = [abs(math.log(a.zoom / b.zoom)) for a, b in zip(crops, crops[1:], strict=False)]
    assert max(steps) <= 2 * Pace.speed_w_per_s * FRAME_S + 1e-9, "eased, not cut"
    assert crops[-1].zoom == pytest.approx(1, abs=0.03)


def test_no_new_look_is_not_nobody() -> None:
    operator = settled()
    before = operator.crop
    crops = run(operator, 5, lambda t: [face_at(0.35)] if round(t / FRAME_S) % 6 == 0 else None, on_air=True)
    assert set(crops) == {before}


def test_a_hand_is_kept_while_held_and_eased_from_afterwards() -> None:
    operator = settled()
    by_hand = Crop(0.6, 0.5, 2.0)
    operator.set_by_hand(by_hand)
    held = run(operator, 2, lambda _: [face_at(0.35)], on_air=False, free=False)
    assert set(held) == {by_hand}
    freed = run(operator, 8, lambda _: [face_at(0.35)], on_air=False, start_s=2)
    width = 1 / by_hand.zoom
    assert max(abs(b.x - a.x) for a, b in zip([by_hand, *freed], freed, strict=False)) <= 0.36 * width * FRAME_S * 1.5
    assert freed[-1].x == pytest.approx(of_one(face_at(0.35), "mcu", WIDE, WIDE).x, abs=0.02)


def test_a_hand_can_t_leave_the_picture() -> None:
    operator = settled()
    operator.set_by_hand(Crop(1.0, 0.0, 4.0))
    assert_inside(operator.crop, (WIDE, WIDE))


def test_a_wide_frame_is_of_the_group() -> None:
    people = [face_at(0.3, height=0.05), face_at(0.6, height=0.05)]
    operator = make("full")
    run(operator, 3, lambda _: people, on_air=False)
    box = box_of(operator.crop, WIDE, WIDE)
    assert operator.crop.zoom > 1.2
    assert all(box.x0 < head_of(f, WIDE).x0 and head_of(f, WIDE).x1 < box.x1 for f in people)


def test_an_unknown_size_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cam1: no shot size huge"):
        make("huge")


LOOKS = st.none() | st.lists(
    st.builds(Face, *[st.floats(-0.5, 1.5)] * 2, *[st.floats(0, 1.2)] * 2, st.just(0.9))
    | st.just(Face(math.nan, 0.2, 0.1, 0.1, 0.9)),
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(
    aspects=ASPECTS,
    size=st.sampled_from(sorted(SIZES)),
    script=st.lists(st.tuples(st.floats(0, 2), LOOKS, st.booleans(), st.booleans()), max_size=40),
    hand=st.none() | st.builds(Crop, st.floats(0, 1), st.floats(0, 1), st.floats(1, 8)),
)
def test_whatever_happens_the_crop_is_inside_the_picture(
    aspects: tuple, size: str, script: list, hand: Crop | None
) -> None:
    operator = make(size, *aspects)
    now_s = 0.0
    for i, (dt_s, look, on_air, free) in enumerate(script):
        if i == 10 and hand:
            operator.set_by_hand(hand)
        now_s += dt_s
        crop = operator.step(now_s, dt_s, look, on_air=on_air, free=AXES if free else ())
        assert math.isfinite(crop.x + crop.y + crop.zoom)
        assert_inside(crop, aspects)


@settings(max_examples=15, deadline=None)
@given(x=st.floats(0.2, 0.8), y=st.floats(0.3, 0.7), height=st.floats(0.05, 0.4), size=st.sampled_from(sorted(SIZES)))
def test_over_a_still_face_it_comes_to_rest_with_the_head_inside(x: float, y: float, height: float, size: str) -> None:
    operator = make(size)
    face = face_at(x, y, height)
    run(operator, 3, lambda _: [face], on_air=False)
    crops = run(operator, 2, lambda _: [face], on_air=True, start_s=3)
    assert set(crops) == {crops[0]}
    box = box_of(crops[0], WIDE, WIDE)
    if size != "ecu":
        assert box.x0 <= face.x and face.x + face.width <= box.x1
        assert box.y0 <= face.y and face.y + 0.95 * face.height <= box.y1 + 1e-9


@settings(max_examples=8, deadline=None)
@given(x=st.floats(0.2, 0.8), on_air=st.booleans())
def test_the_frame_rate_makes_no_difference(x: float, on_air: bool) -> None:
    ends = []
    for rate_hz in (30, 60):
        operator = settled(0.5)
        for i in range(4 * rate_hz):
            operator.step(i / rate_hz, 1 / rate_hz, [face_at(x)], on_air=on_air)
        ends.append(operator.crop)
    assert ends[0].x == pytest.approx(ends[1].x, abs=0.012)
    assert ends[0].zoom == pytest.approx(ends[1].zoom, rel=0.03)
