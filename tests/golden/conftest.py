"""Golden images: I420 as one grey picture (Y over U, V), so that the file is exact and can still be looked at.

pytest tests/golden --regenerate        writes them anew; look at them before they are committed
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.picture.format import U8, PictureFormat
from live.render import Renderer
from tests.golden.synthetic import SIZE, small_show

_IMAGES = Path(__file__).parent / "images"
_FAILED = Path(__file__).parent / "failed"
_AMPLIFIED = 32
_EDGE_SHARE = 0.001  # of codes that may differ by more: edges of triangles, between versions of a rasteriser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the golden images anew")


@pytest.fixture(scope="session")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    faults: list[Exception] = []
    made = Renderer(small_show(tmp_path_factory.mktemp("golden")), on_fault=faults.append)
    assert not faults
    yield made
    made.close()


@pytest.fixture(scope="session")
def gl_renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """The painter for a GPU, whatever the machine has."""
    made = Renderer(small_show(tmp_path_factory.mktemp("golden-gl")), on_fault=pytest.fail, software=False)
    yield made
    made.close()


def _grey(i420: U8) -> U8:
    """(h * 3 / 2, w): Y, and under it U and V side by side."""
    y, u, v = PictureFormat(*SIZE).planes(i420)
    return np.vstack([y, np.hstack([u, v])])


def _colour(i420: U8) -> U8:
    """For people: BGR."""
    width, height = SIZE
    return cv2.cvtColor(i420.reshape(height * 3 // 2, width), cv2.COLOR_YUV2BGR_I420)


@pytest.fixture
def golden(request: pytest.FixtureRequest, renderer: Renderer) -> Callable[..., None]:
    """check(name, i420): as the image says, to one code of 255; on a real GPU, and by its painter (near), to one code
    in the mean. So is what a network has seen, whose sums differ from processor to processor."""

    def check(name: str, got: U8, *, near: bool = not renderer.software, network: bool = False) -> None:
        file = _IMAGES / f"{name}.png"
        if request.config.getoption("--regenerate", default=False):
            if near and renderer.software:
                return
            _IMAGES.mkdir(exist_ok=True)
            cv2.imwrite(str(file), _grey(got), [cv2.IMWRITE_PNG_COMPRESSION, 9])
            return
        want = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        assert want is not None, f"no golden image {file}: run pytest tests/golden --regenerate and look at it"
        difference = cv2.absdiff(_grey(got), want)
        beyond = float((difference > 1).mean())
        good = float(difference.mean()) <= 1.0 if near or network else beyond <= _EDGE_SHARE
        if not good:
            _FAILED.mkdir(exist_ok=True)
            cv2.imwrite(str(_FAILED / f"{name}-difference.png"), cv2.convertScaleAbs(difference, alpha=_AMPLIFIED))
            cv2.imwrite(str(_FAILED / f"{name}-got.png"), _colour(got))
            shutil.copy(file, _FAILED / f"{name}-want.png")
        assert good, (
            f"{name}, drawn by {renderer.name}: {beyond:.2%} of the codes differ by more than 1 (see {_FAILED})"
        )

    return check
