"""What the engine takes in on each frame: the newest picture of each source with the matte that belongs to it, and the
sound.

Two kinds with the same face: `LiveInputs` looks into the rings that workers write; `OfflineInputs` reads the same
readers on the virtual clock, in this process, so that the same show gives the same picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from live.audio.mixer import Samples
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.desk import DeskOrders
from live.config.keying import KeyerOrders
from live.config.load import Show
from live.config.source import Source
from live.engine.buses import Buses
from live.engine.offline_source import OfflineSource
from live.engine.playing import OfflinePlayer, lengths_s, notes_of, tell
from live.engine.sound import AFTER_S, LiveSound, OfflineSound, Sound
from live.picture.values import Face, Sight, SourceInput
from live.playout import Note
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock, WorkerState
from live.sources.camera_board import CameraTold
from live.sources.camera_board import read as read_camera
from live.sources.device_board import DeviceTold
from live.sources.device_board import read as read_device
from live.sources.sight import read as read_sight
from live.sources.stream_board import StreamTold
from live.sources.stream_board import read as read_stream
from live.vision.telling import read_faces, read_outline, read_screen
from live.vision.worker import BOX_UNIT, Eyes

ISO_SLOTS = 16  # pictures that a source keeps for its iso: how far behind that may fall
FASTEST_HZ = 60  # of a source whose pictures a delayed program keeps; of a faster one it shows younger ones
BLIND_NS = 2 * NS  # a vision worker that gives no sign for so long sees nothing
_COPY_BEFORE = 3  # slots before its ring comes round a keyed picture that stands is copied
STALL_NS = int(0.9 * NS)  # without a new picture for so long, a source is shown as stalled


@dataclass
class SourceState:
    """How a source does, for people: status (starting, live, stalled, retrying, ended), pictures a second, last
    message, and what its sound device, its stream or its camera tells, if it is one that is there.
    """

    status: str = "starting"
    rate_hz: float = 0.0
    message: str = ""
    device: DeviceTold | None = None
    stream: StreamTold | None = None
    camera: CameraTold | None = None


class Inputs(Protocol):
    """Engine thread only."""

    states: dict[str, SourceState]
    blind: set[str]  # sources whose vision worker has gone
    sound_age_ns: int  # how old the sound is that goes with a program frame

    def pictures(self, now_ns: int, wanted: set[str], matted: set[str]) -> dict[str, SourceInput]:
        """The pictures of the wanted sources; those in `matted` with their matte, as a pair."""
        ...

    def whole(self, used: Mapping[str, SourceInput]) -> bool:
        """Asked after the last look at the pictures of this frame: was none of them overwritten meanwhile? What was
        made of one that was is not to be shown.
        """
        ...

    def faces(self) -> dict[str, tuple[Face, ...]]:
        """Faces found since the last call, by source."""
        ...

    def sights(self) -> dict[str, Sight]:
        """What the pictures of the sources are by themselves, as last looked at."""
        ...

    def obey(self, orders: Mapping[str, KeyerOrders]) -> None:
        """Pass on what the keyers of sources are told, where it is news."""
        ...

    def screens(self) -> dict[str, str]:
        """The screen's colour of the sources that have one, "#rrggbb"."""
        ...

    def sound(self, frame: int, now_ns: int) -> Sound:
        """The sound of this frame. Called first: off line it is what brings the sources forward."""
        ...

    def lengths_s(self) -> dict[str, tuple[float, ...]]:
        """By player: the length of each of its clips, 0 for one that can't be played; once they are known."""
        ...

    def play(self, notes: Mapping[str, Note]) -> None:
        """What each player is to do, where it is news."""
        ...

    def set_desk(self, orders: DeskOrders) -> None:
        """What the sound desk is to do, from the next sound on."""
        ...

    def tell_speaking(self, microphones: Collection[str]) -> None:
        """Into which microphones their owners speak now."""
        ...

    def close(self) -> None: ...


