"""The clock of the jitter buffer: time is an argument."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from live.sources.jitter import MARGIN_NS, MOST_NS, MS, NS, SLEW, START_NS, JitterClock

PICTURE = 40 * MS


def even(count: int, *, first: int = 0) -> Iterator[tuple[int, int]]:
    """(time stamp, time of arrival) of an even 25 Hz stream."""
    return ((n * PICTURE, 5 * NS + n * PICTURE) for n in range(first, first + count))


def dues(clock: JitterClock, arrivals: Iterator[tuple[int, int]], track: str = "picture") -> list[int]:
    return [clock.due_ns(track, pts, PICTURE, now) for pts, now in arrivals]


def steps(times: list[int]) -> set[int]:
    return {b - a for a, b in itertools.pairwise(times)}


def is_smooth(times: list[int]) -> bool:
    """Nothing left out, nothing added: bent by no more than nobody hears."""
    return all(abs(step - PICTURE) <= PICTURE * SLEW + 1 for step in steps(times))


def test_an_even_stream_is_due_as_evenly_as_its_times_say() -> None:
    clock = JitterClock(waits=False)
    found = dues(clock, even(75))
    assert found[0] == 5 * NS + START_NS
    assert steps(found) == {PICTURE}
    assert (clock.late, clock.jumps) == (0, 0)


def test_of_an_even_stream_less_and_less_is_held_too_slowly_to_be_heard() -> None:
    clock = JitterClock(waits=False)
    found = dues(clock, even(25 * 90))
    assert MARGIN_NS <= clock.held_ns <= 2 * MARGIN_NS + MS
    assert is_smooth(found)
    assert (clock.late, clock.jumps) == (0, 0)


def test_what_is_held_follows_the_jitter_and_then_nothing_is_late() -> None:
    clock, rng = JitterClock(waits=False), random.Random(1)
    jittered = [(pts, now + rng.randrange(200 * MS)) for pts, now in even(25 * 60)]
    dues(clock, iter(jittered[: 25 * 30]))
    late = clock.late
    dues(clock, iter(jittered[25 * 30 :]))
    assert clock.late == late
    assert 180 * MS <= clock.held_ns <= 320 * MS


def test_a_sender_whose_clock_runs_slower_is_followed_without_a_jump() -> None:
    clock = JitterClock(waits=False)
    dues(clock, ((pts, now + pts // 10_000) for pts, now in even(25 * 600)))  # 100 ppm
    assert (clock.late, clock.jumps) == (0, 0)


def test_one_that_stood_still_and_then_sends_it_all_is_on_time_again_soon() -> None:
    clock = JitterClock(waits=False)
    dues(clock, even(100))
    heap = [(n * PICTURE, 5 * NS + 175 * PICTURE + (n - 100) * MS) for n in range(100, 175)]
    dues(clock, iter(heap))
    found = dues(clock, even(250, first=175))
    assert found[-1] - (5 * NS + 424 * PICTURE) < 200 * MS
    assert is_smooth(found[50:])


def test_one_that_paused_goes_on_later() -> None:
    clock = JitterClock(waits=False)
    dues(clock, even(100))
    found = dues(clock, ((pts, now + 3 * NS) for pts, now in even(250, first=100)))
    assert is_smooth(found[25:])
    assert 0 < found[-1] - (8 * NS + 349 * PICTURE) < 200 * MS


def test_the_last_seconds_that_a_server_sends_first_are_left_out() -> None:
    """An RTMP server begins with all since the last key picture."""
    clock = JitterClock(waits=False)
    dues(clock, ((n * PICTURE, 5 * NS + n * MS) for n in range(75)))
    found = dues(clock, ((n * PICTURE, 5 * NS + (n - 74) * PICTURE) for n in range(75, 200)))
    assert found[-1] - (5 * NS + 125 * PICTURE) < 300 * MS


def test_a_file_is_played_at_its_speed_however_fast_it_comes() -> None:
    clock = JitterClock(waits=True)
    found = dues(clock, ((n * PICTURE, 5 * NS + n * MS) for n in range(250)))
    assert steps(found) == {PICTURE}


def test_what_comes_as_fast_as_it_is_taken_is_recognised() -> None:
    clock = JitterClock(waits=None)
    found = dues(clock, ((n * PICTURE, 5 * NS + n * MS) for n in range(1000)))
    assert clock.waits is True
    assert steps(found[500:]) == {PICTURE}


def test_a_jump_of_its_clock_is_passed_over_by_both_tracks() -> None:
    for jump in (-24 * NS, 3 * NS, 95_443 * NS):  # another round of a list, a hole, the 33 bits of MPEG
        clock = JitterClock(waits=True)
        pictures, sounds = [], []
        for n in range(200):
            now = 5 * NS + n * PICTURE
            pts = n * PICTURE + (jump if n >= 100 else 0)
            pictures.append(clock.due_ns("picture", pts, PICTURE, now))
            if n not in (100, 101):  # sound jumps two blocks later
                sounds.append(clock.due_ns("sound", pts, PICTURE, now))
                continue
            sounds.append(clock.due_ns("sound", n * PICTURE, PICTURE, now))
        assert steps(pictures) == {PICTURE}
        assert max(abs(step - PICTURE) for step in steps(sounds)) <= PICTURE
        assert clock.jumps <= 2


arrivals = st.lists(
    st.tuples(st.integers(-(2**33), 2**33), st.integers(0, 400), st.sampled_from(["picture", "sound"])), max_size=60
)


@given(arrivals, st.sampled_from([True, False, None]))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_has_a_time_not_far_from_now(events: list[tuple[int, int, str]], waits: bool | None) -> None:
    """Hostile time stamps lay the time line anew; of a live sender nothing is held for longer than the most."""
    clock, now = JitterClock(waits=waits), 10 * NS
    for pts_ms, passed_ms, track in events:
        now += passed_ms * MS
        due = clock.due_ns(track, pts_ms * MS, PICTURE, now)
        assert clock.held_ns >= 0
        if waits is False:
            assert due - now < MOST_NS + 2 * NS
