"""The filters of the channel strips: their coefficients, and chains of them that change without a click.

Coefficients are those of the Audio EQ Cookbook (Robert Bristow-Johnson; a W3C note), as rows: b0 b1 b2 1 a1 a2. The
recursion is scipy's, in double precision; its state goes from block to block, so that how long blocks are changes
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from live.base.samples import SAMPLE_RATE
from live.config.strips import Band

Array = npt.NDArray[np.float64]

POLARITY = np.array([-1.0, 0, 0, 1, 0, 0])  # turns a sound over
_FADE = SAMPLE_RATE // 50  # 20 ms from one setting to the next
_FADED: Array = 0.5 - 0.5 * np.cos(np.pi * (np.arange(_FADE) + 1) / _FADE)
_NOTHING = 1e-20  # states under it are none: numbers of 1e-308 cost a hundred times as much as others


@cache
def recursions() -> tuple[Any, Any]:
    """scipy's lfilter and sosfilt. Whoever makes a rack or a meter calls it: loading takes 0.6 s and 70 MB, which the
    engine of a live show, that makes none, is spared. Of scipy's 45 us for a section of 960 samples 40 go for checks,
    so its inner loop is called where it is found.
    """
    from scipy.signal import lfilter, sosfilt

    try:
        from scipy.signal._sosfilt import _sosfilt
    except ImportError:
        return lfilter, sosfilt

    def unchecked(sos: Array, x: npt.NDArray[np.floating], zi: Array) -> tuple[Array, Array]:
        """As sosfilt, of (lanes, n) and states (sections, lanes, 2)."""
        y = np.array(x, np.float64, order="C")
        state = np.ascontiguousarray(zi.transpose(1, 0, 2))
        _sosfilt(np.ascontiguousarray(sos), y, state)
        return y, np.ascontiguousarray(state.transpose(1, 0, 2))

    return lfilter, unchecked


def highpass(hz: float) -> Array:
    """12 dB an octave, 3 dB down at hz (Butterworth)."""
    cos, alpha = _angle(hz, math.sqrt(0.5))
    b = (1 + cos) / 2
    return _row((b, -2 * b, b), (1 + alpha, -2 * cos, 1 - alpha))


def upper_half(hz: float) -> Array:
    """Of a Linkwitz-Riley crossover, 24 dB an octave: `highpass` twice, in one row of the fourth order. From 2 kHz up
    it is as exact as two of the second, in half the time.
    """
    once = highpass(hz)
    return np.concatenate((np.convolve(once[:3], once[:3]), np.convolve(once[3:], once[3:])))


def both_halves(hz: float) -> Array:
    """What the halves of that crossover add up to: all passes, turned in phase."""
    cos, alpha = _angle(hz, math.sqrt(0.5))
    return _row((1 - alpha, -2 * cos, 1 + alpha), (1 + alpha, -2 * cos, 1 - alpha))


def band(settings: Band) -> Array:
    """A bell or a shelf. A shelf has half of its gain (in dB) at its frequency."""
    cos, alpha = _angle(settings.hz, settings.q)
    a = 10 ** (settings.gain_db / 40)
    if settings.shape == "bell":
        return _row((1 + alpha * a, -2 * cos, 1 - alpha * a), (1 + alpha / a, -2 * cos, 1 - alpha / a))
    if settings.shape == "high_shelf":
        cos = -cos  # the low shelf, mirrored
    wide = 2 * math.sqrt(a) * alpha
    b0, b1, b2 = a * (a + 1 - (a - 1) * cos + wide), 2 * a * (a - 1 - (a + 1) * cos), a * (a + 1 - (a - 1) * cos - wide)
    a0, a1, a2 = a + 1 + (a - 1) * cos + wide, -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - wide
    turn = -1 if settings.shape == "high_shelf" else 1
    return _row((b0, turn * b1, b2), (a0, turn * a1, a2))


def _angle(hz: float, q: float) -> tuple[float, float]:
    """The Cookbook's cos(w0) and alpha."""
    w = 2 * math.pi * hz / SAMPLE_RATE
    return math.cos(w), math.sin(w) / (2 * q)


def _row(b: tuple[float, float, float], a: tuple[float, float, float]) -> Array:
    return np.array([*b, *a]) / a[0]


@dataclass
class _Run:
    """Filters of one order, one after the other, with their state, (filters, lanes, order)."""

    keys: tuple[str, ...]
    rows: Array
    state: Array

    def run(self, x: Array) -> Array:
        """(lanes, n) -> (lanes, n)."""
        lfilter, sosfilt = recursions()
        half = self.rows.shape[1] // 2
        if half == 3:
            y, self.state = sosfilt(self.rows, x, zi=self.state)
            return y
        for place, row in enumerate(self.rows):
            x, self.state[place] = lfilter(row[:half], row[half:], x, zi=self.state[place])
        return x


def settle(state: Array) -> None:
    """Forget, in place, what is too small to matter. A filter that nobody settles stays a hundred times as slow after
    the sound has ended."""
    state[np.abs(state) < _NOTHING] = 0


