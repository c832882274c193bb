"""Worker processes: started, watched, stopped and started again, each in a room of its own.

A worker is a function `main(spec, ctx)` in some module, run in a fresh process (spawn). It works until
`ctx.stopping()`. What it makes goes into rings; what it has to say goes into its StatusBlock. When it dies, the
supervisor starts it again with back-off; nothing else notices but the picture.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from live.base.clock import NS, MonotonicClock
from live.base.errors import LiveError
from live.shm.memory import ring_name
from live.shm.status import StatusBlock, WorkerState

log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")

HEARTBEAT_LIMIT_NS = 5 * NS  # a worker that says nothing for this long hangs: it is killed and started again
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


class WorkerContext:
    """What a worker has of the outside: its status block, the clock, and whether it should go on."""

    def __init__(self, status: StatusBlock) -> None:
        self.status = status
        self.clock = MonotonicClock()
        self._parent = multiprocessing.parent_process()
        self._pid = os.getppid()

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

    def say(self, text: str) -> None:
        """Put a line in the show log."""
        self.status.say(text)


@contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C: it ends the engine, which ends its workers in order. The mask is
    inherited, so it holds from their first instruction on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _child(target: str, spec: Any, status_name: str, nice: int) -> None:
    """First code of every worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    status = StatusBlock(status_name)
    ctx = WorkerContext(status)
    ctx.beat()
    module, function = target.split(":")
    try:
        getattr(importlib.import_module(module), function)(spec, ctx)
        status.set(state=WorkerState.ENDED)
    except LiveError as error:
        status.say(str(error))
        raise SystemExit(1) from None
    except Exception as error:
        status.say(f"{type(error).__name__}: {error}")
        raise


@dataclass
class Worker:
    """One worker as the supervisor sees it. `nice` is added to its scheduling priority: the engine goes first.
    patience: how many times HEARTBEAT_LIMIT_NS it may say nothing (one that is so nice that others may starve it is
    slow, not hung).
    """

    name: str
    target: str
    spec: Any
    nice: int = 0
    essential: bool = True  # False: when it ends by itself it is not started again (the console)
    patience: int = 1
    status: StatusBlock = field(init=False)
    process: Any = field(init=False, default=None)
    failures: int = field(init=False, default=0)
    next_start_ns: int = field(init=False, default=0)
    started_ns: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.status = StatusBlock(ring_name("st"), create=True)


class Supervisor:
    """Starts workers and keeps them alive, in a thread of its own so that a start never costs the render loop a frame.

    on_event(worker name, text) is called from that thread for every death and start; it must only enqueue.
    """

    def __init__(self, on_event: Callable[[str, str], None]) -> None:
        self.workers: list[Worker] = []
        self._on_event = on_event
        self._clock = MonotonicClock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def add(self, worker: Worker) -> Worker:
        self.workers.append(worker)
        return worker

    def start(self) -> None:
        for worker in self.workers:
            self._start(worker)
        self._thread.start()

    def _start(self, worker: Worker) -> None:
        now = self._clock.now_ns()
        worker.status.set(heartbeat_ns=now, state=WorkerState.STARTING)
        args = (worker.target, worker.spec, worker.status.name, worker.nice)
        worker.process = _spawn.Process(target=_child, args=args, name=f"live-{worker.name}", daemon=True)
        with _unheard_interrupts():
            worker.process.start()
        worker.started_ns = now

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            for worker in self.workers:
                try:
                    self._check(worker)
                except Exception:
                    log.exception("supervisor: %s", worker.name)

    def _check(self, worker: Worker) -> None:
        now = self._clock.now_ns()
        if worker.process is None:
            if now >= worker.next_start_ns:
                self._start(worker)
                worker.status.add("restarts")
                self._on_event(worker.name, "started again")
            return
        if worker.process.is_alive():
            # A start may take longer than a beat: imports, opening a camera.
            limit = (
                HEARTBEAT_LIMIT_NS
                * worker.patience
                * (4 if int(worker.status.get("state")) == WorkerState.STARTING else 1)
            )
            if now - int(worker.status.get("heartbeat_ns")) > limit:
                self._on_event(worker.name, f"hangs (no heartbeat for {limit // NS} s): killed")
                worker.process.kill()
                worker.status.set(heartbeat_ns=now)  # said once: the next check finds it dead
            return
        code = worker.process.exitcode
        worker.process.join()
        if worker.status.get("stop") or (not worker.essential and code == 0):
            return
        if now - worker.started_ns > 30 * NS:
            worker.failures = 0
        wait_s = BACKOFF_S[min(worker.failures, len(BACKOFF_S) - 1)]
        worker.failures += 1
        worker.process, worker.next_start_ns = None, now + int(wait_s * NS)
        how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit {code}"
        self._on_event(worker.name, f"died ({how}); starting again in {wait_s:g} s")

    def stop(self, timeout_s: float = 5.0, before_close: Callable[[], None] = lambda: None) -> None:
        """Ask every worker to end, wait, and kill what does not. Outputs get the whole time to close their files.

        before_close is called when all have ended, while their last messages can still be read. A second call does
        nothing.
        """
        if self._stop.is_set():
            return
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        for worker in self.workers:
            worker.status.set(stop=1)
        deadline = self._clock.now_ns() + int(timeout_s * NS)
        for worker in self.workers:
            if worker.process is None:
                continue
            worker.process.join(max(0.05, (deadline - self._clock.now_ns()) / NS))
            if worker.process.is_alive():
                self._on_event(worker.name, "did not end in time: killed")
                worker.process.kill()
                worker.process.join()
        before_close()
        for worker in self.workers:
            worker.status.close()
