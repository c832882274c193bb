"""The rack: what is done to the sound of every strip before its fader. Polarity, high-pass, gate, equaliser,
compressor, de-esser, limiter, in this order; `live/config/strips.py` has the settings.

A pure core: no rings, no clock, no device. Whoever makes a Rack loads scipy (0.6 s once, 70 MB).

CPU on two busy cores of a Xeon, 2026-11-29, ms a second for 16 mono strips that all differ: high-pass 9, gate 10, EQ of
four bands 28, compressor 14, de-esser 29, limiter 12, getting in and out 8; all of it 108, 132 when they are stereo.
With one setting for all of them 75 and 101; with three presets and speech 80. One strip alone takes 30.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from live.audio.dynamics import HOP, Compressors, DeEssers, Dynamics, Gates, Limiters, Which, hop_peaks
from live.audio.filters import POLARITY, Array, Chain, band, both_halves, highpass, process, recursions, upper_half
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.strips import Equaliser, Processing

Samples = npt.NDArray[np.float32]

_ALIKE = SAMPLE_RATE  # samples for which both sides have been the same until one of them is enough
_QUIET = 1e-12  # energy of a block in which the filters' states may be next to nothing


class Reduction(NamedTuple):
    """By how many dB a strip's sections turned it down at most in the last block."""

    gate: float = 0.0
    compressor: float = 0.0
    deesser: float = 0.0
    limiter: float = 0.0


class _Filters:
    """The filters of one strip. A chain for each place between what turns up and down."""

    def __init__(self) -> None:
        self.first = Chain()  # polarity and high-pass
        self.eq = Chain()
        self.split = Chain()  # the de-esser's whole,
        self.hiss = Chain()  # and what of it is above its frequency
        self.chains = (self.first, self.eq, self.split, self.hiss)
        self.lanes = 1  # of two sides that are the same, one is worked on
        self._alike = 0  # samples

    def set(self, p: Processing, *, at_once: bool) -> None:
        first = {"polarity": POLARITY} if p.polarity else {}
        if p.highpass.on:
            first["highpass"] = highpass(p.highpass.hz)
        self.first.set(first, at_once=at_once)
        self.eq.set(_bands(p.eq) if p.eq.on else {}, at_once=at_once)
        self.split.set({"both": both_halves(p.deesser.hz)} if p.deesser.on else {}, at_once=at_once)
        self.hiss.set({"upper": upper_half(p.deesser.hz)}, at_once=at_once)

    def take(self, block: Samples) -> int:
        """How many lanes this block is worked on in."""
        if not np.array_equal(block[:, 0], block[:, 1]):
            self._alike = 0
            self._of_lanes(2)
        elif self.lanes == 2:
            self._alike += len(block)
            if self._alike >= _ALIKE:
                self._of_lanes(1)
        return self.lanes

    def _of_lanes(self, count: int) -> None:
        if count != self.lanes:
            self.lanes = count
            for chain in self.chains:
                chain.of_lanes(count)

    def settle(self) -> None:
        for chain in self.chains:
            chain.settle()

    def forget(self) -> None:
        for chain in self.chains:
            chain.forget()


def _bands(eq: Equaliser) -> dict[str, Array]:
    """The bands that do something."""
    bands = {"low": eq.low, "low_mid": eq.low_mid, "high_mid": eq.high_mid, "high": eq.high}
    return {name: band(b) for name, b in bands.items() if b.gain_db}


@dataclass(frozen=True)
class _Work:
    """What is worked on: sound as (lanes, n), and whose lanes are which. phase: samples of the first hop that have been
    before.
    """

    sound: Array
    lanes: Mapping[int, slice]  # strip -> its one or two
    phase: int

    @property
    def count(self) -> int:
        return self.sound.shape[1]

    def part(self, busy: Sequence[bool]) -> _Part | None:
        """Those of the strips that are busy; None when none is."""
        strips = tuple(strip for strip in self.lanes if busy[strip])
        if not strips:
            return None
        return _part(strips, tuple((self.lanes[s].start, self.lanes[s].stop) for s in strips), len(self.sound))


