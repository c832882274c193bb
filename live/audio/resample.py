"""48 kHz stereo to 16 kHz mono, a block at a time: what the ears listen to. The ratio is whole, so one short filter
does it; it is
0.75 ms late, where a general resampler hands out whole blocks of its own, up to 20 ms late."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.channels import mono
from live.base.samples import SAMPLE_RATE

RATIO = 3
RATE_HZ = SAMPLE_RATE // RATIO
_TAPS = 73  # odd: the delay is a whole number of samples
DELAY = _TAPS // 2  # of the filter, samples at 48 kHz
_PASS_HZ = 7000.0


def _low_pass() -> npt.NDArray[np.float32]:
    """Windowed sinc (Kaiser, beta 7): flat to 5 kHz, -0.3 dB at 6, -60 dB from 9 on."""
    t = np.arange(_TAPS) - DELAY
    taps = np.sinc(2 * _PASS_HZ / SAMPLE_RATE * t) * np.kaiser(_TAPS, 7.0)
    return (taps / taps.sum()).astype(np.float32)


class Decimator:
    """One stream. Sample k of what comes out is sample 3k - DELAY of what went in."""

    def __init__(self) -> None:
        self._taps = _low_pass()
        self._held = np.zeros(_TAPS - 1, np.float32)

    def apply(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(n, 2) float32 at 48 kHz, n a multiple of RATIO, to (n / RATIO,) at 16 kHz."""
        assert len(block) % RATIO == 0
        held = np.concatenate((self._held, mono(block)))
        self._held = held[len(held) - _TAPS + 1 :]
        return np.lib.stride_tricks.sliding_window_view(held, _TAPS)[::RATIO] @ self._taps
