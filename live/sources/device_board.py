"""What a source's process tells besides how it is: of a sound device its clock and what it lost, of a picture what
there is to see. Named numbers in its status block, and words for the log when a device gets worse.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from live.base.clock import NS
from live.shm.status import Board

OF_A_PICTURE = [("black_s", "<f8"), ("still_s", "<f8"), ("slides", "<i8")]  # live/sources/sight.py; on every board
BOARD = np.dtype(
    [
        ("known", "<i8"),  # 1 when the rest is
        ("channels", "<i8"),
        ("lost", "<i8"),
        ("overruns", "<i8"),
        ("jumps", "<i8"),
        ("drift_ppm", "<f8"),
        ("buffered_ms", "<f8"),
        *OF_A_PICTURE,
    ]
)
_OF_A_DEVICE = ("known", "channels", "lost", "overruns", "jumps", "drift_ppm", "buffered_ms")
QUIET_NS = 30 * NS  # for so long nothing gets worse until it is told again


@dataclass(frozen=True)
class DeviceTold:
    """How a sound device does, since it was opened.

    lost: blocks of 10 ms that nobody fetched in time. overruns: how often the system lost some before us (x-runs).
    jumps: how often its clock did. drift_ppm: how much faster it runs than it says, on the mean.
    buffered_ms: how old its sound is when it is handed on: what lies in the device, the system and here.
    """

    channels: int = 0
    lost: int = 0
    overruns: int = 0
    jumps: int = 0
    drift_ppm: float = 0.0
    buffered_ms: float = 0.0


def publish(board: Board, told: DeviceTold) -> None:
    """The worker's side. A worker without this board tells nobody."""
    if board.dtype == BOARD:
        for name, value in zip(_OF_A_DEVICE, (1, *astuple(told)), strict=True):
            board[name] = value


def gone(board: Board) -> None:
    """The worker's side: there is no device."""
    if board.dtype == BOARD:
        board["known"] = 0


def read(board: Board) -> DeviceTold | None:
    """The engine's side; None of what is no sound device, or of one that isn't there."""
    if board.dtype != BOARD:
        return None
    known, *values = (board.copy()[name].item() for name in _OF_A_DEVICE)
    return DeviceTold(*values) if known else None


class Worse:
    """Words for what got worse: told at once, and then not again until it has been quiet for a while. Pure."""

    def __init__(self) -> None:
        self._before = DeviceTold()
        self._spell_until_ns = 0

    def step(self, told: DeviceTold, now_ns: int) -> str:
        """What there is to say; "" for nothing."""
        before, self._before = self._before, told
        words = [
            text
            for count, text in (
                (told.overruns - before.overruns, "the system lost sound of it (x-run)"),
                (told.lost - before.lost, "sound of it was not fetched in time"),
                (told.jumps - before.jumps, "its clock jumped"),
            )
            if count > 0
        ]
        if not words:
            return ""
        in_spell, self._spell_until_ns = now_ns < self._spell_until_ns, now_ns + QUIET_NS
        if in_spell:
            return ""
        totals = f"{told.overruns} x-runs, {told.lost} blocks lost, {told.jumps} jumps since it was opened"
        return f"{'; '.join(words)}: {totals}; close what else the machine does, or use a device by itself"
