"""The outputs of a show on air: one encoder for each feed that goes anywhere, a worker for each output that has its own
(isos, tracks), and what they have to say. Outputs come and go by one path, of which the show's start is the first use.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from live.base.errors import OutputError
from live.config.desk import PROGRAM
from live.config.load import Show
from live.config.output import Carries, Output
from live.engine.buses import Buses
from live.engine.engine import Engine
from live.engine.feeds import Feeds
from live.engine.inputs import SourceRings
from live.outputs import board
from live.outputs.board import AMISS, BOARD, ENDED, IN_TROUBLE, PLACES, RECORDING, OutputTold, Placed, TargetState
from live.outputs.own import Worked, Workplace
from live.outputs.worker import BEHIND, LOST, EncoderSpec
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.status import Message
from live.show.outputs.published import MESSAGE_LENGTH, DeviceStatus, OutputStatus
from live.workers import Supervisor, Worker

TROUBLE = {state.name.lower() for state in IN_TROUBLE}
WITH_CAPTIONS = ("program", "unfaded", "clean")  # the feeds that closed captions belong to
STOPPED = "stopped"
CLOSE_S = 4.6  # how long an encoder may take to encode what it has and close its files


def feeds_used(outputs: Sequence[Output]) -> list[str]:
    """The feeds that outputs take, each once."""
    return list(dict.fromkeys(o.carries.feed for o in outputs if o.carries.feed))


@dataclass(frozen=True)
class Studio:
    """What encoders are made with. delay_ns: how old a program picture is at its tick; iso_delay_ns: how much older
    than a source's newest. captions_ring: see EncoderSpec. identity: of the show. fresh: False for a show that is
    taken up again: its files are there already.
    """

    show: Show
    supervisor: Supervisor
    feeds: Feeds
    rings: Mapping[str, SourceRings]
    buses: Buses
    delay_ns: int
    iso_delay_ns: int
    captions_ring: str
    identity: str
    fresh: bool = True


@dataclass(eq=False)
class _Encode:
    """An encoder, and who has which place on its board; orders: where it reads that, None for an output's own
    worker."""

    carries: Carries
    worker: Worker
    orders: NoteBlock | None
    places: dict[int, Placed] = field(default_factory=dict)
    next_place: int = 0
    leaving: bool = False

    def add(self, output: Output, fresh: bool) -> int:
        """Returns its place. One that was used a while ago rather than a moment: its state may still be read there."""
        free = (n % PLACES for n in range(self.next_place, self.next_place + PLACES) if n % PLACES not in self.places)
        if (place := next(free, None)) is None:
            raise OutputError(
                output.name,
                f"its encoder has {PLACES} outputs already",
                "stop one of them, or let it take another feed",
            )
        self.next_place = place + 1
        self.places[place] = Placed(place, output, fresh)
        self.tell()
        return place

    def tell(self) -> None:
        if self.orders is not None:
            self.orders.put(pickle.dumps(tuple(self.places.values())))


@dataclass(eq=False)
class _Running:
    """An output that was started. dropped: pictures that its encoder had lost before, that are none of its. stopping:
    it was told to close.
    """

    output: Output
    encode: _Encode
    place: int
    dropped: int = 0
    stopping: bool = False


class OutputDesk:
    """Engine thread only."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.outputs: dict[str, Output] = {}
        self._encodes: dict[Carries | str, _Encode] = {}  # by what they carry: a feed, or an output's own name
        self._left: list[_Encode] = []
        self._running: dict[str, _Running] = {}
        self._begun: set[str] = set()  # outputs that were started in this show
        self._told: dict[str, OutputTold] = {}  # how each output does, as last read
        self._files: list[tuple[str, Path]] = []  # that were begun in this show, each with its output
        self._missed: dict[str, int] = {}  # pictures that each one lacks
        self._since: dict[str, tuple[str, float]] = {}  # each one's state, and the show time from which on
        self.lost: dict[str, str] = {}  # of outputs that lost pictures: how many, in words; said when they close

    # -- coming and going ---------------------------------------------------------------------------------------------

    def add(self, output: Output) -> None:
        """Take an output in, and start it if it starts by itself. Raises OutputError when its encoder can have no
        more.
        """
        self.outputs[output.name] = output
        if not output.auto_start:
            return
        try:
            self.start(output.name)
        except OutputError:
            del self.outputs[output.name]
            raise

    def remove(self, name: str) -> None:
        """Stop an output, and forget it once it has closed."""
        self.stop(name)
        del self.outputs[name]

    def start(self, name: str) -> None:
        """Start an output that was stopped; nothing to do for one that runs. Raises OutputError."""
        running = self._running.get(name)
        if running is not None and not running.stopping:
            return
        output = self.outputs[name]
        encode = self._encode_of(output)
        dropped = int(encode.worker.status.get("drops")) - self._missed.get(name, 0)
        self._running[name] = _Running(output, encode, encode.add(output, self._is_fresh(name)), dropped)
        self._begun.add(name)
        self._told.pop(name, None)

    def stop(self, name: str) -> None:
        """Close an output: it writes what it has. Never waits; nothing to do for one that was stopped."""
        running = self._running.get(name)
        if running is None or running.stopping:
            return
        running.stopping = True
        encode = running.encode
        del encode.places[running.place]
        if encode.places:
            encode.tell()
            return
        encode.leaving = True  # it has nobody left: its end closes the last one
        carried = next(key for key, one in self._encodes.items() if one is encode)
        self._left.append(self._encodes.pop(carried))
        self._studio.supervisor.remove(encode.worker)
        if encode.carries.bus:
            self._studio.buses.release(encode.carries.bus)
        feed = encode.carries.feed
        if feed and all(other.carries.feed != feed for other in self._encodes.values()):
            self._studio.feeds.release(feed)

    def keep(self, wanted: Mapping[str, bool]) -> list[OutputError]:
        """Start and stop as it is wanted. Returns why some could not be started."""
        faults = []
        for name in self.outputs:
            try:
                (self.start if wanted.get(name, True) else self.stop)(name)
            except OutputError as error:
                faults.append(error)
        return faults

    def _encode_of(self, output: Output) -> _Encode:
        """The encoder for an output: the one of its feed and bus, if there is one."""
        carries = output.carries
        key = carries if carries.feed else output.name
        if key not in self._encodes:
            made = self._feed_encode(carries) if carries.feed else self._own_work(output)
            self._encodes[key] = made
            if carries.bus:
                self._studio.buses.use(carries.bus)
            self._studio.supervisor.add(made.worker)
        return self._encodes[key]

    def _feed_encode(self, carries: Carries) -> _Encode:
        of, rig, feed, bus = self._studio, self._studio.show.rig, carries.feed, carries.bus
        of.feeds.use(feed)
        orders = NoteBlock(ring_name("out"), create=True)
        spec = EncoderSpec(
            of.feeds.picture(feed),
            rig.encoder,
            (),
            of.feeds.ring(feed).name,
            of.buses[bus].name,
            of.delay_ns,
            of.captions_ring if feed in WITH_CAPTIONS else "",
            orders.name,
            rig.film_sounds,
            rig.sound.ceiling_db,
            of.identity,
        )
        name, nice = ("encoder", 2) if feed == "program" else (f"{feed} feed encoder", 4)
        name = name if bus == PROGRAM else f"{bus} {name}"
        worker = Worker(name, "live.outputs.worker:main", spec, nice=nice, patience=3, board=BOARD, grace_s=CLOSE_S)
        return _Encode(carries, worker, orders)

    def _is_fresh(self, name: str) -> bool:
        """Has an output no file of this show yet?"""
        return self._studio.fresh and name not in self._begun

    def _own_work(self, output: Output) -> _Encode:
        """The worker of an output that has its own."""
        assert isinstance(output, Worked), f"{output.name}: neither a feed's nor its own"
        of = self._studio
        at = Workplace(
            of.show.rig,
            of.feeds.ring("program").name,
            of.buses[PROGRAM].name,
            {name: rings.picture.name for name, rings in of.rings.items()},
            {name: rings.sound.name for name, rings in of.rings.items()},
            of.delay_ns,
            of.iso_delay_ns,
            {bus: ring.name for bus, ring in of.buses.items()},
            self._is_fresh(output.name),
            of.identity,
        )
        name, nice, patience = f"{output.name} {output.does}", output.nice, output.patience
        worker = Worker(name, output.main, output.spec(at), nice=nice, patience=patience, board=BOARD, grace_s=CLOSE_S)
        return _Encode(output.carries, worker, None)

    def coming(self) -> bool:
        """Is an encoder on the way?"""
        return any(encode.worker.coming for encode in self._encodes.values())

    def missing(self) -> list[str]:
        """The outputs whose encoder is not at work."""
        return [name for name, running in self._running.items() if not running.encode.worker.running]

    def forgotten(self, worker: Worker) -> None:
        """Told when a worker has left for good, and everything it said was heard."""
        for encode in [e for e in self._left if e.worker is worker]:
            self._left.remove(encode)
            if encode.orders is not None:
                encode.orders.close()

    def close(self) -> None:
        for encode in (*self._encodes.values(), *self._left):
            if encode.orders is not None:
                encode.orders.close()

    # -- what they say ------------------------------------------------------------------------------------------------

    def publish(self, engine: Engine) -> None:
        """Some times a second: the state of every output, for people."""
        self.read()
        for name, output in self.outputs.items():
            running, told = self._running.get(name), self.told(name)
            state = self.state(name)
            if running is not None:
                self._missed[name] = int(running.encode.worker.status.get("drops")) - running.dropped
            lost = told.dropped + (self._missed.get(name, 0) if running else 0)
            said = "" if state == STOPPED or not told.words else str(told)[:MESSAGE_LENGTH]
            words = said + (f" ({lost} frames lost)" if lost else "")
            if self._since.get(name, ("",))[0] != state:
                self._since[name] = state, round(engine.now_s, 1)
            what = output.kind, output.carries.name, output.carries.bus
            engine.tree.put(OutputStatus(name, state, words, *what, self._since[name][1]))
            if isinstance(output, Worked) and output.does == "device":
                engine.tree.put(
                    DeviceStatus(name, *board.device(running.encode.worker.status.board if running else None))
                )

    def read(self) -> None:
        """What the encoders have on their boards by now. One that died tells nothing, and its outputs are in trouble
        until the next one is there."""
        for name, running in list(self._running.items()):
            worker = running.encode.worker
            if not running.stopping and worker.down:
                does = output.does if isinstance(output := running.output, Worked) else "encoder"
                self._told[name] = OutputTold(TargetState.RETRYING, f"its {does} died, and is started again")
            elif (told := board.read(worker.status.board, running.place)) is not None:
                self._told[name] = told
            if running.stopping and (self.told(name).state in ENDED or worker.gone):
                del self._running[name]

    def state(self, name: str) -> str:
        """In a word: of its encoder, or that it is stopped."""
        told = self.told(name).state
        return told.name.lower() if name in self._running or told is TargetState.FAILED else STOPPED

    def told(self, name: str) -> OutputTold:
        """How an output does, as last read."""
        return self._told.get(name, OutputTold())

    def heard(self, message: Message, engine: Engine) -> None:
        """A change that an encoder told of one of its outputs: a fault only if it is in trouble."""
        name, state = message.subject, message.state
        output = self.outputs.get(name)
        if state == TargetState.LIVE.name.lower() and output is not None and output.file is not None:
            file = output.file.with_name(message.text.removeprefix(RECORDING))
            if (name, file) not in self._files:
                self._files.append((name, file))
        if state == LOST:
            if self._missed.get(name):
                self.lost[name] = message.text
        if state in (BEHIND, AMISS) or state in TROUBLE:
            engine.notices.fault(name, str(message) if state in TROUBLE else f"{name}: {message.text}", by="encoder")
        else:
            said = message.text if state == LOST else ": ".join(part for part in (state, message.text) if part)
            engine.notices.log("state", "encoder", output=name, message=said)
            if state != TargetState.CONNECTING.name.lower():  # it tries again, and is in trouble as before
                engine.state.faults.over(name)

    def owns(self, worker: Worker) -> bool:
        return any(worker is encode.worker for encode in (*self._encodes.values(), *self._left))

    def troubled(self) -> list[str]:
        """The outputs that are in trouble now, or ended in it."""
        self.read()
        return [name for name in self.outputs if self.told(name).state in IN_TROUBLE]

    def recordings(self) -> list[tuple[str, Path]]:
        """Every file that was begun, with its output's name, in order."""
        return list(self._files)