class Chain:
    """Filters of one strip, one after the other. New ones are faded to within 20 ms: old and new run side by side, and
    the new begin with the state of those of the same name, so that there is next to nothing to hear of their start.
    What is set meanwhile waits for the end of the fade; only the newest counts.
    """

    def __init__(self) -> None:
        self.now = _Run((), np.zeros((0, 6)), np.zeros((0, 1, 2)))
        self._next: _Run | None = None
        self._at = 0  # samples of the fade that are done
        self._waiting: Mapping[str, Array] | None = None

    @property
    def busy(self) -> bool:
        """Something is done to the sound."""
        return bool(self.now.keys) or self._next is not None

    @property
    def steady(self) -> bytes | None:
        """What it is set to; None while it fades."""
        return self.now.rows.tobytes() if self._next is None else None

    def set(self, rows: Mapping[str, Array], *, at_once: bool) -> None:
        """Rows by name, in their order. at_once: without a fade, where nothing has sounded yet."""
        if at_once:
            self.now, self._next, self._waiting = self._begun(rows), None, None
        elif self._next is not None:
            self._waiting = rows
        elif not _same(self.now, rows):
            self._next, self._at = self._begun(rows), 0

    def of_lanes(self, count: int) -> None:
        """Go on with so many lanes, 1 or 2: both like the first, or the first alone."""
        for run in filter(None, (self.now, self._next)):
            run.state = np.ascontiguousarray(run.state[:, [0] * count])

    def sides_differ(self) -> bool:
        """Of two lanes: do the states of the two?"""
        runs = filter(None, (self.now, self._next))
        return any(bool(np.abs(run.state[:, 0] - run.state[:, 1]).max(initial=0) > 1e-9) for run in runs)

    def process(self, x: Array) -> Array:
        """(lanes, n) -> (lanes, n)."""
        if self._next is None:
            return self.now.run(x)
        done = []
        while self._next is not None and x.shape[1]:
            part, x = x[:, : _FADE - self._at], x[:, _FADE - self._at :]
            done.append(self._faded(part, self._next))
        if x.shape[1]:
            done.append(self.now.run(x))
        return done[0] if len(done) == 1 else np.concatenate(done, 1)

    def settle(self) -> None:
        """Forget what is too small to matter: called where it is quiet."""
        for run in filter(None, (self.now, self._next)):
            settle(run.state)

    def forget(self) -> None:
        """Begin anew, with what is set."""
        rows = self._waiting if self._waiting is not None else _rows(self._next or self.now)
        self.now.state[:] = 0
        if self._next is not None:
            self._next.state[:] = 0
        self.set(rows, at_once=True)

    def _faded(self, x: Array, following: _Run) -> Array:
        old, new = self.now.run(x), following.run(x)
        y = old + (new - old) * _FADED[self._at : self._at + x.shape[1]]
        self._at += x.shape[1]
        if self._at == _FADE:
            self.now, self._next, waiting, self._waiting = following, None, self._waiting, None
            if waiting is not None:
                self.set(waiting, at_once=False)
        return y

    def _begun(self, rows: Mapping[str, Array]) -> _Run:
        table = np.array([*rows.values()]) if rows else np.zeros((0, 6))
        state = np.zeros((len(rows), self.now.state.shape[1], table.shape[1] // 2 - 1))
        for place, key in enumerate(rows):
            if key in self.now.keys:
                state[place] = self.now.state[self.now.keys.index(key)]
        return _Run(tuple(rows), table, state)


def process(sound: Array, chains: Iterable[tuple[Chain, slice]]) -> None:
    """Each chain over its lanes of (lanes, n), in place. Those that are set alike go together: 16 strips with one
    preset take a third of the time of 16 that differ.
    """
    alike: dict[bytes | int, list[tuple[Chain, slice]]] = {}
    for chain, of in chains:
        key = chain.steady
        alike.setdefault(id(chain) if key is None else key, []).append((chain, of))
    for group in alike.values():
        if len(group) > 1:
            _process_alike(sound, group)
        else:
            ((chain, of),) = group
            sound[of] = chain.process(sound[of])


def _process_alike(sound: Array, group: Sequence[tuple[Chain, slice]]) -> None:
    lanes = [lane for _, of in group for lane in range(of.start, of.stop)]
    rows = slice(None) if len(lanes) == len(sound) else lanes
    like = group[0][0].now
    together = _Run(like.keys, like.rows, np.concatenate([chain.now.state for chain, _ in group], 1))
    sound[rows] = together.run(sound[rows])
    start = 0
    for chain, of in group:
        end = start + of.stop - of.start
        chain.now.state = together.state[:, start:end]
        start = end


def _rows(run: _Run) -> dict[str, Array]:
    return dict(zip(run.keys, run.rows, strict=True))


def _same(run: _Run, rows: Mapping[str, Array]) -> bool:
    return run.keys == tuple(rows) and all(np.array_equal(a, b) for a, b in zip(run.rows, rows.values(), strict=True))
