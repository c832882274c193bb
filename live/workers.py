"""Worker processes: started, watched, stopped and started again, each in a room of its own.

A worker is a function `main(spec, ctx)` in some module, run in a fresh process (spawn). It works until
`ctx.stopping()`. What it makes goes into rings; what it has to say goes into its StatusBlock. When it dies, the
supervisor starts it again with back-off; nothing else notices but the picture. Workers come (`Supervisor.add`) and go
(`Supervisor.remove`) at any time; those of a show's start come no other way."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from live.base.clock import NS, MonotonicClock
from live.base.errors import LiveError
from live.base.priority import step_back
from live.base.processes import cpu_s, unheard_interrupts
from live.base.secrets import redact
from live.shm.memory import ring_name
from live.shm.status import NO_BOARD, StatusBlock, WorkerState

log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")

STARTED_AGAIN, RUNS_AGAIN = "started again", "runs again"  # how what there is to say begins when a fault is over
HEARTBEAT_LIMIT_NS = 5 * NS  # a worker that says nothing for this long hangs: it is killed and started again
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
STAYS_NS = 30 * NS  # a worker that has run for this long is well again
GRACE_S = 3.0  # how long a worker may take to end
LOADING = 2 * (os.cpu_count() or 1)  # workers that load their code at once: of fifty together none would get there
LOADING_CPU_S = 60.0  # one that has used so much and is not there yet hangs


class WorkerContext:
    """What a worker has of the outside: its status block, the clock, and whether it should go on."""

    def __init__(self, status: StatusBlock) -> None:
        self.status = status
        self.clock = MonotonicClock()
        self._parent = multiprocessing.parent_process()
        # As the engine said, and not as the system does by now: one that was killed meanwhile is no parent any more.
        self._pid = os.getppid() if self._parent is None else self._parent.pid

    def stopping(self) -> bool:
        """True when the worker should end: it was told to, or the engine is gone. Call it at least once a second: it is
        also the heartbeat."""
        self.beat()
        return bool(self.status.get("stop")) or self.orphaned()

    def beat(self) -> None:
        self.status.set(heartbeat_ns=self.clock.now_ns())

    def orphaned(self) -> bool:
        if os.name == "posix":
            return os.getppid() != self._pid
        return self._parent is not None and not self._parent.is_alive()

    def say(self, text: str, subject: str = "", state: str = "") -> None:
        """Put a line in the show log. subject: what it speaks of, where that isn't the worker; state: what that has
        come to."""
        self.status.say(text, subject, state)


def _child(target: str, spec: Any, status_name: str, board: Any, nice: int) -> None:
    """First code of every worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    step_back(nice)
    status = StatusBlock(status_name, board=board)
    ctx = WorkerContext(status)
    ctx.beat()
    module, function = target.split(":")
    try:
        work = getattr(importlib.import_module(module), function)
        status.set(loaded=1)
        work(spec, ctx)
        status.set(state=WorkerState.ENDED)
    except LiveError as error:
        status.say(str(error))
        raise SystemExit(1) from None
    except Exception as error:
        status.say(f"{type(error).__name__}: {redact(str(error))}")
        raise


class Lifeline:
    """Deaths and starts of one worker: when it is started again, and what there is to say of it. Pure: time is an
    argument.

    Each change is told once: the first death and the start after it, that it dies again and again (and of what, when
    that changes), and that it stays at last."""

    def __init__(self) -> None:
        self.failures = 0  # deaths since it last stayed
        self._how = ""

    def died(self, how: str, ran_ns: int) -> tuple[int, str]:
        """(how long to wait in ns, what to say; "" for nothing) when it died after so long."""
        if ran_ns > STAYS_NS:
            self.failures = 0
        wait_s = BACKOFF_S[min(self.failures, len(BACKOFF_S) - 1)]
        self.failures += 1
        before, self._how = self._how, how
        text = ""
        if self.failures == 1:
            text = f"died ({how}); starting again in {wait_s:g} s"
        elif self.failures == 2 or how != before:
            text = f"died again ({how}); it is started again and again, at last every {BACKOFF_S[-1]:g} s"
        return int(wait_s * NS), text

    def started(self) -> str:
        """What to say when it was started after a death."""
        return STARTED_AGAIN if self.failures == 1 else ""

    def runs(self, ran_ns: int) -> str:
        """What to say of one that has been running for so long."""
        if self.failures < 2 or ran_ns <= STAYS_NS:
            return ""
        text = f"{RUNS_AGAIN}, after {self.failures} starts"
        self.failures = 0
        return text


