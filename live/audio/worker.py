"""The audio worker: the sources' sound in, the program's sound out, a fixed time behind now; what is heard out as soon
as it is there.

Everything is addressed by absolute sample numbers of the machine's monotonic time line (see `sample_at`), so the
program's sample number s is made of every source's sample s, and nothing needs to be synchronised later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from live.audio import board
from live.audio.desk import Desk, Strip, sources_of, strips_of
from live.audio.listener import Listener
from live.audio.mixer import BLOCK, Samples
from live.audio.orders import Unpacker
from live.audio.voice import SPEECH_MODEL, SpeechModel
from live.base.channels import heard
from live.base.clock import NS
from live.base.errors import ModelError
from live.base.paths import model_path
from live.base.priority import go_early
from live.base.samples import SAMPLE_RATE, sample_at, time_of_sample
from live.config.desk import LATENCY_S, PROGRAM
from live.config.microphones import Microphone
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import OVER, WorkerState
from live.workers import WorkerContext

_SILENT_AFTER = SAMPLE_RATE  # a source that delivers nothing for this long is said to be silent, and no longer counted
_ATTACH_EVERY = SAMPLE_RATE  # how often a missing ring is looked for
# Further behind than this (a suspended machine) the time is skipped. The rings hold 4 s, of files 0.3 s of it ahead.
_BEHIND_LIMIT = int(3.6 * SAMPLE_RATE)
_DEAF_LIMIT = SAMPLE_RATE  # who is so far behind in listening goes on with the present
_MOST_HEARD = 3  # blocks between two looks at what is to be mixed
_WARM = 50  # blocks, a second, that one which was started again hears before it goes on with the program


@dataclass(frozen=True)
class AudioSpec:
    """What the audio worker needs. rings: source name -> name of its SoundRing. buses: bus -> name of the ring that it
    goes into, of all that there may be. orders: a note of what the desk is to do (live/audio/orders.py). players:
    sources that are mixed and not listened to. groups: what strips may be mixed into. talk: the director's own
    microphone. played: the microphones that are films and jingles."""

    microphones: tuple[Microphone, ...]
    rings: Mapping[str, str]
    buses: Mapping[str, str]
    orders: str
    players: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    talk: Strip | None = None
    played: frozenset[str] = frozenset()


class Inlet:
    """One source's ring: attached when it is there, looked for again when it is not, its silence noticed."""

    def __init__(self, source: str, ring_name: str, ctx: WorkerContext) -> None:
        self._source = source
        self._name = ring_name
        self._ctx = ctx
        self._ring: SoundRing | None = None
        self._look_at = 0  # sample number to look for the ring again at
        self._missing = 0  # samples missing in a row
        self._sounded = False

    def attend(self, start: int) -> None:
        """Once for each block: is it there? What is missing by now is counted."""
        if (ring := self._attached(start)) is not None:
            self._account(max(0, min(BLOCK, ring.end - start)))

    @property
    def end(self) -> int | None:
        """The sample number after the last one that has come; None for a source that does not sound."""
        return self._ring.end if self._ring is not None and self._sounded and self._missing < _SILENT_AFTER else None

    def read(self, start: int, count: int = BLOCK) -> Samples | None:
        """A block (count, channels) from a sample number; None when nothing of it is there."""
        if self._ring is None:
            return None
        samples, got = self._ring.read_all(start, count)
        return samples if got else None

    def _attached(self, now: int) -> SoundRing | None:
        if self._ring is None and now >= self._look_at:
            self._look_at = now + _ATTACH_EVERY
            try:
                self._ring = SoundRing(self._name)
            except FileNotFoundError:
                if self._missing == 0:
                    self._missing = 1
                    self._ctx.say(f"no sound from {self._source}: its ring is not there", self._source)
        return self._ring

    def _account(self, got: int) -> None:
        """Count what is missing, once a source has sounded; say when it falls silent and when it is back."""
        if got:
            if self._sounded and self._missing >= _SILENT_AFTER:
                self._ctx.say(f"sound from {self._source} again", self._source, OVER)
            self._sounded, self._missing = True, 0
        if not self._sounded or self._missing >= _SILENT_AFTER:
            return
        self._missing += BLOCK - got
        self._ctx.status.add("drops", BLOCK - got)
        if self._missing >= _SILENT_AFTER:
            self._ctx.say(f"no sound from {self._source}", self._source)

    def close(self) -> None:
        if self._ring is not None:
            self._ring.close()


