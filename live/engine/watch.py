"""Files that may be saved while the show is on air. They are looked at, and read when they have changed, by threads
that a file which doesn't answer can't hold up; the engine takes up what is valid at the start of its next frame, and
the last good one stays otherwise.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from live.base.errors import LiveError
from live.base.readers import Readers

POLL_S = 0.25
_AT_ONCE = 8  # changes taken up in one frame

Apply = Callable[[], None]
# Reads a file, on a thread of the readers; what it returns is called by the engine. Raises LiveError.
Read = Callable[[], Apply]


class Watch:
    """files: what to do when one of them is saved. Owner: the engine. readers: who looks; None off line, where whoever
    calls `again` or `look` reads.
    """

    def __init__(self, files: Mapping[Path, list[Read]], readers: Readers | None = None) -> None:
        self._files = {path: list(reads) for path, reads in files.items()}
        self._also: Mapping[Path, list[Read]] = {}
        self._readers = readers
        self._seen: dict[Path, tuple[int, int] | None] = {}
        self._taken: dict[Path, tuple[int, int] | None] = {}
        self._ready: deque[Apply | LiveError] = deque(maxlen=100)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._each(self._look_at)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def follow(self, files: Mapping[Path, list[Read]]) -> None:
        """Files to look at besides, instead of those named here before. Engine thread."""
        self._also = dict(files)

    def _run(self) -> None:
        while not self._closing.wait(POLL_S):
            self.look()

    def look(self) -> None:
        """Read what has been saved since it was last read. A file counts as saved when it is the same at two looks: an
        editor may still be writing. One that answers again counts as saved, too."""
        readers = self._readers
        if readers is not None:
            readers.tend()
            while readers.answered:
                path, told = readers.answered.popleft()
                self._taken[path] = None
                if told:
                    self._ready.append(LiveError(str(path), "answers again", "what was saved meanwhile is taken up"))
        self._each(self._look_at)

    def _each(self, do: Callable[[Path], None]) -> None:
        for path in dict.fromkeys((*self._files, *self._also)):
            if self._readers is None:
                do(path)
            else:
                self._readers.put(path, partial(do, path), once=True)

    def _look_at(self, path: Path) -> None:
        stamp = _stamp(path)
        if path not in self._seen:  # followed from now on; unless it didn't answer at first
            self._taken.setdefault(path, stamp)
        elif stamp is not None and stamp == self._seen[path] and stamp != self._taken[path]:
            self._taken[path] = stamp
            self._read(path)
        self._seen[path] = stamp

    def _read(self, path: Path) -> None:
        for read in (*self._files.get(path, ()), *self._also.get(path, ())):
            try:
                self._ready.append(read())
            except LiveError as error:
                self._ready.append(error)
            except Exception as error:  # a library's own, of a file that nobody thought of
                cause = f"can't be read ({type(error).__name__}: {error})"
                self._ready.append(LiveError(str(path), cause, "save it again; the last good one stays"))

    def again(self, path: Path) -> None:
        """Read a file as if it had been saved: off line at once."""
        if self._readers is None:
            self._read(path)
        elif not self._readers.put(path, partial(self._read, path)):
            self._taken[path] = None  # when it answers

    def take(self, tell: Callable[[LiveError], None]) -> None:
        """Take up what was saved. Engine thread; never waits. What can't be used is told, and what doesn't answer."""
        while self._readers is not None and self._readers.said:
            tell(self._readers.said.popleft())
        for _ in range(min(_AT_ONCE, len(self._ready))):
            change = self._ready.popleft()
            if isinstance(change, LiveError):
                tell(change)
                continue
            try:
                change()
            except LiveError as error:
                tell(error)

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join(2.0)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None  # gone, for now: editors save by replacing
    return stat.st_mtime_ns, stat.st_size