@dataclass(frozen=True)
class _Part:
    """Some of the strips: their rows among all lanes, whose each of them is, and the first and the last of each
    strip."""

    strips: tuple[int, ...]
    which: Which  # the same
    rows: list[int] | slice
    owner: npt.NDArray[np.intp] | slice
    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]
    within: list[tuple[int, int]]  # where the lanes of each strip begin and end, of these rows

    def peaks(self, sound: Array, phase: int) -> Array:
        """Of each strip's louder side: what is done to one side is done to the other."""
        peaks = hop_peaks(sound, phase)
        return peaks if len(peaks) == len(self.which) else np.maximum(peaks[self.first], peaks[self.last])


@lru_cache(maxsize=64)
def _part(strips: tuple[int, ...], of: tuple[tuple[int, int], ...], lanes: int) -> _Part:
    """of: where the lanes of each strip begin and end, of so many."""
    rows = [row for start, end in of for row in range(start, end)]
    widths = [end - start for start, end in of]
    ends: npt.NDArray[np.intp] = np.cumsum(widths, dtype=np.intp)
    return _Part(
        strips,
        np.array(strips, np.intp),
        slice(None) if len(rows) == lanes else rows,
        slice(None) if len(rows) == len(strips) else np.repeat(np.arange(len(strips)), widths),
        ends - widths,
        ends - 1,
        list(zip((ends - widths).tolist(), ends.tolist(), strict=True)),
    )