@dataclass(eq=False)
class Worker:
    """One worker as the supervisor sees it. `nice` is added to its scheduling priority: the engine goes first.
    patience: how many times HEARTBEAT_LIMIT_NS it may say nothing (one that is so nice that others may starve it is
    slow, not hung). board: the named numbers that its kind has in its status block."""

    name: str
    target: str
    spec: Any
    nice: int = 0
    essential: bool = True  # False: when it ends by itself it is not started again (the console)
    patience: int = 1
    board: Any = NO_BOARD
    grace_s: float = GRACE_S  # how long it may take to end when it is asked to
    status: StatusBlock = field(init=False)
    process: Any = field(init=False, default=None)
    lifeline: Lifeline = field(init=False, default_factory=Lifeline)
    leave_by_ns: int = field(init=False, default=0)  # it was removed: killed when it is there by then
    gone: bool = field(init=False, default=False)  # it has left: what it said last can be read
    _next_start_ns: int = field(init=False, default=0)
    _started_ns: int = field(init=False, default=0)
    _hung: str = field(init=False, default="")
    _used_s: float = field(init=False, default=0.0)  # CPU, when it was last looked at for saying nothing

    def __post_init__(self) -> None:
        self.status = StatusBlock(ring_name("st"), create=True, board=self.board)

    @property
    def running(self) -> bool:
        """Has it begun its work, and is it alive?"""
        return self.process is not None and int(self.status.get("state")) == WorkerState.RUNNING

    @property
    def coming(self) -> bool:
        """Is it being started for the first time?"""
        return not self.lifeline.failures and int(self.status.get("state")) == WorkerState.STARTING

    @property
    def loading(self) -> bool:
        """Is it alive, and its code not there yet?"""
        return self.process is not None and not self.status.get("loaded") and self.process.is_alive()

    @property
    def down(self) -> bool:
        """Has it died, and the next one not begun its work yet?"""
        return self.lifeline.failures > 0 and int(self.status.get("state")) == WorkerState.STARTING

    @property
    def pid(self) -> int:
        """0 while there is no process."""
        process = self.process
        return process.pid or 0 if process is not None else 0


