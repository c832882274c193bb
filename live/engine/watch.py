"""Files that may be saved while the show is on air. A thread looks at them and reads what has changed; the engine takes
up what is valid at the start of its next frame, and the last good one stays otherwise.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from live.base.errors import LiveError

POLL_S = 0.25
_AT_ONCE = 8  # changes taken up in one frame

Apply = Callable[[], None]
Read = Callable[
    [], Apply
]  # reads a file, on the watching thread; what it returns is called by the engine. Raises LiveError


class Watch:
    """files: what to do when one of them is saved. Owner: the engine; `look` runs on the watch's own thread."""

    def __init__(self, files: Mapping[Path, list[Read]]) -> None:
        self._files = {path: list(reads) for path, reads in files.items()}
        self._also: Mapping[Path, list[Read]] = {}
        self._seen = {path: _stamp(path) for path in self._files}
        self._taken = dict(self._seen)
        self._ready: deque[Apply | LiveError] = deque(maxlen=100)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

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
        editor may still be writing."""
        also = self._also
        for path in dict.fromkeys((*self._files, *also)):
            stamp = _stamp(path)
            if path not in self._seen:  # followed from now on
                self._taken[path] = stamp
            elif stamp is not None and stamp == self._seen[path] and stamp != self._taken[path]:
                self._taken[path] = stamp
                for read in (*self._files.get(path, ()), *also.get(path, ())):
                    self._read(path, read)
            self._seen[path] = stamp

    def _read(self, path: Path, read: Read) -> None:
        try:
            self._ready.append(read())
        except LiveError as error:
            self._ready.append(error)
        except (
            Exception
        ) as error:  # a library's own, of a file that nobody thought of: the others are still looked after
            self._ready.append(
                LiveError(
                    str(path),
                    f"can't be read ({type(error).__name__}: {error})",
                    "save it again; the last good one stays",
                )
            )

    def again(self, path: Path) -> None:
        """Read a file as if it had been saved: at once before the thread runs (and off line), at its next look
        afterwards.
        """
        if self._thread is not None:
            self._taken[path] = None
            return
        for read in self._files[path]:
            self._read(path, read)

    def take(self, tell: Callable[[LiveError], None]) -> None:
        """Take up what was saved. Engine thread; never waits. What can't be used is told."""
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
