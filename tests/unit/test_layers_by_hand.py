"""Layers by hand: nothing jumps, the hand wins over the file's moves, and what is given back is the file's again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.load import load_show
from live.config.scene import Layer, LayerKey, SceneConfig, ShotConfig
from live.control.registry import parse
from live.picture.values import LayerView
from live.show import ShowState
from live.show.commands import LayerSource
from live.show.layers.model import NUMBERS, WAYS, SceneLayers

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


FILE = [
    Layer(place="main", crop=(0.1, 0.1, 0.8, 0.8)),
    Layer(
        place="inset", rect=(0.6, 0.6, 0.3, 0.3), keys=[LayerKey(at_s=2.0, rect=(0.1, 0.1, 0.5, 0.5), ease="linear")]
    ),
    Layer(place="inset", name="second", rect=(0.0, 0.5, 0.2, 0.2), rotation_deg=10.0, opacity=0.8),
]


def scene(**more: Any) -> SceneLayers:
    config = SceneConfig(layers=FILE, shots=[ShotConfig(name="one")], **more)
    return SceneLayers(config, {"main": "anna", "inset": "ben"}, lambda _source, _aspect: (0.2, 0.2, 0.5, 0.5), 16 / 9)


def view(layers: SceneLayers, name: str, now_s: float) -> LayerView:
    """As it is seen; the shot was taken at 0."""
    found = layers.view(name, now_s, now_s)
    assert found is not None
    return found


def test_untouched_layers_are_the_file_s() -> None:
    assert scene().views(1.0, 1.0) is None


def test_a_move_takes_its_time_and_stays() -> None:
    layers = scene()
    layers.set("main", {"x": 0.4, "width": 0.2}, t_s=1.0, now_s=1.0, seconds=2.0)
    assert [round(view(layers, "main", t).rect[0], 3) for t in (1.0, 2.0, 3.0, 99.0)] == [0.0, 0.2, 0.4, 0.4]
    assert view(layers, "main", 2.0).rect[2] == pytest.approx(0.6)


def test_the_hand_wins_over_the_file_s_own_move_until_it_is_given_back() -> None:
    layers = scene()
    layers.set("inset", {"x": 0.3}, t_s=1.0, now_s=1.0)
    layers.step(1.0)
    assert view(layers, "inset", 1.5).rect[0] == 0.3 and view(layers, "inset", 1.5).rect[1] == pytest.approx(0.225)
    layers.reset("inset", t_s=3.0, now_s=3.0, seconds=1.0)
    assert view(layers, "inset", 3.0).rect[0] == 0.3 and view(layers, "inset", 3.5).rect[0] == pytest.approx(0.2)
    layers.step(4.0)
    assert layers.views(4.0, 4.0) is None  # the file's again


_ORDERS = st.lists(
    st.tuples(
        st.sampled_from([*NUMBERS, "scale", "show", "hide", "reset", "keep", "recall"]),
        st.floats(0.05, 1.0),
        st.floats(0.3, 3.0),
        st.sampled_from(WAYS),
        st.floats(0.0, 2.0),
    ),
    min_size=1,
    max_size=12,
)


@given(_ORDERS, st.sampled_from(["main", "inset", "second"]))
def test_nothing_jumps_whatever_interrupts_it(orders, name) -> None:
    """Every order that is given time begins where the layer is: the picture right before it and right after it are the
    same."""
    layers, now_s = scene(), 0.0
    layers.keep("kept")
    for what, value, seconds, way, wait_s in orders:
        now_s += wait_s
        layers.step(now_s)
        before, amount = layers.view(name, now_s, now_s), layers.amount(name, now_s)
        when: dict[str, float] = {"t_s": now_s, "now_s": now_s, "seconds": seconds}
        if what == "scale":
            layers.scale(name, value, **when)
        elif what in ("show", "hide"):
            layers.show(name, what == "show", now_s=now_s, seconds=seconds, way=way)
        elif what == "reset":
            layers.reset(name, **when)
        elif what == "keep":
            layers.keep("kept")
        elif what == "recall":
            layers.recall("kept", **when)
        else:
            layers.set(name, {what: value}, **when)
        after = layers.view(name, now_s, now_s)
        assert (before is None) == (after is None) and layers.amount(name, now_s) == amount
        if before is not None and after is not None:
            assert after.rect == pytest.approx(before.rect, abs=1e-9) and after.opacity == pytest.approx(
                before.opacity, abs=1e-9
            )
            assert after.rotation_deg == pytest.approx(before.rotation_deg, abs=1e-9)
            shown = before.crop or (0.2, 0.2, 0.5, 0.5)  # None is what the operator shows
            assert (after.crop or (0.2, 0.2, 0.5, 0.5)) == pytest.approx(shown, abs=1e-9)
        end = layers.view(name, now_s + seconds, now_s + seconds)
        if what == "hide":
            assert end is None
        elif what in ("x", "y") and end is not None and layers.amount(name, now_s + seconds) == 1:
            assert end.rect["xy".index(what)] == pytest.approx(value)


@given(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4))
def test_a_crop_never_leaves_its_source(values) -> None:
    layers = scene()
    for number, value in zip(("crop_x", "crop_y", "crop_width", "crop_height"), values, strict=True):
        layers.set("inset", {number: value}, t_s=0, now_s=0)
    x, y, w, h = view(layers, "inset", 0.0).crop or (9, 9, 9, 9)
    assert 0 <= x < x + w <= 1 + 1e-9 and 0 <= y < y + h <= 1 + 1e-9


def test_it_comes_in_from_beyond_an_edge_and_goes_on_the_way_it_came() -> None:
    layers = scene()
    layers.show("main", False, now_s=0.0, seconds=1.0, way="left")
    assert view(layers, "main", 0.5).rect[0] == pytest.approx(-0.53)
    assert layers.view("main", 1.0, 1.0) is None
    layers.show("main", True, now_s=2.0, seconds=1.0, way="top")
    assert view(layers, "main", 2.5).rect[:2] == pytest.approx((0.0, -0.53))
    layers.show("main", False, now_s=2.5, seconds=1.0, way="fade")
    assert view(layers, "main", 2.5).rect[:2] == pytest.approx((0.0, -0.53))


def test_scale_is_about_the_middle_and_of_the_file_s_size() -> None:
    layers = scene()
    for _ in range(2):  # twice the same is the same
        layers.scale("second", 2.0, t_s=0, now_s=0)
        assert view(layers, "second", 0.0).rect == pytest.approx((-0.1, 0.4, 0.4, 0.4))


def test_order_source_and_hidden() -> None:
    layers = scene()
    layers.order("main", 3)
    views = layers.views(0.0, 0.0)
    assert views is not None and [v.number for v in views] == [1, 2, 0]
    layers.fill("second", "carla")
    layers.show("main", False, now_s=0.0)
    assert layers.sources() == ["ben", "carla", "anna"] and [
        layers.seen(who, 1.0) for who in ("ben", "carla", "anna")
    ] == [1, 1, 0]
    for name in layers.names:
        layers.reset(name, t_s=0, now_s=1.0)
    layers.step(2.0)
    assert layers.views(2.0, 2.0) is None


def test_positions_of_the_file_and_of_the_hand() -> None:
    layers = scene(positions={"large": {"inset": {"rect": [0.0, 0.0, 1.0, 1.0]}, "main": {"shown": False}}})
    layers.set("second", {"opacity": 0.1}, t_s=0, now_s=0)
    layers.keep("mine")
    layers.recall("large", t_s=0, now_s=0, seconds=1.0)
    assert view(layers, "inset", 1.0).rect == (0, 0, 1, 1) and not layers.on("main")
    layers.reset("second", t_s=0, now_s=2.0)
    layers.recall("mine", t_s=0, now_s=3.0)
    assert layers.on("main") and view(layers, "second", 3.0).opacity == 0.1
    assert view(layers, "inset", 3.0).rect == (0.1, 0.1, 0.5, 0.5)  # the file's, where its move ends


def test_a_saved_scene_keeps_what_the_hand_has_of_the_layers_that_are_left() -> None:
    layers = scene()
    layers.set("second", {"x": 0.7}, t_s=0, now_s=0)
    layers.set("main", {"x": 0.7}, t_s=0, now_s=0)
    layers.take(SceneConfig(layers=[FILE[2], FILE[1]], shots=[ShotConfig(name="one")]))
    views = layers.views(0.0, 0.0)
    assert views is not None and [(v.number, v.rect[0]) for v in views] == [(0, 0.7), (1, 0.6)]


def test_two_layers_of_one_name_and_a_position_of_none_are_refused() -> None:
    with pytest.raises(ValueError, match="two layers are called a"):
        SceneConfig(layers=[Layer(place="a"), Layer(place="a")], shots=[ShotConfig(name="one")])
    with pytest.raises(ValueError, match="a layer b, which the scene has not"):
        SceneConfig(layers=[Layer(place="a")], positions={"p": {"b": {}}}, shots=[ShotConfig(name="one")])
    with pytest.raises(ValueError, match="keyed: it has no border"):
        Layer(place="a", keyed=True, radius_px=4.0)


# -- in a show --------------------------------------------------------------------------------------------------------

_RIG = """
start = "pip/pip"
sources = [ {sources} ]
scenes = [ {{ name = "pip", talent = {{ main = "anna", inset = "ben" }} }} ]
"""


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    sources = ", ".join(f'{{ name = "{n}", kind = "pattern" }}' for n in ("anna", "ben", "carla"))
    (tmp_path / "rig.toml").write_text(_RIG.format(sources=sources), "utf-8")
    return ShowState(load_show(tmp_path / "rig.toml"), lambda *_a, **_k: None)


def test_a_command_is_in_the_next_picture(state: ShowState) -> None:
    assert state.mix.picture(1.0).shot.layers is None
    state.apply(parse("/layers/pip/inset/move", [0.1, 0.2, 0.3, 0.4]), HAND, 1.0)
    assert [v.rect for v in state.mix.picture(1.0).shot.layers or ()] == [(0.0, 0.0, 1.0, 1.0), (0.1, 0.2, 0.3, 0.4)]
    state.apply(parse("/layers/pip/inset/hide", [0.0]), HAND, 1.5)
    assert [v.number for v in state.mix.picture(1.5).shot.layers or ()] == [0]
    assert state.mix.preview_picture(1.5).shot.layers is None  # a source full frame


def test_who_is_put_into_a_layer_is_taken_in_and_tallied(state: ShowState) -> None:
    state.apply(LayerSource("pip", "inset", "carla"), HAND, 1.0)
    assert state.mix.seen["pip/pip"] == ["anna", "carla"]
    assert state.mix.tally("carla") == "program" and state.mix.tally("ben") != "program"
    state.apply(parse("/layers/pip/inset/hide", [0.0]), HAND, 1.0)
    assert state.mix.tally("carla") != "program" and "carla" in state.mix.seen["pip/pip"]


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("/layers/nowhere/inset/show", [], "one of: pip"),
        ("/layers/pip/guest/show", [], "one of: main, inset"),
        ("/layers/pip/inset/set", ["opacity", 2.0], "give 0 to 1"),
        ("/layers/pip/inset/crop", [0.5, 0.0, 0.6, 1.0], "beyond the source"),
        ("/layers/pip/inset/source", ["nobody"], "one of: anna"),
        ("/layers/pip/recall", ["x"], "one of: none"),
        ("/layers/pip/save", ["../x"], "letters"),
        ("/layers/pip/inset/set", ["width", 0.0], "give 0.01 to 8"),
    ],
)
def test_what_can_t_be_done_says_why(state: ShowState, address: str, args: list[Any], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        state.apply(parse(address, args), HAND, 0.0)
    assert state.mix.picture(0.0).shot.layers is None
