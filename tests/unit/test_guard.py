"""A fault costs the part it is in, is told once, and is told to be over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.guard import WELL_AGAIN, Failure, Guard, unguarded
from live.engine.made import Barer
from live.picture.values import GraphicView, KeyView, Picture, ShotView


def fail(guard: Guard, part: str = "graphics", text: str = "no font") -> None:
    with guard(part):
        raise ValueError(text)


def test_what_was_made_before_stays_and_the_rest_goes_on():
    told: list[Failure] = []
    guard, made = Guard(told.append), "before"
    with guard("graphics"):
        made = str(1 / 0)
    assert made == "before"
    assert guard("graphics").failed and guard.failing == {"graphics": "ZeroDivisionError: division by zero"}
    assert "test_guard.py" in told[0].trace


def test_the_same_fault_is_told_once_whatever_numbers_it_has_and_another_one_too():
    told: list[Failure] = []
    guard = Guard(told.append)
    for n in range(100):
        fail(guard, text=f"frame {n}")
    with guard("graphics"):
        raise KeyError("another")
    assert [f.text for f in told] == ["ValueError: frame 0", "KeyError: 'another'"]
    assert guard.count == 101


def test_it_is_told_when_it_is_over_and_not_each_time_it_happens_to_work():
    told: list[Failure] = []
    guard = Guard(told.append)
    for n in range(50):
        if n % 2:
            fail(guard)
        else:
            with guard("graphics"):
                pass
    assert len(told) == 1
    for _ in range(WELL_AGAIN):
        with guard("graphics"):
            pass
    assert [f.text for f in told[1:]] == ["works again after 25 faults"] and not guard.failing


def test_the_end_of_the_program_is_no_fault():
    with pytest.raises(KeyboardInterrupt), Guard(lambda failure: None)("hear"):
        raise KeyboardInterrupt


def test_a_core_by_itself_fails_aloud():
    with pytest.raises(AssertionError, match="no font"):
        fail(unguarded())


GRAPHIC, KEY = GraphicView("lower", "lower_third", (), 1.0), KeyView(1, 1.0, None, "cam2", None)
WHOLE = Picture(ShotView("cam1"), ShotView("cam2"), "mix", 0.5, (GRAPHIC,), keys=(KEY,), black=0.3)


def drawn(barer: Barer, *, graphics: bool, keys: bool, transition: bool) -> Picture | None:
    """What comes of a picture where some kinds of things can't be drawn."""
    for picture in barer.of(WHOLE):
        bad = (picture.graphics and not graphics) or (picture.keys and not keys) or (picture.to and not transition)
        if not bad:
            return picture
        barer.failed()
    return None


def test_a_graphic_that_cant_be_drawn_costs_itself():
    picture = drawn(Barer(30), graphics=False, keys=True, transition=True)
    assert picture is not None and picture.to == ShotView("cam2") and picture.keys == (KEY,) and not picture.graphics


def test_a_transition_that_cant_be_drawn_is_a_cut_and_black_stays_black():
    picture = drawn(Barer(30), graphics=True, keys=True, transition=False)
    assert picture == Picture(ShotView("cam2"), black=0.3)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=60))
def test_what_can_be_drawn_is_and_the_whole_comes_back(faults):
    barer = Barer(5)
    for graphics, keys, transition in faults:
        picture = drawn(barer, graphics=graphics, keys=keys, transition=transition)
        assert picture is not None
        assert picture.to is not None or picture.shot == ShotView("cam2")
    for _ in range(6):
        last = drawn(barer, graphics=True, keys=True, transition=True)
    assert last == WHOLE
