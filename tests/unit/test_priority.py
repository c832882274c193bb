"""The render thread's priority: taken where it may be, given back, and passed on to software GL's threads alone."""

import os
import sys
import threading

import pytest

from live.base.priority import realtime

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these calls")


@pytest.mark.parametrize("passed_on", [False, True])
def test_the_render_thread_goes_first_and_gives_it_back(passed_on: bool) -> None:
    before = os.sched_getscheduler(0)
    beside: list[int] = []
    with realtime(passed_on=passed_on) as first:
        assert (os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR) == first
        thread = threading.Thread(target=lambda: beside.append(os.sched_getscheduler(0)))
        thread.start()
        thread.join()
    assert beside == [os.SCHED_RR if first and passed_on else os.SCHED_OTHER] and os.sched_getscheduler(0) == before
