"""The automatic match and looks on air: bounded, ramped, locked by a hand; a broken look changes nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import CommandError, LiveError
from live.base.hand import Hand
from live.config.keying import ColourConfig
from live.control.registry import parse
from live.engine.grading import RAMP_S, Grading, measure
from live.picture.format import PictureFormat
from live.picture.values import SourceInput
from live.render.grade import to_program
from live.show import ShowState
from live.show.colour.model import SourceColours
from tests.golden.synthetic import person, planes_of, view
from tests.support.shows import small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


FMT = PictureFormat(320, 180)


def picture(name: str, rgb: np.ndarray) -> SourceInput:
    return SourceInput(name, 1, FMT, planes_of(rgb, FMT))


def scene(warm: float = 0.0, dark: float = 0.0) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(0, 1, 320), np.linspace(0, 1, 180))
    rgb = np.stack([0.3 + 0.4 * x, 0.3 + 0.4 * y, 0.5 + 0.2 * x * y], -1)
    return np.clip(rgb + np.array([warm, 0, -warm]) - dark, 0, 1)


def grading(
    orders: dict[str, SourceColours],
    faults: list[LiveError] | None = None,
    mean: np.ndarray | None = None,
    patient: bool = True,
) -> Grading:
    return Grading(orders, lambda: mean, (faults if faults is not None else []).append, patient=patient)


def mean_of(source: SourceInput) -> np.ndarray:
    statistics = measure(source, source.grade)
    assert statistics is not None
    return 255 * statistics.mean


def test_a_camera_comes_to_its_reference_in_a_ramp_without_a_jump() -> None:
    orders = {"a": SourceColours(ColourConfig()), "b": SourceColours(ColourConfig())}
    desk, pictures = grading(orders), {"a": picture("a", scene(0.06, 0.05)), "b": picture("b", scene())}
    assert desk.graded(pictures, 0.0)["a"] is pictures["a"]
    orders["a"].reference, orders["a"].orders = "b", 1
    seen = [mean_of(desk.graded(pictures, 1.0 + n / 30)["a"]) for n in range(90)]
    want, start = mean_of(pictures["b"]), mean_of(pictures["a"])
    assert abs(start - want).max() > 8
    assert abs(seen[-1] - want).max() < 1.5
    steps = abs(np.diff(seen, axis=0)).max(axis=1)
    assert steps.max() < 1.0 and np.allclose(seen[0], start)
    assert np.count_nonzero(steps > 1e-9) >= RAMP_S * 30 - 2


def test_a_match_is_bounded() -> None:
    orders = {"a": SourceColours(ColourConfig(), "b", False, False, 1), "b": SourceColours(ColourConfig())}
    black, white = picture("a", np.zeros((180, 320, 3))), picture("b", np.ones((180, 320, 3)))
    desk = grading(orders)
    for n in range(100):
        got = desk.graded({"a": black, "b": white}, n / 30)["a"]
    assert abs(mean_of(got)[0] - mean_of(black)[0]) <= 26


def test_a_lock_stops_following_and_an_order_starts_it_again() -> None:
    orders = {"a": SourceColours(ColourConfig(), "b", True), "b": SourceColours(ColourConfig())}
    desk = grading(orders)
    for n in range(90):
        desk.graded({"a": picture("a", scene(0.05)), "b": picture("b", scene())}, n / 30)
    settled = desk.correction("a", 3.0)
    orders["a"].locked = True
    for n in range(90, 240):
        desk.graded({"a": picture("a", scene(0.05)), "b": picture("b", scene(-0.05, 0.1))}, n / 30)
    assert np.array_equal(desk.correction("a", 8.0), settled)
    orders["a"].locked = False
    for n in range(240, 330):
        desk.graded({"a": picture("a", scene(0.05)), "b": picture("b", scene(-0.05, 0.1))}, n / 30)
    assert not np.allclose(desk.correction("a", 11.0), settled, atol=0.005)


def test_letting_go_ramps_back_to_nothing_at_all() -> None:
    orders = {"a": SourceColours(ColourConfig(), "b"), "b": SourceColours(ColourConfig())}
    desk, pictures = grading(orders), {"a": picture("a", scene(0.06)), "b": picture("b", scene())}
    for n in range(60):
        desk.graded(pictures, n / 30)
    orders["a"].reference, orders["a"].orders = "", 1
    means = [mean_of(desk.graded(pictures, 2 + n / 30)["a"]) for n in range(60)]
    assert abs(np.diff(means, axis=0)).max() < 1.0
    assert np.allclose(means[-1], mean_of(pictures["a"]), atol=1e-6)


def test_talent_is_measured_where_its_matte_is_and_goes_half_way_to_the_set() -> None:
    anna = person("anna", (0.9, 0.5, 0.1))
    shirt = mean_of(anna)
    room = mean_of(replace(anna, matte=None))
    assert abs(shirt - room).max() > 20
    orders = {"anna": SourceColours(ColourConfig(), "set")}
    desk = grading(orders, mean=np.array([60, 150, 118]) / 255)
    for n in range(60):
        got = desk.graded({"anna": anna}, n / 30)["anna"]
    moved = mean_of(got) - shirt
    assert moved[0] < -3 and moved[1] > 2 and abs(moved).max() < 12


def test_a_look_is_watched_and_a_broken_one_leaves_the_last_good_one(tmp_path: Path) -> None:
    file = tmp_path / "look.cube"

    def save(text: str, number: int) -> None:
        file.write_text(text)
        os.utime(file, ns=(number, number))

    save("LUT_1D_SIZE 2\n0 0 0\n0.5 0.5 0.5\n", 1)
    faults: list[LiveError] = []
    desk = grading({"a": SourceColours(ColourConfig.model_construct(look=file))}, faults)
    source = picture("a", scene())
    first = desk.graded({"a": source}, 0.0)["a"].grade
    assert first is not None and first.look is not None and not faults
    save("LUT_1D_SIZE 2\n0 0 0\nhalf\n", 2)
    for now_s in (2.0, 3.5, 5.0):
        assert desk.graded({"a": source}, now_s)["a"].grade == first
    assert len(faults) == 1 and "look.cube:3" in str(faults[0])
    save("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", 3)
    last = desk.graded({"a": source}, 7.0)["a"].grade
    assert last is not None and last != first
    luma = to_program(source.planes, FMT, last)[0]
    assert abs(luma.astype(int) - source.planes[0]).max() <= 1


def test_on_air_a_look_is_made_by_another_process(tmp_path: Path) -> None:
    desk = grading({"a": SourceColours(ColourConfig(gamma=1.3))}, patient=False)
    source = picture("a", scene())
    try:
        assert desk.graded({"a": source}, 0.0)["a"].grade.look is None  # type: ignore[union-attr]
        job = desk._bench.job
        assert job is not None
        job.wait(60)
        assert desk.graded({"a": source}, 1.0)["a"].grade.look is not None  # type: ignore[union-attr]
    finally:
        desk.close()


def test_on_air_a_broken_look_is_told_with_its_line_and_the_mended_one_is_taken_up(tmp_path: Path) -> None:
    faults: list[LiveError] = []
    look, source = tmp_path / "look.cube", picture("a", scene())
    desk = Grading(
        {"a": SourceColours(ColourConfig.model_construct(look=look))}, lambda: None, faults.append, patient=False
    )
    try:
        for n, text in enumerate(("LUT_1D_SIZE 2\n0 0 0\n1 x 1\n", "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n")):
            look.write_text(text)
            os.utime(look, ns=(n, n))
            desk.graded({"a": source}, 10.0 * n)
            job = desk._bench.job
            assert job is not None
            job.wait(60)
            grade = desk.graded({"a": source}, 10.0 * n + 1)["a"].grade
            assert [str(f) for f in faults] == [f"{look}:3: '1 x 1'; should be 3 numbers"]
            assert bool(grade is not None and grade.look) == bool(n)
    finally:
        desk.close()


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    return ShowState(small_show(tmp_path), lambda *a, **k: None)


def test_commands(state: ShowState) -> None:
    def do(address: str, *args: object) -> None:
        state.apply(parse(address, list(args)), HAND, 0.0)

    do("/colour/cam1/match", "cam2", 1)
    assert (
        state.colours.all["cam1"].reference == "cam2"
        and state.colours.all["cam1"].follow
        and not state.colours.all["cam1"].locked
    )
    do("/colour/cam1/set", "kelvin", 3200.0)
    assert state.colours.all["cam1"].config.kelvin == 3200 and state.colours.all["cam1"].locked
    for address, args, words in (
        ("/colour/cam1/set", ("kelvin", 10.0), r"set: kelvin is 10.0 \(number\); should be 1800 or more$"),
        ("/colour/cam1/look", ("absent.cube",), "no such file"),
        ("/colour/cam1/match", ("cam1",), "no reference"),
        ("/keying/cam1/pick", (0.5, 0.5), "nothing keys it"),
    ):
        before = state.colours.all["cam1"].config
        with pytest.raises(CommandError, match=words):
            do(address, *args)
        assert state.colours.all["cam1"].config == before
    do("/colour/cam1/unlock")
    assert not state.colours.all["cam1"].locked
    do("/colour/cam1/reset")
    assert state.colours.all["cam1"].config == ColourConfig() and state.colours.all["cam1"].reference == ""


def test_an_ungraded_source_is_the_very_same(tmp_path: Path) -> None:
    desk = grading({"view": SourceColours(ColourConfig())})
    source = view()
    assert desk.graded({"view": source}, 0.0)["view"] is source
