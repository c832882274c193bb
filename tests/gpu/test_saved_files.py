"""Pictures and fonts saved while they are shown: valid ones are seen on the next frame, broken ones are named and
change nothing. Both painters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import files
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.base.errors import LiveError, SceneError
from live.config.load import load_file
from live.config.template import Template
from live.picture.format import U8
from live.picture.text import read_font
from live.picture.transitions import Style
from live.picture.values import GraphicView, KeyView, Picture, ShotView
from live.render import Renderer
from live.render.files import FONT, GREY, PICTURE, READERS
from tests.golden.synthetic import drawn, inputs, small_show

ANNA, VIEW = ShotView("anna"), ShotView("view")
FONTS = {Path(f.name).name: Path(str(f.locate())) for f in files("manimgx-fonts") or () if f.suffix == ".ttf"}
UPRIGHT, ITALIC = (FONTS[name].read_bytes() for name in ("NotoSans[wght].ttf", "NotoSans-Italic[wght].ttf"))


def png(colour: int, *, grey: bool = False) -> bytes:
    """A picture of noise, a little darker or brighter."""
    shape = (90, 160) if grey else (90, 160, 3)
    noise = np.random.default_rng(7).integers(0, 60, shape)
    return cv2.imencode(".png", (noise + colour).astype(np.uint8))[1].tobytes()


def jpeg(colour: int) -> bytes:
    return cv2.imencode(".jpg", cv2.imdecode(np.frombuffer(png(colour), np.uint8), cv2.IMREAD_COLOR))[1].tobytes()


def ramp(*, turned: bool) -> bytes:
    row = np.linspace(0, 255, 160).astype(np.uint8)
    return cv2.imencode(".png", np.repeat((row[::-1] if turned else row)[None], 90, axis=0))[1].tobytes()


@pytest.fixture(params=[True, False], ids=["software", "gl"])
def renderer(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], tuple[Renderer, list[LiveError]]]]:
    made: list[Renderer] = []

    def make() -> tuple[Renderer, list[LiveError]]:
        faults: list[LiveError] = []
        show = small_show(tmp_path)
        for path in tmp_path.glob("*/template.toml"):
            show.templates[path.parent.name] = load_file(path, Template)
        made.append(Renderer(show, on_fault=faults.append, software=request.param))
        return made[-1], faults

    yield make
    for one in made:
        one.close()


def saved(renderer: Renderer, kind: str, path: Path, data: bytes) -> None:
    """As the watch does it. Raises SceneError for what isn't valid."""
    path.write_bytes(data)
    renderer.files.take(kind, path, READERS[kind](path))


def changes(renderer: Renderer, picture: Picture, kind: str, path: Path, other: bytes, broken: list[bytes]) -> None:
    """What is saved is seen at once, what is broken never."""

    def look() -> U8:
        return drawn(renderer, picture, inputs())

    before, first = look(), path.read_bytes()
    assert (kind, path) in renderer.files.used
    for data in broken:
        with pytest.raises(SceneError, match=path.name):
            saved(renderer, kind, path, data)
        assert np.array_equal(look(), before)
    saved(renderer, kind, path, other)
    assert abs(look().astype(int) - before).mean() > 0.1
    saved(renderer, kind, path, first)
    assert np.array_equal(look(), before)


def test_a_still_of_a_key(renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(40))
    made, faults = renderer()
    changes(
        made,
        Picture(VIEW, keys=(KeyView(1, 1.0, still=path),)),
        PICTURE,
        path,
        png(160),
        [b"", b"nothing", png(40)[:4000], jpeg(40)[:4000]],
    )
    saved(made, PICTURE, path, jpeg(160))
    assert not faults


IMAGE = """
[[parts]]
kind = "image"
name = "logo"
file = "logo.png"
w = 40
h = 30
"""


def test_a_picture_of_a_template(renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "template.toml").write_text(IMAGE, "utf-8")
    path = tmp_path / "mine" / "logo.png"
    path.write_bytes(png(40))
    made, faults = renderer()
    on = Picture(VIEW, graphics=(GraphicView("g", "mine", (), 1.0),))
    changes(made, on, PICTURE, path, png(160), [b"nothing", png(160)[:5000]])
    assert not faults


TEXT = """
[[parts]]
kind = "text"
name = "title"
text = "Handgloves"
size = 14
font = "own.ttf"
[[parts]]
kind = "ticker"
name = "run"
text = "Handgloves"
size = 8
wide = 1.0
h = 10
y = 30
font = "own.ttf"
"""


def test_a_font_of_a_template(renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "template.toml").write_text(TEXT, "utf-8")
    path = tmp_path / "mine" / "own.ttf"
    path.write_bytes(ITALIC)
    made, faults = renderer()
    on = Picture(VIEW, graphics=(GraphicView("g", "mine", (), 1.0, t_s=4.0),))
    changes(made, on, FONT, path, UPRIGHT, [b"", b"no font", ITALIC[:1000], ITALIC[: len(ITALIC) // 2]])
    assert not faults


def test_a_font_that_was_never_valid_is_named_once_and_those_that_ship_stand_in(
    renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "template.toml").write_text(TEXT, "utf-8")
    path = tmp_path / "mine" / "own.ttf"
    path.write_bytes(UPRIGHT)
    on = Picture(VIEW, graphics=(GraphicView("g", "mine", (), 1.0, t_s=4.0),))
    made, faults = renderer()
    path.write_bytes(b"no font")
    stood_in = drawn(made, on, inputs())
    assert len(faults) == 1 and "own.ttf" in str(faults[0])
    saved(made, FONT, path, UPRIGHT)
    assert np.array_equal(drawn(made, on, inputs()), stood_in) and len(faults) == 1


def test_the_picture_of_a_wipe(renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path) -> None:
    path = tmp_path / "ink.png"
    path.write_bytes(ramp(turned=False))
    made, faults = renderer()
    changes(
        made,
        Picture(ANNA, VIEW, "picture", 0.4, style=Style(path=path)),
        GREY,
        path,
        ramp(turned=True),
        [b"", b"nothing", png(60)[:3000]],
    )
    assert not faults


def test_a_wipe_whose_picture_was_broken_at_first_is_right_once_it_is_saved(
    renderer: Callable[[], tuple[Renderer, list[LiveError]]], tmp_path: Path
) -> None:
    path = tmp_path / "ink.png"
    path.write_bytes(b"nothing")
    made, faults = renderer()
    wipe = Picture(ANNA, VIEW, "picture", 0.4, style=Style(path=path))
    mixed = drawn(made, wipe, inputs())
    assert np.array_equal(mixed, drawn(made, Picture(ANNA, VIEW, "mix", 0.4), inputs())) and len(faults) == 1
    saved(made, GREY, path, ramp(turned=False))
    assert not np.array_equal(drawn(made, wipe, inputs()), mixed)


def test_a_font_file_that_ends_early_is_none(tmp_path: Path) -> None:
    path = tmp_path / "f.ttf"
    for share in (0.01, 0.3, 0.9):
        path.write_bytes(ITALIC[: int(len(ITALIC) * share)])
        with pytest.raises(SceneError, match=r"f\.ttf"):
            read_font(path)
