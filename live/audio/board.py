"""Where the audio worker and the engine put what the other needs: plain numbers in the worker's status block. Neither
ever waits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from live.audio.listener import Heard

Values = npt.NDArray[np.float64]

MICROPHONES = 16  # more than these are mixed, but neither measured nor heard

_RMS, _PEAK, _SPEECH = 0, 16, 32  # MICROPHONES numbers each
_UNTIL, _MUSIC, _BEAT = 48, 49, 50  # _BEAT: sample number, period; a period of 0: none
_SET, _GAIN, _MUTE = 95, 96, 112  # written by the engine: 1 when it has, then MICROPHONES numbers each


def publish(values: Values, heard: Heard) -> None:
    """The worker's side. What is read while it is written may be of two blocks: 20 ms apart, which no reader minds."""
    for at, numbers in ((_RMS, heard.rms_db), (_PEAK, heard.peak_db), (_SPEECH, heard.speech)):
        count = min(MICROPHONES, len(numbers))
        values[at : at + count] = numbers[:count]
    values[_MUSIC] = heard.music
    values[_BEAT : _BEAT + 2] = heard.beat or (0.0, 0.0)
    values[_UNTIL] = heard.until


def heard(values: Values, count: int) -> Heard:
    """The engine's side: what was published last, of the first `count` microphones. until is 0 before the first
    time."""
    now, count = values.copy(), min(count, MICROPHONES)
    beat = (float(now[_BEAT]), float(now[_BEAT + 1])) if now[_BEAT + 1] else None
    rms_db, peak_db, speech = (now[at : at + count].tolist() for at in (_RMS, _PEAK, _SPEECH))
    return Heard(int(now[_UNTIL]), rms_db, peak_db, speech, bool(now[_MUSIC]), beat)


def set_fader(values: Values, number: int, *, gain_db: float, muted: bool) -> None:
    """The engine's side: how loud a microphone (by its place in the rig) is to be. Call it for all of them, then
    `faders_set`."""
    if number < MICROPHONES:
        values[_GAIN + number], values[_MUTE + number] = gain_db, muted


def faders_set(values: Values) -> None:
    values[_SET] = 1.0


def faders(values: Values, count: int) -> Iterator[tuple[int, float, bool]]:
    """The worker's side: (place in the rig, gain in dB, muted) of each microphone; nothing before the engine has set
    them."""
    if values[_SET]:
        for number in range(min(count, MICROPHONES)):
            yield number, float(values[_GAIN + number]), bool(values[_MUTE + number])
