"""The show log: JSON lines, one for everything that happened, written by a thread so that a slow disk never costs a
frame.
"""

from __future__ import annotations

import json
import queue
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

from live.base.clock import timecode
from live.base.errors import OutputError

LIMIT = 10_000  # lines waiting; past that, lines are dropped and counted


class ShowLog:
    """Writes lines with `frame`, `timecode`, `t_s`, `kind`, `by` and whatever else belongs to the kind.

    With no path it only counts. `threaded=False` (off line) writes at once.
    """

    def __init__(self, path: Path | None, rate_hz: Fraction, *, threaded: bool = True) -> None:
        self._rate = rate_hz
        self.lines = 0  # so far, also without a file
        self.dropped = 0
        self._file: TextIO | None = None
        self._queue: queue.Queue[str | None] = queue.Queue(LIMIT)
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("w", encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                raise OutputError(
                    str(path), error.strerror or "can't be written", "give another place for the log"
                ) from None
        self._thread = (
            threading.Thread(target=self._write_all, name="show log", daemon=True) if threaded and self._file else None
        )
        if self._thread:
            self._thread.start()

    def line(self, frame: int, kind: str, by: str, **more: Any) -> None:
        """Add a line. Never waits."""
        self.lines += 1
        if self._file is None:
            return
        row = {
            "frame": frame,
            "timecode": timecode(frame, self._rate),
            "t_s": round(float(frame / self._rate), 3),
            "kind": kind,
            "by": by,
        }
        text = json.dumps(row | more, ensure_ascii=False, default=str)
        if self._thread is None:
            self._file.write(text + "\n")
            return
        try:
            self._queue.put_nowait(text)
        except queue.Full:
            self.dropped += 1

    def _write_all(self) -> None:
        assert self._file is not None
        while (text := self._queue.get()) is not None:
            try:
                self._file.write(text + "\n")
                if self._queue.empty():
                    self._file.flush()
            except (OSError, ValueError):  # a full disk: the show goes on, the loss is counted
                self.dropped += 1

    def close(self) -> None:
        if self._thread:
            self._queue.put(None)
            self._thread.join(5)
        if self._file:
            self._file.close()
            self._file = None
