"""Shaders saved while they are drawn with: valid ones are taken up between frames, others are named and change nothing.
Both painters."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import LiveError, SceneError
from live.base.paths import shipped
from live.picture.format import U8
from live.picture.values import Picture, ShotView
from live.render import Renderer
from live.render.shaders import Taken, read_users
from tests.golden.synthetic import drawn, inputs, small_show

WIDE, VIEW, ANNA = ShotView("studio/wide", 9.0), ShotView("view"), ShotView("anna")
MIX = Picture(ANNA, VIEW, "mix", 0.5)


class Saving:
    """A renderer with shaders of its own, and an editor."""

    def __init__(self, folder: Path, root: Path, *, software: bool) -> None:
        self.root, self.faults = root, list[LiveError]()
        self.renderer = Renderer(small_show(folder), on_fault=self.faults.append, software=software)
        self.steps = self.bands = 0

    def save(self, name: str, old: str, new: str) -> Taken | None:
        """Save a change of a file and wait until it is in use. Raises SceneError for what can't be."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        shaders = self.renderer.shaders
        shaders.take(path, read_users(path, self.root))
        self.steps, taken = 0, None
        while shaders.busy:
            taken = self.renderer.step_shaders()
            self.steps += 1
        while self.renderer.renew_plates():
            self.bands += 1
        return taken

    def picture(self, picture: Picture) -> U8:
        return drawn(self.renderer, picture, inputs())


@pytest.fixture
def saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], Saving]]:
    root, made = tmp_path / "shaders", list[Saving]()
    shutil.copytree(shipped("shaders"), root)
    monkeypatch.setenv("LIVE_SHADERS", str(root))

    def make(software: bool) -> Saving:
        made.append(Saving(tmp_path, root, software=software))
        return made[-1]

    yield make
    for one in made:
        one.renderer.close()


def test_the_gl_painter_draws_with_what_was_saved(saving: Callable[[bool], Saving]) -> None:
    s = saving(False)
    before, over = s.picture(MIX), s.picture(Picture(ANNA, VIEW, "mix", 0.9999))
    taken = s.save("blend.glsl", "vec4(coming, 1.0) * progress", "vec4(coming, 1.0)")
    # One program a frame.
    assert taken is not None and taken.passes == {"blend"} and taken.programs == 2 and s.steps == 2
    assert abs(s.picture(MIX).astype(int) - over).max() <= 1
    s.save("blend.glsl", "colour = vec4(coming, 1.0);", "colour = vec4(coming, 1.0) * progress;")
    assert np.array_equal(s.picture(MIX), before)
    assert not s.faults


@pytest.mark.parametrize("software", [True, False])
def test_sets_are_drawn_with_what_was_saved_by_both_painters(saving: Callable[[bool], Saving], software: bool) -> None:
    s = saving(software)
    before = s.picture(Picture(WIDE))
    s.save("set.glsl", "colour = vec4(c.rgb * c.a, c.a);", "colour = vec4(c.rgb * c.a * vec3(0.5, 1.0, 1.0), c.a);")
    after = s.picture(Picture(WIDE))
    pixels = 320 * 180
    assert s.bands >= 4, "a plate is drawn anew a band at a time, so that no frame is late for it"
    assert after[:pixels].mean() < 0.8 * before[:pixels].mean()
    s.save("set.glsl", " * vec3(0.5, 1.0, 1.0)", "")
    assert np.array_equal(s.picture(Picture(WIDE)), before)


def test_a_saved_include_is_taken_by_all_that_use_it(saving: Callable[[bool], Saving]) -> None:
    s, pictures = saving(False), (Picture(WIDE), Picture(VIEW, black=1e-3))
    before = [s.picture(p) for p in pictures]
    taken = s.save("include/grade.glsl", "return codes;", "return codes * vec3(0.5, 1.0, 1.0);")
    assert taken is not None and taken.passes == {"card", "layer", "picture"} and taken.programs == s.steps >= 3
    for picture, was in zip(pictures, before, strict=True):
        assert s.picture(picture)[: 320 * 180].mean() < was[: 320 * 180].mean()


