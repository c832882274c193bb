"""Styles as files: read with the rig, faults in plain words, changed while on air; and what scenes teach of their
shots."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.load import Show, load_show
from live.config.style import PARAMETERS, Style, shipped_styles, styled
from live.picture.values import Crop
from live.show import ShowState
from live.show import commands as c
from live.show.cuts.candidates import candidates, crop_iou, seen_in, subject_of
from tests.support.shows import PATTERNS, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


PEOPLE = """
[[people]]
name = "anna"
camera = "cam1"
[[people]]
name = "ben"
camera = "cam2"
"""


def rig_with(folder: Path, director: str) -> Path:
    return write_rig(folder, PATTERNS + f"[director]\n{director}\n")


def faults(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_show(path)
    return [str(fault).replace(f"{path.parent}/", "") for fault in caught.value.faults]


def state_of(path: Path) -> tuple[ShowState, list[tuple]]:
    lines: list[tuple] = []
    return ShowState(load_show(path), lambda kind, by, **more: lines.append((kind, by, more))), lines


def test_talk_is_the_default_and_every_shipped_style_says_what_it_is_for(tmp_path: Path) -> None:
    show = load_show(write_rig(tmp_path))
    assert show.style == Style(title=show.style.title, about=show.style.about), "talk is the defaults"
    assert set(shipped_styles()) == {"interview", "talk", "debate", "sermon", "gaming", "concert"} <= set(show.styles)
    assert all(style.title and style.about.endswith(".") for style in show.styles.values())


def test_every_number_says_what_it_means_and_its_range() -> None:
    for name in PARAMETERS:
        field = Style.model_fields[name]
        assert field.description and (field.annotation is bool or len(field.metadata) == 2), name


def test_the_rigs_lengths_go_before_the_styles(tmp_path: Path) -> None:
    show = load_show(rig_with(tmp_path, 'style = "interview"\nmin_shot_s = 3.0'))
    assert (show.style.min_shot_s, show.style.max_shot_s) == (3.0, show.styles["interview"].max_shot_s)
    assert show.styles["interview"].min_shot_s != 3.0


def test_a_style_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('title = "Mine"\ncut_s = 3.0\n')
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "other.toml").write_text("min_shot_s = 5.0\n")
    show = load_show(rig_with(tmp_path, 'style = "mine.toml"'))
    assert (show.style.title, show.style.cut_s, show.style.min_shot_s) == ("Mine", 3.0, 2.0)
    assert show.styles["mine"] == show.style and show.styles["other"].min_shot_s == 5.0


@pytest.mark.parametrize(
    ("text", "director", "said"),
    [
        ("", 'style = "nope"', "director.style: no style is called nope; one of: concert, debate, "),
        ("cut_s = 11.0", 'style = "mine.toml"', "mine.toml:1: cut_s: is 11.0 (number); should be 10 or less"),
        ("cuts = 1.0", 'style = "mine.toml"', "mine.toml:1: cuts: unknown key; "),
        ("from_wide_s = 2.0", 'style = "mine.toml"', "the wide shot would never be left"),
        (
            "max_shot_s = 8.0",
            'style = "mine.toml"\nmin_shot_s = 9.0',
            "director: min_shot_s (9) is not under max_shot_s (8)",
        ),
    ],
)
def test_a_faulty_style_is_a_fault_of_the_rig(tmp_path: Path, text: str, director: str, said: str) -> None:
    if text:
        (tmp_path / "mine.toml").write_text(text + "\n")
    found = faults(rig_with(tmp_path, director))
    assert len(found) == 1 and said in found[0], found


# On air


def test_another_style_on_air_keeps_the_rigs_lengths_and_holds_nothing(tmp_path: Path) -> None:
    state, _ = state_of(rig_with(tmp_path, "min_shot_s = 3.5"))
    state.apply(c.DirectorStyle("concert"), HAND, 1.0)
    assert (
        state.mix.director.style.on_beat
        and state.mix.director.style.min_shot_s == 3.5
        and state.styles.name == "concert"
    )
    assert not state.authority.view(("cuts", "program"), now_s=1.0).held


def test_one_number_on_air_until_the_next_style(tmp_path: Path) -> None:
    state, _ = state_of(write_rig(tmp_path))
    state.apply(c.DirectorStyleSet("max_shot_s", 30.0), HAND, 1.0)
    state.apply(c.DirectorStyleSet("on_beat", 1.0), HAND, 1.0)
    assert state.mix.director.style.max_shot_s == 30.0 and state.mix.director.style.on_beat is True
    state.apply(c.DirectorStyle("talk"), HAND, 2.0)
    assert state.mix.director.style.max_shot_s == 20.0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (c.DirectorStyle("nope"), "no style is called 'nope'; one of: concert"),
        (c.DirectorStyleSet("cut_s", 11.0), "cut_s is 11; it should be 0 to 10"),
        (c.DirectorStyleSet("min_shot_s", 25.0), "min_shot_s (25) is not under max_shot_s (20)"),
        (c.DirectorStyleSet("from_wide_s", 3.0), "never be left"),
        (c.DirectorStyleSet("on_beat", 0.5), "is a switch; give 1 or 0"),
    ],
)
def test_what_is_no_style_changes_nothing(tmp_path: Path, command, said: str) -> None:
    state, _ = state_of(write_rig(tmp_path))
    before = state.mix.director.style
    with pytest.raises(CommandError) as caught:
        state.apply(command, HAND, 1.0)
    assert said in str(caught.value) and state.mix.director.style is before


def test_a_style_with_other_values_is_checked() -> None:
    with pytest.raises(ValueError, match="cut_s"):
        styled(Style(), {"cut_s": float("nan")})


# What scenes teach


FLAT = """
title = "Flat"
[[layers]]
place = "left"
rect = [0.0, 0.0, 0.5, 1.0]
[[layers]]
place = "right"
rect = [0.5, 0.0, 0.5, 1.0]
[[shots]]
name = "all"
role = "auto"
[[shots]]
name = "one"
role = "close_up"
of = "left"
"""


def flat_show(tmp_path: Path, people: str) -> Show:
    """Two cameras in one scene, and a third."""
    (tmp_path / "flat").mkdir()
    (tmp_path / "flat" / "scene.toml").write_text(FLAT)
    scene = '[[scenes]]\nname = "flat"\npath = "flat"\ntalent = { left = "cam1", right = "cam2" }\n'
    sources = "".join(f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\n' for n in (1, 2, 3))
    return load_show(write_rig(tmp_path, sources + scene + people))


def test_a_shots_role_is_learnt_from_whom_it_shows(tmp_path: Path) -> None:
    others = '[[people]]\nname = "carla"\ncamera = "cam3"\n[[people]]\nname = "dan"\ncamera = "cam3"\n'
    show = flat_show(tmp_path, PEOPLE + others)
    subjects = {shot.id: of for shot in show.row if (of := subject_of(show, shot))}
    seen = {shot.id: seen_in(show, shot) for shot in show.row}
    found = {used.shot: used for used in candidates(show, seen, subjects=subjects)}
    assert found["flat/all"].role == "wide", "everybody whom the scene has"
    assert found["flat/all"].lacks == {"carla", "dan"}, "no answer to their voices"
    assert (found["flat/one"].role, found["flat/one"].person) == ("close_up", "anna")
    assert (found["cam3"].role, found["cam3"].group) == ("group", {"carla", "dan"}), "a camera of two people"
    assert "cam1" not in found, "shown by the scene already"
    seen["flat/one"] = ["cam2"]  # in a set, the place may be beside the frame
    assert "flat/one" not in {used.shot for used in candidates(show, seen, subjects=subjects)}, "nobody's close-up"


def test_a_close_up_is_of_whoever_a_hand_has_put_in_its_place(tmp_path: Path) -> None:
    carla = '[[people]]\nname = "carla"\ncamera = "cam3"\n'
    state = ShowState(flat_show(tmp_path, PEOPLE + carla), lambda kind, by, **fields: None)

    def fill(place: str, source: str) -> None:
        state.apply(c.LayerSource("flat", place, source), HAND, 0.0)

    def person() -> str | None:
        used = state.mix.director.candidate("flat/one")
        return used.person if used is not None else None

    assert person() == "anna"
    fill("left", "cam3")
    assert person() == "carla"
    assert state.mix.needs("flat/one") == ["cam3"], "and not the camera that the rig has there"
    fill("right", "cam1")
    assert person() == "carla", "what else is seen there is not what it is about"
    state.apply(c.LayerReset("flat", "left"), HAND, 0.0)
    assert person() == "anna"


STUDIO = """
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "cam3"
kind = "pattern"
[[scenes]]
name = "studio"
talent = { left = "cam1", right = "cam2", middle = "cam3" }
"""


def test_shots_that_frame_the_same_are_told_from_those_that_do_not(tmp_path: Path) -> None:
    crops = {"cam1": Crop()}
    show = load_show(write_rig(tmp_path, STUDIO + PEOPLE))
    alike = crop_iou(show, lambda: crops)
    assert alike("studio/wide", "studio/wide") == pytest.approx(1.0)
    assert alike("studio/wide", "studio/left") < 0.4 and alike("studio/left", "studio/right") < 0.4
    assert alike("cam1", "cam2") == 0.0 and alike("cam1", "nowhere") == 0.0
    crops["cam1"] = Crop(0.5, 0.5, 2.0)
    assert alike("cam1", "cam1") == pytest.approx(1.0)
