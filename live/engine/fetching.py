"""Files that hands name, found and read beside the frame; off line at once, so that the same show is the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from live.base.errors import LiveError
from live.base.readers import Readers
from live.config.places import Places
from live.render.files import PICTURE, Files
from live.show.asks import Done, Failed, Kind


class Fetching:
    """Owner: the engine. readers: None off line."""

    def __init__(self, places: Places, readers: Readers | None) -> None:
        self._places, self._readers = places, readers
        self._ready: deque[Callable[[], None]] = deque()

    def fetch(self, files: Files, kind: Kind, paths: list[Path], done: Done, failed: Failed) -> None:
        """As show.asks.Fetch has it. A picture that is found is in `files` by then."""

        def work() -> None:
            try:
                path = self._places.find(paths)
                made = files.read(PICTURE, path) if kind == "picture" else None
            except LiveError as error:
                self._ready.append(partial(failed, error))
                return
            self._ready.append(partial(take, path, made))

        def take(path: Path, made: object) -> None:
            if made is not None:
                files.hold(PICTURE, path, made)
            done(path)

        if self._readers is None:
            work()
            self.take()
        else:
            self._readers.put(paths[-1], work, lambda error: self._ready.append(partial(failed, error)))

    def take(self) -> None:
        """Hand on what is there now, once a frame."""
        while self._ready:
            self._ready.popleft()()
