"""The feeds beside program, with both painters: what they show, and that they stay in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.base.errors import LiveError
from live.picture.format import U8, PictureFormat
from live.picture.values import GraphicView, KeyView, Picture, ShotView, SourceInput
from live.render import Renderer
from live.render.i420 import half
from live.render.painters.cpu_readback import CopyOut
from tests.golden.synthetic import SIZE, drawn, inputs, small_show, view

WIDE, LEFT, VIEW = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view")
THIRD = GraphicView("name", "lower_third", (("title", "Anna Müller"), ("subtitle", "Wien")), 1.0)
CAPTIONS = GraphicView("captions", "captions", (("line1", "Grüß Gott"),), 1.0)
ANNA = KeyView(2, 0.7, source="anna")
FORMAT = PictureFormat(*SIZE)
_TAGS = count(1_000_000)


@pytest.fixture(scope="module", params=["opencv", "gl", "light"])
def renderer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """Both painters, and the one for a GPU as it is there, in light."""
    faults: list[LiveError] = []
    show = small_show(tmp_path_factory.mktemp("show"))
    made = Renderer(show, on_fault=faults.append, software=request.param == "opencv", light=request.param == "light")
    assert not faults
    yield made
    made.close()


def feeds(
    renderer: Renderer, picture: Picture, sources: dict[str, SourceInput], *names: str, of: Picture | None = None
) -> dict[str, U8]:
    """Program and some feeds of one frame, whatever the depth of the readback. of: what a feed shows that is a picture
    of its own."""
    outs = {n: np.zeros(FORMAT.size, np.uint8) for n in names}
    taps = {n: out for n, out in outs.items() if n in ("clean", "unfaded")}
    program = np.zeros(FORMAT.size, np.uint8)
    first = tag = next(_TAGS)
    while True:
        renderer.draw(picture, sources, tag, taps=taps)
        got = renderer.finish(program)
        made = {"program": program}
        for name in names:
            if name not in taps:
                renderer.draw_feed(name, of or picture, sources, tag)
            if got == first and renderer.take_feed(name, first, outs[name], program):
                made[name] = outs[name]
        if got == first:
            return made
        tag = next(_TAGS)


def apart(a: U8, b: U8) -> int:
    return int(np.abs(a.astype(int) - b.astype(int)).max())


@pytest.mark.parametrize(
    "picture", [Picture(WIDE), Picture(VIEW), Picture(WIDE, VIEW, "wipe", 0.4)], ids=["set", "source", "wipe"]
)
def test_clean_is_program_bit_for_bit_while_nothing_is_over_it(renderer: Renderer, picture: Picture) -> None:
    made = feeds(renderer, picture, inputs(), "clean", "unfaded")
    assert np.array_equal(made["clean"], made["program"]) and np.array_equal(made["unfaded"], made["program"])


@pytest.mark.parametrize("shot", [WIDE, VIEW], ids=["set", "source"])
@pytest.mark.parametrize("black", [0.0, 0.3, 1.0])
def test_clean_has_nothing_over_it_and_unfaded_has(renderer: Renderer, shot: ShotView, black: float) -> None:
    picture = Picture(shot, graphics=(THIRD, CAPTIONS), keys=(ANNA,), black=black)
    made = feeds(renderer, picture, inputs(), "clean", "unfaded")
    assert np.array_equal(made["program"], drawn(renderer, picture, inputs()))
    assert np.array_equal(made["clean"], drawn(renderer, Picture(shot), inputs()))
    assert np.array_equal(made["unfaded"], drawn(renderer, replace(picture, black=0.0), inputs()))
    assert apart(made["clean"], made["unfaded"]) > 50
    if black == 1:
        y, u, v = FORMAT.planes(made["program"])
        assert (y == 16).all() and (u == 128).all() and (v == 128).all()


def laid(fill: U8, key: U8, below: U8) -> U8:
    """What a mixer outside makes of fill and key over a picture: below - below * key + fill, black being 16 and 128."""
    luma = FORMAT.planes(key)[0]
    alpha, small = ((codes.astype(float) - 16) / 219 for codes in (luma, half(luma)))
    out = np.zeros(FORMAT.size, np.uint8)
    for to, f, b, black, a in zip(
        *map(FORMAT.planes, (out, fill, below)), (16, 128, 128), (alpha, small, small), strict=True
    ):
        to[:] = np.rint(f + (b.astype(float) - black) * (1 - a)).clip(0, 255)
    return out


@pytest.mark.parametrize("amount", [1.0, 0.5])
@pytest.mark.parametrize("shot", [WIDE, VIEW], ids=["set", "source"])
def test_fill_and_key_over_any_picture_are_program(
    renderer: Renderer, shot: ShotView, amount: float, tmp_path: Path
) -> None:
    still = tmp_path / "still.png"
    rgba = np.zeros((180, 320, 4), np.uint8)
    rgba[:, :, 3] = np.linspace(0, 255, 320).astype(np.uint8)[None]
    rgba[..., :3] = (40, 200, 250)
    rgba[60:] = 0
    cv2.imwrite(str(still), rgba)
    picture = Picture(
        shot,
        graphics=(replace(THIRD, amount=amount),),
        keys=(KeyView(1, amount, still=still), replace(ANNA, amount=amount)),
    )
    made = feeds(renderer, picture, inputs(), "fill", "key", "clean")
    got = laid(made["fill"], made["key"], made["clean"])
    luma, want = FORMAT.planes(got)[0], FORMAT.planes(made["program"])[0]
    if not renderer._gl.light:
        assert apart(luma, want) <= 2
        # Colour at hard edges: program's key is of 4:4:4 there, or of the graphic alone, the mixer's of 4:2:0 and of
        # the whole frame. And on a GPU a source that is clean as it came is drawn under a graphic.
        assert (shot == VIEW and not renderer.software) or (
            np.abs(got.astype(int) - made["program"]) > 2
        ).mean() < 0.003
    else:  # program blends light there; a mixer outside blends codes: only what is half transparent is apart
        key = FORMAT.planes(made["key"])[0]
        solid = (key <= 16) | (key >= 235)
        assert apart(luma[solid], want[solid]) <= 2
    assert apart(made["program"], made["clean"]) > 50


def test_fill_and_key_of_nothing_are_black(renderer: Renderer) -> None:
    made = feeds(renderer, Picture(WIDE, black=0.5), inputs(), "fill", "key")
    for name in ("fill", "key"):
        y, u, v = FORMAT.planes(made[name])
        assert (y == 16).all() and (u == 128).all() and (v == 128).all()


def test_fill_and_key_stay_through_a_fade_to_black(renderer: Renderer) -> None:
    there = feeds(renderer, Picture(WIDE, graphics=(THIRD,)), inputs(), "fill", "key")
    faded = feeds(renderer, Picture(WIDE, graphics=(THIRD,), black=1.0), inputs(), "fill", "key")
    assert np.array_equal(there["fill"], faded["fill"]) and np.array_equal(there["key"], faded["key"])
    assert FORMAT.planes(there["key"])[0].max() == 235


def test_both_painters_draw_the_same_fill_and_key(tmp_path: Path) -> None:
    show, picture = small_show(tmp_path), Picture(WIDE, graphics=(THIRD,), keys=(ANNA,))
    made = []
    for software, light in ((True, False), (False, True)):
        renderer = Renderer(show, on_fault=pytest.fail, software=software, light=light)
        made.append(feeds(renderer, picture, inputs(), "fill", "key"))
        renderer.close()
    for name in ("fill", "key"):
        assert np.abs(made[0][name].astype(int) - made[1][name]).mean() < 0.5


def test_a_feed_of_its_own_is_the_picture_it_shows(renderer: Renderer) -> None:
    made = feeds(renderer, Picture(WIDE, graphics=(THIRD,)), inputs(), "screen", of=Picture(LEFT))
    assert np.array_equal(made["screen"], drawn(renderer, Picture(LEFT), inputs()))
    assert np.array_equal(made["program"], drawn(renderer, Picture(WIDE, graphics=(THIRD,)), inputs()))


def test_a_source_on_an_auxiliary_and_under_a_graphic_goes_through_bit_for_bit(renderer: Renderer) -> None:
    source = view(FORMAT)
    sources = inputs() | {"view": source}
    made = feeds(renderer, Picture(VIEW, graphics=(THIRD,)), sources, "screen", "clean", of=Picture(VIEW))
    as_it_came = np.concatenate([p.ravel() for p in source.planes])
    assert np.array_equal(made["screen"], as_it_came) and np.array_equal(made["clean"], as_it_came)


def test_what_a_feed_shows_is_not_what_a_camera_is_matched_to(renderer: Renderer) -> None:
    drawn(renderer, Picture(WIDE), inputs())
    mean = renderer.set_mean()
    feeds(renderer, Picture(WIDE), inputs(), "preview", of=Picture(LEFT))
    assert mean is not None and np.array_equal(renderer.set_mean(), mean)


def test_feeds_that_come_and_go_stay_in_step(renderer: Renderer) -> None:
    """Ten frames that each show another brightness; clean is wanted on some, under a graphic on some, and preview is
    every other frame's."""

    def flat(luma: int) -> SourceInput:
        data = np.full(FORMAT.size, 128, np.uint8)
        FORMAT.planes(data)[0][:] = luma
        return SourceInput("view", luma, FORMAT, FORMAT.planes(data))

    first = next(_TAGS) + 100
    program, out = np.zeros(FORMAT.size, np.uint8), np.zeros(FORMAT.size, np.uint8)
    seen: dict[int, set[str]] = {}
    for n in range(12):
        taps = {"clean": out} if n not in (3, 4, 7) else {}
        graphics = (THIRD,) if n % 3 else ()
        sources = {"view": flat(40 + 10 * n)}
        renderer.draw(Picture(VIEW, graphics=graphics), sources, first + n, taps=taps)
        tag = renderer.finish(program)
        if n % 2:
            renderer.draw_feed("preview", Picture(VIEW), sources, first + n)
        for name in ("clean", "preview"):
            if tag is not None and tag >= first and renderer.take_feed(name, tag, out, program):
                assert abs(int(FORMAT.planes(out)[0][5, 5]) - (40 + 10 * (tag - first))) <= 1, (name, n, tag - first)
                seen.setdefault(tag - first, set()).add(name)
    for n in range(11):
        assert ("clean" in seen[n] if n in seen else False) == (n not in (3, 4, 7)), (n, seen)
        assert ("preview" in seen.get(n, set())) == (n % 2 == 1), (n, seen)


def test_a_source_that_stands_still_is_itself_again_after_other_pictures() -> None:
    """An auxiliary shows a camera without signal, then others, then that camera again: its ring has come round
    meanwhile."""
    camera, way = view(seq=88), CopyOut()
    slots = np.zeros((3, FORMAT.size), np.uint8)
    way.pass_on(camera, 1)
    assert way.take(1, slots[0])
    picture = slots[0].copy()
    slots[0] = 99  # what the auxiliary showed in between
    way.pass_on(camera, 30)
    assert way.take(30, slots[1]) and np.array_equal(slots[1], picture)
    for plane in camera.planes:
        plane[:] = 0
    way.pass_on(camera, 31)  # right after it, what was shown counts: the camera's ring may have gone on
    assert way.take(31, slots[2]) and np.array_equal(slots[2], picture)
