"""What the supervisor tells of a worker's deaths and starts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import NS
from live.workers import BACKOFF_S, STAYS_NS, Lifeline


def test_each_change_is_told_once() -> None:
    life = Lifeline()
    assert life.died("exit 1", 0) == (NS // 5, "died (exit 1); starting again in 0.2 s")
    assert life.started() == "started again"
    assert life.died("exit 1", NS)[1].startswith("died again (exit 1)")
    assert life.started() == ""
    assert [life.died("exit 1", NS)[1] for _ in range(20)] == [""] * 20
    assert "killed by signal 9" in life.died("killed by signal 9", NS)[1], "of something else"
    assert life.runs(STAYS_NS) == "" and life.runs(STAYS_NS + 1) == "runs again, after 23 starts"
    assert life.runs(STAYS_NS + 1) == ""
    assert life.died("exit 1", NS) == (NS // 5, "died (exit 1); starting again in 0.2 s")


@given(lives=st.lists(st.tuples(st.sampled_from(["exit 1", "exit 2"]), st.integers(0, 2 * STAYS_NS))))
def test_the_wait_grows_to_its_limit_and_begins_anew_after_a_long_life(lives: list[tuple[str, int]]) -> None:
    life, short = Lifeline(), 0
    for how, ran_ns in lives:
        short = 1 if ran_ns > STAYS_NS else short + 1
        wait_ns, text = life.died(how, ran_ns)
        assert wait_ns == int(BACKOFF_S[min(short, len(BACKOFF_S)) - 1] * NS)
        assert bool(text) or short > 2