def _input(name: str, frame: Frame, matte: Frame | None, wrap: float = 0.0) -> SourceInput:
    if matte is None and frame.cut is not None:
        *fill, key = frame.cut
        return SourceInput(
            name,
            frame.index,
            frame.format,
            frame.planes,
            key,
            capture_ns=frame.capture_ns,
            frame=frame,
            fill=tuple(fill),
            cut=True,
        )
    if matte is None:
        return SourceInput(name, frame.index, frame.format, frame.planes, capture_ns=frame.capture_ns, frame=frame)
    x, y, width, height = (v / BOX_UNIT for v in matte.aux)
    box = x, y, width, height
    *fill, key = matte.planes
    return SourceInput(
        name, frame.index, frame.format, frame.planes, key, box, frame.capture_ns, frame, tuple(fill), wrap=wrap
    )


def _own(picture: SourceInput) -> SourceInput:
    """The same in memory of its own: it may stand for as long as it will."""
    if picture.frame is None:
        return picture
    planes = tuple(p.copy() for p in picture.planes)
    fill = None if picture.fill is None else tuple(p.copy() for p in picture.fill)
    matte = None if picture.matte is None else picture.matte.copy()
    return replace(picture, planes=planes, fill=fill, matte=matte, frame=None)


@dataclass
class SourceRings:
    """The shared memory of one source, created by the engine."""

    picture: FrameRing
    sound: SoundRing
    matte: FrameRing | None  # keyed pictures: the foreground's colours and their matte
    orders: NoteBlock | None = None  # for the keyer
    told: KeyerOrders = field(default_factory=KeyerOrders)  # what it knows
    playing: NoteBlock | None = None  # for a player
    played: Note | None = None  # what it was told last
    status: StatusBlock | None = None
    vision: StatusBlock | None = None
    pair: SourceInput | None = None
    matte_of_pair: Frame | None = None
    faces_s: float = 0.0
    saw: bool = False  # its vision worker has been running
    counted: tuple[int, int] = field(default=(0, 0))  # (machine time, index) at the last rate measurement

    def close(self) -> None:
        for ring in (self.picture, self.sound, self.matte, self.orders, self.playing):
            if ring is not None:
                ring.close()


def held_ns(show: Show) -> dict[str, int]:
    """By source, how much longer its pictures are held back than the program's delay."""
    return {s.name: int(s.picture_delay_ms * 1e6) for s in show.rig.sources}


def make_rings(show: Show) -> dict[str, SourceRings]:
    """The rings of every source of a rig."""
    return {s.name: rings_of(show, s) for s in show.rig.sources}


