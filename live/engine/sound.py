"""The sound as the engine takes it in: what the microphones gave until a frame, live from the audio worker, off line
made here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from live.audio import board
from live.audio.desk import Desk, strips_of, talk_of
from live.audio.listener import Heard, Listener
from live.audio.mixer import BLOCK, Samples
from live.audio.orders import Packer
from live.audio.worker import speech_model
from live.base.channels import heard
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at, time_of_sample
from live.config.desk import LATENCY_S, PROGRAM, DeskOrders
from live.config.load import Show
from live.engine.buses import Buses
from live.shm.notes import NoteBlock
from live.shm.status import StatusBlock
from live.sound.hearing import Echo
from live.sound.metering import Metered, silenced

AFTER_S = LATENCY_S + 0.04  # so far beyond its end the sources of a show are read, so that all of it is mixed
_LATENCY = int(LATENCY_S * SAMPLE_RATE)
UNMETERED_SAMPLES = SAMPLE_RATE  # meters that are so far behind show nothing any more
DEAF_SAMPLES = SAMPLE_RATE // 2  # a listener that is so far behind is away: what it said last is no longer so

Read = Callable[[str, int, int], Samples]  # (source, first sample, how many) -> (n, channels)


@dataclass(frozen=True)
class Sound:
    """What the microphones gave until a frame.

    rms_db, and the probability of speech where the model looks for it: by microphone. echoes: how alike they are, by
    their numbers. next_beat_ns: on the clock of the
    frames; None without a beat. deaf: nobody listens any more. samples: where it is made here, the sound of each
    bus that has been mixed by the frame's end, from where it was with the frame before, float32 (n, 2); edge: that of
    the program before its delay, which is what captions hear. metered: what the meters of the desk read last.
    """

    rms_db: Mapping[str, float] = field(default_factory=dict)
    speech: Mapping[str, float] = field(default_factory=dict)
    echoes: tuple[Echo, ...] = ()
    music: bool = False
    next_beat_ns: int | None = None
    deaf: bool = False
    samples: Mapping[str, Samples] = field(default_factory=dict)
    edge: Samples | None = None
    metered: Metered = Metered()


def sound_of(
    microphones: Sequence[str],
    heard: Heard,
    now_ns: int,
    metered: Metered,
    samples: Mapping[str, Samples] | None = None,
    edge: Samples | None = None,
) -> Sound:
    """What was heard, as of a time."""
    speech = {name: p for name, p in zip(microphones, heard.speech, strict=False) if not math.isnan(p)}
    beat_ns = None
    if heard.beat is not None:
        at, period = heard.beat
        to_come = math.ceil((sample_at(now_ns) - at) / period)
        beat_ns = time_of_sample(round(at + to_come * period))
    return Sound(
        dict(zip(microphones, heard.rms_db, strict=False)),
        speech,
        heard.echoes,
        heard.music,
        beat_ns,
        samples=samples or {},
        edge=edge,
        metered=metered,
    )


class LiveSound:
    """What the audio worker leaves in its status block, and the note that says what it is to do. None: a show without
    microphones.
    """

    def __init__(
        self, show: Show, status: StatusBlock | None, note: NoteBlock | None, buses: Buses | None = None
    ) -> None:
        self._status, self._note = status, note
        self._microphones = [m.name for m in show.rig.microphones]
        self._strips = list(show.rig.strips)
        self._metered = Metered()
        self._buses, self._packer = buses, Packer()
        self._orders = self._told = DeskOrders()  # as they were given, and as the worker has them

    def at(self, now_ns: int) -> Sound:
        if self._status is None:
            return Sound()
        told = board.heard(self._status.board)
        if int(self._status.board["metered"]) != self._metered.until:
            self._metered = board.metered(self._status.board, self._microphones, self._strips)
        metered = self._metered
        if sample_at(now_ns) - metered.until > UNMETERED_SAMPLES:
            metered = silenced(metered)
        if sample_at(now_ns) - told.until > DEAF_SAMPLES:
            return Sound(deaf=True, metered=metered)
        return sound_of(self._microphones, told, now_ns, metered)

    def tell_speaking(self, microphones: Collection[str]) -> None:
        if self._status is not None:
            board.tell_speaking(self._status.board, self._microphones, microphones)

    def set_desk(self, orders: DeskOrders) -> None:
        used = self._buses.used if self._buses is not None else frozenset()
        if self._note is None or (orders is self._orders and used == self._told.buses):
            return
        self._orders = orders
        if (told := replace(orders, buses=used)) != self._told:
            self._note.put(self._packer.pack(told))
            self._told = told


class OfflineSound:
    """The same desk and listener on the virtual clock. read: the samples of a source. buses: those that outputs take.
    say: told when there is no speech model.
    """

    def __init__(self, show: Show, read: Read, say: Callable[[str], None], buses: frozenset[str] = frozenset()) -> None:
        rig = show.rig
        self._rate, self._microphones, self._read = rig.picture.rate, rig.microphones, read
        strips, groups = strips_of(rig.microphones, rig.heard_players), [g.name for g in rig.groups]
        names = [m.name for m in rig.microphones]
        self._desk = Desk(strips, read, 0, groups=groups, talk=talk_of(rig), listened=names)
        self._buses = buses | {PROGRAM}
        self._listener = Listener(rig.microphones, speech_model(say) if rig.microphones else None, say, rig.played)
        self._heard = Heard(0, [], [], [])
        self._orders: DeskOrders | None = None
        silence = np.zeros((sample_at(int(rig.picture.delay_s * NS)), 2), np.float32)
        self._held = dict.fromkeys(self._buses, silence)  # of the program's delay: not due yet

    def at(self, frame: int, now_ns: int) -> Sound:
        """Of a frame: heard until it begins, mixed to as far behind its end as live."""
        self._listen(sample_at(now_ns))
        mixed = self.mix_until(sample_at(int((frame + 1) * NS / self._rate)))
        names, metered = [m.name for m in self._microphones], self._desk.meters.metered
        return sound_of(names, self._heard, now_ns, metered, self._delayed(mixed), mixed[PROGRAM])

    def tell_speaking(self, microphones: Collection[str]) -> None:
        self._desk.speaking = frozenset(microphones)

    def mix_until(self, ready: int) -> dict[str, Samples]:
        """Every bus from where it is on, of what the sources have given until a sample number."""
        blocks = [dict.fromkeys(self._buses, np.zeros((0, 2), np.float32))]
        while self._desk.at + BLOCK <= ready - _LATENCY:
            blocks.append(self._desk.step())
        return {bus: np.concatenate([block[bus] for block in blocks]) for bus in self._buses}

    def rest(self, ready: int) -> dict[str, Samples]:
        """What is left of every bus at the end."""
        return self._delayed(self.mix_until(ready))

    def _listen(self, until: int) -> None:
        while self._heard.until + BLOCK <= until:
            start = self._heard.until
            blocks = {m.name: heard(self._read(m.source, start, BLOCK), m.picks) for m in self._microphones}
            self._heard = self._listener.hear(start, blocks)
            self._desk.rider.hear(self._heard)

    def _delayed(self, mixed: Mapping[str, Samples]) -> dict[str, Samples]:
        """What goes out is as late as its picture; what is heard by is not."""
        due = {}
        for bus, samples in mixed.items():
            both = np.concatenate((self._held[bus], samples))
            due[bus], self._held[bus] = both[: len(samples)], both[len(samples) :]
        return due

    def set_desk(self, orders: DeskOrders) -> None:
        if orders is not self._orders:
            self._orders = orders
            self._desk.set(replace(orders, buses=self._buses))
            self._listener.obey(orders)
