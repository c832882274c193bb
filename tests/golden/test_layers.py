"""Layers: turned, cropped, rounded, shadowed, moving; and the layouts that ship."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.config.load import load_show
from live.config.scene import Layer, LayerKey
from live.picture.format import U8, PictureFormat
from live.picture.values import Crop, KeyView, LayerView, Picture, ShotView, SourceInput
from live.render import Renderer
from live.stage.poses import placed_by_file
from tests.golden.synthetic import SIZE, drawn, inputs

Golden = Callable[[str, U8], None]

_SCENE = """
background = "#203040"
layers = [
  {{ place = "a", rect = [0.05, 0.08, 0.5, 0.5], {how} }},
  {{ place = "b", rect = [0.45, 0.4, 0.5, 0.5], {how} }},
]
shots = [{{ name = "one" }}]
"""
HOW = {
    "border": "border_px = 4.0, border_colour = '#f0a030'",
    "round": "radius_px = 20.0",
    "round-border": "radius_px = 20.0, border_px = 3.0",
    "shadow": "shadow_px = 10.0",
    "turned": "rotation_deg = 12.0, border_px = 2.0, shadow_px = 8.0",
    "turned-round": "rotation_deg = -30.0, radius_px = 24.0",
    "glass": "opacity = 0.5, radius_px = 8.0",
    "cropped": "crop = [0.2, 0.1, 0.5, 0.5], radius_px = 4.0",
    "moving": (
        "keys = [{ at_s = 1.0, rect = [-0.2, -0.2, 0.8, 0.8], rotation_deg = 40.0, opacity = 0.6, ease = 'linear' }]"
    ),
}
_KEYED = """
picture = "behind.png"
layers = [
  {{ place = "b", rect = [0.0, 0.1, 0.5, 0.5], radius_px = 8.0 }},
  {{ place = "a", keyed = true, {how} }},
]
shots = [{{ name = "one" }}]
"""
KEYED = {
    "keyed": "rect = [0.1, 0.13, 0.8, 0.9]",
    "keyed-cropped": "rect = [0.3, 0.3, 0.401, 0.5], crop = [0.2, 0.0, 0.6, 0.6]",
    "keyed-glass": "rect = [-0.2, 0.2, 1.0, 1.0], opacity = 0.5",
    "keyed-wrapped": "rect = [0.1, 0.13, 0.8, 0.9]",
}
_OVER_ITSELF = """
layers = [
  { place = "b", rect = [0.1, 0.1, 0.8, 0.8] },
  { place = "a", rect = [0.1, 0.1, 0.8, 0.8], keyed = true },
]
shots = [{ name = "one" }]
"""
SHIPPED = {
    "pip": ("main", "inset"),
    "split2": ("left", "right"),
    "quad": ("one", "two", "three", "four"),
    "anchor": ("screen", "person"),
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Renderer]]:
    folder = tmp_path_factory.mktemp("layers")
    uses = []
    for name, how in HOW.items():
        (folder / name).mkdir()
        (folder / name / "scene.toml").write_text(_SCENE.format(how=how), "utf-8")
        uses.append(f'{{ name = "{name}", path = "{name}", talent = {{ a = "view", b = "anna" }} }}')
    cv2.imwrite(str(folder / "behind.png"), behind())
    for name, how in KEYED.items():
        (folder / f"{name}.toml").write_text(_KEYED.format(how=how), "utf-8")
        uses.append(f'{{ name = "{name}", path = "{name}.toml", talent = {{ a = "anna", b = "view" }} }}')
    (folder / "itself.toml").write_text(_OVER_ITSELF, "utf-8")
    uses.append('{ name = "itself", path = "itself.toml", talent = { a = "anna", b = "anna" } }')
    for name, places in SHIPPED.items():
        filled = ", ".join(f'{p} = "{("view", "anna", "ben", "view")[i]}"' for i, p in enumerate(places))
        uses.append(f'{{ name = "{name}", talent = {{ {filled} }} }}')
    sources = ", ".join(
        f'{{ name = "{n}", kind = "pattern", key = "{k}" }}'
        for n, k in (("view", "none"), ("anna", "ai"), ("ben", "none"))
    )
    picture = f"picture = {{ width = {SIZE[0]}, height = {SIZE[1]} }}\nsources = [{sources}]\n"
    (folder / "rig.toml").write_text(picture + "scenes = [\n" + ",\n".join(uses) + "]\n", "utf-8")
    show = load_show(folder / "rig.toml")
    made = [Renderer(show, on_fault=pytest.fail, software=software) for software in (True, False)]
    yield made
    for renderer in made:
        renderer.close()


def behind() -> np.ndarray:
    """A wide picture of arches, BGR: its sides stick out of the frame."""
    x, y = np.meshgrid(np.linspace(-3, 3, 480), np.linspace(0, 1, 200))
    arch = np.clip(8 * (np.hypot((x + 0.5) % 1 - 0.5, (y - 1.2) * 0.6) - 0.42), 0, 1)
    return np.rint(np.stack([90 + 100 * arch * y, 60 + 90 * arch, 40 + 150 * arch * (1 - y / 2)], -1)).astype(np.uint8)


@pytest.mark.parametrize("name", KEYED)
def test_a_keyed_layer_before_a_picture(name: str, both: list[Renderer], golden: Golden) -> None:
    sources = inputs()
    if name == "keyed-wrapped":
        sources["anna"] = replace(sources["anna"], wrap=1.0, seq=910)
    by_painter = [drawn(r, Picture(ShotView(f"{name}/one")), sources) for r in both]
    difference = abs(by_painter[0].astype(int) - by_painter[1])
    assert difference.mean() < 1.0, difference.mean()
    golden(f"layer-{name}", by_painter[0])


def test_a_keyed_layer_without_its_matte_or_its_picture_is_left_out(both: list[Renderer]) -> None:
    empty, bare = inputs(), inputs()
    del empty["anna"]
    bare["anna"] = replace(bare["anna"], matte=None, seq=911)
    for renderer in both:
        want = drawn(renderer, Picture(ShotView("keyed/one")), empty)
        assert np.array_equal(drawn(renderer, Picture(ShotView("keyed/one")), bare), want)
        assert not np.array_equal(drawn(renderer, Picture(ShotView("keyed/one")), inputs()), want)


def test_who_is_cut_out_over_the_very_picture_that_they_are_in_has_no_outline(both: list[Renderer]) -> None:
    """At the edges the room's colours stay: there they are right."""
    sources = inputs()
    anna = sources["anna"]
    assert anna.matte is not None
    sources["anna"] = replace(anna, seq=920, fill=tuple(np.full_like(p, 200) for p in anna.planes))
    plain = LayerView(0, (0.1, 0.1, 0.8, 0.8))
    for renderer in both:
        want = drawn(renderer, Picture(ShotView("itself/one", layers=(plain,))), sources).astype(int)
        for rect, over_itself in ((plain.rect, True), ((0.11, 0.1, 0.8, 0.8), False)):
            other = LayerView(1, rect)
            got = drawn(renderer, Picture(ShotView("itself/one", layers=(plain, other))), sources)
            off = abs(want - got).max()  # layers and cards are sampled each in its own way
            assert off <= 16 if over_itself else off > 60


