"""Templates, data and scenes saved while the show runs: what is valid is seen, what isn't is named, and the show goes on."""

from __future__ import annotations

import json
from pathlib import Path

from live.paths import shipped
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
        (tmp_path / "duo" / "scene.toml").write_text(scene.replace("[0.72, 0.70, 0.24, 0.24]", "[0.02, 0.70, 0.24, 0.24]"), "utf-8")
        show.wait_frames(45)
        (tmp_path / "duo" / "scene.toml").write_text(scene.replace('name = "duo"', 'name = "other"'), "utf-8")
        show.wait(lambda s: "other names" in str(s.get("error")))
        assert show.get("graphics/lower/field/title") == ("Two",)
        lines = show.end()
    taken = [line for line in lines if line["kind"] == "state" and ("template" in line or "scene" in line)]
    assert [("template" in line, "scene" in line) for line in taken] in ([(True, False), (False, True)], [(False, True), (True, False)])
    assert len([line for line in lines if line["kind"] == "fault"]) == 3
