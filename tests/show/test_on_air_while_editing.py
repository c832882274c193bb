"""Templates, data, scenes, shaders, pictures and fonts saved while the show runs: what is valid is seen, what isn't is
named, and the show goes on."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import files
from pathlib import Path

import cv2
import numpy as np

from live.base.paths import shipped
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, write_rig


def test_what_is_saved_on_air_is_taken_up_and_what_is_broken_is_named(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    template = (shipped("graphics") / "lower_third" / "template.toml").read_text("utf-8")
    (mine / "template.toml").write_text(template, "utf-8")
    (tmp_path / "duo").mkdir()
    scene = (shipped("scenes") / "duo" / "scene.toml").read_text("utf-8")
    (tmp_path / "duo" / "scene.toml").write_text(scene, "utf-8")
    data = tmp_path / "who.json"
    data.write_text(json.dumps({"title": "One"}), "utf-8")
    rig = PATTERNS.replace('name = "duo"', 'name = "duo"\npath = "duo"')
    rig = rig.replace('name = "lower"', 'name = "lower"\ntemplate = "mine"\ndata = "who.json"')
    with RunningShow(write_rig(tmp_path, rig), tmp_path) as show:
        show.wait_on_air()
        show.send("/graphics/lower/show")
        show.wait(lambda s: s.get("graphics/lower/field/title") == ("One",))
        data.write_text(json.dumps({"title": "Two"}), "utf-8")
        show.wait(lambda s: s.get("graphics/lower/field/title") == ("Two",))
        data.write_text('{"title":\n"Three",}', "utf-8")
        show.wait(lambda s: "who.json:2" in str(s.get("error")))
        (mine / "template.toml").write_text(template.replace("size = 5.0", "size = -5.0"), "utf-8")
        show.wait(lambda s: "template.toml:" in str(s.get("error")) and "title" in str(s.get("error")))
        (mine / "template.toml").write_text(template.replace("size = 5.0", "size = 6.0"), "utf-8")
        (tmp_path / "duo" / "scene.toml").write_text(
            scene.replace("[0.72, 0.70, 0.24, 0.24]", "[0.02, 0.70, 0.24, 0.24]"), "utf-8"
        )
        show.wait_frames(45)
        (tmp_path / "duo" / "scene.toml").write_text(scene.replace('name = "duo"', 'name = "other"'), "utf-8")
        show.wait(lambda s: "other names" in str(s.get("error")))
        assert show.get("graphics/lower/field/title") == ("Two",)
        lines = show.end()
    taken = [line for line in lines if line["kind"] == "state" and ("template" in line or "scene" in line)]
    assert [("template" in line, "scene" in line) for line in taken] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    assert len([line for line in lines if line["kind"] == "fault"]) == 3


def test_a_background_that_a_saved_scene_names_is_watched_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "duo").mkdir()
    scene = (shipped("scenes") / "duo" / "scene.toml").read_text("utf-8")
    (tmp_path / "duo" / "scene.toml").write_text(scene, "utf-8")
    grey = cv2.imencode(".png", np.full((40, 60, 3), 100, np.uint8))[1].tobytes()
    (tmp_path / "duo" / "behind.png").write_bytes(grey)

    def taken(show: RunningShow) -> list[dict]:
        return [line for line in show.lines() if line["kind"] == "state" and "scene" in line]

    with RunningShow(
        write_rig(tmp_path, PATTERNS.replace('name = "duo"', 'name = "duo"\npath = "duo"')), tmp_path
    ) as show:
        show.wait_on_air()
        (tmp_path / "duo" / "scene.toml").write_text('picture = "behind.png"\n' + scene, "utf-8")
        show.wait(lambda s: len(taken(s)) == 1)
        show.wait_frames(30)
        (tmp_path / "duo" / "behind.png").write_bytes(grey[:60])
        show.wait(lambda s: "picture behind.png" in str(s.get("error")))
        (tmp_path / "duo" / "behind.png").write_bytes(grey)
        show.wait(lambda s: len(taken(s)) == 2)


TITLE = """
[[parts]]
kind = "image"
name = "logo"
file = "badge.png"
[[parts]]
kind = "text"
name = "words"
text = "Words"
font = "own.ttf"
"""
STUDIO = """
[[scenes]]
name = "studio"
talent = { left = "cam1" }
[[keys]]
still = "logo.png"
[[transitions]]
name = "ink"
kind = "picture"
path = "ink.png"
[[graphics]]
name = "own"
template = "own"
"""


def test_shaders_pictures_and_fonts_are_taken_up_on_air(tmp_path: Path) -> None:
    shaders, own = tmp_path / "shaders", tmp_path / "own"
    shutil.copytree(shipped("shaders"), shaders)
    own.mkdir()
    picture = cv2.imencode(".png", np.full((40, 60, 3), 200, np.uint8))[1].tobytes()
    for path in (tmp_path / "logo.png", tmp_path / "ink.png", own / "badge.png"):
        path.write_bytes(picture)
    font = next(
        Path(str(f.locate())).read_bytes()
        for f in files("manimgx-fonts") or ()
        if f.name == "NotoSans-Italic[wght].ttf"
    )
    (own / "own.ttf").write_bytes(font)
    (own / "template.toml").write_text(TITLE, "utf-8")
    rig = PATTERNS.replace('shots = ["duo/duo"', 'shots = ["studio/wide", "duo/duo"').replace(
        'start = "cam1"', 'start = "studio/wide"'
    )
    with RunningShow(write_rig(tmp_path, rig + STUDIO), tmp_path, env={"LIVE_SHADERS": str(shaders)}) as show:
        show.wait_on_air()
        show.send("/graphics/own/show")
        show.wait_frames(15)
        assert show.get("error") == ()

        def named(path: Path, data: bytes, said: str) -> None:
            """Saved broken, it is named; saved whole again, it is taken."""
            was = path.read_bytes()
            path.write_bytes(data)
            show.wait(lambda s: said in str(s.get("error")))
            path.write_bytes(was + b"\n" if path.suffix == ".glsl" else was)
            show.wait(lambda _: any(line.get("file") == str(path) for line in show.lines() if line["kind"] == "state"))

        glsl = (shaders / "set.glsl").read_text("utf-8")
        line = next(n for n, text in enumerate(glsl.splitlines(), 1) if "vec4 c = shaded();" in text)
        named(
            shaders / "set.glsl",
            glsl.replace("vec4 c = shaded();", "vec4 c = nonsense;").encode(),
            f"set.glsl:{line}: ",
        )
        quad = (shaders / "include" / "quad.glsl").read_text("utf-8")
        named(shaders / "include" / "quad.glsl", quad.replace("uv = src.xy", "uv = nonsense").encode(), "quad.glsl:")
        named(tmp_path / "logo.png", picture[:60], "picture logo.png")
        named(own / "badge.png", b"nothing", "picture badge.png")
        named(tmp_path / "ink.png", b"nothing", "wipe ink.png")
        named(own / "own.ttf", font[:2000], "font own.ttf")
        show.wait_frames(10)
        lines = show.end()
    assert len([line for line in lines if line["kind"] == "fault"]) == 6
    (taken,) = [line for line in lines if line.get("shader") == "set.glsl"]
    print(f"{taken['programs']} programs of set.glsl in {taken['compile_ms']} ms, the longest {taken['longest_ms']} ms")
    assert taken["programs"] >= 2 and taken["longest_ms"] <= taken["compile_ms"]
