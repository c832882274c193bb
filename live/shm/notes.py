"""Something from one process to another of which only the newest counts."""

from __future__ import annotations

import numpy as np

from live.shm.memory import _HEADER, _Shared

NOTE_BYTES = 262_144  # of the longest note; pages that nothing was written to cost no memory


class NoteBlock(_Shared):
    """A note from one process to another: the newest counts, nobody waits. One writer, one reader."""

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEADER + NOTE_BYTES if create else None)
        self._head = np.ndarray(3, np.int64, self._memory.buf)  # count when begun, count when done, bytes
        self._data = np.ndarray(NOTE_BYTES, np.uint8, self._memory.buf, _HEADER)
        if create:
            self._head[:] = 0

    def _views(self) -> None:
        self._head, self._data = np.zeros(3, np.int64), np.zeros(0, np.uint8)

    def write(self, text: str) -> None:
        """Raises ValueError for more than NOTE_BYTES of UTF-8; the note before stays then."""
        self.put(text.encode())

    def put(self, note: bytes) -> None:
        """The same with bytes."""
        data = np.frombuffer(note, np.uint8)
        if len(data) > NOTE_BYTES:
            raise ValueError(f"{self.name}: a note of {len(data)} bytes, where {NOTE_BYTES} have room")
        self._head[0] += 1
        self._data[: len(data)] = data
        self._head[2] = len(data)
        self._head[1] = self._head[0]

    def read(self, after: int) -> tuple[int, str] | None:
        """(count, text) of the newest note, if it is younger than `after` and whole; None otherwise: ask again
        later."""
        note = self.get(after)
        return None if note is None else (note[0], note[1].decode())

    def get(self, after: int) -> tuple[int, bytes] | None:
        """The same with bytes."""
        done = int(self._head[1])
        if done == after:
            return None
        note = self._data[: int(self._head[2])].tobytes()
        return (done, note) if int(self._head[0]) == done else None
