"""The rack: what is done to the sound of every strip before its fader. Polarity, high-pass, gate, equaliser,
compressor, de-esser, limiter, in this order; `live/config/strips.py` has the settings.

A pure core: no rings, no clock, no device. Whoever makes a Rack loads scipy (0.6 s once).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from live.audio.dynamics import HOP, Compressors, DeEssers, Dynamics, Gates, Limiters, Which, hop_peaks
from live.audio.filters import POLARITY, Array, Chain, band, gentle_highpass, highpass
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
        self.hiss = Chain()  # what the de-esser turns down,
        self.judged = Chain()  # and what it goes by
        self.chains = (self.first, self.eq, self.hiss, self.judged)
        self.lanes = 1  # of two sides that are the same, one is worked on
        self._alike = 0  # samples

    def set(self, p: Processing, *, at_once: bool) -> None:
        first = {"polarity": POLARITY} if p.polarity else {}
        if p.highpass.on:
            first["highpass"] = highpass(p.highpass.hz)
        self.first.set(first, at_once=at_once)
        self.eq.set(_bands(p.eq) if p.eq.on else {}, at_once=at_once)
        self.hiss.set({"hiss": gentle_highpass(p.deesser.hz)}, at_once=at_once)
        self.judged.set({"judged": highpass(p.deesser.hz)}, at_once=at_once)

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

    def part(self, strips: Sequence[int]) -> _Part:
        rows = [row for s in strips for row in range(self.lanes[s].start, self.lanes[s].stop)]
        widths = [self.lanes[s].stop - self.lanes[s].start for s in strips]
        ends = np.cumsum(widths)
        return _Part(
            np.array(strips, np.intp),
            slice(None) if len(rows) == len(self.sound) else rows,
            np.repeat(np.arange(len(strips)), widths) if len(rows) != len(strips) else slice(None),
            ends - widths,
            ends - 1,
        )


@dataclass(frozen=True)
class _Part:
    """Some of the strips: their rows among all lanes, whose each of them is, and the first and the last of each
    strip."""

    which: Which
    rows: list[int] | slice
    owner: npt.NDArray[np.intp] | slice
    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]

    def peaks(self, sound: Array, phase: int) -> Array:
        """Of each strip's louder side: what is done to one side is done to the other."""
        peaks = hop_peaks(sound, phase)
        return peaks if len(peaks) == len(self.which) else np.maximum(peaks[self.first], peaks[self.last])


class Rack:
    """The processing of all strips. Owned by one thread (the audio worker, or the engine off line)."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.resets = 0  # strips that had to begin anew, because what came out was no number
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
            self._work(work, busy)
            return {**blocks, **self._given(work, busy)}

    @property
    def reduction(self) -> dict[str, Reduction]:
        """Of every strip."""
        return dict(zip(self.names, map(Reduction, *(s.shown for s in self._dynamics)), strict=True))

    def _busy(self, strip: int) -> bool:
        filters = self._filters[strip]
        return filters.first.busy or filters.eq.busy or any(section.busy(strip) for section in self._dynamics)

    def _taken(self, strips: Sequence[int], blocks: Mapping[str, Samples], phase: int) -> _Work:
        lanes, end = {}, 0
        for strip in strips:
            start, end = end, end + self._filters[strip].take(blocks[self.names[strip]])
            lanes[strip] = slice(start, end)
        sound = np.empty((end, len(blocks[self.names[strips[0]]])))
        for strip, of in lanes.items():
            sound[of] = blocks[self.names[strip]].T[: of.stop - of.start]
        return _Work(sound, lanes, phase)

    def _work(self, work: _Work, strips: Sequence[int]) -> None:
        self._filtered(work, ((s, self._filters[s].first) for s in strips))
        self._turned(work, self._gates)
        self._filtered(work, ((s, self._filters[s].eq) for s in strips))
        self._turned(work, self._compressors)
        self._deessed(work)
        self._limited(work)

    def _filtered(self, work: _Work, chains: Iterable[tuple[int, Chain]]) -> None:
        for strip, chain in chains:
            if chain.busy:
                of = work.lanes[strip]
                work.sound[of] = chain.process(work.sound[of])

    def _turned(self, work: _Work, section: Dynamics) -> None:
        if (part := self._part(work, section)) is None:
            return
        sound = work.sound[part.rows]
        gain = section.run(part.which, part.peaks(sound, work.phase), work.phase, work.count)
        section.rest(part.which)
        if _does(gain):
            work.sound[part.rows] = sound * gain[part.owner]

    def _deessed(self, work: _Work) -> None:
        """A shelf whose gain moves: the sound, and of what is above hz as much less as it is too loud."""
        if (part := self._part(work, self._deessers)) is None:
            return
        hiss = np.concatenate([self._filters[s].hiss.process(work.sound[work.lanes[s]]) for s in part.which])
        judged = np.concatenate([self._filters[s].judged.process(work.sound[work.lanes[s]]) for s in part.which])
        gain = self._deessers.run(part.which, part.peaks(judged, work.phase), work.phase, work.count)
        self._deessers.rest(part.which)
        if _does(gain):
            work.sound[part.rows] += hiss * (gain - 1)[part.owner]

    def _limited(self, work: _Work) -> None:
        if (part := self._part(work, self._limiters)) is None:
            return
        sound = work.sound[part.rows]
        ceiling = self._limiters.ceiling(part.which, work.phase, work.count)[part.owner]
        gain = self._limiters.run(part.which, part.peaks(sound, work.phase), work.phase, work.count)
        self._limiters.rest(part.which)
        if _does(gain):
            sound = sound * gain[part.owner]
        work.sound[part.rows] = np.clip(sound, -ceiling, ceiling)

    def _part(self, work: _Work, section: Dynamics) -> _Part | None:
        strips = [strip for strip in work.lanes if section.busy(strip)]
        return work.part(strips) if strips else None

    def _given(self, work: _Work, strips: Sequence[int]) -> dict[str, Samples]:
        energy = np.einsum("ln,ln->l", work.sound, work.sound)
        given = {}
        for strip in strips:
            of = work.lanes[strip]
            power = float(energy[of].sum())
            if not np.isfinite(power):
                self._reset(strip)
                work.sound[of] = 0
            elif power < _QUIET:
                for chain in self._filters[strip].chains:
                    chain.settle()
            out = np.empty((work.count, CHANNELS), np.float32)
            out.T[:] = work.sound[of]
            given[self.names[strip]] = out
        return given

    def _reset(self, strip: int) -> None:
        self.resets += 1
        self._filters[strip].forget()
        for section in self._dynamics:
            section.forget(strip)


def _does(gain: Array) -> bool:
    """It turns anything up or down."""
    return gain.shape[1] > 1 or bool((gain != 1).any())
