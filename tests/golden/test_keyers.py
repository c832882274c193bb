"""What keyers, grades and light wrap look like: pictures made by arithmetic, keyed, laid over a set's colour, as the
program shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live.base.paths import model_path
from live.config.keying import ColourConfig, KeyerConfig, KeyerOrders, Mask
from live.picture.format import Layout, PictureFormat
from live.picture.values import Picture, ShotView, SourceInput
from live.render import Renderer
from live.render.grade import bake, grade_of, needs_table
from live.shm.frame_ring import Frame
from live.vision.keyer import MATTE_MODEL, Keyer
from tests.golden.synthetic import PROGRAM, drawn, inputs, planes_of, view

Golden = Callable[..., None]

LEFT = Picture(ShotView("studio/left", 9.0))
GREEN, BLUE = (0.08, 0.72, 0.22), (0.12, 0.32, 0.88)


def before(screen: tuple[float, float, float] | None, fmt: PictureFormat) -> np.ndarray:
    """Somebody with hair of single strands before an unevenly lit screen (a room without one), spill on the
    shoulders."""
    x, y = np.meshgrid((np.arange(fmt.width) + 0.5) / fmt.height, (np.arange(fmt.height) + 0.5) / fmt.height)
    middle = fmt.width / fmt.height / 2
    room = np.stack([0.75 + 0.2 * y, 0.8 + 0 * x, 0.85 - 0.1 * x / 2], -1)
    back = room if screen is None else np.array(screen) * (1.08 - 0.2 * np.hypot(x - middle, y - 0.4))[..., None]

    def ellipse(cy: float, rx: float, ry: float, soft: float) -> np.ndarray:
        distance = (np.hypot((x - middle) / rx, (y - cy) / ry) - 1) * min(rx, ry) * fmt.height
        return np.clip(0.5 - distance / soft, 0, 1)

    turn = np.arctan2(y - 0.3, x - middle)
    strands = ellipse(0.28, 0.19, 0.23, 3) * (0.5 + 0.5 * np.sin(40 * turn)) ** 2 * (y < 0.36)
    shirt = (
        np.array([0.75, 0.7, 0.65]) if screen is None else 0.9 * np.array([0.75, 0.7, 0.65]) + 0.1 * np.array(screen)
    )
    rgb = np.clip(back, 0, 1)
    layers = (
        (strands, (0.2, 0.13, 0.08)),
        (ellipse(0.95, 0.34, 0.48, 3), shirt),
        (ellipse(0.32, 0.12, 0.17, 2), (0.85, 0.62, 0.5)),
    )
    for amount, colour in layers:
        rgb = rgb + (np.array(colour) - rgb) * amount[..., None]
    return rgb


def frame_of(rgb: np.ndarray, fmt: PictureFormat) -> Frame:
    meta = np.array(
        [1, 1, 1, 0, 0, fmt.width, fmt.height, fmt.matrix, fmt.range, fmt.layout, 0, 0, 0, 0, 0, 0], np.int64
    )
    return Frame(1, meta, np.concatenate([p.ravel() for p in planes_of(rgb, fmt)]))


def keyed(
    orders: KeyerOrders, rgb: np.ndarray, fmt: PictureFormat, seq: int, *, empty: np.ndarray | None = None
) -> SourceInput:
    """The source anna as the vision worker hands it on. empty: what the clean plate is taken of first."""
    keyer, frame = Keyer("anna", orders, pytest.fail), frame_of(rgb, fmt)
    into = PictureFormat(fmt.width, fmt.height, fmt.matrix, fmt.range, Layout.KEYED)
    out = into.planes(np.zeros(into.size, np.uint8))
    if empty is not None:
        keyer.obey(orders.model_copy(update={"plates": 1}))
        keyer.key(frame_of(empty, fmt), None, out)
    box = keyer.key(frame, frame_of(np.clip(3 * rgb - 1, 0, 1), fmt), out)
    return SourceInput("anna", seq, fmt, frame.planes, out[3], box, fill=out[:3])


# Over and under the lines at which a matte has half the size.
LARGE, SMALL = PictureFormat(640, 560), PictureFormat(320, 240)
CASES = {
    "key-chroma-green": (KeyerOrders(key="chroma"), GREEN, LARGE),
    "key-chroma-blue-small": (KeyerOrders(key="chroma"), BLUE, SMALL),
    "key-chroma-shadows": (KeyerOrders(key="chroma", keyer=KeyerConfig(shadows=0.8)), GREEN, SMALL),
    "key-luma": (KeyerOrders(key="luma", keyer=KeyerConfig(low=0.78, high=0.7)), None, SMALL),
    "key-external": (KeyerOrders(key="external", keyer=KeyerConfig(external="ben")), None, SMALL),
    "key-masks": (
        KeyerOrders(
            key="chroma",
            keyer=KeyerConfig(
                masks=[
                    Mask(kind="garbage", points=[(0.0, 0.8), (1.0, 0.6), (1.0, 1.0), (0.0, 1.0)], feather=0.1),
                    Mask(kind="holdout", points=[(0.1, 0.1), (0.3, 0.1), (0.2, 0.3)], feather=0.02),
                ]
            ),
        ),
        GREEN,
        SMALL,
    ),
    # Of a bright screen: luma keys what is dark, chroma what is no screen; what both keep, what either keeps.
    "key-both": (
        KeyerOrders(key="chroma", keyer=KeyerConfig(also="luma", combine="min", low=0.6, high=0.4)),
        GREEN,
        SMALL,
    ),
    "key-either": (
        KeyerOrders(key="luma", keyer=KeyerConfig(also="chroma", combine="max", low=0.3, high=0.2, core=0.3)),
        GREEN,
        SMALL,
    ),
    "key-unclean": (KeyerOrders(key="chroma", keyer=KeyerConfig(clean=False, spill=0.0)), BLUE, SMALL),
}


@pytest.mark.parametrize("name", CASES)
def test_a_key(name: str, renderer: Renderer, golden: Golden) -> None:
    orders, screen, fmt = CASES[name]
    source = keyed(orders, before(screen, fmt), fmt, 100 + list(CASES).index(name))
    golden(name, drawn(renderer, LEFT, {**inputs(), "anna": source}))


def test_a_network_s_key(renderer: Renderer, golden: Golden) -> None:
    """A head is all that it takes for somebody here; a mask takes away what it isn't sure of."""
    if not model_path(MATTE_MODEL).is_file():
        pytest.skip(f"{MATTE_MODEL} was not fetched")
    below = Mask(kind="garbage", points=[(0.0, 0.55), (1.0, 0.55), (1.0, 1.0), (0.0, 1.0)], feather=0.05)
    source = keyed(KeyerOrders(key="ai", keyer=KeyerConfig(masks=[below])), before(None, LARGE), LARGE, 210)
    golden("key-ai", drawn(renderer, LEFT, {**inputs(), "anna": source}), network=True)


