"""What a worker and the supervisor tell each other: plain words in shared memory, and messages in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from live.shm.memory import _Shared
from live.shm.message_ring import RecordRing

MESSAGE_LIMIT = 2_000  # bytes of one message; what is longer is cut where a character ends
OVER = "over"  # the state of what was told to be wrong and is well again
_UNCLEAR = "said something that can't be read"


class WorkerState(IntEnum):
    STARTING = 0
    RUNNING = 1
    RETRYING = 3  # could not open; waiting for the next try
    ENDED = 4  # did what it was asked to do


@dataclass(frozen=True)
class Message:
    """What a worker says for the show log. subject: what it speaks of, "" for itself. state: what that has come to, ""
    for a message that is no change of a state."""

    text: str
    subject: str = ""
    state: str = ""

    def __str__(self) -> str:
        """As a line of the log: subject: state: text."""
        return ": ".join(part for part in (self.subject, self.state, self.text) if part)

    def packed(self) -> bytes:
        words = [cut(self.text, MESSAGE_LIMIT), self.subject, self.state]
        return json.dumps(words, ensure_ascii=False).encode("utf-8", "replace")

    @classmethod
    def unpacked(cls, record: bytes) -> Message:
        """Never raises: a worker that went mad may say anything."""
        try:
            text, subject, state = (str(part) for part in json.loads(record))
        except (ValueError, TypeError):
            return cls(_UNCLEAR)
        return cls(text, subject, state)


def cut(text: str, most: int) -> str:
    """A text of at most so many bytes of UTF-8, cut where a character ends."""
    data = text.encode("utf-8", "replace")
    return text if len(data) <= most else data[:most].decode("utf-8", "ignore")


_STATUS = np.dtype(
    [
        ("heartbeat_ns", "<i8"),
        ("stop", "<i8"),
        ("state", "<i8"),
        ("frames", "<i8"),
        ("drops", "<i8"),
        ("restarts", "<i8"),
        ("rate_hz", "<f8"),
        ("start_ns", "<i8"),
        ("loaded", "<i8"),
        ("gave_ns", "<i8"),
        ("stands_in", "<i8"),
    ]
)
Board = npt.NDArray[Any]  # one structured value; its fields are declared by the kind of worker
NO_BOARD = np.dtype([])


class StatusBlock(_Shared):
    """What a worker and the supervisor tell each other without ever waiting.

    Written by the worker: heartbeat_ns, loaded (1 when its code is), state, frames, drops, its messages, and what it
    has on its board; of a source with backups gave_ns (when it gave last) and stands_in (which backup does, from 1 on;
    0: none), by which a worker that is started after it goes. Written by the engine: stop (1 = end now), rate_hz (0 =
    full speed; a rate the worker may save work down to; below 0: nobody needs it), restarts, start_ns (when files begin
    to play; 0: not yet). board: the named numbers that belong to the worker's kind, declared by it.
    """

    def __init__(self, name: str, *, create: bool = False, board: np.dtype[Any] = NO_BOARD) -> None:
        super().__init__(name, _STATUS.itemsize + max(1, board.itemsize) if create else None)
        self._row = np.ndarray((), _STATUS, self._memory.buf)
        self.board: Board = np.ndarray((), board, self._memory.buf, _STATUS.itemsize)
        self._messages = RecordRing(f"{name}m", create=create)
        if create:
            self._row[()] = np.zeros((), _STATUS)
            self.board[()] = np.zeros((), board)

    def _views(self) -> None:
        self._row, self.board = np.zeros((), _STATUS), np.zeros((), self.board.dtype)

    def close(self) -> None:
        self._messages.close()
        super().close()

    def get(self, field: str) -> int | float:
        return self._row[field].item()  # type: ignore[no-any-return]

    def set(self, **fields: int | float) -> None:
        for field, value in fields.items():
            self._row[field] = value

    def add(self, field: str, amount: int = 1) -> None:
        self._row[field] += amount

    def say(self, text: str, subject: str = "", state: str = "") -> None:
        """Leave a message for the show log. Worker only; it never waits: what finds no room is counted."""
        self._messages.put(Message(text, subject, state).packed())

    def messages(self) -> list[Message]:
        """What was said since the last call, in order; 64 at most. Engine only."""
        return [Message.unpacked(record) for record in self._messages.take()]

    @property
    def unsaid(self) -> int:
        """Messages that found no room, or could not be read."""
        return self._messages.refused + self._messages.broken
