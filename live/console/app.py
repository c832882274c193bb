"""The console: a client with a window. It may be started, killed and started again at any time; the show doesn't
notice.

It runs in a process of its own, as a worker of the engine (`main`) or started by hand (`run`). Everything it knows
comes as state over UDP and as pictures from shared memory; everything it wants goes out as commands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from live.base.clock import MonotonicClock
from live.console.spec import ConsoleSpec
from live.shm.status import WorkerState
from live.workers import WorkerContext

log = logging.getLogger(__name__)


def _work(host: str, port: int, clock: MonotonicClock, stopping: Callable[[], bool], ready: Callable[[], None]) -> None:
    # Imported here: pyglet, imgui and OpenCV take seconds on a busy machine, and a worker shows signs of life before
    # that.
    from live.console.console import Console

    if stopping():
        return
    console = Console(host, port, clock.now_ns())
    try:
        ready()
        while not stopping() and not console.closed:
            console.step(clock)
    finally:
        console.close()


def main(spec: ConsoleSpec, ctx: WorkerContext) -> None:
    """The console as a worker of the engine. It ends when it is told to, or when its window is closed."""
    ctx.beat()
    _work(spec.host, spec.osc_port, ctx.clock, ctx.stopping, lambda: ctx.status.set(state=WorkerState.RUNNING))


def run(host: str = "127.0.0.1", port: int = 9000) -> None:
    """A console by hand, for a show that runs or will run; returns when its window is closed. Raises DeviceError."""
    try:
        _work(host, port, MonotonicClock(), lambda: False, lambda: None)
    except KeyboardInterrupt:
        log.info("console: ended by hand; the show goes on")
