"""The blip that goes with a flash: what every test of picture against sound is made of, and how it is found again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.base.samples import SAMPLE_RATE

BLIP_HZ = 1000
BLIP_S = 0.04
BLIP_DB = -18.0  # of full scale: EBU R 68's line-up level
RAMP_S = 0.002  # in and out, so that it does not click
LEAST_DB = 15.0  # how far a blip stands above what else there is at its frequency

Samples = npt.NDArray[np.float32]


def blip(length_ns: int) -> Samples:
    """The blip, then silence, (n, 2): n is one sample more than the length holds, so that nothing is missing before
    the next."""
    out = np.zeros((length_ns * SAMPLE_RATE // NS + 1, 2), np.float32)
    n = int(BLIP_S * SAMPLE_RATE)
    ramp = np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) / (RAMP_S * SAMPLE_RATE))
    tone = 10 ** (BLIP_DB / 20) * np.sin(2 * np.pi * BLIP_HZ * np.arange(n) / SAMPLE_RATE) * ramp
    out[:n] = tone[:, None]
    return out


def onsets_s(samples: npt.NDArray[np.float32], rate_hz: float = SAMPLE_RATE) -> list[float]:
    """When blips begin, in seconds from the first sample; samples: one channel. Right to 0.2 ms in silence. A blip that
    the beginning or the end cuts off is not found."""
    window = round(rate_hz * RAMP_S)
    if len(samples) < 4 * window:
        return []
    turned = samples * np.exp(-2j * np.pi * BLIP_HZ / rate_hz * np.arange(len(samples)))
    sums = np.concatenate(([0], np.cumsum(turned)))
    level = np.abs(sums[window:] - sums[:-window]) / window  # of the window that begins there
    peak = float(level.max())
    if peak < 1e-4 or peak < float(np.median(level)) * 10 ** (LEAST_DB / 20):
        return []
    on = level > peak / 2
    rises = np.flatnonzero(on[1:] & ~on[:-1]) + 1
    falls = np.flatnonzero(~on[1:] & on[:-1]) + 1
    found = []
    for rise in rises:
        later = falls[falls > rise]
        length_s = (later[0] - rise) / rate_hz if len(later) else 0.0
        if 0.5 * BLIP_S < length_s < 2 * BLIP_S:
            # Half of its level is reached where the window's middle is in the middle of the ramp.
            found.append(float((rise + window / 2) / rate_hz - RAMP_S / 2))
    return found
