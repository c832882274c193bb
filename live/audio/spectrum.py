"""Short-time spectra of the program's sound, and what two of them tell: how much begins, and how much stays. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from live.audio.resample import RATE_HZ

Floats = npt.NDArray[np.float32]

HOP = 160  # 10 ms
HOP_HZ = RATE_HZ // HOP
WINDOW = 512
_BINS = 250  # up to 7.8 kHz
_BANDS = 25  # of ten bins
_COMPRESS = 1e4  # log(1 + this x power): what is 40 dB under full scale begins to count
_KEEP = 10  # frames that tonality looks back: 0.1 s, longer than a voice holds its pitch
_TONAL_BINS = slice(4, 160)  # 125 Hz to 5 kHz, where partials stand apart
_SMOOTH = np.ones(9, np.float32) / 9
_FLOOR = np.float32(1e-8)


@dataclass(frozen=True)
class Frames:
    """Figures of some frames in a row, each (n,) float32. onset: spectral flux, how much begins in it. power: mean
    square. tonal: how alike its peaks are to those of 0.1 s before, -1 to 1: near 0 for noise, 0.2 for speech, 0.3 to 1
    for music.
    """

    onset: Floats
    power: Floats
    tonal: Floats


class Spectra:
    """One stream at 16 kHz. Frame k is of the samples [k HOP, k HOP + WINDOW)."""

    def __init__(self) -> None:
        self._window = np.hanning(WINDOW).astype(np.float32)
        self._held = np.zeros(0, np.float32)
        self._bands = np.zeros((1, _BANDS), np.float32)
        self._peaks = np.zeros((_KEEP, _TONAL_BINS.stop - _TONAL_BINS.start), np.float32)

    def hear(self, samples: Floats) -> Frames:
        """Take in samples (n,) that follow; gives the frames they complete."""
        held = np.concatenate((self._held, samples))
        count = max(0, (len(held) - WINDOW) // HOP + 1)
        self._held = held[count * HOP :]
        if not count:
            return Frames(*(np.zeros(0, np.float32) for _ in range(3)))
        if not held[: WINDOW + (count - 1) * HOP].any():  # digital silence, which is worth no transform
            self._bands, self._peaks = np.zeros_like(self._bands), np.zeros_like(self._peaks)
            return Frames(*(np.zeros(count, np.float32) for _ in range(3)))
        frames = np.lib.stride_tricks.sliding_window_view(held, WINDOW)[::HOP][:count] * self._window
        spectra = np.fft.rfft(frames, axis=1)
        power = (spectra.real**2 + spectra.imag**2).astype(np.float32)
        return Frames(self._onset(power), np.mean(frames**2, 1), self._tonal(power))

    def _onset(self, power: Floats) -> Floats:
        bands = np.log1p(_COMPRESS * power[:, 2 : 2 + _BINS].reshape(len(power), _BANDS, -1).mean(2))
        rises = np.diff(np.concatenate((self._bands, bands)), axis=0)
        self._bands = bands[-1:]
        return np.maximum(rises, 0).sum(1)

    def _tonal(self, power: Floats) -> Floats:
        """Correlation of the log spectrum, its slow slope taken off, with that of 0.1 s before; 0 in silence."""
        log = np.log(power[:, _TONAL_BINS] + _FLOOR)
        peaks = np.stack([row - np.convolve(row, _SMOOTH, "same") for row in log])
        both = np.concatenate((self._peaks, peaks))
        self._peaks = both[-_KEEP:]
        before, now = both[: len(peaks)], both[_KEEP:]
        size = np.sqrt((before**2).sum(1) * (now**2).sum(1))
        loud = power[:, _TONAL_BINS].max(1) > 1e3 * _FLOOR
        return np.where(loud & (size > 0), (before * now).sum(1) / np.maximum(size, 1e-9), 0.0).astype(np.float32)