class Rack:
    """The processing of all strips. Owned by one thread (the audio worker, or the engine off line). say: told of each
    strip the first time that what came out of it was no number, so that it had to begin anew; resets counts them all.
    """

    def __init__(self, names: Sequence[str], say: Callable[[str], None] = lambda _: None) -> None:
        recursions()  # now, not while something sounds
        self.names = list(names)
        self.resets = 0
        self._say, self._said = say, set[int]()
        count = len(self.names)
        self._number = {name: number for number, name in enumerate(self.names)}
        self._set: list[Processing | None] = [None] * count
        self._filters = [_Filters() for _ in self.names]
        self._gates, self._compressors = Gates(count), Compressors(count)
        self._deessers, self._limiters = DeEssers(count), Limiters(count)
        self._dynamics: tuple[Dynamics, ...] = (self._gates, self._compressors, self._deessers, self._limiters)
        self._position = 0  # samples that have gone by

    def set(self, settings: Mapping[str, Processing]) -> None:
        """What is to be done, of the strips that are named. It is got to within 20 ms, without a click; before the
        first block at once. Raises KeyError for an unknown name.
        """
        at_once = self._position == 0
        for name, processing in settings.items():
            strip = self._number[name]
            if processing == self._set[strip]:
                continue
            self._set[strip] = processing
            self._filters[strip].set(processing, at_once=at_once)
            self._gates.set(strip, processing.gate, at_once=at_once)
            self._compressors.set(strip, processing.compressor, at_once=at_once)
            self._deessers.set(strip, processing.deesser, at_once=at_once)
            self._limiters.set(strip, processing.limiter, at_once=at_once)

    def process(self, blocks: Mapping[str, Samples]) -> dict[str, Samples]:
        """A block (n, 2) of every strip that sounds, all of the same n; for a strip that is left out time stands still.
        A strip that nothing is done to gets its very array back. What comes out is finite whatever came in.
        """
        count = max((len(block) for block in blocks.values()), default=0)
        phase = self._position % HOP
        self._position += count
        for section in self._dynamics:
            section.shown = [0.0] * len(self.names)
        busy = [self._number[name] for name in blocks if self._busy(self._number[name])]
        if not busy or not count:
            return dict(blocks)
        with np.errstate(all="ignore"):
            work = self._taken(busy, blocks, phase)
            self._work(work)
            return {**blocks, **self._given(work)}

    @property
    def reduction(self) -> dict[str, Reduction]:
        """Of every strip."""
        return dict(zip(self.names, map(Reduction, *(s.shown for s in self._dynamics)), strict=True))

    def _busy(self, strip: int) -> bool:
        f = self._filters[strip]
        return f.first.busy or f.eq.busy or f.split.busy or any(section.busy[strip] for section in self._dynamics)

    def _taken(self, strips: Sequence[int], blocks: Mapping[str, Samples], phase: int) -> _Work:
        lanes, end = {}, 0
        for strip in strips:
            start, end = end, end + self._filters[strip].take(blocks[self.names[strip]])
            lanes[strip] = slice(start, end)
        sound = np.empty((end, len(blocks[self.names[strips[0]]])))
        for strip, of in lanes.items():
            sound[of] = blocks[self.names[strip]].T[: of.stop - of.start]
        return _Work(sound, lanes, phase)

    def _work(self, work: _Work) -> None:
        self._filtered(work, [f.first for f in self._filters])
        self._turned(work, self._gates)
        self._filtered(work, [f.eq for f in self._filters])
        self._turned(work, self._compressors)
        self._deessed(work)
        self._limited(work)

    def _filtered(self, work: _Work, chains: Sequence[Chain]) -> None:
        process(work.sound, [(chains[strip], of) for strip, of in work.lanes.items() if chains[strip].busy])

    def _turned(self, work: _Work, section: Dynamics) -> None:
        if (part := work.part(section.busy)) is None:
            return
        sound = work.sound[part.rows]
        gain = section.run(part.which, part.peaks(sound, work.phase), work.phase, work.count)
        if _does(gain):
            work.sound[part.rows] = sound * gain[part.owner]

    def _deessed(self, work: _Work) -> None:
        """The two halves of a crossover added up, the upper one turned down: the whole, less what of it is too loud."""
        part = work.part(self._deessers.busy)
        if part is not None:
            hiss = work.sound[part.rows].copy()
            process(hiss, [(self._filters[s].hiss, slice(*of)) for s, of in zip(part.strips, part.within, strict=True)])
            gain = self._deessers.run(part.which, part.peaks(hiss, work.phase), work.phase, work.count)
        self._filtered(work, [f.split for f in self._filters])
        if part is not None and _does(gain):
            work.sound[part.rows] += hiss * (gain - 1)[part.owner]

    def _limited(self, work: _Work) -> None:
        if (part := work.part(self._limiters.busy)) is None:
            return
        sound = work.sound[part.rows]
        ceiling = self._limiters.ceiling(part.which, work.phase, work.count)[part.owner]
        gain = self._limiters.run(part.which, part.peaks(sound, work.phase), work.phase, work.count)
        if _does(gain):
            sound = sound * gain[part.owner]
        work.sound[part.rows] = np.clip(sound, -ceiling, ceiling)

    def _given(self, work: _Work) -> dict[str, Samples]:
        energy = np.einsum("ln,ln->l", work.sound, work.sound)
        for strip, of in work.lanes.items():
            power = float(energy[of].sum())
            if not np.isfinite(power):
                self._reset(strip)
                work.sound[of] = 0
            elif power < _QUIET:
                self._filters[strip].settle()
        sound = work.sound.astype(np.float32)
        first, last = zip(*((of.start, of.stop - 1) for of in work.lanes.values()), strict=True)
        given = np.empty((len(work.lanes), work.count, CHANNELS), np.float32)
        given[..., 0], given[..., 1] = sound[list(first)], sound[list(last)]
        return {self.names[strip]: block for strip, block in zip(work.lanes, given, strict=True)}

    def _reset(self, strip: int) -> None:
        self.resets += 1
        if strip not in self._said:
            self._said.add(strip)
            self._say(f"what came out of the strip {self.names[strip]} was no number; it began anew, 20 ms are silent")
        self._filters[strip].forget()
        for section in self._dynamics:
            section.forget(strip)


def _does(gain: Array) -> bool:
    """It turns anything up or down."""
    return gain.shape[1] > 1 or bool((gain != 1).any())
