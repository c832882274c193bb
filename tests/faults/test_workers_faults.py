"""Workers that come, go, die, hang and talk nonsense, as real processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from live import workers
from live.base.clock import NS, MonotonicClock
from live.shm.status import Message, WorkerState
from live.workers import Supervisor, Worker, WorkerContext
from tests.nginx import wait_for

HERE = "tests.faults.test_workers_faults"


def works(spec: Any, ctx: WorkerContext) -> None:
    ctx.status.set(state=WorkerState.RUNNING)
    while not ctx.stopping():
        ctx.status.add("frames")
        ctx.clock.wait_until(ctx.clock.now_ns() + NS // 100)
    ctx.say("last words")


def ends_at_once(spec: Any, ctx: WorkerContext) -> None:
    raise ValueError("no good")


def hangs(spec: Any, ctx: WorkerContext) -> None:
    ctx.status.set(state=WorkerState.RUNNING)
    threading.Event().wait()


def talks_nonsense(spec: Any, ctx: WorkerContext) -> None:
    ctx.status._messages.put(b"\xff\x00")
    ctx.status._messages.put(b"[1]")
    ctx.status.say("sense")
    works(spec, ctx)


class Heard:
    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self.supervisor = Supervisor(lambda name, text: self.events.append((name, text)))

    def of(self, name: str) -> list[str]:
        return [text for who, text in self.events if who == name]


@pytest.fixture
def heard() -> Iterator[Heard]:
    made = Heard()
    yield made
    made.supervisor.stop()


def until(what: Callable[[], Any], why: str) -> None:
    wait_for(what, 20.0, why)


def test_workers_come_and_go_while_others_work(heard: Heard) -> None:
    supervisor = heard.supervisor
    first = supervisor.add(Worker("first", f"{HERE}:works", None))
    supervisor.start()
    until(lambda: first.running, "the first one")
    second = supervisor.add(Worker("second", f"{HERE}:works", None))
    until(lambda: second.running and second.status.get("frames"), "another that was added meanwhile")
    supervisor.remove(second)
    until(lambda: second.gone, "its end")
    assert [m.text for m in second.status.messages()] == ["last words"], "they can still be read"
    supervisor.forget(second)
    assert supervisor.workers == (first,) and first.running
    assert heard.events == [], "no fault in any of it"


def test_one_that_does_not_leave_is_killed(heard: Heard) -> None:
    worker = heard.supervisor.add(Worker("stays", f"{HERE}:hangs", None, patience=100, grace_s=0.3))
    heard.supervisor.start()
    until(lambda: worker.running, "its start")
    heard.supervisor.remove(worker)
    until(lambda: worker.gone, "its end")
    assert heard.of("stays") == ["did not end in time: killed"]


def test_one_that_dies_at_once_is_told_of_twice_and_tried_on(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BACKOFF_S", (0.0,))
    worker = heard.supervisor.add(Worker("bad", f"{HERE}:ends_at_once", None))
    good = heard.supervisor.add(Worker("good", f"{HERE}:works", None))
    heard.supervisor.start()
    until(lambda: worker.status.get("restarts") >= 4, "some tries")
    assert [text.split(" (")[0] for text in heard.of("bad")] == ["died", "started again", "died again"]
    assert set(worker.status.messages()) == {Message("ValueError: no good")}
    assert good.running and heard.of("good") == []


def test_one_that_hangs_is_killed_and_started_again(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HEARTBEAT_LIMIT_NS", NS)
    worker = heard.supervisor.add(Worker("stuck", f"{HERE}:hangs", None))
    heard.supervisor.start()
    until(lambda: worker.status.get("restarts"), "the next one")
    assert heard.of("stuck")[0] == "died (hangs: no heartbeat for 1 s, killed); starting again in 0.2 s"


def test_one_that_is_stopped_by_a_signal_counts_as_hanging(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HEARTBEAT_LIMIT_NS", NS)
    worker = heard.supervisor.add(Worker("frozen", f"{HERE}:works", None))
    heard.supervisor.start()
    until(lambda: worker.running, "its start")
    os.kill(worker.pid, signal.SIGSTOP)
    until(lambda: worker.status.get("restarts") and worker.running, "the next one")
    assert "hangs" in heard.of("frozen")[0]


def test_nonsense_is_told_as_such(heard: Heard) -> None:
    worker = heard.supervisor.add(Worker("mad", f"{HERE}:talks_nonsense", None))
    heard.supervisor.start()
    until(lambda: worker.running, "its start")
    said = [m.text for m in worker.status.messages()]
    assert said == ["said something that can't be read"] * 2 + ["sense"]


def test_a_worker_that_can_not_be_started_is_tried_again(heard: Heard) -> None:
    unpicklable = threading.Lock()
    worker = heard.supervisor.add(Worker("odd", f"{HERE}:works", unpicklable))
    good = heard.supervisor.add(Worker("good", f"{HERE}:works", None))
    heard.supervisor.start()
    until(lambda: good.running, "the other")
    until(lambda: heard.of("odd"), "a word of it")
    assert "can't be started" in heard.of("odd")[0] and worker.pid == 0


def test_starting_costs_the_caller_nothing(heard: Heard) -> None:
    """The render loop adds a worker: the process is started by the supervisor's thread."""
    heard.supervisor.start()
    clock = MonotonicClock()
    began = clock.now_ns()
    worker = heard.supervisor.add(Worker("late", f"{HERE}:works", None))
    assert clock.now_ns() - began < NS // 100
    until(lambda: worker.running, "its start")


def test_of_many_a_few_load_at_once_those_that_go_first_before_the_others(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LOADING", 2)
    many = [heard.supervisor.add(Worker(f"w{n}", f"{HERE}:works", None, nice=5)) for n in range(5)]
    first = heard.supervisor.add(Worker("mixer", f"{HERE}:works", None))
    heard.supervisor.start()
    most = 0

    def are_there() -> bool:
        nonlocal most
        most = max(most, sum(w.loading for w in many))
        return all(w.running for w in many)

    until(lambda: first.pid, "the one that goes first")
    assert sum(w.pid > 0 for w in many) <= 1
    until(are_there, "all of them")
    assert most <= 2


def loads_for_long(spec: Any, ctx: WorkerContext) -> None:
    """As a starved machine loads code: for longer than a beat may be away, and busy with it."""
    ctx.status.set(loaded=0)
    while sum(os.times()[:2]) < 1.5:
        pass
    ctx.status.set(loaded=1)
    works(spec, ctx)


@pytest.mark.skipif(sys.platform != "linux", reason="nobody else tells what a process has used")
def test_one_that_is_slow_to_load_is_not_taken_for_hung(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HEARTBEAT_LIMIT_NS", NS // 5)
    worker = heard.supervisor.add(Worker("slow", f"{HERE}:loads_for_long", None))
    heard.supervisor.start()
    until(lambda: worker.running, "its start")
    assert not heard.of("slow")