@pytest.mark.parametrize("software", [True, False])
@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("set.glsl", "return 0.55", "return nonsense", r"set\.glsl:\d+: .*nonsense"),
        ("include/grade.glsl", "return codes;", "return codes", r"grade\.glsl:\d+: "),
        ("blend.glsl", 'include/quad.glsl"', 'include/absent.glsl"', r"blend\.glsl asks for absent\.glsl"),
        ("include/quad.glsl", "void main() {", "void main( {", r"quad\.glsl:\d+: "),
    ],
    ids=["a pass", "an include", "a missing include", "an include of all"],
)
def test_a_broken_one_is_named_with_its_line_and_changes_nothing(
    saving: Callable[[bool], Saving], software: bool, name: str, old: str, new: str, says: str
) -> None:
    s = saving(software)
    pictures = (Picture(WIDE), MIX, Picture(ANNA, VIEW, "circle", 0.5))
    before = [s.picture(p) for p in pictures]
    with pytest.raises(SceneError, match=says) as error:
        s.save(name, old, new)
    line = next(n for n, text in enumerate((s.root / name).read_text("utf-8").splitlines(), 1) if new in text)
    if "absent" not in new:
        assert any(f":{n}:" in str(error.value) for n in (line, line + 1)), str(error.value)
    assert not s.renderer.shaders.busy
    for picture, was in zip(pictures, before, strict=True):
        assert np.array_equal(s.picture(picture), was)
    taken = s.save(name, new, old)
    assert taken is not None and all(np.array_equal(s.picture(p), was) for p, was in zip(pictures, before, strict=True))


def test_a_uniform_of_another_type_is_refused(saving: Callable[[bool], Saving]) -> None:
    """The painters would set it to what it can't be."""
    s = saving(False)
    before = s.picture(MIX)
    with pytest.raises(SceneError, match=r"blend\.glsl:\d+: progress is of another type"):
        s.save("blend.glsl", "uniform float progress;", "uniform vec2 progress;\n#define progress progress.x")
    assert np.array_equal(s.picture(MIX), before)


def test_a_variant_that_is_first_needed_later_has_what_was_saved_or_else_what_the_show_began_with(
    saving: Callable[[bool], Saving],
) -> None:
    s = saving(False)
    plain = s.picture(Picture(ANNA, VIEW, "wipe", 0.5))
    s.save(
        "layer.glsl", "#ifdef FRAGMENT\n", "#ifdef FRAGMENT\n#ifdef LOOK\nfloat broken() { return nonsense; }\n#endif\n"
    )
    shaders = s.renderer.shaders
    assert "radius" in shaders.program("layer", "LOOK") and "nonsense" in str(shaders.said[0])
    assert np.array_equal(s.picture(Picture(ANNA, VIEW, "wipe", 0.5)), plain)


def test_an_include_that_comes_into_use_is_one_of_its_files(saving: Callable[[bool], Saving]) -> None:
    s = saving(False)
    tint = s.root / "include" / "tint.glsl"
    tint.write_text("vec3 tinted(vec3 c) { return c * vec3(0.5, 1.0, 1.0); }\n", "utf-8")
    shaders = s.renderer.shaders
    assert tint not in shaders.files and s.root / "include" / "grade.glsl" in shaders.files
    s.save(
        "picture.glsl", '#include "include/grade.glsl"', '#include "include/grade.glsl"\n#include "include/tint.glsl"'
    )
    assert tint in shaders.files
    before = s.picture(Picture(VIEW, black=1e-3))
    s.save(
        "picture.glsl",
        "vec4(graded(texture(picture, uv).rgb), 1.0)",
        "vec4(tinted(graded(texture(picture, uv).rgb)), 1.0)",
    )
    darker = s.picture(Picture(VIEW, black=1e-3))
    taken = s.save("include/tint.glsl", "0.5", "1.0")
    assert taken is not None and taken.passes == {"picture"}
    assert darker.mean() < before.mean() and np.array_equal(s.picture(Picture(VIEW, black=1e-3)), before)
