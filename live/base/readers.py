"""Threads that read files, so that nobody else waits for a disk.

A share that is gone answers neither `open` nor `stat`, for minutes, and nothing ends such a call. So whoever has
stood for a second is left behind, and a fresh thread goes on with the others; what the one left behind says in the end
still counts. There are never more than `at_once` + `most_hanging` threads: what may hang more is refused.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from live.base.clock import NS, MonotonicClock, thread_cpu_ns
from live.base.errors import LiveError
from live.base.files import LARGEST_BYTES, read_file, read_start
from live.base.priority import go_last

PATIENCE_S = 1.0  # how long the others wait for one
TELL_S = 2.0  # from when on a person hears of it
_QUEUED = 1000
_GETS_ON_NS = 1_000_000  # what waits uses nothing
T = TypeVar("T")


class NoAnswer(LiveError):
    """A file, or rather what it lies on, doesn't answer. Told by the Readers, once; nobody else need tell it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(str(path), "doesn't answer", "see to its disk or share; it is read as soon as it answers")

    def __reduce__(self) -> tuple[type[NoAnswer], tuple[Path]]:
        return type(self), (self.path,)


@dataclass(eq=False)
class _Job:
    path: Path
    work: Callable[[], None]
    given_up: Callable[[NoAnswer], None] | None
    begun_ns: int = 0
    thread: int = 0
    cpu_ns: int = 0  # of its thread, when it was last seen to get on
    moved_ns: int = 0  # when that was
    left: bool = False  # its thread was left behind
    told: bool = False


