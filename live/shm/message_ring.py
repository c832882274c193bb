"""Short pieces of data from one process to another, in order and each once: a bounded ring of records."""

from __future__ import annotations

import numpy as np

from live.shm.memory import _HEADER, _Shared

RING_BYTES = 65_536  # what may wait to be read; pages that nothing was written to cost no memory
_LENGTH = 4  # bytes before each record


class RecordRing(_Shared):
    """Records of bytes between one writer and one reader. Neither waits: what finds no room is refused and counted, so
    that what is older, and was promised, is never lost. A writer that died in the middle of a record has written
    nothing."""

    def __init__(self, name: str, *, create: bool = False, capacity: int = RING_BYTES) -> None:
        """Create it with room for `capacity` bytes, or attach to it by name."""
        super().__init__(name, _HEADER + capacity if create else None)
        buf = self._memory.buf
        self._head = np.ndarray(5, np.int64, buf)  # written, read (bytes in all), refused, broken, capacity
        if create:
            self._head[:] = (0, 0, 0, 0, capacity)
        self.capacity = int(self._head[4])
        self._data = np.ndarray(self.capacity, np.uint8, buf, _HEADER)

    def _views(self) -> None:
        self._head, self._data = np.zeros(5, np.int64), np.zeros(0, np.uint8)

    @property
    def refused(self) -> int:
        """Records that found no room, ever."""
        return int(self._head[2])

    @property
    def broken(self) -> int:
        """How often the reader found what can't be records, and left it out."""
        return int(self._head[3])

    @property
    def waiting(self) -> int:
        """Bytes that were not taken yet."""
        return int(self._head[0]) - int(self._head[1])

    def put(self, record: bytes) -> bool:
        """Add a record; False, and counted, when there is no room for it. Writer only."""
        written, need = int(self._head[0]), _LENGTH + len(record)
        if written - int(self._head[1]) + need > self.capacity:
            self._head[2] += 1
            return False
        self._copy_in(written, len(record).to_bytes(_LENGTH, "little") + record)
        self._head[0] = written + need
        return True

    def take(self, most: int = 64) -> list[bytes]:
        """The oldest records that were not taken yet, `most` of them at most. Reader only."""
        records: list[bytes] = []
        while len(records) < most and (waiting := int(self._head[0]) - int(self._head[1])) > 0:
            read = int(self._head[1])
            length = int.from_bytes(self._copy_out(read, _LENGTH), "little")
            if not _LENGTH + length <= waiting <= self.capacity:  # something wrote over it: nothing of it can be told
                self._head[3] += 1
                self._head[1] = self._head[0]
                break
            records.append(self._copy_out(read + _LENGTH, length))
            self._head[1] = read + _LENGTH + length
        return records

    def _copy_in(self, at: int, data: bytes) -> None:
        i = at % self.capacity
        first = min(len(data), self.capacity - i)
        piece = np.frombuffer(data, np.uint8)
        self._data[i : i + first] = piece[:first]
        self._data[: len(data) - first] = piece[first:]

    def _copy_out(self, at: int, count: int) -> bytes:
        i = at % self.capacity
        first = min(count, self.capacity - i)
        return self._data[i : i + first].tobytes() + self._data[: count - first].tobytes()
