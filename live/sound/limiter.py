"""How loud the program may be: the limiter that keeps its true peaks under a ceiling, and the curve that does so for
what is laid over its sound later.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.samples import CHANNELS, SAMPLE_RATE

Samples = npt.NDArray[np.float32]

CEILING = 10 ** (-0.3 / 20)  # no sample of the program is louder
KNEE = 10 ** (-3 / 20)  # below it nothing is changed

RELEASE_DB_S = 20.0  # how fast the limiter lets go: slow enough not to be heard as pumping
_OVER = 4  # places between two samples that are looked at: ITU-R BS.1770-4, annex 2
_REACH = 12  # samples on either side that a place between two of them is made of
_BETA = 5.0  # of the Kaiser window; at 8 white noise came out 0.4 dB over the ceiling
_WINDOW = 109  # samples over which the gain goes down: 2.3 ms
LOOKAHEAD = _REACH + _WINDOW - 1  # samples that come later than they went in


def _between() -> Samples:
    """(2 * _REACH, _OVER - 1): what the places between two samples are made of, a sinc under a Kaiser window."""
    places = np.arange(1, _OVER) / _OVER
    at = np.arange(2 * _REACH)[:, None] - (_REACH - 1) - places  # from the place to each sample
    window = np.i0(_BETA * np.sqrt(np.maximum(0, 1 - (at / _REACH) ** 2))) / np.i0(_BETA)
    taps = np.sinc(at) * window
    return np.asarray(taps / taps.sum(0), np.float32)


_BETWEEN = _between()
_MOST = float(np.abs(_BETWEEN).sum(0).max())  # how much more than its samples a true peak can be


def true_peaks(samples: Samples) -> Samples:
    """How far a sound (n, 2) goes at each sample and half way to its neighbours, the louder side: (n - 2 * _REACH,), of
    the samples that have _REACH of them on either side."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * _REACH, axis=0)  # (n - 2 * _REACH + 1, 2, taps)
    between = np.abs(windows.reshape(-1, 2 * _REACH) @ _BETWEEN).reshape(len(windows), -1).max(1)
    peaks: Samples = np.maximum(np.maximum(between[:-1], between[1:]), np.abs(samples[_REACH:-_REACH]).max(1))
    return peaks


class Limiter:
    """Keeps the true peaks of a bus under a ceiling. What comes out is LOOKAHEAD samples late: whoever feeds it reads
    ahead by so much.

    The gain is down before a peak is there (over _WINDOW samples, straight) and comes back at RELEASE_DB_S; over steady
    sound it stands still, so nothing is bent. Under the ceiling samples come through bit for bit, and cost the look
    for the loudest of them. libavfilter's alimiter looks at samples only, not between them. One thread.
    """

    def __init__(self, ceiling_db: float = -1.0) -> None:
        """ceiling_db: of true peak, dB under full scale; may be changed at any time."""
        self.ceiling_db = ceiling_db
        self._held = np.zeros((LOOKAHEAD, CHANNELS), np.float32)
        self._rest()

    def _rest(self) -> None:
        """Nothing is turned down, nor about to be."""
        self._idle, self._last_db = True, 0.0
        self._needed_db = np.zeros(_WINDOW - 1)  # what the last peaks need that were looked at
        self._gain = np.ones(_WINDOW - 1)  # before it is smoothed

    @property
    def reduction_db(self) -> float:
        """How far it turns down at the end of the last block, 0 or below."""
        return self._last_db

    def apply(self, block: Samples) -> Samples:
        """Takes a block (n, 2) and gives as many samples, those that came LOOKAHEAD before."""
        joined = np.concatenate((self._held, block))
        out, self._held = joined[: len(block)], joined[len(block) :]
        looked = joined[LOOKAHEAD - 2 * _REACH :]
        ceiling = 10 ** (self.ceiling_db / 20)
        if self._idle and np.abs(looked).max(initial=0.0) * _MOST <= ceiling:
            return out
        peaks = true_peaks(looked)
        if self._idle and peaks.max(initial=0.0) <= ceiling:
            return out
        self._idle = False
        needed_db = np.minimum(0, self.ceiling_db - 20 * np.log10(np.maximum(peaks, 1e-9)))
        return out * self._turned(needed_db)[:, None]

    def _turned(self, needed_db: npt.NDArray[np.floating]) -> Samples:
        """The gain (n,) of what goes out, by what the peaks need that were looked at."""
        ahead_db = np.concatenate((self._needed_db, needed_db))
        self._needed_db = ahead_db[len(needed_db) :]
        gain_db = _released(_lowest(ahead_db, _WINDOW), self._last_db)
        self._last_db = float(gain_db[-1])
        gain = np.concatenate((self._gain, 10 ** (gain_db / 20)))
        self._gain = gain[len(needed_db) :]
        total = np.concatenate(((0.0,), np.cumsum(gain)))
        if not self._last_db and not self._needed_db.any() and (self._gain == 1).all():
            self._rest()
        return ((total[_WINDOW:] - total[:-_WINDOW]) / _WINDOW).astype(np.float32)


def _lowest(values: npt.NDArray[np.floating], window: int) -> npt.NDArray[np.floating]:
    """The lowest of each `window` of them in a row."""
    covered = 1
    while covered < window:
        step = min(covered, window - covered)
        values = np.minimum(values[:-step], values[step:])
        covered += step
    return values


def _released(wanted_db: npt.NDArray[np.floating], before_db: float) -> npt.NDArray[np.floating]:
    """As low as wanted, and from there up no faster than RELEASE_DB_S."""
    rise_db = RELEASE_DB_S / SAMPLE_RATE * np.arange(1, len(wanted_db) + 1)
    return rise_db + np.minimum(np.minimum.accumulate(wanted_db - rise_db), before_db)


def soft_clip(block: Samples) -> Samples:
    """Unchanged below KNEE; above it a tanh that meets the line smoothly and never passes CEILING."""
    size = np.abs(block)
    if size.max(initial=0.0) <= KNEE:
        return block
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.copysign(bent, block), block).astype(np.float32)
