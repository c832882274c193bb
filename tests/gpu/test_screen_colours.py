"""Colours on a screen: the shader that shows planar YUV, in a context without a window."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from live.console.pictures import Painter
from live.picture.codes import codes_from_rgb
from live.picture.format import Matrix, PictureFormat, Range
from live.picture.tiling import Rect
from live.render.gl import open_context

FORMAT = PictureFormat(32, 16)


@pytest.fixture(scope="module")
def gl() -> Iterator[moderngl.Context]:
    made = open_context()
    yield made
    made.release()


def shown(gl: moderngl.Context, planes: tuple[np.ndarray, ...], *, smooth: bool) -> np.ndarray:
    """(h, w, 3) R'G'B' on a screen of the picture's own size, top row first."""
    painter = Painter(gl, smooth=smooth)
    target = gl.simple_framebuffer((32, 16), 3)
    textures = tuple(gl.texture((p.shape[1], p.shape[0]), 1, np.ascontiguousarray(p), alignment=1) for p in planes)
    for texture in textures:
        texture.repeat_x = texture.repeat_y = False
    target.use()
    painter.draw(textures, FORMAT, Rect(0, 0, 32, 16), (32, 16), 1.0)
    got = np.frombuffer(target.read(components=3, alignment=1), np.uint8).reshape(16, 32, 3)[::-1].astype(int)
    painter.release()
    for thing in (*textures, target):
        thing.release()
    return got


def rgb_of(y: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    return (np.clip(np.linalg.inv(m) @ (np.stack([y, u, v]).reshape(3, -1) / 255 - o[:, None]), 0, 1) * 255).T.reshape(
        16, 32, 3
    )


@pytest.mark.parametrize("smooth", [False, True])
def test_flat_colours_are_the_formulas(gl: moderngl.Context, smooth: bool) -> None:
    planes = np.full((16, 32), 139, np.uint8), np.full((8, 16), 60, np.uint8), np.full((8, 16), 186, np.uint8)
    assert (
        np.abs(shown(gl, planes, smooth=smooth) - rgb_of(*(np.full((16, 32), c, float) for c in (139, 60, 186)))).max()
        <= 1
    )


def test_colour_between_two_samples_is_between_them_on_a_smooth_screen(gl: moderngl.Context) -> None:
    rng = np.random.default_rng(3)
    y = np.full((16, 32), 120, np.uint8)
    u, v = (np.repeat(rng.integers(90, 166, (1, 16)), 8, axis=0).astype(np.uint8) for _ in "uv")
    columns = np.arange(32)  # chroma sample i lies on column 2 i of luma
    wanted = [
        np.stack([np.interp(columns, 2 * np.arange(16), row) for row in np.repeat(plane, 2, axis=0)])
        for plane in (u, v)
    ]
    assert np.abs(shown(gl, (y, u, v), smooth=True) - rgb_of(y.astype(float), *wanted)).max() <= 2
    blocky = [np.repeat(np.repeat(plane, 2, axis=0), 2, axis=1).astype(float) for plane in (u, v)]
    assert np.abs(shown(gl, (y, u, v), smooth=False) - rgb_of(y.astype(float), *blocky)).max() <= 1
