"""Where the beat is: the period by autocorrelation of the onsets, the phase by a comb over them. Pure.

After D. Ellis, "Beat tracking by dynamic programming" (2007): spectral flux, autocorrelation weighted towards 120 a
minute. Where that paper looks for the best path through a whole song, a live show keeps one period and one phase, and
corrects them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from live.audio.spectrum import HOP_HZ

Floats = npt.NDArray[np.float32]

WINDOW_S = 8.0
FIRST_S = 4.0  # of sound before the first answer
EVERY_S = 0.25
SLOWEST_S, FASTEST_S = 1.2, 0.25  # 50 and 240 a minute
USUAL_S, SPREAD_OCTAVES = 0.5, 1.0
# Autocorrelation at the period, 0 to 1: speech and noise stay under 0.27, most music is over 0.4.
CLEAR, LOST = 0.33, 0.22
# from a frame's first sample to the onset that it shows the strongest (measured: clicks and drums at 13 tempi, +-1 ms)
_ONSET_S = 0.021
FAINT = 0.01  # mean square of onsets: under it nothing begins (a steady tone)
_SAME = 0.05  # periods, and phases as shares of one, that are this close are the same
_FADE = 0.9  # weight of a beat against the one after it
_STRIKES = 3  # so many other answers in a row, and the new one is believed


@dataclass(frozen=True)
class Beat:
    """at_s: the time of one beat, on the stream's own time; others are whole periods away. clear: 0 to 1."""

    at_s: float
    period_s: float
    clear: float


class BeatTracker:
    """Fed with onset strengths at HOP_HZ; `beat` is what it believes, None while there is none."""

    def __init__(self) -> None:
        self._onsets = np.zeros(0, np.float32)
        self._count = 0  # frames ever
        self._due = int(FIRST_S * HOP_HZ)
        self._strikes = 0
        self.clear = 0.0  # of the last look, whether it was believed or not
        self.beat: Beat | None = None

    def hear(self, onsets: Floats) -> None:
        """Take in the onset strength of the frames that follow."""
        self._onsets = np.concatenate((self._onsets, onsets))[-int(WINDOW_S * HOP_HZ) :]
        self._count += len(onsets)
        if self._count >= self._due:
            self._due = self._count + int(EVERY_S * HOP_HZ)
            self._look()

    def _look(self) -> None:
        strength = _sharpened(self._onsets)
        found = _period(strength)
        self.clear = found[1] if found else 0.0
        if found is None or self.clear < (CLEAR if self.beat is None else LOST):
            self.beat = None
            return
        period = found[0]
        back = _phase(strength, period)
        self._believe(Beat((self._count - 1 - back) / HOP_HZ + _ONSET_S, period / HOP_HZ, self.clear))

    def _believe(self, new: Beat) -> None:
        """What is close to the old belief corrects it by half; what is not has to come up again and again."""
        old = self.beat
        if old is not None:
            off = (new.at_s - old.at_s) / old.period_s
            off -= round(off)
            if abs(new.period_s / old.period_s - 1) < _SAME and abs(off) < 2 * _SAME:
                self._strikes = 0
                at_s = new.at_s - off * old.period_s / 2
                self.beat = Beat(at_s, (old.period_s + new.period_s) / 2, new.clear)
                return
            self._strikes += 1
            if self._strikes < _STRIKES:
                return
        self._strikes = 0
        self.beat = new


def _sharpened(onsets: Floats) -> Floats:
    """Without its slow part (half a second), smoothed over 30 ms, mean 0."""
    local = np.convolve(onsets, np.ones(51, np.float32) / 51, "same")
    sharp = np.convolve(np.maximum(onsets - local, 0), np.array([0.25, 0.5, 0.25], np.float32), "same")
    return (sharp - sharp.mean()).astype(np.float32)


def _period(strength: Floats) -> tuple[float, float] | None:
    """(period in frames, how clear it is); None for silence."""
    count = len(strength)
    spectrum = np.fft.rfft(strength, 2 * count)
    alike = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:count]
    if alike[0] < count * FAINT:
        return None
    alike /= alike[0]
    alike *= count / np.maximum(count - np.arange(count), count / 3)  # fewer terms at longer lags
    lags = np.arange(int(FASTEST_S * HOP_HZ), int(SLOWEST_S * HOP_HZ) + 1)
    # A period that is no whole number of frames; near[i] is about lag i + 1.
    near = np.maximum(np.maximum(alike[:-2], alike[1:-1]), alike[2:])
    comb = near[lags - 1] + 0.5 * near[2 * lags - 1] + 0.25 * near[np.minimum(3 * lags - 1, len(near) - 1)]
    weight = np.exp(-0.5 * (np.log2(lags / HOP_HZ / USUAL_S) / SPREAD_OCTAVES) ** 2)
    best = int(lags[np.argmax(comb * weight)])
    half = best // 2
    if half >= lags[0] and near[half - 1] > 0.9 * near[best - 1]:
        best = half  # the beats between are as strong: they are the beat
    period = float(best)
    for times in (1, 2, 4):  # ever finer: the fourth beat back is off by four times the error
        if (lag := round(period * times)) + 2 < count * 0.7:
            period = _peak(alike, lag) / times
    return period, float(near[best - 1])


def _peak(values: npt.NDArray[np.floating], about: int) -> float:
    """Where the highest of a peak and its neighbours is, by a parabola."""
    low = max(1, about - 2)
    at = low + int(np.argmax(values[low : about + 3]))
    at = min(at, len(values) - 2)
    a, b, c = (float(v) for v in values[at - 1 : at + 2])
    bend = a - 2 * b + c
    return at if bend >= 0 else at + max(-0.5, min(0.5, 0.5 * (a - c) / bend))


def _phase(strength: Floats, period: float) -> float:
    """How many frames before the last one the last beat was."""
    beats = int((len(strength) - 1) / period)
    back = np.arange(0, period, 0.5)
    at = len(strength) - 1 - back[:, None] - period * np.arange(beats)
    heard = np.interp(at, np.arange(len(strength)), strength) * _FADE ** np.arange(beats)
    total = heard.sum(1)
    wrapped = np.concatenate((total[-1:], total, total[:1]))
    return float(_peak(wrapped, 1 + int(np.argmax(total))) - 1) * 0.5
