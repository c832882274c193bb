"""Which camera a source has, and how it gives its pictures: words in its worker's status block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from live.shm.status import Board

BOARD = np.dtype(
    [
        ("known", "<i8"),  # 1 when the rest is
        ("device", "S96"),
        ("mode", "S48"),
        ("black_s", "<f8"),  # of its picture: live/sources/sight.py
        ("still_s", "<f8"),
    ]
)


@dataclass(frozen=True)
class CameraTold:
    """device: its name. mode: size, rate and format. refused: what of the rig its driver doesn't do."""

    device: str
    mode: str
    refused: tuple[str, ...] = ()


def publish(board: Board, told: CameraTold) -> None:
    """The worker's side. A worker without this board tells nobody."""
    if board.dtype == BOARD:
        for name, value in (("known", 1), ("device", told.device.encode()[:96]), ("mode", told.mode.encode()[:48])):
            board[name] = value


def gone(board: Board) -> None:
    """The worker's side: there is no camera."""
    if board.dtype == BOARD:
        board["known"] = 0


def read(board: Board) -> CameraTold | None:
    """The engine's side; None of what is no camera, or of one that isn't there."""
    if board.dtype != BOARD or not board["known"]:
        return None
    copy = board.copy()
    return CameraTold(*(copy[name].item().decode("utf-8", "replace") for name in ("device", "mode")))
