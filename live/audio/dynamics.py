"""What turns the channel strips up and down by how loud they are: gate, compressor, de-esser, limiter.

Levels are peaks: of every HOP samples the greatest, held for HOLD hops (10.7 ms, half a period of 47 Hz), so that a
steady sound has a steady level and a threshold means what a peak meter shows. Gains are made once a hop, on a grid of
the samples counted from the rack's beginning, and lie on straight lines between: a hop's gain is reached one hop after
the hop has been heard. Nothing is delayed and nothing looked ahead at, so how long blocks are changes nothing.

Times are those until 63 % of a change (in dB) has been made after the sound's step, as of an RC circuit; what the hops
and the hold take is part of them.

The steps along the hops are scalar Python, 3000 a second and strip: a sixth of what numpy takes for the same over 16
strips at once, since a step costs it 5 us whatever it is done to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from live.base.samples import SAMPLE_RATE
from live.config.strips import Compressor, DeEsser, Gate, StripLimiter

Array = npt.NDArray[np.float64]
Which = npt.NDArray[np.intp]  # strips, by their number

HOP = 16
HOLD = 32
_HOPS_MS = SAMPLE_RATE / HOP / 1000
_GLIDE = 60  # hops, 20 ms, in which a setting gets to its new value
_LOWEST = 1e-6  # of peaks: -120 dB
_HELD = 31.5  # hops that the hold adds before a fall is seen, on average
_SEEN = 0.5  # hops of a rise that go by before a step along the hops counts, on average
_SMOOTH = 0.5 - 0.5 * np.cos(np.pi * np.arange(_GLIDE + 1) / _GLIDE)
_RISE = (np.arange(HOP) + 1) / HOP
_OPEN_DB = 24.0  # of a limiter that is off: nothing that comes is louder


def hop_peaks(x: Array, phase: int) -> Array:
    """The greatest of every hop that (lanes, n) touches, (lanes, hops). phase: samples of the first one that have been
    before.
    """
    hops = -(-(phase + x.shape[1]) // HOP)
    peaks = np.zeros((len(x), hops * HOP))
    np.abs(x, out=peaks[:, phase : phase + x.shape[1]])
    while peaks.shape[1] > hops:  # by halves: numpy's own max over a short axis takes four times as long
        peaks = np.maximum(peaks[:, ::2], peaks[:, 1::2])
    return peaks


class Steps:
    """A value per hop, of every strip, as one per sample."""

    def __init__(self, strips: int, rest: float) -> None:
        self._rest = rest
        self._last = np.full((strips, 2), rest)  # of the two hops before

    def curve(self, which: Which, fresh: Array, phase: int, count: int) -> Array:
        """fresh: (strips, hops that were completed). Gives (strips, count), or (strips, 1) where none of them moves."""
        steps = np.concatenate((self._last[which], fresh), 1)
        self._last[which] = steps[:, -2:]
        if (steps == steps[:, :1]).all():
            return steps[:, :1]
        hops = -(-(phase + count) // HOP)
        start, end = steps[:, :hops, None], steps[:, 1 : hops + 1, None]
        return (start + (end - start) * _RISE).reshape(len(which), -1)[:, phase : phase + count]

    def resting(self, strip: int) -> bool:
        return bool((self._last[strip] == self._rest).all())

    def put(self, strip: int, value: float) -> None:
        """There at once."""
        self._last[strip] = value

    def forget(self, strip: int) -> None:
        self.put(strip, self._rest)


class Glide:
    """Settings of every strip, each on its way to a new value: smoothly, within 20 ms."""

    def __init__(self, strips: int, start: Sequence[float]) -> None:
        self._from = np.tile(np.array(start), (strips, 1))
        self._to = self._from.copy()
        self._at = np.full(strips, _GLIDE)  # hops since it was set

    def to(self, strip: int, values: Sequence[float], *, at_once: bool) -> None:
        if at_once:
            self._to[strip] = values
            self._at[strip] = _GLIDE
        elif not np.array_equal(self._to[strip], values):
            self._from[strip] = self.ahead(np.array([strip]), 0)[0, -1]
            self._to[strip] = values
            self._at[strip] = 0

    def ahead(self, which: Which, hops: int) -> Array:
        """Now and in the next hops: (strips, 1 + hops, settings), or (strips, 1, settings) where nothing moves."""
        at, to = self._at[which, None], self._to[which, None]
        if (at >= _GLIDE).all():
            return to
        done = _SMOOTH[np.minimum(at + np.arange(hops + 1), _GLIDE)][..., None]
        return self._from[which, None] * (1 - done) + to * done

    def go(self, which: Which, hops: int) -> None:
        """So many hops have gone by."""
        self._at[which] = np.minimum(self._at[which] + hops, _GLIDE)

    def arrived(self, strip: int) -> bool:
        return bool(self._at[strip] >= _GLIDE)


class Dynamics:
    """One section of all strips. Its first setting is always how much of it there is, 0 to 1, so that it comes and goes
    within 20 ms.
    """

    def __init__(self, strips: int, off: Sequence[float]) -> None:
        self.busy = [False] * strips  # in the way of the sound, or a moment ago
        self._on = [False] * strips
        self._glide = Glide(strips, off)
        self._gain = Steps(strips, 1.0)
        self._attack = [0.0] * strips  # shares of what is missing, a hop
        self._release = [0.0] * strips
        self._reduction = [0.0] * strips  # dB, where the steps are
        self._peak = np.zeros(strips)  # of the hop that isn't complete
        self._recent = np.full((strips, HOLD - 1), 20 * math.log10(_LOWEST))
        self.shown = [0.0] * strips  # the greatest reduction of the last block, in dB

    def run(self, which: Which, peaks: Array, phase: int, count: int) -> Array:
        """The gains of the strips that are busy: (strips, count), or (strips, 1) where none moves. peaks: (strips,
        hops) of the sound that is judged, see `hop_peaks`.
        """
        level = self._levels(which, peaks, (phase + count) // HOP)
        settings = self._settings(which, level.shape[1])
        self._glide.go(which, level.shape[1])
        share = settings[..., 0]
        reduction = self._smooth(which, self._wanted(level, settings), level, settings)
        for strip, most in zip(which.tolist(), (share * reduction).max(1, initial=0).tolist(), strict=True):
            self.shown[strip] = most
        fresh = 10 ** (share * (self._makeup(settings) - reduction) / 20)
        gain = self._gain.curve(which, fresh, phase, count)
        for strip in which.tolist():
            if not self._on[strip] and self._gone(strip):
                self.forget(strip)
        return gain

    def forget(self, strip: int) -> None:
        """Begin anew, with what is set."""
        self.busy[strip] = self._on[strip]
        self._glide.go(np.array([strip]), _GLIDE)
        self._gain.forget(strip)
        self._reduction[strip] = self._peak[strip] = 0.0
        self._recent[strip] = 20 * math.log10(_LOWEST)

    def _set(
        self, strip: int, on: bool, settings: Sequence[float], attack: float, release: float, at_once: bool
    ) -> None:
        """settings: the first is how much there is of it."""
        self._on[strip] = on
        self.busy[strip] = on or (self.busy[strip] and not at_once)
        self._glide.to(strip, settings, at_once=at_once)
        self._attack[strip], self._release[strip] = attack, release

    def _settings(self, which: Which, hops: int) -> Array:
        """In the next hops: (strips, hops, settings), or (strips, 1, settings) where nothing moves."""
        settings = self._glide.ahead(which, hops)
        return settings if settings.shape[1] == 1 else settings[:, 1:]

    def _gone(self, strip: int) -> bool:
        """Of a section that is off: nothing of it is left."""
        return self._glide.arrived(strip) and self._gain.resting(strip)

    def _levels(self, which: Which, peaks: Array, complete: int) -> Array:
        """Levels of the hops that have become complete, (strips, hops) in dB of full scale."""
        peaks[:, 0] = np.maximum(peaks[:, 0], self._peak[which])
        self._peak[which] = peaks[:, complete] if complete < peaks.shape[1] else 0.0
        fresh = 20 * np.log10(np.maximum(peaks[:, :complete], _LOWEST))
        level = np.concatenate((self._recent[which], fresh), 1)
        self._recent[which] = level[:, complete:]
        width = 1
        while width < HOLD:
            level = np.maximum(level[:, width:], level[:, :-width])
            width *= 2
        return level

    def _wanted(self, level: Array, settings: Array) -> Array:
        """The static curve: dB of reduction."""
        raise NotImplementedError

    def _makeup(self, settings: Array) -> Array | float:
        return 0.0

    def _smooth(self, which: Which, wanted: Array, level: Array, settings: Array) -> Array:
        """Turning down by the attack, back up by the release."""
        smooth = np.empty_like(wanted)
        quiet = (wanted.max(1, initial=0) <= 0).tolist()
        for place, strip in enumerate(which.tolist()):
            now = self._reduction[strip]
            if quiet[place] and now == 0:
                smooth[place] = 0
                continue
            attack, release = self._attack[strip], self._release[strip]
            smooth[place] = [
                now := now + (to - now) * (attack if to > now else release) for to in wanted[place].tolist()
            ]
            self._reduction[strip] = now if now > 1e-6 else 0.0
        return smooth


class Gates(Dynamics):
    """A downward expander: under the threshold each dB becomes `ratio`, down to the range. The attack opens it; from
    the last that was loud enough the hold keeps it so.
    """

    def __init__(self, strips: int) -> None:
        super().__init__(strips, (0.0, 0.0, 0.0, 0.0))
        self._hold = [0] * strips
        self._held = [0] * strips  # hops for which it still stays open

    def set(self, strip: int, gate: Gate, *, at_once: bool) -> None:
        attack, release = share(gate.attack_ms, _SEEN), share(gate.release_ms, _SEEN)
        settings = (gate.on, gate.threshold_db, gate.range_db, gate.ratio - 1)
        self._set(strip, gate.on, settings, attack, release, at_once)
        self._hold[strip] = max(0, round(gate.hold_ms * _HOPS_MS - _HELD))

    def forget(self, strip: int) -> None:
        super().forget(strip)
        self._held[strip] = 0

    def _wanted(self, level: Array, settings: Array) -> Array:
        return np.clip((settings[..., 1] - level) * settings[..., 3], 0, settings[..., 2])

    def _smooth(self, which: Which, wanted: Array, level: Array, settings: Array) -> Array:
        smooth = np.empty_like(wanted)
        over = level - settings[..., 1]
        open_throughout = (over.min(1, initial=0) >= 0).tolist()
        for place, strip in enumerate(which.tolist()):
            now, held, hold = self._reduction[strip], self._held[strip], self._hold[strip]
            if open_throughout[place] and now == 0:
                self._held[strip] = hold if over.shape[1] else held
                smooth[place] = 0
                continue
            opening, closing = self._attack[strip], self._release[strip]
            steps = []
            for to, by in zip(wanted[place].tolist(), over[place].tolist(), strict=True):
                if by >= 0:
                    held = hold
                elif held:
                    held -= 1
                    to = 0.0
                now += (to - now) * (opening if to < now else closing)
                steps.append(now)
            self._reduction[strip], self._held[strip] = (now if now > 1e-6 else 0.0), held
            smooth[place] = steps
        return smooth


class Compressors(Dynamics):
    """Down from the threshold on, with a soft knee (a parabola, as in Giannoulis, Massberg, Reiss, JAES 2012)."""

    def __init__(self, strips: int) -> None:
        super().__init__(strips, (0.0,) * 5)

    def set(self, strip: int, compressor: Compressor, *, at_once: bool) -> None:
        c = compressor
        settings = (c.on, c.threshold_db, 1 - 1 / c.ratio, c.knee_db, c.makeup_db)
        self._set(strip, c.on, settings, share(c.attack_ms, _SEEN), share(c.release_ms, _SEEN + _HELD), at_once)

    def _wanted(self, level: Array, settings: Array) -> Array:
        over, slope, half = level - settings[..., 1], settings[..., 2], settings[..., 3] / 2
        bent = (np.clip(over + half, 0, 2 * half)) ** 2 / np.maximum(4 * half, 1e-9)
        return slope * np.where(over > half, over, bent)

    def _makeup(self, settings: Array) -> Array:
        return settings[..., 4]


class DeEssers(Dynamics):
    """What is judged is turned down to the threshold, by no more than the range."""

    ATTACK_MS, RELEASE_MS = 1.0, 60.0

    def __init__(self, strips: int) -> None:
        super().__init__(strips, (0.0, 0.0, 0.0))

    def set(self, strip: int, deesser: DeEsser, *, at_once: bool) -> None:
        attack, release = share(self.ATTACK_MS, _SEEN), share(self.RELEASE_MS, _SEEN + _HELD)
        self._set(strip, deesser.on, (deesser.on, deesser.threshold_db, deesser.range_db), attack, release, at_once)

    def _wanted(self, level: Array, settings: Array) -> Array:
        return np.clip(level - settings[..., 1], 0, settings[..., 2])


class Limiters(Dynamics):
    """Down to the ceiling at once, back by the release. What the one to two hops before that let through (0.3 to
    0.7 ms) is cut off at the ceiling. It comes and goes by its ceiling, from and to where nothing is.
    """

    def __init__(self, strips: int) -> None:
        super().__init__(strips, (1.0, _OPEN_DB))
        self._ceiling = Steps(strips, 10 ** (_OPEN_DB / 20))

    def set(self, strip: int, limiter: StripLimiter, *, at_once: bool) -> None:
        ceiling, release = (limiter.ceiling_db, limiter.release_ms) if limiter.on else (_OPEN_DB, _GLIDE / _HOPS_MS)
        self._set(strip, limiter.on, (1.0, ceiling), 1.0, share(release, _SEEN + _HELD), at_once)
        if at_once:
            self._ceiling.put(strip, 10 ** (ceiling / 20))

    def ceiling(self, which: Which, phase: int, count: int) -> Array:
        """Where to cut: (strips, count), or (strips, 1) where none moves. Called once a block, before `run`."""
        hops = (phase + count) // HOP
        ceiling = 10 ** (self._settings(which, hops)[..., 1] / 20)
        return self._ceiling.curve(which, np.broadcast_to(ceiling, (len(which), hops)), phase, count)

    def _gone(self, strip: int) -> bool:
        return super()._gone(strip) and self._ceiling.resting(strip)

    def forget(self, strip: int) -> None:
        super().forget(strip)
        self._ceiling.put(strip, 10 ** (self._settings(np.array([strip]), 0)[0, -1, 1] / 20))

    def _wanted(self, level: Array, settings: Array) -> Array:
        return np.maximum(level - settings[..., 1], 0)


def share(ms: float, delay: float) -> float:
    """How much of what is missing a step along the hops makes up, so that 63 % are made in so many ms, of which the
    level comes `delay` hops late.
    """
    return 1 - math.exp(-1 / max(ms * _HOPS_MS - delay, 0.25))
