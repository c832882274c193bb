"""Loudness as it is measured in broadcasting: ITU-R BS.1770-4 with the meters of EBU Tech 3341 and 3342, and true peak.

It is forty lines of arithmetic on top of scipy's filters, because the libraries bite: libavfilter's ebur128 looks
at its windows every 100 ms, so that a short sound reads up to 0.45 LU too little (signals 13 and 14 of Tech 3341 ask
for 0.1), and can't begin the integrated measure anew without forgetting the rest; libebur128's binding has one release
and no wheel for Python 3.13. It costs as much: 8 ms for a second of 17 stereo sounds, 11 by libavfilter.

Pure: no clock, no device. Owner: one thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from live.audio.filters import recursions, settle
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.shm.status import Board
from live.sound.limiter import Samples
from live.sound.metering import SILENCE_LUFS, Loudness

Floats = npt.NDArray[np.float64]

HOP = SAMPLE_RATE // 100  # energy is kept for each 10 ms
STEP = 10  # hops from one gated block to the next, and between two short-term values of the range: 100 ms
MOMENTARY, SHORT = 40, 300  # hops: 400 ms, 3 s

_GATE_LU, _RANGE_GATE_LU = -10.0, -20.0  # relative gates, of the integrated measure and of the range
_RANGE = (0.10, 0.95)  # percentiles
_OFFSET_DB = -0.691

# BS.1770-4, tables 1 and 2: the head's shelf and the high-pass, at 48 kHz.
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)

# BS.1770-4, Annex 2: the low-pass for four times the rate, a row for each of the four phases.
_PHASES = np.array(
    [
        [0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625,
         0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125],
        [-0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625,
         0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375],
    ],
    np.float32,
)  # fmt: skip
_TAPS = np.concatenate((_PHASES, _PHASES[::-1, ::-1])).T  # (12, 4); the later phases are the earlier turned round
_OVERLAP = len(_TAPS) - 1


def lufs(energy: float) -> float:
    """Loudness of a mean square after K-weighting, both channels summed."""
    return max(SILENCE_LUFS, _OFFSET_DB + 10 * float(np.log10(energy))) if energy > 0 else SILENCE_LUFS


def energy_of(loudness_lufs: float) -> float:
    """The mean square that reads so."""
    return float(10 ** ((loudness_lufs - _OFFSET_DB) / 10))


class Weighting:
    """K-weighting of many channels at once."""

    def __init__(self, channels: int) -> None:
        _, self._sosfilt = recursions()
        self._state = np.zeros((len(_K_WEIGHTING), channels, 2))

    def energies(self, samples: npt.NDArray[np.floating]) -> Floats:
        """Of (channels, n) samples, n a multiple of HOP, the mean squares (channels, n / HOP)."""
        weighted, self._state = self._sosfilt(_K_WEIGHTING, samples, zi=self._state)
        settle(self._state)
        hops = weighted.reshape(len(weighted), -1, HOP)
        return np.einsum("chn,chn->ch", hops, hops) / HOP


class Windows:
    """The newest SHORT energies of some sounds: their momentary and short-term loudness. What was before the first one
    was silence."""

    def __init__(self, sounds: int) -> None:
        self._kept = np.zeros((sounds, SHORT))

    def take(self, energies: Floats) -> None:
        """(sounds, hops), of both channels together."""
        self._kept = np.concatenate((self._kept, energies), axis=1)[:, -SHORT:]

    def energy(self, hops: int) -> Floats:
        """Mean of the newest hops, by sound."""
        mean: Floats = self._kept[:, -hops:].mean(1)
        return mean

    def lately(self, hops: int, count: int) -> Floats:
        """The same of the first sound, as of each of the newest `count` hops; hops + count is SHORT at most."""
        newest = self._kept[0, -(hops + count - 1) :]
        means: Floats = np.lib.stride_tricks.sliding_window_view(newest, hops).mean(1)
        return means


# Histogram of energies: a show of any length costs the same. The sum of every bin is exact, so that only what lies
# within BIN_LU of a gate can fall on its other side.
BIN_LU = 0.01
_MOST_LUFS = 20.0
BINS = round((_MOST_LUFS - SILENCE_LUFS) / BIN_LU)


class Distribution:
    """How often which loudness was: what the gated measures are made of. kept (2, BINS): where that is, how many blocks
    and their energy together."""

    def __init__(self, kept: Floats) -> None:
        self._count, self._energy = kept

    def take(self, energy: float) -> None:
        """A block; what is under the absolute gate doesn't count."""
        loudness = _OFFSET_DB + 10 * float(np.log10(energy)) if energy > 0 else SILENCE_LUFS
        if loudness > SILENCE_LUFS:
            place = min(BINS - 1, int((loudness - SILENCE_LUFS) / BIN_LU))
            self._count[place] += 1
            self._energy[place] += energy

    def begin(self) -> None:
        """Forget everything."""
        self._count[:] = self._energy[:] = 0

    def integrated(self, gate_lu: float = _GATE_LU) -> float:
        """Mean of what is above the relative gate, LUFS."""
        first = self._gate(gate_lu)
        count = self._count[first:].sum()
        return lufs(float(self._energy[first:].sum() / count)) if count else SILENCE_LUFS

    def range_lu(self) -> float:
        """From the quiet to the loud (EBU Tech 3342): between two percentiles of what is above the gate."""
        first = self._gate(_RANGE_GATE_LU)
        counts = self._count[first:].cumsum()
        if not len(counts) or not counts[-1]:
            return 0.0
        low, high = np.searchsorted(counts, [1 + part * (counts[-1] - 1) for part in _RANGE])
        return float(high - low) * BIN_LU

    def _gate(self, gate_lu: float) -> int:
        """The first bin that counts."""
        count = self._count.sum()
        if not count:
            return BINS
        gate_lufs = lufs(float(self._energy.sum() / count)) + gate_lu
        return max(0, int((gate_lufs - SILENCE_LUFS) / BIN_LU))


