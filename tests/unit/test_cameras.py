"""The show's cameras: axes held one by one, cameras of a set, wishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.load import load_show
from live.config.scene import ShotConfig, TalentPlace
from live.framing.shots import aim_at, crop_for
from live.picture.values import Face
from live.render import Renderer
from live.show import ShowState
from live.show import commands as c
from live.show.fitness.judge import AWAY_S
from live.show.framing.cameras import axis_keys
from live.show.framing.set_camera import SetCamera
from live.sound.hearing import Hearing
from live.stage.geometry import Camera, card_of
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


WIDE = 16 / 9
DT_S = 1 / 30
SCENE = """\
[set]
model = "{model}"
[[set.talent]]
name = "left"
position = [-0.68, 0.8, 0.0]
height_m = 1.16
[[shots]]
name = "wide"
role = "wide"
[[shots]]
name = "left"
of = "left"
position = [-0.45, 1.52, 2.6]
look_at = [-0.66, 1.485, 0.0]
fov_deg = 19.4
size = "mcu"
"""
RIG = (
    SMALL
    + """
shots = ["set/wide", "set/left", "cam1"]
start = "set/wide"
[[sources]]
name = "cam1"
title="Camera 1"
kind = "pattern"
faces = true
[[people]]
name = "anna"
title="Anna"
camera = "cam1"
[director]
level = "off"
[[scenes]]
name = "set"
path = "{scene}"
talent = {{ left = "cam1" }}
"""
)
STUDIO = Path(__file__).resolve().parents[2] / "scenes" / "studio" / "studio.glb"


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    scene = tmp_path / "set"
    scene.mkdir()
    (scene / "scene.toml").write_text(SCENE.format(model=STUDIO))
    return ShowState(small_show(tmp_path, RIG.format(scene=scene)), lambda kind, by, **more: None)


def face(x: float = 0.45, y: float = 0.35, height: float = 0.2, **more: Any) -> Face:
    return Face(x - height / WIDE / 2, y - height / 2, height / WIDE, height, 0.9, 1, **more)


def run(state: ShowState, start_s: float, seconds: float, *faces: Face) -> float:
    for i in range(round(seconds / DT_S)):
        looks = {"cam1": faces} if i % 6 == 0 else {}
        state.step(start_s + i * DT_S, DT_S, hearing=Hearing({}), faces=looks, aspects={})
    return start_s + seconds


def free(state: ShowState, now_s: float) -> set[str]:
    return set(state.cameras.free_axes("cam1", now_s, state.authority))


# Axes


def test_a_hand_on_the_zoom_leaves_pan_and_tilt_to_the_machine(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    state.apply(c.FramingNudge("cam1", 0.0, 0.0, 1.2), HAND, now)
    by_hand = state.cameras.crops["cam1"].zoom
    assert free(state, now) == {"pan", "tilt"}
    x = state.cameras.crops["cam1"].x
    now = run(state, now, 3.0, face(x=0.6))
    assert state.cameras.crops["cam1"].zoom == pytest.approx(by_hand) and state.cameras.crops["cam1"].x > x + 0.05


def test_a_nudge_to_the_side_holds_the_pan_and_a_crop_holds_all(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    state.apply(c.FramingNudge("cam1", 0.1, 0.0), HAND, now)
    assert free(state, now) == {"tilt", "zoom"}
    state.apply(c.FramingCrop("cam1", 0.5, 0.5, 2.0), HAND, now)
    assert free(state, now) == set()
    view, held = state.cameras.view("cam1", now, state.authority)
    assert view.held and held == ["pan", "tilt", "zoom"]
    state.apply(c.FramingRelease("cam1"), HAND, now)
    assert len(free(state, now)) == 3


def test_a_lock_stays_until_it_is_taken_off(state: ShowState) -> None:
    state.apply(c.FramingLock("cam1"), HAND, 0.0)
    before = state.cameras.operators["cam1"].crop
    now = run(state, 0.0, 30.0, face())
    assert state.cameras.operators["cam1"].crop == before
    state.apply(c.FramingUnlock("cam1"), HAND, now)
    run(state, now, 2.0, face())
    assert state.cameras.operators["cam1"].crop != before


def test_one_held_axis_is_the_strictest_of_a_camera(state: ShowState) -> None:
    state.authority.hold(axis_keys("cam1", ["zoom"])[0], now_s=0.0, seconds=None)
    view, held = state.cameras.view("cam1", 0.0, state.authority)
    assert view.hold_left_s is None and held == ["zoom"]


def test_a_size_gives_the_zoom_back_and_is_carried_out(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    mcu = state.cameras.crops["cam1"].zoom
    state.apply(c.FramingNudge("cam1", 0.0, 0.0, 1.3), HAND, now)
    state.apply(c.FramingSize("cam1", "cu"), HAND, now)
    assert free(state, now) == {"pan", "tilt", "zoom"}
    run(state, now, 2.0, face())
    assert state.cameras.crops["cam1"].zoom == pytest.approx(mcu * 2.75 / 2.0, rel=0.03)


def test_with_its_level_off_the_operator_frames_once_for_a_hand(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    state.apply(c.FramingLevel("cam1", "off"), HAND, now)
    before = state.cameras.crops["cam1"]
    state.apply(c.FramingSize("cam1", "cu"), HAND, now)
    once = state.cameras.crops["cam1"]
    assert once.zoom > before.zoom * 1.2
    run(state, now, 3.0, face(x=0.7))
    assert state.cameras.crops["cam1"] == once


def test_nobody_there_to_frame_is_said_and_changes_nothing(state: ShowState) -> None:
    state.apply(c.FramingLevel("cam1", "off"), HAND, 0.0)
    with pytest.raises(CommandError, match="nobody is seen there"):
        state.apply(c.FramingSize("cam1", "cu"), HAND, 0.0)
    assert state.cameras.operators["cam1"].size == "mcu"


# Cameras in a set


def settle(state: ShowState, now_s: float) -> None:
    while (view := state.cameras.next_pose(state.mix.switcher.on_air, state.mix.switcher.preview)) is not None:
        state.cameras.stand(view)


def test_a_set_s_camera_is_placed_off_air_and_stands_still_on_air(state: ShowState) -> None:
    assert state.mix.switcher.program == "set/wide"
    now = run(state, 0.0, 2.0, face(height=0.12))
    assert state.mix.picture(now).shot.pose is None, "a wide shot has no operator"
    settle(state, now)
    state.apply(c.ProgramCut("set/left"), HAND, now)
    pose = state.mix.picture(now).shot.pose
    assert pose is not None
    now = run(state, now, 3.0, face(x=0.7, height=0.12))
    settle(state, now)
    assert state.mix.picture(now).shot.pose == pose
    assert [w.reason for w in state.cameras.wishes()] == ["Anna moved further than set left may follow on air"]
    state.apply(c.ProgramCut("cam1"), HAND, now)
    now = run(state, now, 2.0, face(x=0.7, height=0.12))
    settle(state, now)
    assert (
        state.cameras.posed(state.mix.preview_picture(now).shot).pose != pose
        or state.mix.switcher.preview != "set/left"
    )
    state.apply(c.ProgramCut("set/left"), HAND, now)
    assert state.mix.picture(now).shot.pose != pose


def test_a_hand_moves_a_set_s_camera_on_the_very_frame(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    settle(state, now)
    state.apply(c.ProgramCut("set/left"), HAND, now)
    before = state.mix.picture(now).shot.pose
    state.apply(c.FramingNudge("set.left", 0.1, 0.0, 1.0), HAND, now)
    run(state, now, DT_S, face())
    pose = state.mix.picture(now).shot.pose
    assert (
        pose is not None
        and before is not None
        and pose.look_at[0] > before.look_at[0]
        and pose.fov_deg == pytest.approx(before.fov_deg, rel=0.02)
    )


def test_a_set_s_camera_whose_subject_left_says_so(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    state.apply(c.ProgramCut("cam1"), HAND, now)
    now = run(state, now, 3.0)
    assert not state.cameras.wishes(), "she may have turned away"
    run(state, now, AWAY_S)
    assert [w.reason for w in state.cameras.wishes()] == ["Anna left the frame of Camera 1"]


SHOT = ShotConfig(
    name="left", of="left", position=(-0.45, 1.52, 2.6), look_at=(-0.66, 1.485, 0.0), fov_deg=19.4, size="mcu"
)
PLACE = TalentPlace(name="left", position=(-0.68, 0.8, 0.0), height_m=1.16)


@settings(max_examples=60, deadline=None)
@given(
    x=st.floats(0.2, 0.8),
    y=st.floats(0.05, 0.8),
    height=st.floats(0.05, 0.45),
    size=st.sampled_from(["cu", "mcu", "ms", "full"]),
    aspect=st.sampled_from([WIDE, 4 / 3, 9 / 16]),
)
def test_a_set_s_camera_shows_what_the_operator_meant_within_its_reach(
    x: float, y: float, height: float, size: str, aspect: float
) -> None:
    head = SetCamera(SHOT, PLACE, aspect, WIDE)
    aim = aim_at([Face(x - height / aspect / 2, y - height / 2, height / aspect, height, 0.9)], aspect)
    crop = crop_for(aim, size, head.fit(aim))
    head.aim(crop, (0.0, 0.0, 0.0))
    pose = head.pose
    card = card_of(PLACE, Camera(pose.position, pose.look_at, pose.fov_deg), aspect, WIDE)
    assert card is not None
    box = head.fit(aim).box(crop)
    assert (card.rect.x + box.x0 * card.rect.w, card.rect.y + box.y0 * card.rect.h) == pytest.approx((0, 0), abs=2e-3)
    assert (card.rect.x + box.x1 * card.rect.w, card.rect.y + box.y1 * card.rect.h) == pytest.approx((1, 1), abs=2e-3)
    widest = Camera(SHOT.position, SHOT.look_at, SHOT.widest_deg)
    assert pose.fov_deg <= SHOT.widest_deg + 0.05
    reach = card_of(PLACE, widest, aspect, WIDE)
    assert reach is not None
    corners = [
        (reach.rect.x + u * reach.rect.w, reach.rect.y + v * reach.rect.h)
        for u, v in ((box.x0, box.y0), (box.x1, box.y1))
    ]
    assert all(-0.01 <= value <= 1.01 for corner in corners for value in corner), "it shows more of the set than it may"


def test_where_the_source_cuts_a_head_the_frame_ends() -> None:
    head = SetCamera(SHOT, PLACE, WIDE, WIDE)
    cut = aim_at([face(y=0.1, height=0.3)], WIDE)
    assert head.fit(cut).box(crop_for(cut, "mcu", head.fit(cut))).y0 >= -1e-9
    whole = aim_at([face(y=0.4, height=0.3)], WIDE)
    assert head.fit(whole).bounds.y0 < 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('of = ""\n', "has a size, but is of nobody"),
        (
            "[shots.move]\nposition = [0.0, 1.0, 2.0]\nlook_at = [0.0, 1.0, 0.0]\nfov_deg = 20.0\nduration_s = 2.0\n",
            "a size and a move",
        ),
        ("reach_deg = 10.0\n", "narrower than its fov_deg"),
    ],
)
def test_a_size_that_can_t_be_is_refused(tmp_path: Path, more: str, message: str) -> None:
    text = SCENE.format(model=STUDIO) + more
    if more.startswith("of"):
        text = SCENE.format(model=STUDIO).replace('of = "left"\n', "")
    (tmp_path / "scene.toml").write_text(text)
    rig = tmp_path / "rig.toml"
    rig.write_text(RIG.format(scene=tmp_path))
    with pytest.raises(ConfigError, match=message):
        load_show(rig)


def test_a_plate_made_a_band_at_a_time_is_there_when_it_is_wanted(state: ShowState) -> None:
    now = run(state, 0.0, 2.0, face())
    renderer = Renderer(state.show, on_fault=lambda error: pytest.fail(str(error)), software=True)
    try:
        made = renderer.plates_made
        view = state.cameras.next_pose(state.mix.switcher.on_air, state.mix.switcher.preview)
        assert view is not None and view.shot == "set/left"
        calls = 1
        while not renderer.prepare_pose(view):
            calls += 1
        assert calls > 4 and renderer.plates_made == made + 1
        state.cameras.stand(view)
        assert state.cameras.next_pose(state.mix.switcher.on_air, "") is None
        state.apply(c.ProgramCut("set/left"), HAND, now)
        renderer.draw(state.mix.picture(now), {"cam1": None}, 0)
        assert renderer.plates_made == made + 1, "nothing is left to be made when it is cut to"
    finally:
        renderer.close()
