"""Every transition by both painters: the plain pictures at its ends, the same picture between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import LiveError
from live.picture.format import PictureFormat
from live.picture.transitions import KINDS, WIPES, Style
from live.picture.values import Film, Picture, ShotView
from live.render import Renderer
from live.render.ramps import shape_names
from tests.golden.synthetic import SIZE, drawn, inputs, small_show

FROM, TO = ShotView("anna"), ShotView("view")
BETWEEN = [k for k in KINDS if k != "cut" and not KINDS[k].file]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Renderer]]:
    show = small_show(tmp_path_factory.mktemp("show"))
    made = [Renderer(show, on_fault=pytest.fail, software=software) for software in (True, False)]
    yield made
    for renderer in made:
        renderer.close()


def test_every_wipe_has_its_shape_and_every_shape_its_wipe() -> None:
    assert shape_names() == set(WIPES)
    assert len(WIPES) >= 16


@pytest.mark.parametrize("kind", BETWEEN)
@pytest.mark.parametrize("style", [Style(), Style(0.1, 0.05, "#20c040", True)], ids=["plain", "dressed"])
def test_both_painters_draw_the_same_transition(both: list[Renderer], kind: str, style: Style) -> None:
    sources = inputs()
    ends = [drawn(both[0], Picture(p), sources).astype(int) for p in (FROM, TO)]
    for progress, end in ((1e-4, ends[0]), (0.45, None), (1 - 1e-4, ends[1])):
        by_painter = [drawn(r, Picture(FROM, TO, kind, progress, style=style), sources).astype(int) for r in both]
        assert abs(by_painter[0] - by_painter[1]).mean() < 1.0
        if end is not None:  # just begun, nearly over: no jump at either end
            assert abs(by_painter[0] - end).mean() < 0.5
    middle = drawn(both[0], Picture(FROM, TO, kind, 0.45, style=style), sources).astype(int)
    assert min(abs(middle - end).mean() for end in ends) > 5


def test_black_is_black_and_nothing_else(both: list[Renderer]) -> None:
    for renderer in both:
        y, u, v = PictureFormat(*SIZE).planes(drawn(renderer, Picture(FROM, black=1.0), inputs()))
        assert (y == 16).all() and (u == 128).all() and (v == 128).all()


def test_a_film_covers_as_much_as_its_alpha_says(both: list[Renderer]) -> None:
    fmt, sources = PictureFormat(*SIZE), inputs()
    alpha = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    alpha[40:80, 100:200] = 255
    white = [
        np.where(a > 0, code, 0).astype(np.uint8)
        for a, code in ((alpha, 235), (alpha[::2, ::2], 128), (alpha[::2, ::2], 128))
    ]
    plain = [fmt.planes(drawn(both[0], Picture(p), sources)) for p in (FROM, TO)]
    for changed in (False, True):
        film = Film(tuple(white), alpha, np.ascontiguousarray(alpha[::2, ::2]), changed)
        for renderer in both:
            y = fmt.planes(drawn(renderer, Picture(FROM, TO, "stinger", 0.5, film=film), sources))[0]
            assert (abs(y[42:78, 102:198].astype(int) - 235) <= 1).all()
            assert abs(y[100:].astype(int) - plain[changed][0][100:]).mean() < 1.0


def test_a_wipe_whose_picture_is_broken_is_told_once_and_mixes(tmp_path: Path) -> None:
    (tmp_path / "ink.png").write_bytes(b"no picture")
    style, faults = Style(path=tmp_path / "ink.png"), list[LiveError]()
    renderer = Renderer(small_show(tmp_path), on_fault=faults.append, software=True)
    try:
        got = [drawn(renderer, Picture(FROM, TO, "picture", 0.5, style=style), inputs()) for _ in range(2)]
        mixed = drawn(renderer, Picture(FROM, TO, "mix", 0.5), inputs())
    finally:
        renderer.close()
    assert np.array_equal(got[1], mixed)
    assert len(faults) == 1 and "ink.png" in str(faults[0])


def test_a_film_fits_a_smaller_picture_too(both: list[Renderer]) -> None:
    """Preview is smaller than program, and a stinger is tried out there."""
    small = PictureFormat(160, 90)
    alpha = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    alpha[:, : SIZE[0] // 2] = 255
    white = [
        np.where(a > 0, code, 0).astype(np.uint8)
        for a, code in ((alpha, 235), (alpha[::2, ::2], 128), (alpha[::2, ::2], 128))
    ]
    film = Film(tuple(white), alpha, np.ascontiguousarray(alpha[::2, ::2]), False)
    for renderer in both:
        out = np.zeros(small.size, np.uint8)
        renderer.draw_small(Picture(FROM, TO, "stinger", 0.5, film=film), inputs(), out, small)
        y = small.planes(out)[0]
        assert (abs(y[:, :78].astype(int) - 235) <= 2).all() and y[:, 82:].mean() < 225
