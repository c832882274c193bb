"""The show log: JSON lines, one for everything that happened, written by a thread so that a slow disk never costs a
frame.

A log is never overwritten, as recordings aren't: one that is there is renamed, with the state that is kept beside it;
and nothing is touched before the show begins.
"""

from __future__ import annotations

import json
import queue
import threading
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

from live.base.clock import timecode
from live.base.errors import OutputError
from live.base.files import free_name
from live.base.held import Held, is_held

LIMIT = 10_000  # lines waiting; past that, lines are dropped and counted


def state_beside(log: Path) -> Path:
    """Where a show's state is kept: show.jsonl -> show.state.json"""
    return log.with_suffix(".state.json")


class ShowLog:
    """Writes lines with `frame`, `timecode`, `t_s`, `kind`, `by` and whatever else belongs to the kind.

    With no path it only counts. What comes before `begin` waits. `threaded=False` (off line) writes at once. part: it
    belongs to a show that has a log there already, which stays where it is. Raises OutputError when a show on air
    writes that log.
    """

    def __init__(self, path: Path | None, rate_hz: Fraction, *, threaded: bool = True, part: bool = False) -> None:
        self._rate = rate_hz
        self.lines = 0  # so far, also without a file
        self.dropped = 0
        self.said = ""  # what was done with a log that was there
        if path is not None and part:
            path = free_name(path, ".", 2) if path.exists() else path
        self.path = path
        self._file: TextIO | None = None
        self._held: Held | None = None
        self._threaded = threaded
        self._thread: threading.Thread | None = None
        self._queue: queue.Queue[str | None] = queue.Queue(LIMIT)
        if path is not None and is_held(path):
            raise OutputError(str(path), "a show that runs writes this log", "end it, or give another log")

    def begin(self) -> None:
        """Open the file. Raises OutputError."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.is_file() and self.path.stat().st_size:
                self._put_aside(self.path)
            self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise OutputError(
                str(self.path), error.strerror or "can't be written", "give another place for the log"
            ) from None
        with suppress(OSError):  # a share that can't hold files
            self._held = Held(self.path)
        if self._threaded:
            self._thread = threading.Thread(target=self._write_all, name="show log", daemon=True)
            self._thread.start()
        else:
            while not self._queue.empty():
                self._file.write(f"{self._queue.get()}\n")

    def _put_aside(self, path: Path) -> None:
        kept = free_name(path, ".old.", 1)
        path.rename(kept)
        if (state := state_beside(path)).is_file():
            state.replace(state_beside(kept))
        self.said = f"{path.name} was there already and is now {kept.name}"

    def line(self, frame: int, kind: str, by: str, **more: Any) -> None:
        """Add a line. Never waits."""
        self.lines += 1
        if self.path is None:
            return
        row = {
            "frame": frame,
            "timecode": timecode(frame, self._rate),
            "t_s": round(float(frame / self._rate), 3),
            "kind": kind,
            "by": by,
        }
        text = json.dumps(row | more, ensure_ascii=False, default=str)
        if self._file is not None and self._thread is None:
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
        if self._held:
            self._held.close()
            self._held = None
