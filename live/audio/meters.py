"""The meters of the sound desk: every strip and the program, ten times a second, all strips at once.

Pure: no clock, no device. Owner: one thread (the audio worker, or the engine off line).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from live.audio.loudness import HOP, SHORT, STEP, Floats, ProgramLoudness, Weighting, lufs
from live.base.samples import CHANNELS
from live.config.desk import MeterOrders
from live.shm.status import Board
from live.sound.limiter import Samples
from live.sound.metering import FLOOR_DB, SECTIONS, Level, Metered

CHUNK = STEP * HOP  # 100 ms: what is measured together
RMS_CHUNKS, PHASE_CHUNKS, HOLD_CHUNKS = 3, 10, 20  # over how many of them: 300 ms, 1 s, 2 s
SPEECH_CHUNKS = SHORT // STEP  # of speech: 3 s
SPEECH_LEAST = 10  # and no reading before one second of it
FULL_SCALE = 1.0 - 2.0**-14  # what a converter that clips gives, by whatever bits
CLIPPED = 3  # samples in a row
_FEW = CHUNK // 48  # samples of a chunk at 1 kHz
_WINDOW = np.hanning(_FEW)
_LOW_BINS = slice(1, 8)  # 10 to 70 Hz
_QUIET = 10 ** (-60 / 10)  # mean square under which a phase says nothing
_SPEECH_GATE = 0.1  # of the mean: pauses between words, 10 LU under it, are no speech

Row = npt.NDArray[np.float64]


class Meters:
    """names: of the strips. kept: see ProgramLoudness; whoever follows one that died goes on with its measure."""

    def __init__(self, names: Sequence[str], kept: Board | None = None) -> None:
        self._names = tuple(names)
        self._speech = {name: _Speech() for name in names}
        self._cleared = 0  # how often a hand has done so
        rows = len(self._names) + 1  # the program is the last
        self._held = np.zeros((rows * CHANNELS, CHUNK), np.float32)
        self._at = 0  # so many samples of it are there
        self._weighting, self._program = Weighting(rows * CHANNELS), ProgramLoudness(kept)
        self._lows = np.zeros((RMS_CHUNKS, rows))
        self._squares, self._peaks = np.zeros((RMS_CHUNKS, rows)), np.zeros((HOLD_CHUNKS, rows))
        self._phases = np.zeros((PHASE_CHUNKS, 3, rows))  # left, right, both
        self._mono, self._spoke, self._leader = frozenset[str](), set[str](), ""
        self._clipped, self._clips = set[str](), dict.fromkeys(names, 0)
        self._reduction = np.zeros((rows, len(SECTIONS)))  # the most of this chunk
        self.metered = Metered()

    def take(
        self,
        until: int,
        strips: Mapping[str, Samples],
        program: Samples,
        *,
        came: Mapping[str, Samples],
        mono: frozenset[str] = frozenset(),
        speaking: Collection[str] = (),
        reduction: Mapping[str, Sequence[float]] | None = None,
        leader: str = "",
    ) -> Metered | None:
        """Take in a block, of which CHUNK is a multiple: (n, 2) float32 of each strip and of the program, which follow
        on those before. came: the same as it came in, before anything was done to it; what is left out of either is
        silent. mono: those that have one channel on both sides. speaking: microphones into which their owner speaks.
        reduction: of the strips that are turned down, dB, in the order of SECTIONS. leader: of the automix. until: the
        sample number after the block. Gives the readings when there are new ones.
        """
        place = slice(self._at, self._at + len(program))
        for n, name in enumerate(self._names):
            if (block := strips.get(name)) is not None:
                self._held[2 * n : 2 * n + 2, place] = block.T
        self._held[-2:, place] = program.T
        self._clipped |= {name for name, block in came.items() if name in self._clips and clips(block)}
        for name, turned in (reduction or {}).items():
            row = self._reduction[self._names.index(name)]
            np.maximum(row, turned, out=row)
        self._mono = mono
        self._leader = leader
        self._spoke.update(speaking)
        self._at = place.stop
        if self._at < CHUNK:
            return None
        self.metered = self._measure(until)
        return self.metered

    def obey(self, orders: MeterOrders) -> None:
        """Begin the integrated loudness, its range and the highest true peak anew, or forget what clipped and the
        highest levels, where hands have asked for it."""
        if orders.begun != self._program.begun:
            self._program.begin(orders.begun)
        if orders.cleared != self._cleared:
            self._cleared = orders.cleared
            self._clips = dict.fromkeys(self._clips, 0)
            self._peaks[:] = 0

    def _measure(self, until: int) -> Metered:
        held = self._held
        if not np.isfinite(held.sum()):
            np.nan_to_num(held, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        sides = held.reshape(-1, CHANNELS, CHUNK)
        squares = np.einsum("scn,scn->sc", sides, sides) / CHUNK
        self._squares = _pushed(self._squares, squares.mean(1))
        self._lows = _pushed(self._lows, low(sides).mean(1))
        self._peaks = _pushed(self._peaks, np.maximum(held.max(1), -held.min(1)).reshape(-1, CHANNELS).max(1))
        both = np.einsum("sn,sn->s", sides[:, 0], sides[:, 1]) / CHUNK
        self._phases = _pushed(self._phases, np.stack((*squares.T, both)))
        energies = self._weighting.energies(held).reshape(-1, CHANNELS, STEP).sum(1)
        self._program.take(held[-2:], energies[-1])
        for name, speech in self._speech.items():
            if name in self._spoke:
                speech.take(float(energies[self._names.index(name)].mean()))
        for name in self._clipped:
            self._clips[name] += 1
        metered = self._metered(until)
        self._at, self._spoke, self._clipped = 0, set(), set()
        held[:] = self._reduction[:] = 0
        return metered

    def _metered(self, until: int) -> Metered:
        rms, lows = _db(self._squares.mean(0), 10), _db(self._lows.mean(0), 10)
        peak, hold = _db(self._peaks[-1], 20), _db(self._peaks.max(0), 20)
        phases = correlation(self._phases.mean(0))
        levels = [
            Level(r, p, h, self._clips.get(name, 0), None if name in self._mono or x != x else x, tuple(turned), lo)
            for name, r, p, h, x, turned, lo in zip(
                (*self._names, ""), rms, peak, hold, phases, self._reduction.tolist(), lows, strict=True
            )
        ]
        return Metered(
            until,
            dict(zip(self._names, levels[:-1], strict=True)),
            {name: told for name, speech in self._speech.items() if (told := speech.loudness()) is not None},
            levels[-1],
            self._program.loudness(),
            self._leader,
        )


class _Speech:
    """The loudness of a voice: over the last three seconds in which it was heard, however far apart they are."""

    def __init__(self) -> None:
        self._energies = np.zeros(0)

    def take(self, energy: float) -> None:
        self._energies = np.append(self._energies, energy)[-SPEECH_CHUNKS:]

    def loudness(self) -> float | None:
        if len(self._energies) < SPEECH_LEAST:
            return None
        words = self._energies[self._energies > _SPEECH_GATE * self._energies.mean()]
        return lufs(float(words.mean())) if len(words) else None


def low(sides: Samples) -> Floats:
    """Mean squares of what lies under 75 Hz in (..., CHUNK): a Hann window over 100 ms in which a kHz is left."""
    few = sides.reshape(*sides.shape[:-1], _FEW, -1).mean(-1) * _WINDOW
    bins = np.abs(np.fft.rfft(few)[..., _LOW_BINS]) ** 2
    power: Floats = 2 * bins.sum(-1) / (_FEW * np.square(_WINDOW).sum())
    return power


def correlation(sums: Floats) -> list[float]:
    """Of the mean squares of left and right, and the mean of their product (3, n): -1 to 1, NaN where one side is
    quiet."""
    left, right, both = sums
    heard = (left > _QUIET) & (right > _QUIET)
    phase: list[float] = np.where(heard, both / np.sqrt(np.where(heard, left * right, 1.0)), np.nan).tolist()
    return phase


def clips(block: Samples) -> bool:
    """Was it at full scale, for CLIPPED samples in a row?"""
    if not max(block.max(initial=0.0), -block.min(initial=0.0)) >= FULL_SCALE:
        return False
    full = np.abs(block) >= FULL_SCALE
    return bool((full[2:] & full[1:-1] & full[:-2]).any())


def _pushed(past: Floats, newest: Floats) -> Floats:
    """The newest row in, the oldest out."""
    past[:-1] = past[1:]
    past[-1] = newest
    return past


def _db(values: Floats, factor: int) -> list[float]:
    levels: list[float] = np.maximum(FLOOR_DB, factor * np.log10(np.maximum(values, 1e-30))).tolist()
    return levels
