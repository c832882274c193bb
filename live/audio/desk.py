"""What the sound desk does with a block: strips out of what their sources gave, the rack, the mixer, buses. Pure: the
audio worker runs it behind now, the engine off line, and both get the same samples.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from live.audio.denoise import LATENCY as DENOISE_LATENCY
from live.audio.denoise import Denoiser
from live.audio.meters import Meters
from live.audio.mixer import BLOCK, Mixer, Samples, finite, without
from live.audio.rack import Rack
from live.audio.riding import Rider
from live.base.channels import Picks, heard
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.desk import MINUS, PROGRAM, DeskOrders
from live.config.microphones import Microphone
from live.config.rig import Rig
from live.shm.status import Board
from live.sound.limiter import LOOKAHEAD

EARLIEST = -int(0.08 * SAMPLE_RATE)  # of a delay: a source is mixed no earlier than that, or it would not be there yet
LATEST = 2 * SAMPLE_RATE  # of a delay: what the rings hold, less what the mixer may be behind
_LINE = SAMPLE_RATE + BLOCK  # samples that a group's delay keeps
Read = Callable[[str, int, int], Samples | None]  # (source, first sample, how many) -> (n, channels); None: nothing yet


@dataclass(frozen=True)
class Strip:
    """Where the sound of a strip comes from. picks: the channels of its source."""

    name: str
    source: str
    picks: Picks = None


def strips_of(microphones: Iterable[Microphone], players: Iterable[str]) -> tuple[Strip, ...]:
    """The microphones, and the players that are mixed by themselves."""
    return (*(Strip(m.name, m.source, m.picks) for m in microphones), *(Strip(name, name) for name in players))


def talk_of(rig: Rig) -> Strip | None:
    """The director's own microphone, where there is one: no strip of the desk."""
    return None if rig.talkback is None else Strip("talkback", rig.talkback.source, rig.talkback.picks)


def sources_of(strips: Iterable[Strip]) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(strip.source for strip in strips))


