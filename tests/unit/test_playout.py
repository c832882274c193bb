"""Where a player is after any orders at any time."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from live import playout
from live.playout import Note, Reel, Start, note_of, place

LENGTHS = (2.0, 0.0, 1.5, 4.0)  # the second can't be played
reels = st.builds(
    Reel,
    st.lists(st.sampled_from([0.0, 0.04, 1.5, 2.0, 10.0]), min_size=1, max_size=5).map(tuple),
    st.lists(st.sampled_from(["hold", "next", "loop", "black"]), min_size=5, max_size=5).map(tuple),
    st.booleans(),
)
orders = st.lists(
    st.tuples(
        st.floats(0, 20),
        st.sampled_from(
            ["play", "play clip", "pause", "stop", "cue", "next", "previous", "seek", "loop", "once", "settle"]
        ),
        st.integers(0, 4),
        st.floats(0, 30),
    ),
    max_size=12,
)


def ordered(start: Start, reel: Reel, now_s: float, what: str, clip: int, at_s: float) -> Start:
    clip %= len(reel.lengths_s)
    match what:
        case "play":
            return playout.play(start, reel, now_s)
        case "play clip":
            return playout.play(start, reel, now_s, clip)
        case "pause":
            return playout.pause(start, reel, now_s)
        case "stop":
            return playout.stop(start, reel, now_s)
        case "cue":
            return playout.cue(reel, now_s, clip, at_s)
        case "next" | "previous":
            return playout.skip(start, reel, now_s, 1 if what == "next" else -1)
        case "seek":
            return playout.seek(start, reel, now_s, at_s)
        case "loop" | "once":
            return playout.looped(start, reel, now_s, what == "loop")
    return playout.settled(start, reel, now_s)


@given(reels, orders, st.floats(0, 100))
def test_no_orders_lead_out_of_a_clip(reel, orders, later_s):
    start, now_s = Start(), 0.0
    for wait_s, what, clip, at_s in orders:
        now_s += wait_s
        start = ordered(start, reel, now_s, what, clip, at_s)
        for then_s in (now_s, now_s + later_s):
            here = place(start, reel, then_s)
            if here.status == "empty":
                assert not any(reel.lengths_s)
                continue
            assert reel.lengths_s[here.clip] > 0
            assert 0 <= here.at_s <= reel.lengths_s[here.clip]
            assert (here.status == "ended") <= (here.at_s == reel.lengths_s[here.clip])
            left_s = playout.left_s(start, reel, then_s)
            assert left_s is None or left_s >= 0
            assert bool(left_s) <= (here.status == "playing")


@given(reels, orders, st.floats(0, 50), st.floats(0, 50))
def test_telling_it_anew_changes_nothing(reel, orders, wait_s, more_s):
    start, now_s = Start(), 0.0
    for step_s, what, clip, at_s in orders:
        now_s += step_s
        start = ordered(start, reel, now_s, what, clip, at_s)
    anew = playout.settled(start, reel, now_s + wait_s)
    then, told = place(start, reel, now_s + wait_s + more_s), place(anew, reel, now_s + wait_s + more_s)
    near_s = 1e-4 if then.clip == told.clip else 0.0
    at_a_joint = min(told.at_s, then.at_s) < 1e-4 or abs(then.at_s - reel.lengths_s[then.clip]) < 1e-4
    assert (
        then.clip == told.clip and abs(then.at_s - told.at_s) <= near_s and then.status == told.status
    ) or at_a_joint


@given(st.floats(0, 1.9), st.floats(0, 60), st.floats(0, 60))
def test_a_pause_takes_no_time_of_the_clip(run_s, wait_s, more_s):
    reel = Reel((2.0, 3.0), ("hold", "hold"))
    paused = playout.pause(playout.play(Start(), reel, 5.0), reel, 5.0 + run_s)
    assert abs(place(paused, reel, 5.0 + run_s + wait_s).at_s - run_s) < 1e-6
    again = playout.play(paused, reel, 5.0 + run_s + wait_s)
    assert abs(place(again, reel, 5.0 + run_s + wait_s + more_s).at_s - min(2.0, run_s + more_s)) < 1e-6


@given(st.floats(0, 10), st.booleans())
def test_a_seek_lands_where_it_was_told_and_keeps_the_player_as_it_is(at_s, running):
    reel = Reel((4.0,), ("hold",))
    start = playout.play(Start(), reel, 1.0) if running else Start()
    there = place(playout.seek(start, reel, 2.0, at_s), reel, 2.0)
    assert abs(there.at_s - min(at_s, 4.0)) < 1e-6
    assert there.status == ("ended" if at_s >= 4.0 - 1e-6 else "playing") if running else there.status == "cued"


def test_what_follows_a_clip():
    hold = Reel(LENGTHS, ("hold",) * 4)
    start = playout.play(Start(), hold, 10.0)
    assert place(start, hold, 11.0) == playout.Place(0, 1.0, "playing")
    assert place(start, hold, 12.0).status == "ended" and not place(start, hold, 50.0).black
    black = replace(hold, after=("black",) * 4)
    assert place(start, black, 12.0).black
    loop = replace(hold, after=("loop",) * 4)
    assert place(start, loop, 10.0 + 2.0 * 7 + 0.5) == playout.Place(0, approx(0.5), "playing")
    nxt = replace(hold, after=("next",) * 4)
    assert place(start, nxt, 12.0) == playout.Place(2, 0.0, "playing"), "a clip that can't be played is skipped"
    assert place(start, nxt, 13.5) == playout.Place(3, 0.0, "playing")
    assert place(start, nxt, 17.5) == playout.Place(3, 4.0, "ended")
    assert place(start, replace(nxt, repeat=True), 10.0 + 7.5 * 1000 + 3.0).clip == 2, "round and round"


def test_how_long_it_still_runs():
    reel = Reel((2.0, 0.0, 1.5), ("next", "hold", "hold"))
    start = playout.play(Start(), reel, 0.0)
    assert playout.left_s(start, reel, 0.5) == 3.0
    assert playout.left_s(start, reel, 3.5) == 0.0
    assert playout.left_s(playout.looped(start, reel, 0.5, True), reel, 1.0) is None
    assert playout.left_s(start, replace(reel, after=("next",) * 3, repeat=True), 1.0) is None
    assert playout.left_s(Start(), reel, 1.0) == 0.0


def test_a_loop_by_hand_ends_by_hand():
    reel = Reel((2.0,), ("hold",))
    start = playout.looped(playout.play(Start(), reel, 0.0), reel, 1.0, True)
    assert place(start, reel, 4.5).at_s == approx(0.5)
    start = playout.looped(start, reel, 4.5, False)
    assert place(start, reel, 5.5).status == "playing" and place(start, reel, 6.1).status == "ended"


def test_next_and_previous_go_round_and_keep_it_running():
    reel = Reel(LENGTHS, ("hold",) * 4)
    start = playout.play(Start(), reel, 0.0)
    for clip in (2, 3, 0):
        start = playout.skip(start, reel, 0.5, 1)
        assert place(start, reel, 0.5) == playout.Place(clip, 0.0, "playing")
    assert place(playout.skip(Start(), reel, 0.0, -1), reel, 9.0) == playout.Place(3, 0.0, "cued")


def test_playing_what_has_ended_begins_again():
    reel = Reel((2.0,), ("hold",))
    start = playout.play(playout.play(Start(), reel, 0.0), reel, 5.0)
    assert place(start, reel, 5.5) == playout.Place(0, 0.5, "playing")


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 2**62), st.floats(0, 16))
def test_a_note_says_the_same_on_the_other_side(at_s, since_s, origin_ns, level):
    note = Note(Start(3, at_s, since_s, "playing", True), level, since_s, origin_ns)
    assert note_of(note.text()) == note
