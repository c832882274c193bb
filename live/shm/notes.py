"""A text from one process to another: the newest counts."""

from __future__ import annotations

import numpy as np

from live.shm.memory import _HEADER, _Shared


class NoteBlock(_Shared):
    """A text from one process to another: the newest counts, nobody waits. One writer, one reader."""

    _CAPACITY = 16_384

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEADER + self._CAPACITY if create else None)
        self._head = np.ndarray(3, np.int64, self._memory.buf)  # count when begun, count when done, bytes
        self._text = np.ndarray(self._CAPACITY, np.uint8, self._memory.buf, _HEADER)
        if create:
            self._head[:] = 0

    def _views(self) -> None:
        self._head, self._text = np.zeros(3, np.int64), np.zeros(0, np.uint8)

    def write(self, text: str) -> None:
        """Raises ValueError for more than 16 kB."""
        data = np.frombuffer(text.encode(), np.uint8)
        if len(data) > self._CAPACITY:
            raise ValueError(f"{self.name}: a note of {len(data)} bytes")
        self._head[0] += 1
        self._text[: len(data)] = data
        self._head[2] = len(data)
        self._head[1] = self._head[0]

    def read(self, after: int) -> tuple[int, str] | None:
        """(count, text) of the newest note, if it is younger than `after` and whole; None otherwise: ask again
        later.
        """
        done = int(self._head[1])
        if done == after:
            return None
        text = self._text[: int(self._head[2])].tobytes()
        return (done, text.decode()) if int(self._head[0]) == done else None
