"""A picture that can't be drawn costs itself: those after it are what they would have been, each with its own tag."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live.picture.format import U8, PictureFormat
from live.picture.transitions import Style
from live.picture.values import Film, GraphicView, Picture, Pose, ShotView, SourceInput
from live.render import Renderer
from tests.golden.synthetic import SIZE, drawn, inputs, small_show

WIDE, LEFT, VIEW = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view")
MOVING = ShotView("studio/opening", 2.5)
THIRD = GraphicView("name", "lower_third", (("title", "Anna Müller"), ("subtitle", "Wien")), 1.0)
FMT = PictureFormat(*SIZE)
TAG = 50_000
_FIRST = itertools.count(100_000, 1000)

GOOD = {
    "set": Picture(WIDE),
    "moving": Picture(MOVING),
    "mix": Picture(LEFT, VIEW, "mix", 0.4),
    "wipe": Picture(LEFT, VIEW, "circle", 0.5, style=Style(border=0.05)),
    "graphic": Picture(VIEW, graphics=(THIRD,)),
    "untouched": Picture(VIEW),
    "faded": Picture(VIEW, black=0.4),
}


@pytest.fixture(scope="module", params=[True, False], ids=["opencv", "gl"])
def renderer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    made = Renderer(small_show(tmp_path_factory.mktemp("show")), on_fault=pytest.fail, software=request.param)
    yield made
    made.close()


@pytest.fixture(scope="module")
def wanted(renderer: Renderer) -> dict[str, U8]:
    return {name: drawn(renderer, picture, inputs()).copy() for name, picture in GOOD.items()}


def flat(plane: U8 | None) -> U8:
    """As nobody gives it: a plane that is no plane."""
    assert plane is not None
    return plane.ravel()


def torn(name: str) -> dict[str, SourceInput]:
    """The key of somebody, or a plane of the full picture, is no picture."""
    given = inputs()
    if name == "key":
        given["anna"] = replace(given["anna"], seq=700, matte=flat(given["anna"].matte))
    else:
        y, u, v = given["view"].planes
        given["view"] = replace(given["view"], seq=700, planes=(y, flat(u), v))
    return given


def broken_film() -> Film:
    y, u, v = FMT.planes(np.zeros(FMT.size, np.uint8))
    return Film((y, u, v), y.ravel(), u.ravel(), False)


NO_TEXT = replace(THIRD, fields=(("title", None),))  # type: ignore[arg-type]
FAULTS: dict[str, tuple[Picture, dict[str, SourceInput]]] = {
    "key of a talent in a still set": (GOOD["set"], torn("key")),
    "key of a talent in a moving set": (GOOD["moving"], torn("key")),
    "plane of a source that is mixed to": (GOOD["mix"], torn("plane")),
    "plane of a source that is wiped to": (GOOD["wipe"], torn("plane")),
    "plane under a graphic": (GOOD["graphic"], torn("plane")),
    "words of a graphic": (Picture(VIEW, graphics=(NO_TEXT,)), inputs()),
    "film": (Picture(VIEW, LEFT, "stinger", 0.4, film=broken_film()), inputs()),
    "name of a transition": (Picture(VIEW, LEFT, "nonsense", 0.4), inputs()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_comes_after_a_fault_is_what_it_would_have_been(
    fault: str, renderer: Renderer, wanted: dict[str, U8]
) -> None:
    picture, given = FAULTS[fault]
    for name, good in GOOD.items():
        with pytest.raises(Exception):  # noqa: B017  whatever is raised where it breaks
            renderer.draw(picture, given, TAG)
        assert np.array_equal(drawn(renderer, good, inputs()), wanted[name]), name


@pytest.mark.parametrize("fault", FAULTS)
def test_each_frame_comes_back_in_its_turn_past_those_that_were_lost(
    fault: str, renderer: Renderer, wanted: dict[str, U8]
) -> None:
    """Every third is lost, tried twice: all the tags come, and every other picture is the one of its tag."""
    picture, given = FAULTS[fault]
    names = ["set", "graphic", "untouched", "mix"]
    out, came = np.zeros(FMT.size, np.uint8), list[int]()
    drawn(renderer, GOOD["untouched"], inputs())  # what another test has left on its way
    first = next(_FIRST)
    for n in range(24):
        if n % 3 == 2:
            for _ in range(2):
                with pytest.raises(Exception):  # noqa: B017
                    renderer.draw(picture, given, first + n)
        else:
            renderer.draw(GOOD[names[n % 4]], inputs(), first + n)
        tag = renderer.finish(out)
        if tag is not None and tag >= first:
            came.append(tag - first)
            if came[-1] % 3 != 2:
                assert np.array_equal(out, wanted[names[came[-1] % 4]]), came[-1]
    assert came == list(range(24))[: len(came)] and len(came) >= 23


def broken_set(renderer: Renderer) -> Callable[[], None]:
    """One piece of the set can't be drawn any more; returned is what mends it."""
    pieces = renderer._stage.models["studio"]._pieces
    last = pieces[-1]
    whole = last.piece
    last.piece = replace(whole, world_from_model=np.zeros((3, 3), np.float32), two_sided=False)

    def mend() -> None:
        last.piece = whole

    return mend