class Supervisor:
    """Starts workers and keeps them alive, in a thread of its own so that a start never costs the render loop a frame.

    add, remove and forget belong to one thread (the engine's). on_event(worker name, text) is called from the
    supervisor's thread for every change; it must only enqueue."""

    def __init__(self, on_event: Callable[[str, str], None]) -> None:
        self.workers: tuple[Worker, ...] = ()  # exchanged whole, so that both threads may walk through it
        self._on_event = on_event
        self._clock = MonotonicClock()
        self._stop = threading.Event()
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def add(self, worker: Worker) -> Worker:
        """It is started at once, or when the supervisor starts."""
        self.workers = (*self.workers, worker)
        self._news.set()
        return worker

    def remove(self, worker: Worker) -> None:
        """Ask a worker to end, and kill it when it hasn't within its time. Never waits: it is `gone` when it has left,
        and stays in `workers` until it is forgotten."""
        worker.leave_by_ns = self._clock.now_ns() + int(worker.grace_s * NS)
        worker.status.set(stop=1)
        self._news.set()

    def forget(self, worker: Worker) -> None:
        """Let go of a worker that has gone, when its last messages were read."""
        assert worker.gone
        self.workers = tuple(w for w in self.workers if w is not worker)
        worker.status.close()

    def start(self) -> None:
        """Start every worker there is, and watch. Doesn't wait for them."""
        self._thread.start()

    def _start(self, worker: Worker) -> None:
        now = self._clock.now_ns()
        worker.status.set(heartbeat_ns=now, state=WorkerState.STARTING, loaded=0)
        worker._used_s = 0.0
        args = (worker.target, worker.spec, worker.status.name, worker.board, worker.nice)
        process = _spawn.Process(target=_child, args=args, name=f"live-{worker.name}", daemon=True)
        with unheard_interrupts():
            process.start()
        worker.process, worker._started_ns, worker._hung = process, now, ""

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            for worker in sorted(self.workers, key=lambda w: w.nice):
                if self._stop.is_set():
                    return
                try:
                    self._check(worker)
                except Exception as error:  # no process to be had, say: tried again like one that died
                    log.exception("supervisor: %s", worker.name)
                    wait_ns, text = worker.lifeline.died(f"can't be started: {type(error).__name__}: {error}", 0)
                    worker._next_start_ns = self._clock.now_ns() + wait_ns
                    self._tell(worker, text)
            self._news.wait(0.1)

    def _check(self, worker: Worker) -> None:
        now = self._clock.now_ns()
        if worker.gone:
            return
        if worker.leave_by_ns:
            self._see_off(worker, now)
        elif worker.process is None:
            self._start_when_due(worker, now)
        elif worker.process.is_alive():
            self._tell(worker, worker.lifeline.runs(now - worker._started_ns))
            self._look_for_a_beat(worker, now)
        else:
            self._bury(worker, now)

    def _tell(self, worker: Worker, text: str) -> None:
        if text:
            self._on_event(worker.name, text)

    def _start_when_due(self, worker: Worker, now: int) -> None:
        if now < worker._next_start_ns or sum(w.loading for w in self.workers) >= LOADING:
            return
        again = worker.lifeline.failures > 0
        if again:
            worker.status.add("restarts")  # before it starts: it reads whether it is the first
        self._start(worker)
        if again:
            self._tell(worker, worker.lifeline.started())

    def _look_for_a_beat(self, worker: Worker, now: int) -> None:
        # A start may take longer than a beat: imports, opening a camera.
        slow = 4 if int(worker.status.get("state")) == WorkerState.STARTING else 1
        limit = HEARTBEAT_LIMIT_NS * worker.patience * slow
        if now - int(worker.status.get("heartbeat_ns")) > limit:
            if self._is_slow(worker):
                worker.status.set(heartbeat_ns=now)
                return
            worker._hung = f"hangs: no heartbeat for {limit // NS} s, killed"
            worker.process.kill()
            worker.status.set(heartbeat_ns=now)  # the next check finds it dead

    def _is_slow(self, worker: Worker) -> bool:
        """One that still loads its code, and gets on with it: the machine has too much to do."""
        used_s, before_s = cpu_s(worker.pid), worker._used_s
        worker._used_s = used_s or 0.0
        return worker.loading and used_s is not None and before_s < used_s < LOADING_CPU_S

    def _bury(self, worker: Worker, now: int) -> None:
        code = worker.process.exitcode
        worker.process.join()
        if worker.status.get("stop") or (not worker.essential and code == 0):
            return
        how = worker._hung or (f"killed by signal {-code}" if code is not None and code < 0 else f"exit {code}")
        wait_ns, text = worker.lifeline.died(how, now - worker._started_ns)
        worker.process, worker._next_start_ns = None, now + wait_ns
        worker.status.set(state=WorkerState.STARTING)
        self._tell(worker, text)

    def _see_off(self, worker: Worker, now: int) -> None:
        process = worker.process
        if process is not None and process.is_alive():
            if now < worker.leave_by_ns:
                return
            self._on_event(worker.name, "did not end in time: killed")
            process.kill()
        if process is not None:
            process.join()
        worker.process, worker.gone = None, True

    def stop(self, before_close: Callable[[], None] = lambda: None) -> None:
        """Ask every worker to end, wait, and kill what does not within its own time.

        before_close is called when all have ended, while their last messages can still be read. A second call does
        nothing.
        """
        if self._stop.is_set():
            return
        self._stop.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        for worker in self.workers:
            worker.status.set(stop=1)
        asked_ns = self._clock.now_ns()
        left = [w for w in self.workers if w.process is not None]
        while left:
            ended = multiprocessing.connection.wait([w.process.sentinel for w in left], 0.1)
            for worker in left:
                if worker.process.sentinel in ended:
                    worker.process.join()
                elif self._clock.now_ns() - asked_ns > worker.grace_s * NS:
                    self._on_event(worker.name, "did not end in time: killed")
                    worker.process.kill()
                    worker.process.join()
            left = [w for w in left if w.process.is_alive()]
        before_close()
        for worker in self.workers:
            worker.status.close()
