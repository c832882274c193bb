"""Every stage of the frame is broken on purpose: the others go on, a frame is published every time, and it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from live.control.registry import parse
from live.engine.offline import OfflineRun
from tests.support.shows import PATTERNS, options_of, small_show

STAGES = ("commands", "hear", "decide", "inputs", "draw", "finish", "publish", "feeds", "preview", "cameras", "shaders")


def boom(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken on purpose")


# What to break, by the part that is told; found in the engine by its path.
BREAKS = {
    "saved files": "watch.take",
    "players": "state.players.commanded",
    "keyers": "inputs.obey",
    "faders": "inputs.set_desk",
    "hear": "ears.step",
    "people": "whereabouts.step",
    "switcher": "state.mix.switcher.step",
    "holds": "state.authority.step",
    "director": "state.mix.director.step",
    "framing": "state.cameras.step",
    "authority": "state.wheel.suggestions.step",
    "layers": "state.layers.step",
    "graphics": "state.graphics.step",
    "graphics seen": "state.graphics.views",
    "keys seen": "state.keys.views",
    "captions seen": "state.captions.views",
    "shot posed": "state.layers.laid",
    "decide": "state.mix.picture",
    "films": "films.step",
    "inputs": "inputs.pictures",
    "grading": "grading.graded",
    "draw": "renderer.draw",
    "finish": "renderer.finish",
    "report": "publishing.update",
    "feeds": "feeds.make",
    "preview": "renderer.warm_graphics",
    "cameras": "renderer.make_missing",
    "shaders": "compiling.step",
}


def broken(engine: Any, path: str) -> Callable[[], None]:
    """Break it; what is returned mends it again."""
    *way, last = path.split(".")
    owner = engine
    for name in way:
        owner = getattr(owner, name)
    whole = getattr(owner, last)
    setattr(owner, last, boom)
    return lambda: setattr(owner, last, whole)


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("part", "path"), BREAKS.items(), ids=[p.replace(" ", "-") for p in BREAKS])
def test_a_stage_that_fails_costs_itself(tmp_path, part, path):
    options = options_of(tmp_path)
    with OfflineRun(small_show(tmp_path, PATTERNS), options, lambda text: None) as run:
        for _ in range(5):
            run.frame()
        mend = broken(run.engine, path)
        for _ in range(10):
            run.frame()
        run.script.add(0, parse("/program/cut", ["cam2"]))
        run.frame()
        mend()
        for _ in range(70):
            run.frame()
        assert run.engine.state.mix.switcher.program == "cam2", "the hand's cut was lost"
    hashes = options.hash.read_text().splitlines()
    assert [int(h.split()[0]) for h in hashes] == list(range(86)), "a frame was not published"
    told = [line for line in lines_of(options.log) if line.get("subject") == part]
    assert [line["kind"] for line in told] == ["fault", "state"], told
    assert "broken on purpose" in told[0]["message"] and "boom" in told[0]["trace"]
    assert len({h.split()[1] for h in hashes[20:]}) > 50, "the picture stands still after it was mended"


def test_a_graphic_that_breaks_drawing_costs_itself_not_the_picture(tmp_path):
    options = options_of(tmp_path)
    with OfflineRun(small_show(tmp_path, PATTERNS), options, lambda text: None) as run:
        draw, seen = run.engine.renderer.draw, []

        def fussy(picture: Any, *args: Any, **more: Any) -> None:
            if picture.graphics:
                raise RuntimeError("a font that is none")
            seen.append(picture)
            draw(picture, *args)

        run.engine.renderer.draw = fussy
        run.script.add(0, parse("/graphics/lower/show", []))
        for _ in range(40):
            run.frame()
        assert len(seen) == 40 and run.engine.frames.repeated == 0
    assert len({h.split()[1] for h in options.hash.read_text().splitlines()}) > 35


def test_a_command_that_fails_inside_is_an_error_to_its_sender_and_the_frame_goes_on(tmp_path):
    options = options_of(tmp_path)
    with OfflineRun(small_show(tmp_path, PATTERNS), options, lambda text: None) as run:
        run.frame()
        run.engine.state.keys.switch = boom
        run.script.add(0, parse("/dsk/1/off", []))
        run.script.add(0, parse("/program/cut", ["cam2"]))
        run.frame()
        assert run.engine.state.mix.switcher.program == "cam2"
    faults = [line["message"] for line in lines_of(options.log) if line["kind"] == "fault"]
    assert any(m.startswith("/dsk/1/off: can't be carried out (RuntimeError)") for m in faults), faults