def test_a_set_that_breaks_while_it_is_drawn_leaves_nothing_behind(renderer: Renderer, wanted: dict[str, U8]) -> None:
    """On its way it has switched depth and culling on: a rectangle drawn with them is not to be seen."""
    mend = broken_set(renderer)
    try:
        with pytest.raises(ValueError, match="matmul"):
            renderer.draw(GOOD["moving"], inputs(), TAG)
        for name in ("set", "mix", "wipe", "graphic", "faded"):
            assert np.array_equal(drawn(renderer, GOOD[name], inputs()), wanted[name]), name
    finally:
        mend()
    assert np.array_equal(drawn(renderer, GOOD["moving"], inputs()), wanted["moving"])


def test_a_pose_whose_plate_failed_is_made_once_it_can_be(renderer: Renderer) -> None:
    view = replace(LEFT, pose=Pose((0.4, 1.5, 4.6), (0.0, 1.2, 0.0), 31.0))
    made, mend = renderer.plates_made, broken_set(renderer)
    try:
        for _ in range(3):
            with pytest.raises(ValueError, match="matmul"):
                renderer.prepare_pose(view)
    finally:
        mend()
    while not renderer.prepare_pose(view):
        pass
    assert renderer.plates_made == made + 1


def test_a_place_that_can_not_be_filled_costs_that_frame(renderer: Renderer, wanted: dict[str, U8]) -> None:
    short = np.zeros(FMT.size - 8, np.uint8)
    for n in range(6):
        renderer.draw(GOOD["graphic"], inputs(), TAG + n)
        if n:  # on a GPU there is nothing to fetch of the first
            with pytest.raises(Exception):  # noqa: B017
                renderer.finish(short)
        else:
            renderer.finish(np.zeros(FMT.size, np.uint8))
    assert np.array_equal(drawn(renderer, GOOD["graphic"], inputs()), wanted["graphic"])


def test_a_small_picture_and_a_feed_that_fail_cost_themselves(renderer: Renderer, wanted: dict[str, U8]) -> None:
    fmt = PictureFormat(160, 90)
    before, after, out = (np.zeros(size, np.uint8) for size in (fmt.size, fmt.size, FMT.size))
    renderer.draw_small(GOOD["set"], inputs(), before, fmt)
    for _ in range(4):
        with pytest.raises(Exception):  # noqa: B017
            renderer.draw_small(GOOD["set"], torn("key"), after, fmt)
        with pytest.raises(Exception):  # noqa: B017
            renderer.draw_feed("preview", GOOD["set"], torn("key"), TAG)
        with pytest.raises(Exception):  # noqa: B017
            renderer.draw_feed("fill", Picture(VIEW, graphics=(NO_TEXT,)), inputs(), TAG)
        assert not renderer.take_feed("preview", TAG, out, out)
    renderer.draw_small(GOOD["set"], inputs(), after, fmt)
    assert np.array_equal(before, after)
    assert np.array_equal(drawn(renderer, GOOD["set"], inputs()), wanted["set"])


def test_a_graphic_that_fails_half_way_is_whole_when_it_can_be(tmp_path: Path) -> None:
    """Parts that stand still are joined once: not those that happened to be there before it failed."""
    made = Renderer(small_show(tmp_path), on_fault=pytest.fail, software=True)
    try:
        want = drawn(made, GOOD["graphic"], inputs()).copy()
        laid = made._canvas(SIZE).artwork.laid(THIRD)
        assert laid is not None and laid.joined is not None
        laid.joined, (part, art) = None, laid.parts[-1]
        laid.parts[-1] = part, None  # type: ignore[assignment]
        with pytest.raises(AttributeError):
            drawn(made, GOOD["graphic"], inputs())
        laid.parts[-1] = part, art
        assert np.array_equal(drawn(made, GOOD["graphic"], inputs()), want)
    finally:
        made.close()
