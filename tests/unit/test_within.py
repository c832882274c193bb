"""Shots, auxiliaries and multiviews where a source may stand: what may be put where, and what is seen."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.load import load_show
from live.config.within import howl, way
from live.engine.feeds import Feeds
from live.engine.within import PicturesWithin
from live.picture.format import PictureFormat
from live.render import Renderer
from live.show import ShowState
from live.show import commands as c
from tests.support.shows import PATTERNS, play, small_show, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")

WITHIN = """
[[scenes]]
name = "pip"
talent = { main = "duo/duo", inset = "foyer" }
[[auxiliaries]]
name = "foyer"
shows = "cam1"
[[multiviews]]
name = "wall"
windows = [{ shows = "cam1", rect = [0.0, 0.0, 0.5, 1.0] }, { shows = "cam2", rect = [0.5, 0.0, 0.5, 1.0] }]
[[multiviews]]
name = "board"
"""


def state_of(folder: Path, more: str = WITHIN) -> ShowState:
    return ShowState(small_show(folder, PATTERNS + more), lambda *a, **more: None)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_show(write_rig(folder, PATTERNS + text))
    return [str(fault) for fault in error.value.faults]


def test_a_way_is_the_shortest_one_and_ends_where_it_comes_round():
    made = {"a": ("b", "c"), "b": ("d",), "c": ("e",), "d": ("e",), "e": ("a",)}
    assert way("a", {"e"}, lambda name: made.get(name, ())) == ("a", "c", "e")
    assert way("a", {"nowhere"}, lambda name: made.get(name, ())) == ()
    assert howl(("a", "c", "e")) == "a shows c shows e, which would be seen within itself"
    assert howl(("program",)) == "program would be seen within itself"


def test_sources_within_a_picture_are_seen_where_it_is(tmp_path):
    state = state_of(tmp_path)
    assert state.mix.seen["pip/pip"] == ["cam1", "cam2"] and state.mix.standing["pip/pip"] == ["duo/duo", "foyer"]
    state.apply(c.ProgramCut("pip/pip"), HAND, 1.0)
    state.apply(c.PreviewSet("cam1"), HAND, 1.0)
    assert [state.mix.tally(name) for name in ("cam1", "cam2")] == ["program", "program"]
    state.apply(c.LayerHide("pip", "main", 0.0), HAND, 2.0)
    state.layers.scenes["pip"].step(2.1)
    state.layers._now_s = 2.1
    assert [state.mix.tally(name) for name in ("cam1", "cam2")] == ["program", ""]
    state.apply(c.AuxSet("foyer", "cam2"), HAND, 3.0)
    assert [state.mix.tally(name) for name in ("cam1", "cam2")] == ["preview", "program"]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (c.LayerSource("duo", "left", "duo/duo"), "duo/duo would be seen within itself"),
        (c.LayerSource("duo", "left", "pip/pip"), "pip/pip shows duo/duo, which would be seen within itself"),
        (c.LayerSource("duo", "left", "board"), "board shows preview, which would be seen within itself"),
        (c.AuxSet("foyer", "program"), "program would be seen within itself"),
        (c.AuxSet("foyer", "pip/pip"), "pip/pip shows foyer, which would be seen within itself"),
        (c.AuxSet("foyer", "board"), "board shows preview, which would be seen within itself"),
    ],
)
def test_nothing_is_seen_within_itself(tmp_path, command, path):
    state = state_of(tmp_path)
    before = state.save(1.0)
    with pytest.raises(CommandError) as error:
        state.apply(command, HAND, 1.0)
    assert path in str(error.value) and state.save(1.0) == before


def test_a_multiview_in_a_scene_may_not_come_to_show_the_program(tmp_path):
    state = state_of(tmp_path)
    state.apply(c.LayerSource("duo", "left", "wall"), HAND, 1.0)
    for command in (
        c.MultiviewWindow("wall", 1, "program"),
        c.MultiviewWindow("wall", 1, "duo/duo"),
        c.MultiviewLayout("wall", "2+8"),
    ):
        with pytest.raises(CommandError, match="within itself"):
            state.apply(command, HAND, 2.0)
    assert state.multiviews.layout("wall") == "own"
    state.apply(c.MultiviewWindow("wall", 1, "source cam2"), HAND, 3.0)
    state.apply(c.MultiviewWindow("board", 1, "program"), HAND, 3.0)  # it stands in no scene


def test_a_rig_whose_pictures_come_round_is_refused_by_name(tmp_path):
    text = '[[scenes]]\nname = "pip"\ntalent = {{ main = "{main}", inset = "cam1" }}\n'
    aux = '[[auxiliaries]]\nname = "foyer"\nshows = "{shows}"\n'
    assert faults(tmp_path, text.format(main="pip/pip"))[0].endswith(
        "scenes[pip].talent.main: pip/pip would be seen within itself; put something else there"
    )
    assert "program would be seen within itself" in faults(tmp_path, text.format(main="program"))[0]
    assert "foyer shows clean, which" in faults(tmp_path, text.format(main="foyer") + aux.format(shows="clean"))[0]
    assert "foyer shows pip/pip, which" in faults(tmp_path, text.format(main="foyer") + aux.format(shows="pip/pip"))[0]
    assert (
        "board shows program"
        in faults(tmp_path, text.format(main="board") + '[[multiviews]]\nname = "board"\nlayout = "9"\n')[0]
    )
    assert "no shot is called pip/nobody" in faults(tmp_path, text.format(main="pip/nobody"))[0]


def test_a_source_of_the_same_name_comes_first(tmp_path):
    state = state_of(tmp_path, '[[auxiliaries]]\nname = "cam1"\nshows = "program"\n')
    state.apply(c.LayerSource("duo", "left", "cam1"), HAND, 1.0)
    assert state.mix.seen["duo/duo"] == ["cam1", "cam2"]


FULL = '[[scenes]]\nname = "pip"\ntalent = {{ main = "{main}" }}\n'


def test_a_shot_in_a_layer_is_the_shot_itself_on_the_very_frame(tmp_path):
    """A layer as large as the frame, with nothing over it."""
    show = small_show(tmp_path, PATTERNS + FULL.format(main="duo/duo"))
    _, by_itself = play(tmp_path, show, 0.5, (3, "/program/cut", ["duo/duo"]))
    _, within = play(tmp_path, show, 0.5, (3, "/program/cut", ["pip/pip"]))
    assert within == by_itself and within[2] != within[3]


def test_a_shot_moves_within_another_as_it_would_alone(tmp_path):
    """A layer of the inner scene, moved by hand; and an auxiliary that shows another shot from a frame on."""
    aux = '[[auxiliaries]]\nname = "foyer"\nshows = "duo/duo"\n'
    show = small_show(tmp_path, PATTERNS + FULL.format(main="foyer") + aux)
    rows = [(6, "/layers/duo/left/move", [0.1, 0.1, 0.5, 0.5, 0.2])]
    _, by_itself = play(tmp_path, show, 0.5, (3, "/program/cut", ["duo/duo"]), *rows)
    _, within = play(tmp_path, show, 0.5, (3, "/program/cut", ["pip/pip"]), *rows)
    assert within == by_itself
    _, cut = play(tmp_path, show, 0.5, (3, "/program/cut", ["pip/pip"]), (9, "/aux/foyer/set", ["cam2"]))
    assert cut[:9] == play(tmp_path, show, 0.5, (3, "/program/cut", ["duo/duo"]))[1][:9] and cut[9] != cut[8]


def test_a_multiview_is_taken_as_it_comes_and_wanted_while_it_is_seen(tmp_path):
    state = state_of(tmp_path)
    state.apply(c.LayerSource("duo", "left", "wall"), HAND, 1.0)
    feeds = Feeds(state.show)
    try:
        within = PicturesWithin(state, cast(Renderer, None), PictureFormat(320, 184), feeds)
        within.choose(["duo/duo"], 1.0)
        assert within.feeds == {"wall"} and within.shots == [] and within.make(1, 1.0, {}) == {}
        slot = feeds.sink("wall").slot(1280 * 720 * 3 // 2)
        slot[:] = 99
        feeds.ring("wall").commit(PictureFormat(1280, 720), capture_ns=5, seq=1)
        taken = within.make(2, 1.0, {})["wall"]
        assert taken.planes[0].shape == (720, 1280) and taken.planes[0][0, 0] == 99 and taken.frame.intact()
        state.apply(c.LayerHide("duo", "left", 0.0), HAND, 2.0)
        state.layers._now_s = 2.1
        within.choose(["duo/duo"], 2.1)
        assert within.feeds == set()
    finally:
        feeds.close()


def test_what_no_picture_has_come_of_is_a_slate(tmp_path):
    """A multiview is drawn beside a show on air only."""
    wall = '[[multiviews]]\nname = "wall"\nwindows = [{ shows = "cam1", rect = [0.0, 0.0, 1.0, 1.0] }]\n'
    show = small_show(tmp_path, PATTERNS + FULL.format(main="wall") + wall)
    lines, hashes = play(tmp_path, show, 0.3, (3, "/program/cut", ["pip/pip"]))
    assert len(set(hashes[3:])) == 1 and not [line for line in lines if line["kind"] == "fault"]
