"""Compositing in linear light: what is opaque stays as it is, what is mixed is mixed as light is; how far the cheaper
path is from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live.picture.colour import light_of, yuv_of_hex
from live.picture.format import PictureFormat
from live.picture.transitions import Style
from live.picture.values import GraphicView, Picture, ShotView, SourceInput
from live.render import Renderer
from tests.golden.synthetic import SIZE, drawn, inputs, small_show, view

WIDE, LEFT, VIEW = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view")
TOUCHED = 1e-6  # of black: nothing is to be seen of it, but the picture is drawn


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Renderer, ...]]:
    """The cheaper path beside software GL; a GPU's, on software GL too; and that without light."""
    show = small_show(tmp_path_factory.mktemp("show"))
    kinds = ((True, None), (False, True), (False, False))
    made = tuple(Renderer(show, on_fault=pytest.fail, software=software, light=light) for software, light in kinds)
    yield made
    for renderer in made:
        renderer.close()


def difference(
    both: tuple[Renderer, ...], picture: Picture, sources: dict[str, SourceInput] | None = None
) -> np.ndarray:
    cheap, light = (drawn(r, picture, sources or inputs()).astype(int) for r in both[:2])
    return abs(cheap - light)


@pytest.mark.parametrize(
    "picture",
    [Picture(VIEW, black=TOUCHED), Picture(ShotView("anna")), Picture(ShotView("duo/duo"))],
    ids=["source", "other coding", "layers"],
)
def test_what_is_opaque_looks_the_same(both: tuple[Renderer, ...], picture: Picture) -> None:
    assert difference(both, picture).mean() < 1.0


def test_a_moving_set_is_lit_the_same(both: tuple[Renderer, ...]) -> None:
    """Against the same painter without light: beside software GL a moving set has half the lines."""
    picture = Picture(ShotView("studio/opening", 2.5))
    light, plain = (drawn(r, picture, inputs()).astype(int) for r in both[1:])
    assert abs(light - plain).mean() < 0.5


def test_keyed_talent_differs_at_edges_only(both: tuple[Renderer, ...]) -> None:
    """The bound that docs/colour.md states of the cheaper path."""
    for picture in (Picture(WIDE), Picture(LEFT)):
        d = difference(both, picture)
        assert d.mean() < 1.0 and (d > 4).mean() < 0.03


def test_half_a_mix_of_black_and_white_is_half_the_light(both: tuple[Renderer, ...]) -> None:
    """0.5 ** (1 / 2.4) of white is code 180; half of the codes is 126."""
    fmt = PictureFormat(*SIZE)
    white = tuple(
        np.full(p.shape, c, np.uint8)
        for p, c in zip(fmt.planes(np.zeros(fmt.size, np.uint8)), (235, 128, 128), strict=True)
    )
    sources = {**inputs(), "view": replace(view(seq=70), planes=white)}
    picture = Picture(VIEW, black=0.5)
    for renderer, want in zip(both[:2], (126, 16 + 219 * 0.5 ** (1 / 2.4)), strict=True):
        y, u, v = fmt.planes(drawn(renderer, picture, sources))
        assert (
            abs(y.astype(float) - want).max() <= 1
            and abs(u.astype(int) - 128).max() <= 1
            and abs(v.astype(int) - 128).max() <= 1
        )


@pytest.mark.parametrize("kind", ["mix", "circle", "squeeze_left", "push_up"])
def test_transitions_begin_and_end_on_the_plain_pictures(both: tuple[Renderer, ...], kind: str) -> None:
    light, sources = both[1], inputs()
    for progress, end in ((0.001, WIDE), (0.999, LEFT)):
        plain = drawn(light, Picture(end), sources).astype(int)
        got = drawn(light, Picture(WIDE, LEFT, kind, progress, style=Style()), sources).astype(int)
        assert abs(got - plain).mean() < 1.5


def test_graphics_and_light_wrap_in_light(both: tuple[Renderer, ...]) -> None:
    third = GraphicView("name", "lower_third", (("title", "Anna Müller"), ("subtitle", "Wien")), 1.0)
    assert difference(both, Picture(LEFT, graphics=(third,))).mean() < 2.0
    wrapped = {n: replace(s, wrap=1.0, seq=930) for n, s in inputs().items()}
    assert difference(both, Picture(LEFT), wrapped).mean() < 1.5


def test_an_untouched_source_stays_untouched(both: tuple[Renderer, ...], tmp_path: Path) -> None:
    source = view(seq=950)
    want = np.concatenate([p.ravel() for p in source.planes])
    assert np.array_equal(drawn(both[1], Picture(VIEW), {"view": source}), want)


def test_white_is_all_the_light() -> None:
    assert np.allclose(light_of(yuv_of_hex("#ffffff")), 1) and np.allclose(
        light_of(yuv_of_hex("#000000")), 0, atol=1e-9
    )
    assert np.allclose(light_of(yuv_of_hex("#ff0000")), (1, 0, 0), atol=1e-9)
