"""Where the audio worker puts what the engine needs: named numbers in the worker's status block, as many as the rig has
microphones. Nobody ever waits."""

from __future__ import annotations

from typing import Any

import numpy as np

from live.audio.listener import Heard
from live.shm.status import Board


def board_of(microphones: int) -> np.dtype[Any]:
    """The board of a worker that mixes so many microphones."""
    each = (microphones,)
    return np.dtype(
        [
            ("until", "<i8"),  # sample number: heard so far
            ("music", "<i8"),
            ("beat", "<f8", (2,)),  # sample number, period; a period of 0: none
            ("rms_db", "<f8", each),
            ("peak_db", "<f8", each),
            ("speech", "<f8", each),
        ]
    )


def publish(board: Board, heard: Heard) -> None:
    """The worker's side. What is read while it is written may be of two blocks: 20 ms apart, which no reader minds."""
    for name, numbers in (("rms_db", heard.rms_db), ("peak_db", heard.peak_db), ("speech", heard.speech)):
        board[name][: len(numbers)] = numbers
    board["music"] = heard.music
    board["beat"] = heard.beat or (0.0, 0.0)
    board["until"] = heard.until


def heard(board: Board) -> Heard:
    """The engine's side: what was published last, of every microphone. until is 0 before the first time."""
    now = board.copy()
    at, period = now["beat"].tolist()
    rms_db, peak_db, speech = (now[name].tolist() for name in ("rms_db", "peak_db", "speech"))
    return Heard(int(now["until"]), rms_db, peak_db, speech, bool(now["music"]), (at, period) if period else None)