def test_a_clean_plate(renderer: Renderer, golden: Golden) -> None:
    empty = before(None, SMALL)[:, :40].mean(axis=1, keepdims=True) + np.zeros((SMALL.height, SMALL.width, 1))
    rgb = before(None, SMALL)
    somebody = np.where(abs(rgb - empty).max(axis=-1, keepdims=True) > 0.12, rgb, empty)
    golden(
        "key-plate",
        drawn(renderer, LEFT, {**inputs(), "anna": keyed(KeyerOrders(key="plate"), somebody, SMALL, 200, empty=empty)}),
    )


def test_light_wrap(renderer: Renderer, golden: Golden) -> None:
    source = keyed(KeyerOrders(key="chroma"), before(GREEN, LARGE), LARGE, 300)
    golden("light-wrap", drawn(renderer, LEFT, {**inputs(), "anna": replace(source, wrap=1.0)}))


CUBE = "LUT_3D_SIZE 2\n0 0 0.1\n1 0.1 0.1\n0.1 0.9 0\n1 0.9 0\n0 0.1 0.8\n0.9 0 0.8\n0 0.8 0.8\n1 1 0.9\n"
GRADES = {
    "grade-balance": ColourConfig(kelvin=3800, tint=0.2),
    "grade-lift-gamma-gain": ColourConfig(lift=0.03, gamma=1.3, gain=0.9, saturation=1.2),
    "grade-grey": ColourConfig(saturation=0.0),
}


@pytest.mark.parametrize("name", [*GRADES, "grade-look"])
def test_a_grade(name: str, renderer: Renderer, golden: Golden, tmp_path: Path) -> None:
    if name == "grade-look":
        (tmp_path / "look.cube").write_text(CUBE)
    config = GRADES.get(name) or ColourConfig.model_validate({"look": "look.cube"}, context={"base": tmp_path})
    grade = grade_of(config, bake(config) if needs_table(config) else None)
    golden(name, drawn(renderer, Picture(ShotView("view")), {"view": replace(view(PROGRAM, 400), grade=grade)}))
