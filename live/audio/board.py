"""Where the audio worker puts what the engine needs: named numbers in the worker's status block, as many as the rig has
microphones and strips. Nobody ever waits."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from live.audio.alike import PAIRS
from live.audio.listener import Heard
from live.audio.loudness import KEPT
from live.shm.status import Board
from live.sound.hearing import Echo
from live.sound.metering import SECTIONS, Level, Loudness, Metered

_LEVEL = np.dtype(
    [
        ("rms_db", "<f8"),
        ("peak_db", "<f8"),
        ("hold_db", "<f8"),
        ("clips", "<i8"),
        ("phase", "<f8"),  # NaN for none
        ("reduction", "<f8", (len(SECTIONS),)),
        ("low_db", "<f8"),
    ]
)


def board_of(microphones: int, strips: int) -> np.dtype[Any]:
    """The board of a worker that mixes so many strips, so many of them microphones."""
    each = (microphones,)
    return np.dtype(
        [
            # written by the engine
            ("speaking", "<i8", each),
            # written by the worker
            ("kept", KEPT),  # for itself: who is started after it goes on with it
            ("metered", "<i8"),  # sample number: measured so far
            ("levels", _LEVEL, (strips + 1,)),  # the program is the last
            ("loudness", "<f8", (5,)),
            ("leader", "<i8"),  # of the automix, by its place among the microphones, from 1 on; 0 for none
            ("speech_lufs", "<f8", each),  # NaN for none
            ("until", "<i8"),  # sample number: heard so far
            ("music", "<i8"),
            ("beat", "<f8", (2,)),  # sample number, period; a period of 0: none
            ("echoes", "<f8", (PAIRS, 4)),  # two microphones and how alike they are; twice the same: none
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
    rows = [astuple(echo) for echo in heard.echoes]
    board["echoes"] = rows + [(0.0,) * 4] * (PAIRS - len(rows))
    board["until"] = heard.until


def heard(board: Board) -> Heard:
    """The engine's side: what was published last, of every microphone. until is 0 before the first time."""
    at, period = board["beat"].tolist()
    rms_db, peak_db, speech = (board[name].tolist() for name in ("rms_db", "peak_db", "speech"))
    echoes = tuple(Echo(int(a), int(b), *alike) for a, b, *alike in board["echoes"].tolist() if a != b)
    beat = (at, period) if period else None
    return Heard(int(board["until"]), rms_db, peak_db, speech, bool(board["music"]), beat, echoes)


def publish_meters(board: Board, microphones: Sequence[str], metered: Metered) -> None:
    """The worker's side. microphones: in the rig's order."""
    levels = (*metered.strips.values(), metered.program)
    board["levels"] = [(*astuple(x)[:4], _or_nan(x.phase), x.reduction, x.low_db) for x in levels]
    board["loudness"] = astuple(metered.loudness)
    board["speech_lufs"][: len(microphones)] = [_or_nan(metered.speech_lufs.get(name)) for name in microphones]
    board["leader"] = microphones.index(metered.leader) + 1 if metered.leader else 0
    board["metered"] = metered.until


def metered(board: Board, microphones: Sequence[str], strips: Sequence[str]) -> Metered:
    """The engine's side: what the meters read last. strips: in the order of the desk."""
    levels = [
        Level(rms, peak, hold, clips, None if math.isnan(phase) else phase, tuple(reduction), low)
        for rms, peak, hold, clips, phase, reduction, low in board["levels"].tolist()
    ]
    spoken = zip(microphones, board["speech_lufs"].tolist(), strict=False)
    return Metered(
        int(board["metered"]),
        dict(zip(strips, levels[:-1], strict=True)),
        {name: value for name, value in spoken if not math.isnan(value)},
        levels[-1],
        Loudness(*board["loudness"].tolist()),
        ("", *microphones)[int(board["leader"])],
    )


def tell_speaking(board: Board, microphones: Sequence[str], speaking: Collection[str]) -> None:
    """The engine's side: the microphones into which their owners speak."""
    board["speaking"][: len(microphones)] = [name in speaking for name in microphones]


def speaking(board: Board, microphones: Sequence[str]) -> list[str]:
    """The worker's side."""
    return [name for name, is_on in zip(microphones, board["speaking"].tolist(), strict=False) if is_on]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