class Readers:
    """Whoever puts something calls `tend` now and then, or `settle`. Any thread; a work must not put another of its
    own path and wait for it.

    said: what a person should know, to be taken off: mostly a path that doesn't answer. answered: paths that do again,
    each with whether it was told.
    """

    def __init__(self, *, at_once: int = 2, patience_s: float = PATIENCE_S, most_hanging: int = 8) -> None:
        self._at_once, self._patience_ns, self._most_hanging = at_once, int(patience_s * NS), most_hanging
        self._clock = MonotonicClock()
        self._change = threading.Condition()
        self._queue: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._hanging: dict[Path, _Job] = {}
        self._threads = 0  # that weren't left behind
        self._idle = 0
        self._closed = False
        self.said: deque[LiveError] = deque(maxlen=50)
        self.answered: deque[tuple[Path, bool]] = deque(maxlen=50)

    @property
    def hanging(self) -> list[Path]:
        """What doesn't answer now."""
        with self._change:
            return list(self._hanging)

    def put(
        self,
        path: Path,
        work: Callable[[], None],
        given_up: Callable[[NoAnswer], None] | None = None,
        *,
        once: bool = False,
    ) -> bool:
        """Have something done with a file, soon. work says itself what came of it, faults too. given_up: called when
        the file doesn't answer, by whoever notices; work may still end later. once: not if something of this file is
        being done or waits. False when it was not taken: given_up has been called unless it was for `once`.
        """
        with self._change:
            if once and self._busy(path):
                return False
            taken = not self._refused(path)
            if taken:
                self._queue.append(_Job(path, work, given_up))
                if not self._idle and self._threads < self._at_once:
                    self._start()
                self._change.notify()
        if not taken and given_up is not None:
            given_up(NoAnswer(path))
        return taken

    def _busy(self, path: Path) -> bool:
        return path in self._hanging or any(j.path == path for j in (*self._running, *self._queue))

    def _refused(self, path: Path) -> bool:
        """What hangs gets no second thread; once as many hang as may, neither do others of their folders."""
        if self._closed or path in self._hanging or len(self._queue) >= _QUEUED:
            return True
        full = len(self._hanging) >= self._most_hanging
        return full and (not self._threads or any(p.parent == path.parent for p in self._hanging))

    def _start(self) -> None:
        self._threads += 1
        threading.Thread(target=self._run, name="reader", daemon=True).start()

    def _run(self) -> None:
        go_last()
        while (job := self._next()) is not None:
            try:
                job.work()
            except Exception as error:  # a library's own, of a file that nobody thought of: the others are still read
                cause = f"can't be read ({type(error).__name__}: {error})"
                self.said.append(LiveError(str(job.path), cause, "save it again; the last good one stays"))
            if self._done(job):
                return

    def _next(self) -> _Job | None:
        with self._change:
            self._idle += 1
            self._change.wait_for(lambda: self._closed or self._waiting())
            self._idle -= 1
            if self._closed or (job := self._waiting()) is None:
                return None
            self._queue.remove(job)
            job.begun_ns = job.moved_ns = self._clock.now_ns()
            job.thread = threading.get_ident()
            job.cpu_ns = thread_cpu_ns(job.thread)
            self._running.add(job)
            return job

    def _waiting(self) -> _Job | None:
        """The next one; one thread at a time for a file, or two would hang on it."""
        running = {job.path for job in self._running}
        return next((job for job in self._queue if job.path not in running), None)

    def _done(self, job: _Job) -> bool:
        """True for a thread that was left behind and isn't needed any more."""
        with self._change:
            self._change.notify_all()
            self._running.discard(job)
            if not job.left:
                return False
            del self._hanging[job.path]
            self.answered.append((job.path, job.told))
            if self._threads >= self._at_once:
                return True
            self._threads += 1
            return False

    def tend(self) -> None:
        """Leave behind who has been waiting for too long, and tell of those who wait on."""
        given_up = []
        with self._change:
            now_ns = self._clock.now_ns()
            for job in [j for j in self._running if self._stands(j, now_ns)]:
                self._running.discard(job)
                self._hanging[job.path] = job
                job.left = True
                self._threads -= 1
                if len(self._hanging) <= self._most_hanging:
                    self._start()
                given_up += [job, *(j for j in self._queue if j.path == job.path)]
                self._queue = deque(j for j in self._queue if j.path != job.path)
            for job in self._hanging.values():
                if not job.told and now_ns - job.begun_ns > TELL_S * NS:
                    job.told = True
                    self.said.append(NoAnswer(job.path))
        for job in given_up:
            if job.given_up is not None:
                job.given_up(NoAnswer(job.path))

    def _stands(self, job: _Job, now_ns: int) -> bool:
        """Does it wait? Decoding a large picture beside a full machine takes its time, too, but it gets on."""
        cpu_ns = thread_cpu_ns(job.thread)
        if cpu_ns > job.cpu_ns + _GETS_ON_NS:
            job.cpu_ns, job.moved_ns = cpu_ns, now_ns
        return now_ns - job.moved_ns > self._patience_ns

    def settle(self, seconds: float) -> bool:
        """Wait until all is done or left behind, at most so long; True when it is."""
        until_ns = self._clock.now_ns() + int(seconds * NS)
        while self._clock.now_ns() < until_ns:
            with self._change:
                if not self._queue and not self._running:
                    return True
                self._change.wait(0.02)
            self.tend()
        return False

    def within(self, path: Path, read: Callable[[], T]) -> T:
        """What `read` gives, or raises. Waits for it as long as the others would; the more files hang already, the
        less. Raises NoAnswer.
        """
        answer: list[T] = []
        fault: list[BaseException] = []

        def work() -> None:
            try:
                answer.append(read())
            except BaseException as error:
                fault.append(error)
            with self._change:
                self._change.notify_all()

        if not self.put(path, work, lambda error: None):
            raise NoAnswer(path)
        patience_ns = self._patience_ns // (1 + len(self.hanging))
        while not answer and not fault:
            with self._change:
                if not answer and not fault:
                    self._change.wait(0.05)
                left = not answer and not fault and self._left(path, patience_ns)
            self.tend()
            if left:
                raise NoAnswer(path)
        if fault:
            raise fault[0]
        return answer[0]

    def _left(self, path: Path, patience_ns: int) -> bool:
        """Has what runs of this path stood for so long? Then it is left behind when it is next looked after."""
        now_ns = self._clock.now_ns()
        if path in self._hanging:
            return True
        for job in self._running:
            if job.path == path:
                self._stands(job, now_ns)
                if now_ns - job.moved_ns > patience_ns:
                    job.moved_ns = now_ns - self._patience_ns - 1
                    return True
        return False

    def close(self) -> None:
        """Take nothing more. Threads that hang end with the process."""
        with self._change:
            self._closed = True
            self._queue.clear()
            self._change.notify_all()


@cache
def _shared() -> Readers:
    return Readers()


def within(path: Path, read: Callable[[], T]) -> T:
    """Readers.within of the process: for whatever is read before a show begins. Raises NoAnswer, or what read does."""
    return _shared().within(path, read)


def read_patiently(path: Path, most_bytes: int = LARGEST_BYTES) -> bytes:
    """As read_file, for whoever can't be left behind. Raises NoAnswer, too."""
    return within(path, partial(read_file, path, most_bytes))


def touch(path: Path) -> None:
    """Can it be read at all? Raises OSError in words, and NoAnswer, for what a library would hang on."""
    within(path, partial(read_start, path))
