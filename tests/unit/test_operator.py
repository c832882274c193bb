"""The operator: whom it follows, what it sees ahead, which axes it moves."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.framing.heads import Pace
from live.framing.operator import AXES
from live.framing.shots import head_of
from live.picture.values import Crop, Face
from tests.support.framing import FRAME_S, WIDE, box_of, face_at, make, person, quick, run, settled

# Who is framed


def test_identity_beats_place() -> None:
    operator = make("cu")
    run(operator, 3, lambda _: [person(0.4, 1), person(0.6, 2, 0.1)], on_air=False, start_s=-3)
    run(operator, 1, lambda _: [person(0.62, 1, 0.1), person(0.4, 2)], on_air=False)
    assert operator.subject is not None and operator.subject.track == 1


@quick
@given(
    at=st.floats(0.25, 0.75),
    other=st.floats(0.1, 0.9),
    gone_s=st.floats(0.5, 4.5),
    size=st.sampled_from(["cu", "mcu", "ms"]),
    larger=st.floats(0.5, 2.0),
)
def test_on_air_a_lost_subject_is_never_swapped_for_another(
    at: float, other: float, gone_s: float, size: str, larger: float
) -> None:
    operator = make(size)
    both = [person(at, 1), person(other, 2, 0.15 * larger)]
    operator.set_subject(1)
    run(operator, 3, lambda _: both, on_air=False, start_s=-3)
    run(operator, 0.1, lambda _: both, on_air=True)
    crops = run(operator, gone_s, lambda _: both[1:], on_air=True, start_s=0.1)
    assert operator.subject is not None and operator.subject.track == 1
    zooms = [c.zoom for c in crops]
    assert all(b <= a + 1e-9 for a, b in zip(zooms, zooms[1:], strict=False)), (
        "it opens; it doesn't go in on somebody else"
    )


def test_who_is_away_for_long_is_let_go_on_air_too() -> None:
    operator = settled()
    run(operator, 12, lambda _: [person(0.7, 9)], on_air=True)
    assert operator.subject is not None and operator.subject.track == 9


def test_a_name_is_followed_and_waited_for() -> None:
    operator = make("cu")
    operator.set_subject("anna")
    run(operator, 2, lambda _: [person(0.3, 1)], on_air=False, start_s=-4)
    assert operator.crop == Crop(), "she isn't there"
    run(operator, 2, lambda _: [person(0.3, 1), person(0.7, 2, person="anna")], on_air=False, start_s=-2)
    assert operator.crop.x > 0.6


def test_asked_for_on_air_another_person_is_cut_to_and_the_same_person_eased_to() -> None:
    people = [person(0.25, 1), person(0.75, 2)]
    operator = make("cu")
    operator.set_subject(1)
    run(operator, 3, lambda _: people, on_air=False, start_s=-3)
    run(operator, 0.5, lambda _: people, on_air=True)
    operator.set_subject(2)
    crops = run(operator, 0.5, lambda _: people, on_air=True, start_s=0.5)
    assert crops[1].x > 0.6 and crops[1] == crops[-1], "by a cut, and still"
    operator.set_size("mcu")
    zooms = [c.zoom for c in run(operator, 3, lambda _: people, on_air=True, start_s=1)]
    assert zooms == sorted(zooms, reverse=True) and zooms[0] > 0.98 * crops[-1].zoom, "eased"


def test_a_two_shot_holds_two_and_a_group_all() -> None:
    people = [person(0.2, 1, 0.1), person(0.4, 2, 0.12), person(0.75, 3, 0.1)]
    boxes = {}
    for size in ("two_shot", "group"):
        operator = make(size)
        run(operator, 3, lambda _: people, on_air=False)
        boxes[size] = box_of(operator.crop, WIDE, WIDE)
    assert boxes["two_shot"].holds(head_of(people[0], WIDE)) and boxes["two_shot"].holds(head_of(people[1], WIDE))
    assert not boxes["two_shot"].holds(head_of(people[2], WIDE))
    assert all(boxes["group"].holds(head_of(p, WIDE)) for p in people)


def test_a_glance_aside_moves_nothing_and_a_turn_does() -> None:
    def looking(yaw: float) -> Callable[[float], list[Face]]:
        return lambda _: [person(0.5, 1, yaw=yaw)]

    operator = make("mcu")
    run(operator, 3, looking(0.0), on_air=False, start_s=-3)
    before = run(operator, 1, looking(0.0), on_air=True)[-1]
    assert set(run(operator, 0.5, looking(1.0), on_air=True, start_s=1)) == {before}
    run(operator, 1, looking(0.0), on_air=True, start_s=1.5)
    assert run(operator, 6, looking(1.0), on_air=True, start_s=2.5)[-1].x > before.x + 0.02, (
        "room on the side it looks to"
    )


def test_what_it_wishes_for() -> None:
    operator = settled()
    run(operator, 1, lambda _: [face_at(0.35)], on_air=True)
    assert operator.wish == ""
    run(operator, 2, lambda _: [], on_air=True, start_s=1)
    assert operator.wish == "lost"
    run(operator, 1, lambda _: [], on_air=False, start_s=3)
    assert operator.wish == "", "off air it may do what it wants"


# Ahead of the picture


def test_with_a_delay_the_camera_moves_with_the_subject_not_after() -> None:
    def away(delay_s: float) -> float:
        """How far the subject gets from their place in the frame, in frame widths, as program shows it."""
        operator, late, worst = make("mcu", ahead_s=delay_s), round(delay_s * 30), 0.0
        x = [0.45 + 0.12 * min(1.0, max(0.0, (i - 120) / 36)) for i in range(400)]
        for i in range(300):
            crop = operator.step(i / 30, FRAME_S, [person(x[i + late], 1)], on_air=i >= 60)
            if i > 70:
                worst = max(worst, abs(crop.x - x[i]) * crop.zoom)
        return worst

    assert away(0.5) < 0.7 * away(0.0)


# Axes


@quick
@given(
    free=st.sets(st.sampled_from(AXES)),
    on_air=st.booleans(),
    x=st.floats(0.2, 0.8),
    y=st.floats(0.25, 0.75),
    h=st.floats(0.05, 0.3),
    lost=st.booleans(),
)
def test_only_free_axes_move(free: set, on_air: bool, x: float, y: float, h: float, lost: bool) -> None:
    operator = make("mcu")
    operator.set_by_hand(Crop(0.5, 0.5, 2.0))
    for i in range(120):
        look = [] if lost and i > 60 else [face_at(x, y, h)]
        crop = operator.step(i / 30, FRAME_S, look, on_air=on_air, free=free)
        if "zoom" not in free:
            assert crop.zoom == pytest.approx(2.0)
            assert crop.x == 0.5 or "pan" in free
            assert crop.y == 0.5 or "tilt" in free


@quick
@given(
    data=st.data(),
    size=st.sampled_from(["cu", "mcu", "ms", "two_shot"]),
    ahead_s=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_on_air_it_keeps_the_limits_whatever_people_do(data: st.DataObject, size: str, ahead_s: float) -> None:
    operator = make(size, ahead_s=ahead_s)
    people = st.lists(st.builds(person, st.floats(0.1, 0.9), st.integers(1, 3), st.floats(0.05, 0.3)), max_size=2)
    looks = data.draw(st.lists(people, min_size=5, max_size=12))
    run(operator, 2, lambda _: looks[0], on_air=False, start_s=-2)
    crops = run(operator, len(looks) * 0.5, lambda t: looks[int(t * 2 + 1e-6)], on_air=True)
    speeds = [(b.x - a.x) / FRAME_S * a.zoom for a, b in zip(crops, crops[1:], strict=False)]
    zooms = [abs(math.log(b.zoom / a.zoom)) / FRAME_S for a, b in zip(crops, crops[1:], strict=False)]
    assert max(map(abs, speeds), default=0) <= Pace.top_speed_w_per_s + 0.01
    assert max(zooms, default=0) <= 2 * Pace.top_speed_w_per_s + 1e-6


@pytest.mark.parametrize("size", ["cu", "mcu"])
def test_a_face_whose_box_swells_and_shrinks_in_dim_light_is_framed_once(size: str) -> None:
    """Heights of boxes as the detector gave them of somebody who stands still in the dark, five a second. On air from
    the first on, the frame goes in on them, and doesn't go out again."""
    heights = (0.108, 0.125, 0.111, 0.111, 0.108, 0.106, 0.114, 0.069, 0.1, 0.1, 0.117, 0.119, 0.117)
    operator = make(size, 4 / 3, WIDE)

    def look(t_s: float) -> list[Face] | None:
        n, rest = divmod(round(t_s * 30), 6)
        return None if rest else [face_at(0.47, 0.34, heights[n % len(heights)], 4 / 3)]

    zooms = [c.zoom for c in run(operator, 12, look, on_air=True)]
    assert all(b > a * 0.999 for a, b in zip(zooms, zooms[1:], strict=False)), zooms[::20]
    assert max(zooms[120:]) / min(zooms[120:]) < 1.01
