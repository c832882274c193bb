"""Time stamps that break off, are missing, or go back a little."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import NS
from live.sources.timing import Joins, Timing

STEP = NS // 25


def test_times_that_are_right_stay_as_they_are() -> None:
    timing = Timing()
    times = [0, STEP, 3 * STEP, 50 * STEP, 51 * STEP + 7]
    assert [timing.at(t, STEP) for t in times] == times


def test_what_is_missing_or_goes_back_a_little_follows_the_one_before() -> None:
    timing = Timing()
    assert [timing.at(t, 10) for t in (0, None, 20, 10, 20, 50, None)] == [0, 10, 20, 30, 40, 50, 60]


def test_a_joined_recording_goes_on_and_its_sound_stays_with_its_picture() -> None:
    joins = Joins()
    picture, sound = Timing(joins), Timing(joins, pictures=False)
    for n in range(100):
        picture.at(n * STEP, STEP)
    for n in range(80):
        sound.at(n * NS // 20, NS // 20)  # which lasts as long
    assert sound.at(0, NS // 20) == picture.at(0, STEP) == 4 * NS
    assert sound.at(NS // 20, NS // 20) == 4 * NS + NS // 20 and picture.at(STEP, STEP) == 4 * NS + STEP


def test_a_leap_ahead_is_a_join_only_where_that_is_usual() -> None:
    for leaps, due in ((True, STEP), (False, 60 * NS)):
        timing = Timing(leaps=leaps)
        timing.at(0, STEP)
        assert timing.at(60 * NS, STEP) == due


@given(st.lists(st.none() | st.integers(-(2**40), 2**40), max_size=50), st.booleans())
def test_pictures_never_go_back(times: list[int | None], leaps: bool) -> None:
    timing = Timing(leaps=leaps)
    due = [timing.at(t, STEP) for t in times]
    assert all(b > a for a, b in zip(due, due[1:], strict=False))
