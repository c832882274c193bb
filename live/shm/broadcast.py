"""Pieces of data from one process to any number of others: each reader gets what came since it looked last."""

from __future__ import annotations

import numpy as np

from live.shm.memory import _HEADER, _Shared

CAPACITY = 1 << 20  # bytes that are there to be read; pages that nothing was written to cost no memory
_LENGTH = 4  # bytes before each record


class BroadcastRing(_Shared):
    """Records of bytes from one writer. It never waits and knows no reader: one that is slow finds out that it has
    missed something, and nobody else does.
    """

    def __init__(self, name: str, *, create: bool = False, capacity: int = CAPACITY) -> None:
        """Create it with room for `capacity` bytes, or attach to it by name."""
        super().__init__(name, _HEADER + capacity if create else None)
        buf = self._memory.buf
        self._head = np.ndarray(3, np.int64, buf)  # begun, written (bytes in all), capacity
        if create:
            self._head[:] = (0, 0, capacity)
        self.capacity = int(self._head[2])
        self.longest = self.capacity // 8  # bytes of one record
        self._data = np.ndarray(self.capacity, np.uint8, buf, _HEADER)

    def _views(self) -> None:
        self._head, self._data = np.zeros(3, np.int64), np.zeros(0, np.uint8)

    @property
    def written(self) -> int:
        """Bytes in all: where a reader begins that wants only what comes."""
        return int(self._head[1])

    def put(self, record: bytes) -> None:
        """Add a record, over the oldest. Writer only. Raises ValueError for one that is longer than `longest`."""
        if len(record) > self.longest:
            raise ValueError(f"{self.name}: a record of {len(record)} bytes, {self.longest} at most")
        data = np.frombuffer(len(record).to_bytes(_LENGTH, "little") + record, np.uint8)
        at = int(self._head[1])
        self._head[0] = at + len(data)  # readers of what is overwritten see it go
        i = at % self.capacity
        first = min(len(data), self.capacity - i)
        self._data[i : i + first] = data[:first]
        self._data[: len(data) - first] = data[first:]
        self._head[1] = at + len(data)

    def after(self, at: int) -> tuple[list[bytes], int] | None:
        """(the records that begin at this byte, where the next one begins); None when some are gone already."""
        count = int(self._head[1]) - at
        if not 0 <= count <= self.capacity:
            return None
        i = at % self.capacity
        first = min(count, self.capacity - i)
        data = self._data[i : i + first].tobytes() + self._data[: count - first].tobytes()
        if int(self._head[0]) - at > self.capacity:  # the writer came round meanwhile
            return None
        records, n = [], 0
        while n < len(data):
            begin = n + _LENGTH
            n = begin + int.from_bytes(data[n:begin], "little")
            records.append(data[begin:n])
        return records, at + count
