"""The sound mixer: strips in, buses out. A pure core: no rings, no clock, no device.

What is done to a strip before its fader is the rack's business (live/audio/rack.py). Here are the faders, where a
strip goes, and the master: everything of it moves in straight lines, so that no change is ever heard as a click.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.desk import AUXILIARIES, LISTEN, MINUS, PROGRAM, DeskOrders, StripOrders
from live.config.strips import Send
from live.sound.limiter import Limiter

Samples = npt.NDArray[np.float32]
Gain = np.float32 | Samples  # one factor, one of each side (2,), or one of each sample (n, 1) or (n, 2)

FLOOR_DB = -120.0  # what silence reads
BLOCK = SAMPLE_RATE // 50  # 20 ms: what the desk and the listener work in
_ABSURD = 16.0  # no sample of any source is larger
RAMP = BLOCK  # how long a fader takes to get where it was put


def level_db(value: float) -> float:
    """dB of full scale of an amplitude; silence reads FLOOR_DB."""
    return max(FLOOR_DB, 20 * float(np.log10(value))) if value > 0 else FLOOR_DB


class Glide:
    """A factor, or one of each side, that goes in a straight line to where it is put."""

    def __init__(self, *values: float) -> None:
        self._now = self._target = values
        self._wait = self._left = 0

    def to(self, *values: float, over: int = RAMP, wait: int = 0) -> None:
        """Go there within so many samples, from where it is, and set out after so many."""
        if values != self._target:
            self._target, self._left, self._wait = values, max(1, over), wait

    @property
    def silent(self) -> bool:
        """Nothing comes through now, nor on the way."""
        return not any(self._now) and not any(self._target)

    def take(self, count: int) -> Gain:
        """Of the next `count` samples."""
        if not self._left or self._wait >= count:
            self._wait = max(0, self._wait - count)
            left, right = self._now[0], self._now[-1]
            return np.float32(left) if left == right else np.array(self._now, np.float32)
        still, self._wait = self._wait, 0
        over = min(self._left, count - still)
        there = tuple(now + (end - now) * over / self._left for now, end in zip(self._now, self._target, strict=True))
        self._left -= over
        if not self._left:
            there = self._target
        gain = np.empty((count, len(there)), np.float32)
        for side, (now, end) in enumerate(zip(self._now, there, strict=True)):
            gain[:still, side] = now
            gain[still : still + over, side] = np.linspace(now, end, over, endpoint=False, dtype=np.float32)
            gain[still + over :, side] = end
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
        over, wait = round(orders.ramp_s * SAMPLE_RATE), round(orders.wait_s * SAMPLE_RATE)
        self._open.to(orders.open, over=over, wait=wait)
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


Inserts = Callable[[dict[str, Samples]], Mapping[str, Samples]]


def without(group: str, strip: str) -> str:
    """What a group's sound that lacks one strip is called, where inserts are asked."""
    return f"{group} {MINUS}{strip}"


