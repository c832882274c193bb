"""The sound mixer: strips in, buses out. A pure core: no rings, no clock, no device.

What is done to a strip before its fader is the rack's business (live/audio/rack.py). Here are the faders, where a
strip goes, and the master: everything of it moves in straight lines, so that no change is ever heard as a click.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.desk import AUXILIARIES, MINUS, PROGRAM, DeskOrders, StripOrders
from live.config.strips import Send
from live.sound.limiter import KNEE, soft_clip

Samples = npt.NDArray[np.float32]
Gain = np.float32 | Samples  # one factor, one of each side (2,), or one of each sample (n, 1) or (n, 2)

FLOOR_DB = -120.0  # what silence reads
BLOCK = SAMPLE_RATE // 50  # 20 ms: what the desk and the listener work in
RAMP = BLOCK  # how long a fader takes to get where it was put
_ATTACK = SAMPLE_RATE // 500  # 2 ms
_RELEASE_DB_S = 20.0  # how fast the limiter lets go: slow enough not to be heard as pumping


class Limiter:
    """Keeps a bus under CEILING, a block at a time and without delay.

    The block's own peak says what gain it needs. The gain goes down within 2 ms and comes back at 20 dB/s, always as a
    ramp; what those 2 ms let through is rounded off by a curve (tanh above KNEE) that never passes CEILING. Below KNEE
    nothing is touched. libavfilter's alimiter looks ahead 5 ms, which would have to be taken out of the program's
    sample numbers again, and costs more: 0.09 ms per 10 ms of sound against 0.005 ms per 20 ms here while nothing is
    too loud.
    """

    def __init__(self) -> None:
        self._gain = 1.0

    def apply(self, block: Samples) -> Samples:
        """The block (n, 2), limited; the same array when there was nothing to do."""
        peak = float(np.abs(block).max(initial=0.0))
        needed = KNEE / peak if peak > KNEE else 1.0
        if needed >= 1.0 and self._gain >= 1.0:
            return block
        release = 10 ** (_RELEASE_DB_S / 20 * len(block) / SAMPLE_RATE)
        end = min(needed, self._gain * release, 1.0)
        attack = end < self._gain
        out = block * _ramp(self._gain, end, len(block), _ATTACK if attack else len(block))
        self._gain = end
        return soft_clip(out)


def _ramp(start: float, end: float, count: int, over: int) -> Samples:
    """Gain (count, 1) that goes from start to end within the first `over` samples."""
    over = min(over, count)
    gain = np.full((count, 1), end, np.float32)
    gain[:over, 0] = np.linspace(start, end, over, endpoint=False, dtype=np.float32)
    return gain


def level_db(value: float) -> float:
    """dB of full scale of an amplitude; silence reads FLOOR_DB."""
    return max(FLOOR_DB, 20 * float(np.log10(value))) if value > 0 else FLOOR_DB


class Glide:
    """A factor, or one of each side, that goes in a straight line to where it is put."""

    def __init__(self, *values: float) -> None:
        self._now = self._target = values
        self._left = 0

    def to(self, *values: float, over: int = RAMP) -> None:
        """Go there within so many samples, from where it is."""
        if values != self._target:
            self._target, self._left = values, max(1, over)

    @property
    def silent(self) -> bool:
        """Nothing comes through now, nor on the way."""
        return not any(self._now) and not any(self._target)

    def take(self, count: int) -> Gain:
        """Of the next `count` samples."""
        if not self._left:
            left, right = self._now[0], self._now[-1]
            return np.float32(left) if left == right else np.array(self._now, np.float32)
        over = min(self._left, count)
        there = tuple(now + (end - now) * over / self._left for now, end in zip(self._now, self._target, strict=True))
        self._left -= over
        if not self._left:
            there = self._target
        gain = np.empty((count, len(there)), np.float32)
        for side, (now, end) in enumerate(zip(self._now, there, strict=True)):
            gain[:over, side] = np.linspace(now, end, over, endpoint=False, dtype=np.float32)
            gain[over:, side] = end
        self._now = there
        return gain


def scaled(block: Samples, gain: Gain) -> Samples:
    """The same array when there is nothing to do."""
    return block if isinstance(gain, np.float32) and gain == 1.0 else block * gain


class _Strip:
    """A strip, or a group, from its fader on. loud: it begins where the orders have it; else from silence."""

    def __init__(self, orders: StripOrders, *, mono: bool, solo: bool, loud: bool) -> None:
        self._level, self._open = Glide(*(_level(orders, mono) if loud else (0.0, 0.0))), Glide(orders.open)
        self._routes = {orders.group: Glide(float(solo))}
        self._sends: dict[str, tuple[Glide, Glide]] = {  # before the fader, after it
            bus: (Glide(*_before(_send(orders, bus))), Glide(*_after(_send(orders, bus)))) for bus in AUXILIARIES
        }

    def set(self, orders: StripOrders, *, mono: bool, solo: bool) -> None:
        self._level.to(*_level(orders, mono))
        self._open.to(orders.open, over=round(orders.ramp_s * SAMPLE_RATE))
        for group in {orders.group, *self._routes}:
            self._routes.setdefault(group, Glide(0.0)).to(float(solo and group == orders.group))
        for bus, (before, after) in self._sends.items():
            before.to(*_before(_send(orders, bus)))
            after.to(*_after(_send(orders, bus)))

    def fader(self, count: int) -> Fader:
        """Of the next block."""
        return Fader((self._level.take(count), self._open.take(count)))

    def routes(self, count: int) -> list[tuple[str, Gain]]:
        """How much of the next block goes to which group; "" for the program itself."""
        gains = [(group, glide.take(count)) for group, glide in self._routes.items()]
        for group in [group for group, glide in self._routes.items() if glide.silent]:
            if len(self._routes) > 1:
                del self._routes[group]  # it was there, and goes elsewhere now
        return [(group, gain) for group, gain in gains if not _is_zero(gain)]

    def sent(self, bus: str, before: Samples | None, after: Samples | None, count: int) -> Iterator[Samples]:
        """What goes to an auxiliary."""
        for glide, block in zip(self._sends[bus], (before, after), strict=True):
            gain = glide.take(count)
            if block is not None and not _is_zero(gain):
                yield scaled(block, gain)


@dataclass(frozen=True)
class Fader:
    """What a fader does to one block."""

    gains: tuple[Gain, ...]

    def through(self, block: Samples | None) -> Samples | None:
        """None when nothing comes through."""
        if block is None or any(_is_zero(gain) for gain in self.gains):
            return None
        for gain in self.gains:
            block = scaled(block, gain)
        return block


class Mixer:
    """Faders, groups, auxiliaries, mix-minus, master. Owned by one thread (the audio worker, or the engine off line).

    after: of the last block, what came through each strip's and group's fader; those that are silent are left out.
    """

    def __init__(self, buses: Iterable[str] = (PROGRAM,)) -> None:
        """buses: those that somebody takes; the others cost nothing. Until there are orders it is silent."""
        self._orders, self.buses = DeskOrders(), tuple(dict.fromkeys((PROGRAM, *buses)))
        self._auxiliaries = [bus for bus in self.buses if bus in AUXILIARIES]
        self._minus = {bus.removeprefix(MINUS): bus for bus in self.buses if bus.startswith(MINUS)}
        self._strips: dict[str, _Strip] = {}
        self._groups: dict[str, _Strip] = {}
        self._mono: frozenset[str] = frozenset()
        self._master = Glide(1.0)
        self._limiters = {bus: Limiter() for bus in self.buses}
        self._begun = False
        self.after: dict[str, Samples] = {}

    def set(self, orders: DeskOrders) -> None:
        """From the next block on; everything gets there without a click. Before the first block it is there at once. A
        strip that they leave out stays as it is."""
        self._orders = orders
        self._obey()

    def _obey(self) -> None:
        orders = self._orders
        for name, strip in orders.strips.items():
            strip = strip if strip.group in orders.groups else replace(strip, group="")
            solo = not orders.solo or name in orders.solo or strip.group in orders.solo
            self._put(self._strips, name, strip, solo=solo)
        for name, group in orders.groups.items():
            self._put(self._groups, name, group, solo=True)
        self._master.to(_master(orders))
        if not self._begun:
            self._master = Glide(_master(orders))

    def _put(self, table: dict[str, _Strip], name: str, orders: StripOrders, *, solo: bool) -> None:
        mono = name in self._mono
        if name not in table or not self._begun:
            table[name] = _Strip(orders, mono=mono, solo=solo, loud=not self._begun)
        table[name].set(orders, mono=mono, solo=solo)

    def mix(
        self,
        blocks: Mapping[str, Samples],
        count: int = BLOCK,
        *,
        mono: frozenset[str] = frozenset(),
        gains: Mapping[str, Samples] | None = None,
    ) -> dict[str, Samples]:
        """Mix one block per strip, (count, 2) float32; a strip that is left out is silent. Gives every bus, (count, 2)
        float32 under its ceiling. mono: the strips that have one channel on both sides; they are panned by another law.
        gains: what is quick and automatic, (count, 1) by strip. Samples that are not finite count as silence, so that
        one broken source can't silence the program.
        """
        if mono != self._mono:
            self._mono = mono
            self._obey()
        self._begun = True
        buses = {bus: np.zeros((count, CHANNELS), np.float32) for bus in (PROGRAM, *self._auxiliaries)}
        self.after, groups, own = {}, dict[str, Samples](), dict[str, dict[str, Samples]]()
        for name, strip in self._strips.items():
            before, fader = blocks.get(name), strip.fader(count)
            before = None if before is None else finite(before)
            after = fader.through(before)
            if after is not None and gains is not None and name in gains:
                after = after * gains[name]
            self._send(strip, before, after, buses, count)
            parts = {group: scaled(after, gain) for group, gain in strip.routes(count) if after is not None}
            for group, part in parts.items():
                groups[group] = groups[group] + part if group in groups else part
            if after is not None:
                self.after[name] = after
            if name in self._minus:
                own[name] = parts
        return self._mastered(buses, groups, own, count)

    def _mastered(
        self, buses: dict[str, Samples], groups: dict[str, Samples], own: dict[str, dict[str, Samples]], count: int
    ) -> dict[str, Samples]:
        """Through the groups' faders and the masters. groups: what goes to each; "" for the program itself. own: the
        same of the strips that somebody takes the program without."""
        program = groups.pop("", buses[PROGRAM])
        lacking = {name: parts.get("") for name, parts in own.items()}  # what is in the program by them alone
        for group, strip in self._groups.items():
            fader, before = strip.fader(count), groups.get(group)
            after = fader.through(before)
            self._send(strip, before, after, buses, count)
            if before is None or after is None:
                continue
            self.after[group], program = after, program + after
            for name, parts in own.items():
                if group in parts and (part := fader.through(parts[group])) is not None:
                    lacking[name] = part if (so_far := lacking[name]) is None else so_far + part
        for name, bus in self._minus.items():
            buses[bus] = program if (part := lacking.get(name)) is None else program - part
        buses[PROGRAM] = scaled(program, self._master.take(count))
        return {bus: self._limiters[bus].apply(buses[bus]) for bus in self.buses}

    def _send(
        self, strip: _Strip, before: Samples | None, after: Samples | None, buses: dict[str, Samples], count: int
    ) -> None:
        for bus in self._auxiliaries:
            for part in strip.sent(bus, before, after, count):
                buses[bus] = buses[bus] + part


def _level(orders: StripOrders, mono: bool) -> tuple[float, float]:
    settings = orders.settings
    level = factor(settings.gain_db + orders.trim_db, settings.muted)
    left, right = panned(settings.pan, mono=mono)
    return level * left, level * right


def panned(pan: float, *, mono: bool) -> tuple[float, float]:
    """Factors of left and right for -1 to 1. A mono sound keeps its power wherever it is, and is 0 dB in the middle,
    +3 dB at a side; of a stereo one, the side that it goes away from is turned down."""
    if pan == 0:
        return 1.0, 1.0
    if mono:
        angle = (pan + 1) * math.pi / 4
        return max(0.0, math.sqrt(2) * math.cos(angle)), math.sqrt(2) * math.sin(angle)
    away = max(0.0, math.cos(abs(pan) * math.pi / 2))
    return (away, 1.0) if pan > 0 else (1.0, away)


def _master(orders: DeskOrders) -> float:
    return factor(orders.master.gain_db, orders.master.muted)


def _send(orders: StripOrders, bus: str) -> Send:
    return {"aux1": orders.settings.aux1, "aux2": orders.settings.aux2}[bus]


def _before(send: Send) -> tuple[float]:
    return (factor(send.gain_db) if send.on and send.before else 0.0,)


def _after(send: Send) -> tuple[float]:
    return (factor(send.gain_db) if send.on and not send.before else 0.0,)


def _is_zero(gain: Gain) -> bool:
    return isinstance(gain, np.float32) and gain == 0.0


def finite(block: Samples) -> Samples:
    """The same array when all of it is finite; else with silence where it is not."""
    if np.isfinite(np.vdot(block, block)):
        return block
    return np.clip(np.where(np.isfinite(block), block, np.float32(0)), -16, 16)


def factor(gain_db: float, muted: bool = False) -> float:
    """What samples are multiplied with."""
    return 0.0 if muted else float(10 ** (gain_db / 20))
