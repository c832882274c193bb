from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import NS, FrameClock, ManualClock, timecode


def test_frames_follow_absolute_deadlines():
    clock = FrameClock(Fraction(30), start_ns=1000)
    ticks = [clock.tick(1000) for _ in range(4)]
    assert [t.frame for t in ticks] == [0, 1, 2, 3]
    assert [t.deadline_ns for t in ticks] == [1000 + i * NS // 30 for i in range(4)]
    assert clock.late == 0


def test_whole_intervals_that_went_by_are_skipped_and_counted():
    clock = FrameClock(Fraction(30), start_ns=0)
    assert clock.tick(0).frame == 0
    tick = clock.tick(int(3.5 * NS / 30))
    assert (tick.frame, tick.missed, clock.late) == (3, 2, 2)


@given(
    st.lists(st.integers(0, 3 * NS), min_size=1, max_size=60),
    st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(60)]),
)
def test_frame_numbers_only_grow_and_every_missing_one_is_counted(waits, rate):
    clock, now, last = FrameClock(rate, 0), 0, -1
    made = 0
    for wait in waits:
        now += wait
        tick = clock.tick(now)
        assert tick.frame > last
        assert tick.frame - last - 1 == tick.missed
        last, made = tick.frame, made + 1
    assert clock.late == last + 1 - made


def test_manual_clock_only_moves_when_told():
    clock = ManualClock(5)
    clock.wait_until(3)
    assert clock.now_ns() == 5
    clock.wait_until(9)
    assert clock.now_ns() == 9


def test_timecode_counts_nominal_frames():
    assert timecode(0, Fraction(30)) == "00:00:00:00"
    assert timecode(30 * 3661 + 7, Fraction(30)) == "01:01:01:07"
    assert timecode(59, Fraction(30000, 1001)) == "00:00:01:29"