class Desk:
    """All strips of a show. One thread.

    at: the number of the next sample that it makes. It reads LOOKAHEAD samples beyond that, because the masters'
    limiters look ahead: a sample keeps its number all the way. speaking: the microphones into which their owners speak
    now; it is set from outside. rider: automix and ducking; it wants to know what the listener hears.
    """

    def __init__(
        self,
        strips: Sequence[Strip],
        read: Read,
        start: int,
        *,
        groups: Sequence[str] = (),
        talk: Strip | None = None,
        listened: Sequence[str] = (),
        warm: int = 1,
        kept: Board | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """start: the number of the first sample that it makes. warm: how many blocks before that it hears, so that what
        has a memory is where it would be. talk: the director's own microphone. listened: the strips that the listener
        hears, in its order. kept: see Meters."""
        self._strips, self._talk, self._read, self.at = strips, talk, read, start
        self._cold, self._warm = True, warm
        self._groups = {group: group for group in groups}  # and what they are called where they lack a strip
        self.rack, self._say = Rack([strip.name for strip in strips], say), say
        self._group_racks = {group: Rack([group], say) for group in groups}
        self._lines = {group: _Line() for group in groups}
        self.mixer, self.rider = Mixer(self._inserted), Rider(listened)
        self._denoiser = Denoiser(say, crossed)
        self._metered = [*(s.name for s in strips), *groups]
        self.meters = Meters(self._metered, kept)
        self.speaking: Collection[str] = ()
        self._orders = DeskOrders()
        self._delays: dict[str, int] = {}  # by strip, samples, as of the last block
        self._given: dict[tuple[str, int], Samples | None] = {}  # read for this block: by source and delay

    def set(self, orders: DeskOrders) -> None:
        """From the next block on."""
        self._orders = orders
        self.rack.set({s.name: orders.strips[s.name].settings for s in self._strips if s.name in orders.strips})
        lacking = [bus.removeprefix(MINUS) for bus in orders.buses if bus.startswith(MINUS)]
        groups = [group for group in self._metered if group in self._groups]
        self._groups = {g: g for g in groups} | {without(g, n): g for g in groups for n in lacking}
        for name, group in self._groups.items():
            if name not in self._lines:
                self._lines[name], self._group_racks[name] = _Line(), Rack([name], self._say)
            if group in orders.groups:
                self._group_racks[name].set({name: orders.groups[group].settings})
        self.mixer.set(orders)
        self.meters.obey(orders.meters)

    def skip(self, to: int) -> None:
        """Go on from another sample number."""
        self.at, self._cold = to, True

    def step(self) -> dict[str, Samples]:
        """The next block of every bus: (BLOCK, 2) float32 of the samples from `at` on."""
        if self._cold:
            self._cold, at = False, self.at
            self.at -= self._warm * BLOCK
            while self.at < at:
                self._mixed()
        came, mono, buses = self._mixed()
        self.meters.take(
            self.at,
            self.mixer.before,
            buses[PROGRAM],
            came=came,
            mono=mono,
            speaking=self.speaking,
            reduction={n: turned for n, turned in self._reductions().items() if any(turned) and n in self._metered},
            leader=self.rider.leader,
        )
        return buses

    def _reductions(self) -> dict[str, tuple[float, ...]]:
        """By how much each strip and group is turned down, in the order of SECTIONS."""
        reductions = dict(self.rack.reduction)
        for rack in self._group_racks.values():
            reductions |= rack.reduction
        automix_db, ducking_db = self.rider.automix_db, self.rider.ducking_db
        return {n: (*of, -automix_db.get(n, 0.0), -ducking_db.get(n, 0.0)) for n, of in reductions.items()}

    def _mixed(self) -> tuple[dict[str, Samples], frozenset[str], dict[str, Samples]]:
        """The next block: of every strip that sounds as it came, which of them are mono, and of every bus."""
        self._given = {}
        came = {s.name: block for s in self._strips if (block := self._sound_of(s)) is not None}
        mono = frozenset(s.name for s in self._strips if s.name in came and self._is_mono(s))
        blocks = self.rack.process(came)
        gains = self.rider.gains(self.at + LOOKAHEAD, blocks, self._orders, self._delays)
        talk = None if self._talk is None or not self._orders.talkback else self._block(self._talk, 0)
        self.at += BLOCK
        return came, mono, self.mixer.mix(blocks, mono=mono, gains=gains, talk=talk)

    def _sound_of(self, strip: Strip) -> Samples | None:
        """Its block (BLOCK, 2), as late as it is told, its noise suppressed or not."""
        delay = self._delay(strip)
        before, self._delays[strip.name] = self._delays.get(strip.name, delay), delay
        block, orders = self._moved(strip, before, delay), self._orders.strips.get(strip.name)
        if block is None:
            return None
        return self._denoiser.step(
            strip.name,
            block,
            lambda: self._moved(strip, before - DENOISE_LATENCY, delay - DENOISE_LATENCY),
            on=orders is not None and orders.denoise,
        )

    def _moved(self, strip: Strip, before: int, delay: int) -> Samples | None:
        """From one delay to another it is cross-faded."""
        block = self._block(strip, delay)
        return block if delay == before else crossed(self._block(strip, before), block)

    def _delay(self, strip: Strip) -> int:
        """In samples: the strip's own, and what brings its source to its picture."""
        orders = self._orders.strips.get(strip.name)
        own_ms = 0.0 if orders is None else orders.settings.delay_ms
        samples = round((own_ms + self._orders.delays_ms.get(strip.source, 0.0)) / 1000 * SAMPLE_RATE)
        ahead = DENOISE_LATENCY if orders is not None and orders.denoise else 0
        return min(LATEST, max(EARLIEST + ahead, samples))

    def _block(self, strip: Strip, delay: int) -> Samples | None:
        key = (strip.source, delay)
        if key not in self._given:
            self._given[key] = self._read(strip.source, self.at + LOOKAHEAD - delay, BLOCK)
        block = self._given[key]
        return None if block is None else finite(heard(block, strip.picks))

    def _is_mono(self, strip: Strip) -> bool:
        if strip.picks is not None:
            return len(strip.picks) == 1
        block = self._given[strip.source, self._delays[strip.name]]
        return block is not None and block.shape[1] == 1

    def _inserted(self, blocks: dict[str, Samples]) -> Mapping[str, Samples]:
        """What is done to groups before their faders."""
        sounds = dict[str, Samples]()
        for name, group in self._groups.items():
            orders = self._orders.groups.get(group)
            delay = 0 if orders is None else round(orders.settings.delay_ms / 1000 * SAMPLE_RATE)
            if (block := self._lines[name].step(blocks.get(name), delay)) is not None:
                sounds |= self._group_racks[name].process({name: block})
        return sounds


class _Line:
    """The last second of a group's sound, for its delay."""

    def __init__(self) -> None:
        self._kept = np.zeros((_LINE, CHANNELS), np.float32)
        self._at = self._delay = 0

    def step(self, block: Samples | None, delay: int) -> Samples | None:
        """Takes a block, gives what went in so many samples before."""
        self._kept[self._at : self._at + BLOCK] = 0 if block is None else block
        before, self._delay = self._delay, delay
        out = block if not before and not delay else crossed(self._back(before), self._back(delay))
        self._at = (self._at + BLOCK) % _LINE
        return out

    def _back(self, delay: int) -> Samples:
        return self._kept.take(np.arange(self._at - delay, self._at - delay + BLOCK), 0, mode="wrap")


_IN: Samples = np.linspace(0, 1, BLOCK, endpoint=False, dtype=np.float32)[:, None]
_OUT: Samples = np.float32(1) - _IN


def crossed(before: Samples | None, after: Samples | None) -> Samples | None:
    """From one block to the other, over all of it."""
    if before is None:
        return None if after is None else after * _IN
    if after is None:
        return before * _OUT
    return before + (after - before) * _IN
