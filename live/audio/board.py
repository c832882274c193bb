"""Where the audio worker and the engine put what the other needs: named numbers in the worker's status block, as many
as the rig has microphones. Neither ever waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from live.audio.listener import Heard
from live.shm.status import Board


def board_of(microphones: int) -> np.dtype[Any]:
    """The board of a worker that mixes so many microphones."""
    each = (microphones,)
    return np.dtype(
        [
            # written by the worker
            ("until", "<i8"),  # sample number: heard so far
            ("music", "<i8"),
            ("beat", "<f8", (2,)),  # sample number, period; a period of 0: none
            ("rms_db", "<f8", each),
            ("peak_db", "<f8", each),
            ("speech", "<f8", each),
            # written by the engine
            ("set", "<i8"),  # 1 when the faders are
            ("gain_db", "<f8", each),
            ("muted", "<i8", each),
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


def set_fader(board: Board, number: int, *, gain_db: float, muted: bool) -> None:
    """The engine's side: how loud a microphone (by its place in the rig) is to be. Call it for all of them, then
    `faders_set`."""
    board["gain_db"][number], board["muted"][number] = gain_db, muted


def faders_set(board: Board) -> None:
    board["set"] = 1


def faders(board: Board) -> Iterator[tuple[int, float, bool]]:
    """The worker's side: (place in the rig, gain in dB, muted) of each microphone; nothing before the engine has set
    them."""
    if board["set"]:
        for number, (gain_db, muted) in enumerate(zip(board["gain_db"].tolist(), board["muted"].tolist(), strict=True)):
            yield number, gain_db, bool(muted)
