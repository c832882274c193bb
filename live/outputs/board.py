"""What an encoder tells of its outputs: the state of each, typed, in its status block. No order of messages counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from live.config.output import Output
from live.shm.status import Board, cut

PLACES = 32  # outputs that one encoder may have
WORDS_LIMIT = 400  # bytes of what a state says of itself
RECORDING = "recording "  # what an output's state says with the name of the file that it began
AMISS = "amiss"  # what a message is of something that is odd, while the output goes on

_OUTPUT = np.dtype(
    [("begun", "<i8"), ("done", "<i8"), ("state", "<i8"), ("dropped", "<i8"), ("words", f"S{WORDS_LIMIT}")]
)
_DEVICE = np.dtype([("latency_ms", "<f8"), ("buffer_ms", "<f8"), ("x_runs", "<i8"), ("drift_ppm", "<f8")])
BOARD = np.dtype(
    [
        ("device", _DEVICE),  # of a worker that plays to one
        ("fills", "<i8"),  # repeated pictures, for program frames that never came
        ("silence", "<i8"),  # samples of silence put in because the mixer delivered nothing
        ("outputs", _OUTPUT, (PLACES,)),
    ]
)


class TargetState(IntEnum):
    CONNECTING = 0
    LIVE = 1
    RETRYING = 2
    CLOSED = 3  # all of it was delivered
    FAILED = 4  # it ended, but not well


@dataclass(frozen=True)
class Placed:
    """An output that an encoder is to have. place: where its state goes on the board. fresh: is it begun for the first
    time in this show? A recording that is not goes on in a new file.
    """

    place: int
    output: Output
    fresh: bool = True


ENDED = (TargetState.CLOSED, TargetState.FAILED)
IN_TROUBLE = (TargetState.RETRYING, TargetState.FAILED)


@dataclass(frozen=True)
class OutputTold:
    """How an output does. words: why, in one line. dropped: video frames that did not reach it."""

    state: TargetState = TargetState.CONNECTING
    words: str = ""
    dropped: int = 0

    def __str__(self) -> str:
        return ": ".join(part for part in (self.state.name.lower(), self.words) if part)


def publish(board: Board, place: int, told: OutputTold) -> None:
    """The encoder's side: the output at this place, from 0."""
    row = board["outputs"][place]
    row["begun"] += 1
    row["state"], row["dropped"] = told.state, told.dropped
    row["words"] = cut(told.words, WORDS_LIMIT).encode("utf-8", "replace")
    row["done"] = row["begun"]


def device(board: Board | None) -> tuple[float, float, int, float]:
    """Of a worker that plays to a sound device: lateness and queue in ms, x-runs, drift in ppm."""
    told = board["device"].tolist() if board is not None else (0.0, 0.0, 0, 0.0)
    latency_ms, buffer_ms, x_runs, drift_ppm = told
    return round(latency_ms, 1), round(buffer_ms, 1), x_runs, round(drift_ppm)


def read(board: Board, place: int) -> OutputTold | None:
    """The engine's side; None while it is being written: what was read before still holds."""
    row = board["outputs"][place].copy()
    if not row["begun"] == row["done"] == board["outputs"][place]["begun"]:
        return None
    return OutputTold(TargetState(int(row["state"])), row["words"].decode("utf-8", "replace"), int(row["dropped"]))
