"""What a show has to say: lines of the log, faults as people read them, and that they are over. Engine thread only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from live.base.errors import LiveError
from live.base.guard import Failure
from live.control.state import StateTree
from live.show.faults.model import FaultBook
from live.show.session.published import LastFault
from live.showlog import ShowLog

_LINE = 200  # characters of the last fault


class Notices:
    """frame: the number of the one that is made, and the time of the show, seconds. book: where faults stand until they
    are over. warn: where a person reads them besides. count: of faults so far.
    """

    def __init__(
        self,
        log: ShowLog,
        tree: StateTree,
        warn: Callable[[str], None],
        *,
        frame: Callable[[], tuple[int, float]],
        book: Callable[[], FaultBook],
    ) -> None:
        self._lines, self._tree, self._warn, self._frame, self._book = log, tree, warn, frame, book
        self.count = 0

    def log(self, kind: str, by: str, **more: Any) -> None:
        """A line of the show log."""
        self._lines.line(self._frame()[0], kind, by, **more)

    def fault(self, subject: str, text: str, by: str = "live") -> None:
        """Something went wrong in some room: it is logged and shown; the frame goes on."""
        self.log("fault", by, subject=subject, message=text)
        self._show(subject, text)
        self._warn(text if text.startswith(subject) or subject == "control" else f"{subject}: {text}")

    def error(self, error: LiveError) -> None:
        self.fault(error.subject, str(error))

    def over(self, subject: str, text: str, by: str = "live") -> None:
        """What was wrong is well again."""
        self.log("state", by, subject=subject, message=text)
        self._book().over(subject)

    def mistake(self, text: str, by: str, times: int, new: bool) -> None:
        """A command that was not carried out. The same one many times is a line now and then, and never hides a newer
        one."""
        count = {"times": times} if times > 1 else {}
        self.log("fault", by, subject="control", message=text, **count)
        if new:
            self._show("control", text)
        self._warn(f"{text} ({times} times)" if times > 1 else text)

    def failure(self, failure: Failure) -> None:
        """A part of the frame can't do its work, or can again. The trace is in the log, a line is shown."""
        if not failure.trace:
            self.over(failure.part, failure.text)
            return
        text = f"{failure.part} failed ({failure.text}); it shows what it made last, the trace is in the show log"
        self.log("fault", "live", subject=failure.part, message=text, trace=failure.trace)
        self._show(failure.part, text, failed=True)
        self._warn(text)

    def written(self, what: str, said: deque[str | LiveError]) -> None:
        """Files that were written, and those that could not be."""
        while said:
            if isinstance(told := said.popleft(), LiveError):
                self.error(told)
            else:
                self.log("state", "live", **{what: told})

    def _show(self, subject: str, text: str, *, failed: bool = False) -> None:
        self._tree.put(LastFault(text[:_LINE]))
        self.count += 1
        self._book().tell(subject, text, self._frame()[1], failed=failed)
