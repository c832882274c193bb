"""The list of faults: what is worst comes first, and what a hand has seen is out of the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import parse
from live.show import ShowState
from live.show.faults.model import MOST, RANKS
from live.show.faults.published import NewFaults, faults
from tests.support.shows import PATTERNS, small_show

HAND = Hand("test")


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    return ShowState(small_show(tmp_path, PATTERNS + OUTPUT), lambda *a, **k: None)


OUTPUT = '[[outputs]]\nname = "tape"\nkind = "file"\npath = "tape.mp4"\n'


def subjects(state: ShowState) -> list[str]:
    return [fault.subject for fault in state.faults.faults]


def test_the_worst_comes_first_and_a_mistake_hides_nothing(state: ShowState) -> None:
    state.faults.tell("tape", "the disk is full", 1.0)
    state.faults.tell("cam1", "no signal", 2.0)
    state.faults.tell("draw", "failed", 3.0, failed=True)
    for n in range(40):
        state.faults.tell("control", f"no such command: /x{n}", 4.0 + n)
    assert subjects(state) == ["draw", "tape", "cam1", "control"]
    assert state.faults.faults[-1].times == 40, "the same subject again is one line with a count"
    state.faults.over("draw")
    assert subjects(state) == ["tape", "cam1", "control", "draw"]


def test_what_a_hand_has_seen_is_behind_what_is_new(state: ShowState) -> None:
    state.faults.tell("tape", "the disk is full", 1.0)
    state.faults.tell("cam1", "no signal", 2.0)
    state.apply(parse("/faults/seen", ["tape"]), HAND, 3.0)
    assert subjects(state) == ["cam1", "tape"]
    assert [v.count for v in faults(state, 3.0) if isinstance(v, NewFaults)] == [1]
    state.faults.tell("tape", "the disk is full still", 4.0)
    assert (state.faults.faults[0].subject, state.faults.faults[0].times) == ("tape", 1), "it is news again"
    state.apply(parse("/faults/seen", []), HAND, 5.0)
    assert all(fault.seen for fault in state.faults.faults)
    with pytest.raises(CommandError, match="one of: "):
        state.apply(parse("/faults/seen", ["nobody"]), HAND, 6.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 99), st.booleans(), st.booleans()), max_size=200))
def test_the_list_is_bounded_and_loses_the_least_bad(state: ShowState, told: list[tuple[int, bool, bool]]) -> None:
    state.faults.__init__(state)  # type: ignore[misc]
    for n, (number, failed, seen) in enumerate(told):
        state.faults.tell(f"part{number}", "broke", float(n), failed=failed)
        if seen:
            state.faults.see(f"part{number}")
    found = state.faults.faults
    assert len(found) <= MOST
    new = [RANKS.index(fault.rank) for fault in found if not fault.seen]
    assert new == sorted(new) and [f.seen for f in found] == sorted(f.seen for f in found)