class Room:
    """The strips of a show with what comes in for them: mixed at one time, listened to at another."""

    def __init__(self, spec: AudioSpec, ctx: WorkerContext, start: int) -> None:
        """start: the first sample that is mixed, where no program is there yet; one that is there is gone on with."""
        self._spec, self._ctx = spec, ctx
        strips = strips_of(spec.microphones, spec.players)
        sources = sources_of(strips if spec.talk is None else (*strips, spec.talk))
        self._inlets = {s: Inlet(s, spec.rings[s], ctx) for s in sources if s in spec.rings}
        listened = {m.source for m in spec.microphones}
        self._heard = {s: inlet for s, inlet in self._inlets.items() if s in listened}
        self._buses = {PROGRAM: SoundRing(spec.buses[PROGRAM])}  # those that somebody has taken
        self._note, self._noted, self._unpacker = NoteBlock(spec.orders), 0, Unpacker()
        self._names, self._board = [m.name for m in spec.microphones], ctx.status.board
        begun = self._buses[PROGRAM].end
        self._desk = Desk(
            strips,
            self._read,
            max(begun, start - _BEHIND_LIMIT) if begun else start,
            groups=spec.groups,
            talk=spec.talk,
            listened=self._names,
            warm=_WARM if begun else 1,
            kept=self._board["kept"],
            say=ctx.say,
        )
        self._measured = 0  # sample number: so far
        model = speech_model(ctx.say) if spec.microphones else None
        self._listener = Listener(spec.microphones, model, ctx.say, spec.played)
        self.heard = start  # sample number: so far

    @property
    def mixed(self) -> int:
        """Sample number: so far."""
        return self._desk.at

    def _read(self, source: str, start: int, count: int) -> Samples | None:
        inlet = self._inlets.get(source)
        return None if inlet is None else inlet.read(start, count)

    def mix_until(self, ready: int) -> None:
        if ready - self.mixed > _BEHIND_LIMIT:
            self._ctx.status.add("drops", ready - self.mixed)
            self._desk.skip(ready)
        self._desk.speaking = board.speaking(self._board, self._names)
        while self.mixed + BLOCK <= ready:
            start = self.mixed
            for inlet in self._inlets.values():
                inlet.attend(start)
            for bus, samples in self._desk.step().items():
                self._ring(bus).write(start, samples)
            self._ctx.status.add("frames")
            if (metered := self._desk.meters.metered).until != self._measured:
                self._measured = metered.until
                board.publish_meters(self._board, self._names, metered)

    def _ring(self, bus: str) -> SoundRing:
        if bus not in self._buses:
            self._buses[bus] = SoundRing(self._spec.buses[bus])
        return self._buses[bus]

    def hear_until(self, now: int, most: int = _DEAF_LIMIT // BLOCK) -> None:
        """Listen to what every source that sounds has delivered: together, because who is louder tells who speaks. A
        source that is late holds the others up only until it is mixed without. most: blocks at a time: on a machine
        that is too slow to listen, the program is mixed all the same."""
        delivered = min((end for inlet in self._heard.values() if (end := inlet.end) is not None), default=self.mixed)
        until = max(self.mixed, min(now, delivered))
        if until - self.heard > _DEAF_LIMIT:
            self.heard = until - (until - self.heard) % BLOCK
        for _ in range(min(most, max(0, until - self.heard) // BLOCK)):
            blocks = self._of_microphones({s: i.read(self.heard) for s, i in self._heard.items()})
            told = self._listener.hear(self.heard, blocks)
            self._desk.rider.hear(told)
            board.publish(self._ctx.status.board, told)
            self.heard += BLOCK

    def _of_microphones(self, blocks: Mapping[str, Samples | None]) -> dict[str, Samples]:
        return {
            m.name: heard(block, m.picks) for m in self._spec.microphones if (block := blocks.get(m.source)) is not None
        }

    def obey(self) -> None:
        """Take up new orders, if any."""
        if (note := self._note.get(self._noted)) is None:
            return
        self._noted, orders = note[0], self._unpacker.unpack(note[1])
        self._desk.set(orders)
        self._listener.obey(orders)

    def close(self) -> None:
        for inlet in self._inlets.values():
            inlet.close()
        for ring in self._buses.values():
            ring.close()
        self._note.close()


def main(spec: AudioSpec, ctx: WorkerContext) -> None:
    """Mix until told to stop, and then on to the present, so that the recording's end has its sound."""
    go_early()  # it takes a few ms of each block, and whoever plays or records waits for them
    ctx.beat()  # a speech model and filters are loaded now: seconds on a full machine
    latency_ns = int(LATENCY_S * NS)
    room = Room(spec, ctx, sample_at(ctx.clock.now_ns() - latency_ns))
    last_sample: int | None = None
    ctx.status.set(state=WorkerState.RUNNING)
    while last_sample is None or room.mixed < last_sample:
        now_ns = ctx.clock.now_ns()
        room.obey()
        room.hear_until(sample_at(now_ns), _MOST_HEARD)  # first: automix goes by what is heard ahead of it
        room.mix_until(sample_at(now_ns - latency_ns))
        if last_sample is None and ctx.stopping():
            last_sample = sample_at(now_ns)
        ctx.clock.wait_until(time_of_sample(room.mixed + BLOCK) + latency_ns + 1)
    room.close()


def speech_model(say: Callable[[str], None]) -> SpeechModel | None:
    """The model, or None and a word about it: levels alone then tell who speaks."""
    try:
        return SpeechModel(model_path(SPEECH_MODEL))
    except ModelError as error:
        say(f"{error}; until then the level alone tells who speaks")
        return None
