"""What a stream's process tells of how it comes: named numbers in its status block."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from live.shm.status import Board
from live.sources.device_board import OF_A_PICTURE

BOARD = np.dtype(
    [
        ("known", "<i8"),  # 1 when the rest is
        ("held_ms", "<f8"),
        ("late", "<i8"),
        ("jumps", "<i8"),
        ("width", "<i8"),
        ("height", "<i8"),
        *OF_A_PICTURE,
    ]
)
_OF_A_STREAM = ("known", "held_ms", "late", "jumps", "width", "height")


@dataclass(frozen=True)
class StreamTold:
    """How a stream comes, since it was opened.

    held_ms: how long what comes the shortest way is held, so that uneven arrival doesn't show. late: pictures and
    blocks of sound that came after they were due. jumps: how often its time line was laid anew. width, height: of its
    pictures, px.
    """

    held_ms: float = 0.0
    late: int = 0
    jumps: int = 0
    width: int = 0
    height: int = 0


def publish(board: Board, told: StreamTold) -> None:
    """The worker's side. A worker without this board tells nobody."""
    if board.dtype == BOARD:
        for name, value in zip(_OF_A_STREAM, (1, *astuple(told)), strict=True):
            board[name] = value


def gone(board: Board) -> None:
    """The worker's side: nothing comes."""
    if board.dtype == BOARD:
        board["known"] = 0


def read(board: Board) -> StreamTold | None:
    """The engine's side; None of what is no stream, or of one that doesn't come."""
    if board.dtype != BOARD:
        return None
    known, *values = (board.copy()[name].item() for name in _OF_A_STREAM)
    return StreamTold(*values) if known else None