class TruePeak:
    """The peak of the curve that goes through the samples, at four times their rate (BS.1770-4, Annex 2)."""

    def __init__(self, channels: int = CHANNELS) -> None:
        self._before = np.zeros((channels, _OVERLAP), np.float32)

    def take(self, samples: Samples) -> float:
        """The highest of (channels, n) samples that follow on those before; an amplitude. The last 6 samples count
        with what follows them."""
        joined = np.concatenate((self._before, samples), axis=1)
        self._before = joined[:, -_OVERLAP:]
        windows = np.lib.stride_tricks.sliding_window_view(joined, len(_TAPS), axis=1)
        return float(np.abs(windows @ _TAPS).max(initial=0.0))


# What has been measured since the measure began. begun: which one it is; true_peak: the highest, an amplitude.
KEPT = np.dtype([("begun", "<i8"), ("true_peak", "<f8"), ("blocks", "<f8", (2, BINS)), ("shorts", "<f8", (2, BINS))])


class ProgramLoudness:
    """All of them of one stereo sound. kept: a KEPT; given from outside, the measure outlives the process."""

    def __init__(self, kept: Board | None = None) -> None:
        self._kept = np.zeros((), KEPT) if kept is None else kept
        self._blocks, self._shorts = Distribution(self._kept["blocks"]), Distribution(self._kept["shorts"])
        self._windows, self._peak = Windows(1), TruePeak()
        self._steps = 0  # since the measure began, or this went on with it
        self.momentary_max_lufs = SILENCE_LUFS

    @property
    def begun(self) -> int:
        """Which measure it is."""
        return int(self._kept["begun"])

    def take(self, samples: Samples, energies: Floats) -> None:
        """STEP hops that follow on those before: samples (2, STEP * HOP), and their energies (STEP,), both channels
        together."""
        self._kept["true_peak"] = max(float(self._kept["true_peak"]), self._peak.take(samples))
        self._windows.take(energies.reshape(1, STEP))
        self._steps += 1
        momentary = self._windows.lately(MOMENTARY, STEP)
        self.momentary_max_lufs = max(self.momentary_max_lufs, lufs(float(momentary.max())))
        if self._steps * STEP >= MOMENTARY:
            self._blocks.take(float(momentary[-1]))
        if self._steps * STEP >= SHORT:
            self._shorts.take(float(self._windows.energy(SHORT)[0]))

    def begin(self, number: int) -> None:
        """Begin the integrated measure, the range and the true peak anew; the windows go on. number: of the measure."""
        self._blocks.begin()
        self._shorts.begin()
        self._kept["begun"], self._kept["true_peak"] = number, 0.0
        self._steps, self.momentary_max_lufs = 0, SILENCE_LUFS

    def loudness(self) -> Loudness:
        """As of now."""
        momentary, short = (lufs(float(self._windows.energy(hops)[0])) for hops in (MOMENTARY, SHORT))
        peak = float(self._kept["true_peak"])
        peak_db = 20 * float(np.log10(peak)) if peak > 0 else SILENCE_LUFS
        return Loudness(
            momentary, short, self._blocks.integrated(), self._shorts.range_lu(), max(SILENCE_LUFS, peak_db)
        )
