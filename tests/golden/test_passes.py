"""What every pass of a GPU's painter draws, with each of its switches: in linear light, and where that makes a pass
another one, in codes.

The pictures of the other tests here are drawn as this machine would draw a show: beside software GL that is OpenCV's
painter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from live.base.paths import shipped
from live.config.keying import ColourConfig
from live.config.load import load_show
from live.picture.format import U8, PictureFormat
from live.picture.transitions import Style
from live.picture.values import Film, Grade, GraphicView, KeyView, LayerView, Picture, ShotView, SourceInput
from live.render import Renderer
from live.render.grade import bake, grade_of
from live.render.shaders import expand
from tests.golden.synthetic import SIZE, drawn, inputs

Golden = Callable[[str, U8], None]

_RIG = """
picture = {{ width = {width}, height = {height}, rate_hz = 30.0 }}
sources = [
  {{ name = "anna", kind = "pattern", key = "ai" }}, {{ name = "ben", kind = "pattern", key = "ai" }},
  {{ name = "view", kind = "pattern" }},
]
scenes = [
  {{ name = "studio", talent = {{ left = "anna", right = "ben", middle = "view" }} }},
  {{ name = "boxes", path = "boxes", talent = {{ one = "ben" }} }},
  {{ name = "quad", talent = {{ one = "view", two = "anna", three = "ben", four = "view" }} }},
]
"""
_BOXES = """
background = "#204060"
set = { model = "boxes.glb", talent = [{ name = "one", position = [0.3, 0.0, 0.4], height_m = 1.6 }] }
[[shots]]
name = "still"
position = [1.2, 1.6, 3.4]
look_at = [0.0, 0.6, 0.0]
fov_deg = 34.0
[[shots]]
name = "moving"
position = [1.2, 1.6, 3.4]
look_at = [0.0, 0.6, 0.0]
fov_deg = 34.0
move = { position = [-1.2, 1.2, 3.0], look_at = [0.0, 0.6, 0.0], fov_deg = 34.0, duration_s = 4.0 }
[[shots]]
name = "rolled"
position = [1.2, 1.6, 3.4]
look_at = [0.0, 0.6, 0.0]
fov_deg = 34.0
roll_deg = 14.0
shift = [0.06, -0.04]
[[shots]]
name = "rolling"
position = [1.2, 1.6, 3.4]
look_at = [0.0, 0.6, 0.0]
fov_deg = 34.0
move = { position = [1.2, 1.6, 3.4], look_at = [0.0, 0.6, 0.0], fov_deg = 34.0, roll_deg = -30.0, duration_s = 4.0 }
"""


def boxes(path: Path) -> None:
    """A set that nothing is baked in: a box with a picture on it, one of a colour, a pane of glass before them."""
    x, y = np.meshgrid(np.arange(64), np.arange(64))
    checks = np.stack([60 + 160 * ((x // 8 + y // 8) % 2), 40 + 2 * x, 200 - 2 * y], -1).astype(np.uint8)
    textured = trimesh.creation.box((1.0, 1.0, 1.0))
    uv = np.clip(textured.vertices[:, :2] + 0.5, 0, 1)
    material = trimesh.visual.material.PBRMaterial(baseColorTexture=Image.fromarray(checks))
    textured.visual = trimesh.visual.TextureVisuals(uv=uv, material=material)
    textured.apply_translation((-0.5, 0.5, 0.0))
    plain = trimesh.creation.box((0.7, 0.7, 0.7))
    plain.visual = trimesh.visual.TextureVisuals(
        material=trimesh.visual.material.PBRMaterial(baseColorFactor=[200, 90, 30, 255])
    )
    plain.apply_translation((0.7, 0.35, -0.2))
    glass = trimesh.creation.box((1.4, 0.8, 0.02))
    glass.visual = trimesh.visual.TextureVisuals(
        material=trimesh.visual.material.PBRMaterial(baseColorFactor=[90, 220, 160, 110], alphaMode="BLEND")
    )
    glass.apply_translation((0.1, 0.4, 0.9))
    trimesh.Scene([textured, plain, glass]).export(str(path))


@pytest.fixture(scope="module")
def painters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Renderer]]:
    """A GPU's: in light, and in codes; and OpenCV's."""
    folder = tmp_path_factory.mktemp("passes")
    (folder / "boxes").mkdir()
    boxes(folder / "boxes" / "boxes.glb")
    (folder / "boxes" / "scene.toml").write_text(_BOXES, "utf-8")
    (folder / "rig.toml").write_text(_RIG.format(width=SIZE[0], height=SIZE[1]), "utf-8")
    show = load_show(folder / "rig.toml")
    kinds = {"light": (False, True), "codes": (False, False), "opencv": (True, False)}
    made = {
        name: Renderer(show, on_fault=pytest.fail, software=software, light=light)
        for name, (software, light) in kinds.items()
    }
    yield made
    for renderer in made.values():
        renderer.close()


def graded() -> Grade:
    config = ColourConfig(kelvin=4200, gamma=1.4, saturation=1.3)
    grade = grade_of(config, bake(config))
    assert grade is not None
    return grade


def film() -> Film:
    """A round hole closing, of a green, half transparent at its edge."""
    fmt = PictureFormat(*SIZE)
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    alpha = np.rint(255 * np.clip((np.hypot(x - 160, y - 90) - 50) / 20, 0, 1)).astype(np.uint8)
    half = np.rint(alpha.reshape(90, 2, 160, 2).mean(axis=(1, 3))).astype(np.uint8)
    codes = zip(fmt.planes(np.zeros(fmt.size, np.uint8)), (120, 90, 70), (alpha, half, half), strict=True)
    return Film(tuple(np.rint(a / 255 * code).astype(np.uint8) for _, code, a in codes), alpha, half, False)


WIDE, LEFT, VIEW, ANNA = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view"), ShotView("anna")
THIRD = GraphicView("name", "lower_third", (("title", "Anna Müller"), ("subtitle", "Wien")), 1.0)
TURNED = (
    LayerView(1, (0.1, 0.1, 0.5, 0.6), 20.0, 0.8),
    LayerView(0, (0.5, 0.3, 0.45, 0.6), -9.0, 1.0, (0.2, 0.2, 0.5, 0.5)),
)
CASES = {
    "talent": Picture(WIDE, graphics=(THIRD,)),
    "wrap": Picture(LEFT),
    "look": Picture(ShotView("quad/quad", layers=TURNED), LEFT, "mix", 0.4),
    "wipe": Picture(WIDE, VIEW, "circle", 0.5, style=Style(softness=0.05, border=0.05, colour="#f0a030")),
    "squeeze": Picture(WIDE, VIEW, "squeeze_left", 0.4),
    "look-full": Picture(VIEW, LEFT, "push_up", 0.3),
    "fade": Picture(VIEW, black=0.4),
    "film": Picture(ANNA, VIEW, "stinger", 0.3, film=film()),
    "key": Picture(VIEW, keys=(KeyView(1, 0.7, source="anna"),)),
    "moving": Picture(ShotView("studio/opening", 2.5)),
    "boxes": Picture(ShotView("boxes/still", 1.0)),
    "boxes-moving": Picture(ShotView("boxes/moving", 2.0)),
    "boxes-rolled": Picture(ShotView("boxes/rolled", 1.0)),
    "boxes-rolling": Picture(ShotView("boxes/rolling", 2.0)),
}
IN_CODES = ("wrap", "fade", "boxes")
BY_OPENCV = ("film", "boxes", "boxes-moving", "boxes-rolled", "boxes-rolling")


def seen(name: str) -> dict[str, SourceInput]:
    sources = inputs()
    if name == "wrap":
        return {n: replace(s, wrap=1.0, seq=940) for n, s in sources.items()}
    if name.startswith("look"):
        return {n: replace(s, grade=GRADE, seq=941) for n, s in sources.items()}
    return sources


GRADE = graded()


@pytest.mark.parametrize(
    ("painter", "name"),
    [
        *(("light", name) for name in CASES),
        *(("codes", name) for name in IN_CODES),
        *(("opencv", name) for name in BY_OPENCV),
    ],
)
def test_pass(painter: str, name: str, painters: dict[str, Renderer], golden: Golden) -> None:
    golden(f"pass-{painter}-{name}", drawn(painters[painter], CASES[name], seen(name)))


def test_no_pass_and_no_switch_is_left_out(painters: dict[str, Renderer]) -> None:
    for painter in ("light", "codes"):
        for name in CASES:
            drawn(painters[painter], CASES[name], seen(name))
    used = {(name, s) for p in painters.values() for name, switches in p._gl.shaders._passes for s in (*switches, "")}
    wanted = set()
    for file in shipped("shaders").glob("*.glsl"):
        text = expand(file, shipped("shaders"))[0]
        switches = {s for pair in re.findall(r"#ifdef (\w+)|defined\((\w+)\)", text) for s in pair} - {
            "VERTEX",
            "FRAGMENT",
        }
        wanted |= {(file.stem, s) for s in switches}
    assert len(wanted) > 15 and not wanted - used, wanted - used
