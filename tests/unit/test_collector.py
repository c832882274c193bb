"""When the collector has its turn: a pure schedule, on a clock that jumps."""

from __future__ import annotations

from live.base.clock import NS
from live.engine.collector import LONG_NS, OLD_EVERY_NS, OVERDUE_NS, YOUNG_EVERY, Collector


class Garbage:
    """A clock, and collections that take their time on it."""

    def __init__(self, cost_ns: int = NS // 1000) -> None:
        self.now_ns, self.cost_ns = 0, cost_ns
        self.done: list[int] = []
        self.frozen = 0
        self.collector = Collector(lambda: self.now_ns, collect=self.collect, freeze=self.freeze)

    def collect(self, generation: int) -> int:
        self.done.append(generation)
        self.now_ns += self.cost_ns if generation == 2 else 0
        return 0

    def freeze(self) -> None:
        self.frozen += 1

    def wait(self, ns: int, left_ns: int, step_ns: int = NS // 4) -> None:
        until_ns = self.now_ns + ns
        while self.now_ns < until_ns:
            self.now_ns += step_ns
            self.collector.step(left_ns)


def test_the_young_are_collected_all_the_time_and_the_oldest_when_there_is_time() -> None:
    garbage = Garbage()
    garbage.wait(OLD_EVERY_NS + NS, left_ns=20_000_000)
    assert garbage.done.count(2) == 1 and garbage.done.count(1) == int((OLD_EVERY_NS / NS) * 4 / YOUNG_EVERY)
    garbage.wait(10 * (OLD_EVERY_NS + NS), left_ns=20_000_000)
    assert 10 <= garbage.done.count(2) <= 12
    assert garbage.collector.longest_ns == garbage.cost_ns and not garbage.frozen


def test_a_frame_that_leaves_no_time_is_not_made_late_for_it() -> None:
    garbage = Garbage()
    garbage.wait(OVERDUE_NS - NS, left_ns=1_000_000)
    assert 2 not in garbage.done
    garbage.wait(3 * NS, left_ns=1_000_000)
    assert garbage.done.count(2) == 1, "at last it is done all the same: a leak would be worse"


def test_what_takes_long_is_frozen_and_has_its_turn_again() -> None:
    garbage = Garbage(cost_ns=LONG_NS + 1)
    garbage.wait(5 * (OLD_EVERY_NS + NS), left_ns=5_000_000)
    assert garbage.frozen == garbage.done.count(2) >= 4
    assert garbage.collector.frozen == garbage.frozen
