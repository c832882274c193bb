"""A source's sound goes with its own picture, however old that is; a hand moves it on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.show import ShowState
from live.show.commands import SourceDelay
from live.show.sources.model import STEADY_MS, WAIT_S, PictureAge
from tests.support.shows import SMALL, small_show

RIG = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
sound_delay_ms = 40
[[sources]]
name = "cam2"
kind = "pattern"
picture_delay_ms = 100
[[sources]]
name = "desk"
kind = "tone"
[[sources]]
name = "room"
kind = "noise"
[[microphones]]
name = "anna"
source = "desk"
[[microphones]]
name = "hall"
source = "room"
[[people]]
name = "anna"
microphone = "anna"
camera = "cam2"
"""
)
HAND = Hand("t", "127.0.0.1")


@pytest.fixture
def state(tmp_path) -> ShowState:
    return ShowState(small_show(tmp_path, RIG), lambda *a, **k: None)


def run(state: ShowState, ages_ms: dict[str, float], seconds: float = 2.0, start: float = 0.0, sound_age_ms=50.0):
    for n in range(round(30 * seconds)):
        for name, age_ms in ages_ms.items():
            state.sync.saw(name, round(30 * start) + n + 1, age_ms)
        state.sync.settle(start + n / 30, sound_age_ms)
    return dict(state.sound.orders().delays_ms)


def test_sound_is_moved_by_what_its_own_picture_is_older_or_younger(state):
    # cam2's picture is held back by 100 ms on purpose, and its sound isn't; the room goes with both.
    assert run(state, {"cam1": 17.0, "cam2": 190.0}) == pytest.approx(
        {"cam1": 40 - 33, "cam2": 90 - 50, "desk": 90 - 50, "room": (17 + 90) / 2 - 50}
    )


def test_before_a_picture_was_seen_only_hands_count(state):
    assert run(state, {}) == {"cam1": 40.0}


def test_a_hand_moves_it_on_and_is_kept(state, tmp_path):
    run(state, {"cam1": 50.0})
    state.apply(SourceDelay("cam1", 120.0), HAND, 3.0)
    assert state.sound.orders().delays_ms["cam1"] == pytest.approx(120.0)
    other = ShowState(state.show, lambda *a, **k: None)
    other.restore(state.save(3.0), 0.0)
    assert other.sync.by_hand_ms == state.sync.by_hand_ms
    with pytest.raises(CommandError, match="no source is called"):
        state.apply(SourceDelay("nobody", 1.0), HAND, 3.0)


def test_what_is_small_or_soon_is_left_alone(state):
    first = run(state, {"cam1": 70.0}, 6.0)
    orders = state.sound.orders()
    run(state, {"cam1": 70.0 + STEADY_MS - 1}, 20.0, 6.0)
    assert state.sound.orders() is orders and orders.delays_ms == first
    run(state, {"cam1": 100.0}, 4 * WAIT_S, 26.0)
    assert state.sync.moved_ms("cam1") == pytest.approx(40 + 50, abs=STEADY_MS + 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-2000, 5000)), max_size=300))
def test_an_age_is_of_new_pictures_and_never_wild(steps):
    age, seq = PictureAge(), 0
    for step, age_ms in steps:
        seq += step
        age.saw(seq, age_ms)
    assert 0 <= age.mean_ms <= 1500 and (age.count == 0 or age.seq == seq)


def test_a_picture_that_stands_makes_nothing_older():
    age = PictureAge()
    for seq in range(1, 31):
        for repeat in range(4):
            age.saw(seq, 20.0 + 33 * repeat)
    assert age.mean_ms == pytest.approx(20.0) and age.known