@pytest.mark.parametrize("turned", [0.0, 20.0])
def test_a_layer_with_alpha_of_its_own_is_seen_through(both: list[Renderer], turned: float) -> None:
    """Keyed or not: a film, a still with alpha; also turned."""
    sources = inputs()
    height, width = sources["view"].planes[0].shape
    alpha = np.zeros((height, width), np.uint8)
    alpha[:, : width // 2] = 255
    clear = replace(sources["view"], matte=np.zeros_like(alpha), seq=931, cut=True, fill=sources["view"].planes)
    half = replace(clear, matte=alpha, seq=932)
    layers = (LayerView(0, (0.2, 0.2, 0.6, 0.6), turned),)
    seen = []
    for renderer in both:
        without = drawn(renderer, Picture(ShotView("border/one", layers=layers)), {**sources, "view": clear})
        with_half = drawn(renderer, Picture(ShotView("border/one", layers=layers)), {**sources, "view": half})
        w, h = SIZE
        luma, nothing = (f[: w * h].reshape(h, w).astype(int) for f in (with_half, without))
        assert nothing.min() == nothing.max(), "clear all over: the background and nothing else"
        assert abs(luma - nothing)[h // 2, w // 4 + 20 : w // 2 - 4].mean() > 5
        assert np.array_equal(luma[h // 2, w // 2 + 8 :], nothing[h // 2, w // 2 + 8 :])
        seen.append(with_half.astype(int))
    assert abs(seen[0] - seen[1]).mean() < 1.0


def test_an_upright_picture_is_shown_whole_until_somebody_frames_it(both: list[Renderer]) -> None:
    fmt = PictureFormat(90, 160)
    y, u, v = fmt.planes(np.full(fmt.size, 128, np.uint8))
    y[:] = 120
    y[:16], y[-16:] = 230, 60
    sources = {**inputs(), "view": SourceInput("view", 940, fmt, (y, u, v))}
    w, h = SIZE
    for renderer in both:
        whole = drawn(renderer, Picture(ShotView("view")), sources)[: w * h].reshape(h, w).astype(int)
        assert abs(whole[h // 20, w // 2] - 230) < 4 and abs(whole[-h // 20, w // 2] - 60) < 4
        sides = whole[:, : w // 4]
        assert 30 < sides.mean() < 90 and abs(np.diff(sides, axis=0)).max() < 12, "dark, and out of focus"
        framed = Picture(ShotView("view"), crops=(("view", Crop(0.5, 0.5, 1.0)),))
        assert abs(drawn(renderer, framed, sources)[: w * h].astype(int) - 120).max() < 4


def test_a_layer_where_a_hand_has_it(both: list[Renderer], golden: Golden) -> None:
    """The order turned, one left out, one elsewhere, one of another source."""
    layers = (
        LayerView(2, (0.05, 0.1, 0.4, 0.5), -8.0, 0.9, None, "anna"),
        LayerView(0, (0.5, 0.3, 0.45, 0.6), 0.0, 1.0, (0.1, 0.2, 0.6, 0.6)),
    )
    by_painter = [drawn(r, Picture(ShotView("quad/quad", layers=layers)), inputs()) for r in both]
    assert abs(by_painter[0].astype(int) - by_painter[1]).mean() < 1.0
    golden("layer-by-hand", by_painter[0])


@pytest.mark.parametrize("name", [*HOW, *SHIPPED])
def test_layer(name: str, both: list[Renderer], golden: Golden) -> None:
    shot = f"{name}/{name}" if name in SHIPPED else f"{name}/one"
    picture = Picture(ShotView(shot, 0.5), crops=(("anna", Crop(0.5, 0.4, 1.3)),))
    by_painter = [drawn(r, picture, inputs()) for r in both]
    assert abs(by_painter[0].astype(int) - by_painter[1]).mean() < 1.0
    golden(f"layer-{name}", by_painter[0])


def test_a_layer_moves_from_key_to_key_and_stays_there() -> None:
    keys = [LayerKey(at_s=1.0, rect=(0.5, 0, 0.5, 0.5), ease="linear"), LayerKey(at_s=3.0, opacity=0.0, ease="linear")]
    layer = Layer(place="a", keys=keys)
    poses = [placed_by_file(0, layer, t_s) for t_s in (0.0, 0.5, 1.0, 2.0, 9.0)]
    assert [round(p.rect[0], 3) for p in poses] == [0.0, 0.25, 0.5, 0.5, 0.5]
    assert [round(p.opacity, 3) for p in poses] == [1.0, 1.0, 1.0, 0.5, 0.0]


def test_a_layer_out_of_the_frame_costs_nothing_and_breaks_nothing(both: list[Renderer]) -> None:
    shot = ShotView("split2/split2", 0.0)  # both beyond the edges
    for renderer in both:
        y = drawn(renderer, Picture(shot), inputs())[: SIZE[0] * SIZE[1]]
        assert len(np.unique(y)) == 1


def test_downstream_keys(both: list[Renderer], golden: Golden, tmp_path: Path) -> None:
    logo = np.zeros((90, 160, 4), np.uint8)
    cv2.circle(logo, (130, 25), 18, (40, 160, 245, 255), -1, cv2.LINE_AA)
    cv2.imwrite(str(tmp_path / "logo.png"), logo)
    keys = (
        KeyView(1, 0.8, source="anna", key="view"),
        KeyView(2, 1.0, still=tmp_path / "logo.png"),
        KeyView(3, 1.0, source="ben", key="gone"),
    )
    by_painter = [drawn(r, Picture(ShotView("ben"), keys=keys), inputs()) for r in both]
    assert abs(by_painter[0].astype(int) - by_painter[1]).mean() < 1.0
    golden("keys", by_painter[0])
