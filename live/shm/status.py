"""What a worker and the supervisor tell each other, as plain words in shared memory."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from live.shm.memory import _Shared


class WorkerState(IntEnum):
    STARTING = 0
    RUNNING = 1
    RETRYING = 3  # could not open; waiting for the next try
    ENDED = 4  # did what it was asked to do


VALUES = 128


_STATUS = np.dtype(
    [
        ("heartbeat_ns", "<i8"),
        ("stop", "<i8"),
        ("state", "<i8"),
        ("frames", "<i8"),
        ("drops", "<i8"),
        ("restarts", "<i8"),
        ("rate_hz", "<f8"),
        ("values", "<f8", (VALUES,)),
        ("message_count", "<i8"),
        ("message", "S400"),
    ]
)


class StatusBlock(_Shared):
    """What a worker and the supervisor tell each other without ever waiting: plain words in shared memory.

    Written by the worker: heartbeat_ns, state, frames, drops, values (its own meaning), message. Written by the engine:
    stop (1 = end now), rate_hz (0 = full speed; a rate the worker may save work down to; below 0: nobody needs it),
    restarts.
    """

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _STATUS.itemsize if create else None)
        self._row = np.ndarray(1, _STATUS, self._memory.buf)
        if create:
            self._row[:] = np.zeros(1, _STATUS)

    def _views(self) -> None:
        self._row = np.zeros(1, _STATUS)

    def get(self, field: str) -> int | float:
        return self._row[field][0].item()

    def set(self, **fields: int | float) -> None:
        for field, value in fields.items():
            self._row[field][0] = value

    def add(self, field: str, amount: int = 1) -> None:
        self._row[field][0] += amount

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """128 floats (view) for figures that belong to the worker's kind."""
        return self._row["values"][0]

    def say(self, text: str) -> None:
        """Leave a message for the show log; the engine logs it once per `say`."""
        self._row["message"][0] = text.encode("utf-8", "replace")[:399]
        self._row["message_count"][0] += 1

    @property
    def message(self) -> tuple[int, str]:
        """(how many messages so far, the last one)."""
        return int(self._row["message_count"][0]), self._row["message"][0].decode("utf-8", "replace")