def rings_of(show: Show, s: Source, *, recorded: bool = False) -> SourceRings:
    """Frame, sound and matte rings of a source. Of a delayed program's pictures as many are kept as the delay is long,
    at FASTEST_HZ; slots that no picture has been in cost no memory. recorded: an iso is made of it.
    """
    slots = 8 + round((show.rig.picture.delay_s + s.picture_delay_ms / 1e3) * FASTEST_HZ)
    width, height = max(show.rig.picture.width, 1920), max(show.rig.picture.height, 1088)
    capacity = width * height * 3 // 2
    cut = width * height * 4 if s.may_be_cut_out else capacity
    return SourceRings(
        FrameRing(ring_name("src"), capacity=cut, slots=slots + (ISO_SLOTS if recorded else 0)),
        SoundRing(ring_name("snd"), create=True, most=s.most_channels),
        FrameRing(ring_name("mat"), capacity=capacity + width * height // 2, slots=slots) if s.key != "none" else None,
        NoteBlock(ring_name("ord"), create=True) if s.key != "none" else None,
        s.orders,
        notes_of(s),
    )


def _tell(rings: Mapping[str, SourceRings], orders: Mapping[str, KeyerOrders]) -> None:
    """Write a note to the keyers whose orders are new."""
    for name, order in orders.items():
        if (to := rings.get(name)) is None:
            continue
        if to.orders is not None and order is not to.told and order != to.told:
            to.orders.write(order.model_dump_json())
        to.told = order


def _sight(rings: SourceRings) -> Sight:
    """Of a running worker's source."""
    assert rings.status is not None
    black_s, still_s, slides = read_sight(rings.status.board)
    if rings.vision is None or rings.matte is None or not rings.matte.count:
        return Sight(black_s, still_s, slides=slides)
    outline = read_outline(rings.vision)
    return Sight(black_s, still_s, outline.covered, outline.cut, slides)


def _is_there(rings: SourceRings) -> bool:
    """Has a source given its first picture, with its matte, or its first sound? A file stands on its beginning until
    it is started; of one without pictures it is only known that it was opened."""
    opened = rings.status is not None and rings.status.get("state") in (WorkerState.RUNNING, WorkerState.ENDED)
    if rings.picture.count:
        return rings.matte is None or rings.matte.count > 0
    return rings.sound.end > 0 or opened


class LiveInputs:
    """The rings of running workers."""

    def __init__(
        self,
        show: Show,
        rings: dict[str, SourceRings],
        audio: StatusBlock | None,
        desk: NoteBlock | None = None,
        sound_age_ns: int = 0,
        buses: Buses | None = None,
    ) -> None:
        """rings: by source; sources come and go there. audio, desk: of the audio worker, where there is one; what it
        says, and what it is told. buses: those of its desk."""
        self.sound_age_ns = sound_age_ns
        self._show = show
        self._rings = rings
        self._sound = LiveSound(show, audio, desk, buses)
        self.states = {name: SourceState() for name in rings}
        self.blind: set[str] = set()
        self.unpaired = 0  # mattes that came after their picture had gone from the ring
        self.torn = 0  # pictures that were overwritten while they were looked at, and not shown for that
        self._torn: dict[str, int] = {}  # by source: the last of them
        self._delay_ns = int(show.rig.picture.delay_s * NS)
        self._held_ns = held_ns(show)

    def pictures(self, now_ns: int, wanted: set[str], matted: set[str]) -> dict[str, SourceInput]:
        found: dict[str, SourceInput] = {}
        for name in wanted:
            if (rings := self._rings.get(name)) is None:  # it was removed: its slate stands for it
                continue
            if rings.matte is not None and name in matted:
                if (pair := self._pair(rings, name, now_ns)) is not None:
                    found[name] = pair
            elif (frame := self._due(name, rings.picture, now_ns)) is not None:
                found[name] = _input(name, frame, None)
        return found

    def _due(self, name: str, ring: FrameRing, now_ns: int) -> Frame | None:
        """The frame of a source's ring that a program of this delay shows now. Those of players and streams come
        before their time."""
        return ring.before(now_ns - self._delay_ns - self._held_ns.get(name, 0))

    def _pair(self, rings: SourceRings, name: str, now_ns: int) -> SourceInput | None:
        """The newest picture whose matte is there. The last pair is kept while no newer one comes: an edge never leaves
        its picture; when the vision worker is gone the person stands still rather than vanish."""
        assert rings.matte is not None
        matte = self._due(name, rings.matte, now_ns)
        if matte is not None and (rings.pair is None or rings.pair.seq != matte.seq):
            frame = rings.picture.at(matte.seq)
            if frame is not None:
                rings.pair, rings.matte_of_pair = _input(name, frame, matte, rings.told.keyer.wrap), matte
            else:
                self.unpaired += 1
        elif rings.pair is not None and rings.picture.count - rings.pair.seq >= rings.picture.slots - _COPY_BEFORE:
            rings.pair, rings.matte_of_pair = _own(rings.pair), None
        return rings.pair

    def whole(self, used: Mapping[str, SourceInput]) -> bool:
        whole = True
        for name, picture in used.items():
            if self._is_intact(name, picture):
                continue
            whole = False
            if self._torn.get(name) != picture.seq:
                self._torn[name] = picture.seq
                self.torn += 1
            if name in self._rings:
                self._rings[name].pair = None  # the next frame takes another
        return whole

    def _is_intact(self, name: str, picture: SourceInput) -> bool:
        rings = self._rings.get(name)
        matte = rings.matte_of_pair if rings is not None and picture.matte is not None else None
        return (picture.frame is None or picture.frame.intact()) and (matte is None or matte.intact())

    def faces(self) -> dict[str, tuple[Face, ...]]:
        found = {}
        for name, rings in self._rings.items():
            if rings.vision is None:
                continue
            time_s, faces = read_faces(rings.vision)
            if time_s > rings.faces_s:
                rings.faces_s = time_s
                found[name] = faces
        return found

    def sights(self) -> dict[str, Sight]:
        return {name: _sight(rings) for name, rings in self._rings.items() if rings.status is not None}

    def obey(self, orders: Mapping[str, KeyerOrders]) -> None:
        _tell(self._rings, orders)

    def screens(self) -> dict[str, str]:
        return {n: s for n, r in self._rings.items() if r.vision is not None and (s := read_screen(r.vision))}

    def sound(self, frame: int, now_ns: int) -> Sound:
        return self._sound.at(now_ns)

    def lengths_s(self) -> dict[str, tuple[float, ...]]:
        return lengths_s(self._show, self._rings)

    def play(self, notes: Mapping[str, Note]) -> None:
        tell(self._rings, notes)

    def set_desk(self, orders: DeskOrders) -> None:
        self._sound.set_desk(orders)

    def tell_speaking(self, microphones: Collection[str]) -> None:
        self._sound.tell_speaking(microphones)

    def look(self, now_ns: int) -> None:
        """Some times a second: how does each source do?"""
        for name in self.states.keys() - self._rings.keys():
            del self.states[name]
            self.blind.discard(name)
        for name, rings in self._rings.items():
            if rings.status is not None:
                self._look(name, rings, rings.status, now_ns)

    def _look(self, name: str, rings: SourceRings, status: StatusBlock, now_ns: int) -> None:
        state = self.states.setdefault(name, SourceState())
        state.device = read_device(status.board)
        state.stream = read_stream(status.board)
        state.camera = read_camera(status.board)
        self._look_at_vision(name, rings, now_ns)
        newest = rings.picture.newest()
        then_ns, then = rings.counted
        if now_ns - then_ns >= NS:
            if then_ns:
                state.rate_hz = round((rings.picture.count - then) * NS / (now_ns - then_ns), 1)
            rings.counted = (now_ns, rings.picture.count)
        worker = WorkerState(int(status.get("state")))
        fresh_ns = newest.capture_ns if newest else (rings.sound.end * NS // SAMPLE_RATE if rings.sound.end else 0)
        if worker is WorkerState.ENDED:
            state.status = "ended"
        elif fresh_ns and now_ns - fresh_ns < STALL_NS:
            state.status = "live"
        elif worker is WorkerState.RETRYING:
            state.status = "retrying"
        else:
            state.status = "stalled" if fresh_ns else "starting"

    def _look_at_vision(self, name: str, rings: SourceRings, now_ns: int) -> None:
        """A vision worker that ran and doesn't any more, or is silent, sees nobody."""
        if rings.vision is None:
            return
        runs = int(rings.vision.get("state")) == WorkerState.RUNNING
        rings.saw |= runs
        silent = now_ns - int(rings.vision.get("heartbeat_ns")) > BLIND_NS
        (self.blind.add if rings.saw and (silent or not runs) else self.blind.discard)(name)

    def missing(self) -> list[str]:
        """The sources that gave no picture and no sound so far, or no matte."""
        return [name for name, rings in self._rings.items() if not _is_there(rings)]

    def demand(self, on_bus: set[str], standby_hz: float) -> None:
        """Sources that nobody sees need fewer mattes."""
        for name, rings in self._rings.items():
            if rings.vision is not None:
                rings.vision.set(rate_hz=0.0 if name in on_bus else standby_hz)

    def close(self) -> None:
        """The rings belong to whoever made them."""


class OfflineInputs:
    """The same sources on the virtual clock: frame n at n / rate, whatever the machine does meanwhile."""

    def __init__(
        self,
        show: Show,
        rings: dict[str, SourceRings],
        files_s: Mapping[str, float] | None = None,
        buses: frozenset[str] = frozenset(),
    ) -> None:
        """files_s: by source, where in its medium the show begins. buses: those that outputs take."""
        self._show = show
        self._rings = rings
        self._rate = show.rig.picture.rate
        self._players = {s.name: OfflinePlayer(show, s, rings[s.name]) for s in show.rig.players}
        self._sources: list[OfflineSource | OfflinePlayer] = [
            self._players.get(s.name) or OfflineSource(show, s, rings[s.name], (files_s or {}).get(s.name, 0.0))
            for s in show.rig.sources
        ]
        self.said: list[str] = []  # what the worker would put in the log
        self._sound = OfflineSound(
            show, lambda source, start, count: rings[source].sound.read_all(start, count)[0], self.said.append, buses
        )
        self._delay_ns = self.sound_age_ns = int(show.rig.picture.delay_s * NS)
        self._held_ns = held_ns(show)
        self._faces: dict[str, tuple[Face, ...]] = {}
        self.states = {s.name: SourceState("live", float(self._rate)) for s in self._sources}
        self.blind: set[str] = set()
        for source, config in zip(self._sources, show.rig.sources, strict=True):
            if config.seen:
                source.eyes = self._eyes(source, config)

    def _eyes(self, source: OfflineSource | OfflinePlayer, config: Source) -> Eyes:
        other = self._rings[config.keyer.external].picture if config.keyer.external else None
        return Eyes(
            config.name,
            config.orders,
            search=self._show.rig.face_search(config),
            orders=source.rings.orders,
            external=other,
            say=self.said.append,
        )

    def _advance(self, now_ns: int) -> None:
        """Bring every source to this frame: its picture, and its sound to the end of the frame; then its key and
        faces.
        """
        new_pictures = [source.advance(now_ns, now_ns + int(NS / self._rate)) for source in self._sources]
        for source, new in zip(self._sources, new_pictures, strict=True):
            if new is not None and source.eyes is not None:
                if source.rings.matte is not None:
                    source.eyes.matte(new, source.rings.matte)
                if (faces := source.eyes.faces(new)) is not None:
                    self._faces[source.name] = faces
            if source.ended:
                self.states[source.name].status, self.states[source.name].message = "ended", source.message

    def pictures(self, now_ns: int, wanted: set[str], matted: set[str]) -> dict[str, SourceInput]:
        found: dict[str, SourceInput] = {}
        for name in wanted:
            rings = self._rings[name]
            if (frame := rings.picture.before(now_ns - self._delay_ns - self._held_ns[name])) is not None:
                matte = rings.matte.at(frame.index) if rings.matte is not None and name in matted else None
                found[name] = _input(name, frame, matte, rings.told.keyer.wrap)
        return found

    def whole(self, used: Mapping[str, SourceInput]) -> bool:
        """Nothing is overwritten off line."""
        return True

    def faces(self) -> dict[str, tuple[Face, ...]]:
        faces, self._faces = self._faces, {}
        return faces

    def sights(self) -> dict[str, Sight]:
        found = {}
        for s in self._sources:
            outline = (
                s.eyes.outline if s.eyes is not None and s.rings.matte is not None and s.rings.matte.count else None
            )
            seen, slides = (s.sight.black_s, s.sight.still_s), s.sight.slides
            found[s.name] = (
                Sight(*seen, slides=slides) if outline is None else Sight(*seen, outline.covered, outline.cut, slides)
            )
        return found

    def obey(self, orders: Mapping[str, KeyerOrders]) -> None:
        _tell(self._rings, orders)

    def screens(self) -> dict[str, str]:
        return {s.name: s.eyes.screen for s in self._sources if s.eyes is not None and s.eyes.screen}

    def sound(self, frame: int, now_ns: int) -> Sound:
        self._advance(now_ns)
        return self._sound.at(frame, now_ns)

    def rest(self, end_ns: int) -> dict[str, Samples]:
        """The sound of each bus of a show that ends then, as far as it was not given out with a frame. Called last."""
        after_ns = end_ns + int(AFTER_S * NS)
        for source in self._sources:
            source.advance(end_ns, after_ns)
        return self._sound.rest(sample_at(after_ns))

    def lengths_s(self) -> dict[str, tuple[float, ...]]:
        return {name: player.playout.reel.lengths_s for name, player in self._players.items()}

    def play(self, notes: Mapping[str, Note]) -> None:
        for name, note in notes.items():
            self._players[name].take(note)

    def news(self) -> Iterator[tuple[str, str]]:
        """What players say, as (name, message)."""
        for name, player in self._players.items():
            while player.said:
                yield name, player.said.popleft()

    def set_desk(self, orders: DeskOrders) -> None:
        self._sound.set_desk(orders)

    def tell_speaking(self, microphones: Collection[str]) -> None:
        self._sound.tell_speaking(microphones)

    def close(self) -> None:
        for player in self._players.values():
            player.close()
        for source in self._sources:
            if source.eyes is not None:
                source.eyes.close()
        for rings in self._rings.values():
            rings.close()