class Mixer:
    """Faders, groups, auxiliaries, mix-minus, master. Owned by one thread (the audio worker, or the engine off line).

    before, after: of the last block, what came to each strip's and group's fader, and what came through it; those that
    are silent are left out.
    """

    def __init__(self, inserts: Inserts = lambda blocks: blocks) -> None:
        """inserts: what is done to the sound of groups before their faders, and to that of groups that lack a strip
        (`without`), which some mix-minus is made of. Until there are orders everything is silent."""
        self._orders = DeskOrders()
        self._auxiliaries: list[str] = []
        self._minus: dict[str, str] = {}  # by strip
        self._strips: dict[str, _Strip] = {}
        self._groups: dict[str, _Strip] = {}
        self._mono: frozenset[str] = frozenset()
        self._master = Glide(1.0)
        self._listened: dict[tuple[str, bool], Glide] = {}  # of a strip: what is before its fader, what is after it
        self._talk: dict[str, Glide] = {}  # by bus
        self._inserts = inserts
        self._limiters = {PROGRAM: Limiter()}
        self._swells: dict[str, Glide] = {}  # of buses that somebody began to take
        self._begun = False
        self.before: dict[str, Samples] = {}
        self.after: dict[str, Samples] = {}

    def set(self, orders: DeskOrders) -> None:
        """From the next block on; everything gets there without a click. Before the first block it is there at once. A
        strip that they leave out stays as it is."""
        self._orders = orders
        self._obey()

    def _obey(self) -> None:
        orders = self._orders
        self._take(orders.buses)
        for name, strip in orders.strips.items():
            strip = strip if strip.group in orders.groups else replace(strip, group="")
            solo = not orders.solo or name in orders.solo or strip.group in orders.solo
            self._put(self._strips, name, strip, solo=solo)
        for name, group in orders.groups.items():
            self._put(self._groups, name, group, solo=True)
        self._master.to(_master(orders))
        if not self._begun:
            self._master = Glide(_master(orders))
        listened = {*((name, True) for name in orders.pfl), *((name, False) for name in orders.afl)}
        for key in {*listened, *self._listened}:
            self._listened.setdefault(key, Glide(0.0)).to(float(key in listened))
        for bus in {*orders.talkback, *self._talk}:
            gain_db = orders.talkback.get(bus)
            self._talk.setdefault(bus, Glide(0.0)).to(0.0 if gain_db is None else factor(gain_db))
        for limiter in self._limiters.values():
            limiter.ceiling_db = orders.master.ceiling_db

    def _take(self, buses: frozenset[str]) -> None:
        """Make these, and the program."""
        self._auxiliaries = [bus for bus in AUXILIARIES if bus in buses]
        self._minus = {bus.removeprefix(MINUS): bus for bus in sorted(buses) if bus.startswith(MINUS)}
        for bus in buses - self._limiters.keys():
            self._limiters[bus] = Limiter()
            if self._begun:
                self._swells[bus] = Glide(0.0)
                self._swells[bus].to(1.0)
        for bus in self._limiters.keys() - buses - {PROGRAM}:
            del self._limiters[bus]
            self._swells.pop(bus, None)

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
        talk: Samples | None = None,
    ) -> dict[str, Samples]:
        """Mix one block per strip, (count, 2) float32, all of it finite; a strip that is left out is silent. Gives
        every bus, (count, 2) float32 under its ceiling, LOOKAHEAD samples late. mono: the strips that have one channel
        on both sides; they are panned by another law. gains: what is quick and automatic, (count, 1) by strip or group.
        talk: the director's own microphone.
        """
        gains = gains or {}
        if mono != self._mono:
            self._mono = mono
            self._obey()
        self._begun = True
        buses = {bus: np.zeros((count, CHANNELS), np.float32) for bus in (PROGRAM, *self._auxiliaries)}
        self.before, self.after = dict(blocks), {}
        groups, own = dict[str, Samples](), dict[str, dict[str, Samples]]()
        for name, strip in self._strips.items():
            before, fader = blocks.get(name), strip.fader(count)
            after = _ridden(fader.through(before), gains.get(name))
            self._send(strip, before, after, buses, count)
            parts = {group: scaled(after, gain) for group, gain in strip.routes(count) if after is not None}
            for group, part in parts.items():
                groups[group] = groups[group] + part if group in groups else part
            if after is not None:
                self.after[name] = after
            if name in self._minus:
                own[name] = parts
        program = self._grouped(buses, groups, own, gains, count)
        buses[PROGRAM] = scaled(program, self._master.take(count))
        if LISTEN in self._limiters:
            buses[LISTEN] = self._listen(count)
        self._talk_over(buses, talk, count)
        for bus, swell in self._swells.items():
            buses[bus] = scaled(buses[bus], swell.take(count))
        return {bus: limiter.apply(buses[bus]) for bus, limiter in self._limiters.items()}

    def _grouped(
        self,
        buses: dict[str, Samples],
        groups: dict[str, Samples],
        own: dict[str, dict[str, Samples]],
        gains: Mapping[str, Samples],
        count: int,
    ) -> Samples:
        """Through the groups' faders: the program before its master, and every mix-minus. groups: what goes to each; ""
        for the program itself. own: the same of the strips that somebody takes the program without."""
        program = groups.pop("", buses[PROGRAM])
        lacking = {name: parts.get("") for name, parts in own.items()}  # what is in the program by them alone
        rests = {
            without(group, name): groups[group] - part
            for name, parts in own.items()
            for group, part in parts.items()
            if group
        }
        sounds = self._inserts(groups | rests)
        for group, strip in self._groups.items():
            fader, before, gain = strip.fader(count), sounds.get(group), gains.get(group)
            after = _ridden(fader.through(before), gain)
            self._send(strip, before, after, buses, count)
            if before is not None:
                self.before[group] = before
            if after is None:
                continue
            self.after[group], program = after, program + after
            for name, so_far in lacking.items():
                if (rest := _ridden(fader.through(sounds.get(without(group, name))), gain)) is not None:
                    lacking[name] = after - rest if so_far is None else so_far + (after - rest)
        for name, bus in self._minus.items():
            buses[bus] = program if (part := lacking.get(name)) is None else program - part
        return program

    def _listen(self, count: int) -> Samples:
        heard = np.zeros((count, CHANNELS), np.float32)
        for key, glide in list(self._listened.items()):
            name, is_before = key
            block, gain = (self.before if is_before else self.after).get(name), glide.take(count)
            if block is not None and not _is_zero(gain):
                heard += scaled(block, gain)
            if glide.silent:
                del self._listened[key]
        return heard

    def _talk_over(self, buses: dict[str, Samples], talk: Samples | None, count: int) -> None:
        for bus, glide in self._talk.items():
            gain = glide.take(count)
            if talk is not None and bus in buses and not _is_zero(gain):
                buses[bus] = buses[bus] + scaled(talk, gain)

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


def _ridden(block: Samples | None, gain: Samples | None) -> Samples | None:
    return block if block is None or gain is None else block * gain


def _is_zero(gain: Gain) -> bool:
    return isinstance(gain, np.float32) and gain == 0.0


def finite(block: Samples) -> Samples:
    """The same array when all of it is sound; else with silence where it is not finite, or 24 dB over full scale: one
    broken source silences no program, nor does the limiter turn it down for a second."""
    if np.vdot(block, block) <= _ABSURD**2:
        return block
    fit = np.abs(block) <= _ABSURD
    return block if fit.all() else np.where(fit, block, np.float32(0))


def factor(gain_db: float, muted: bool = False) -> float:
    """What samples are multiplied with."""
    return 0.0 if muted else float(10 ** (gain_db / 20))
