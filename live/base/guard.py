"""Fault boundaries: a bug or a bad value costs the part of the frame it is in, never the frame.

    with guard("graphics"):
        views = graphics.views()

What was assigned before stays when the part fails, so a caller keeps what a part made last and goes on with it. A
fault is told once with its trace, and again only when it is another one; between, it is counted. Owner: one thread.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType

WELL_AGAIN = (
    60  # runs without a fault after which a part counts as mended: one that fails every other time is told once
)
_TRACE_LIMIT = 12  # calls of a trace that are kept


@dataclass(frozen=True)
class Failure:
    """What is told of a part. text: in one line. trace: where it happened, "" when the part is well again. count: how
    often it failed so far."""

    part: str
    text: str
    trace: str
    count: int


class Part:
    """One fault boundary: a context manager that can be entered again and again, but not within itself.

    count: failures so far. failed: did the last run fail?
    """

    __slots__ = ("_place", "_tell", "_well", "count", "failed", "name", "text")

    def __init__(self, name: str, tell: Callable[[Failure], None]) -> None:
        self.name, self._tell = name, tell
        self.count = 0
        self.failed = False
        self.text = ""  # of the fault that stands; "" for none
        self._place: object = None
        self._well = 0

    def __enter__(self) -> Part:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self.failed = False
            if self._place is not None:
                self._recover()
            return False
        if not isinstance(error, Exception):  # Ctrl-C and the like are no fault of the part
            return False
        self.failed = True
        self.count += 1
        self._well = 0
        place = (kind, *_where(trace))
        if place != self._place:
            self._place = place
            self.text = f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
            lines = traceback.format_exception(kind, error, trace, limit=-_TRACE_LIMIT)
            self._tell(Failure(self.name, self.text, "".join(lines), self.count))
        return True

    def _recover(self) -> None:
        self._well += 1
        if self._well >= WELL_AGAIN:
            self._place, self.text = None, ""
            self._tell(Failure(self.name, f"works again after {self.count} faults", "", self.count))


def _where(trace: TracebackType | None) -> tuple[str, int]:
    """File and line of the innermost call: what makes two faults the same one, whatever numbers their texts hold."""
    if trace is None:
        return "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno


class Guard:
    """The parts of one thread's work, each made when it is first named. tell must not raise."""

    def __init__(self, tell: Callable[[Failure], None]) -> None:
        self._tell = tell
        self._parts: dict[str, Part] = {}

    def __call__(self, name: str) -> Part:
        part = self._parts.get(name)
        if part is None:
            part = self._parts[name] = Part(name, self._tell)
        return part

    @property
    def failing(self) -> Mapping[str, str]:
        """The parts whose fault stands, and which."""
        return {name: part.text for name, part in self._parts.items() if part.text}

    @property
    def count(self) -> int:
        """Failures of all parts so far."""
        return sum(part.count for part in self._parts.values())


def unguarded() -> Guard:
    """For a core that is used by itself, in a test or a benchmark: the first fault is raised again."""

    def tell(failure: Failure) -> None:
        raise AssertionError(failure.trace or failure.text)

    return Guard(tell)
