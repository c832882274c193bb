"""The people's desk: recognises faces, and enrols them when it is told to. One process for all sources, or in the
off-line run.

It reads pictures and faces that others make, and says what it found in a note: however long a look at a face takes, no
picture, no matte and no cut waits for it.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from live.base import enrolled as people
from live.base.clock import NS
from live.base.enrolled import Vector
from live.base.errors import LiveError, ModelError, PeopleError
from live.base.paths import model_path
from live.picture.values import Face
from live.shm.frame_ring import Frame, FrameRing
from live.shm.notes import NoteBlock
from live.shm.status import StatusBlock, WorkerState
from live.vision.embedding import LANDMARKS, NETWORK, FaceNet
from live.vision.faces import Sighting
from live.vision.recognise import SMALLEST, Recognition
from live.vision.telling import BOARD, read_faces
from live.workers import WorkerContext

SAMPLES = 3  # looks at a face that is enrolled
SAMPLE_S = 0.5  # between them
ENROL_S = 8.0  # within which they must succeed
CLEARLY = 2.0  # times larger than anybody else in the picture is who is enrolled
FRONTAL = 0.7  # yaw
RELOAD_S = 1.0
LATE_S = 0.6  # a picture may be older or younger than its faces
SAID = 10  # of the last words that a note carries


def lacking() -> LiveError | None:
    """What is missing to know faces: the extra, or its models."""
    if importlib.util.find_spec("dlib") is None:
        return people.EXTRA
    missing = next((m for m in (NETWORK, LANDMARKS) if not model_path(m).exists()), None)
    return (
        ModelError(missing, "the model is not there", "run `live models`, and start the show again")
        if missing
        else None
    )


@dataclass
class _Enrolment:
    name: str
    source: str
    since_s: float
    track: int = 0
    next_s: float = 0.0
    vectors: list[Vector] = field(default_factory=list)
    lack: str = "nobody is seen there"


class Desk:
    """Recognition with what it looks through; owned by one thread. say: what an enrolment came to."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.recognition = Recognition()
        self._say = say
        self._net: FaceNet | None = None
        self._stamp: object = None
        self._reload_s = float("-inf")
        self._enrolments: list[_Enrolment] = []

    def enrol(self, name: str, source: str, now_s: float) -> None:
        """Enrol the face that a source sees, over the next looks."""
        people.path_of(name)
        self._enrolments.append(_Enrolment(name, source, now_s))

    def step(self, now_s: float, looks: Mapping[str, tuple[Frame, tuple[Face, ...]]]) -> None:
        """looks: by source, the picture and its faces, where there are new ones. Looks at one face at most."""
        self._reload(now_s)
        for source, (_, faces) in looks.items():
            self.recognition.see(now_s, source, faces)
        if self._enrolments:
            self._enrol(now_s, looks)
            return
        widths = {source: frame.format.width for source, (frame, _) in looks.items()}
        if (wanted := self.recognition.next(now_s, widths)) is not None and wanted[0] in looks:
            source, face = wanted
            self.recognition.learn(now_s, source, face.track, self._vector(looks[source][0], face))

    def load(self) -> FaceNet:
        """The network. Raises LiveError when it can't be had."""
        if self._net is None:
            self._net = FaceNet(model_path(NETWORK), model_path(LANDMARKS))
        return self._net

    def _vector(self, frame: Frame, face: Face) -> Vector:
        return self.load().vector(
            frame.planes, frame.format, Sighting(face.x, face.y, face.width, face.height, face.score)
        )

    def _reload(self, now_s: float) -> None:
        """Whoever was enrolled or removed meanwhile, here or from a terminal."""
        if now_s - self._reload_s < RELOAD_S:
            return
        self._reload_s = now_s
        if (stamp := people.stamp()) == self._stamp:
            return
        self._stamp = stamp
        known = []
        for name, _ in stamp:
            try:
                known.append(people.load(name))
            except PeopleError as error:
                self._say(str(error))
        self.recognition.enrolled(known)

    def _enrol(self, now_s: float, looks: Mapping[str, tuple[Frame, tuple[Face, ...]]]) -> None:
        """The next look at whoever is to be enrolled; those who can't be seen well don't keep the others waiting."""
        for job in list(self._enrolments):
            if now_s - job.since_s > ENROL_S:
                self._enrolments.remove(job)
                self._say(f"{job.name}: not enrolled from {job.source}: {job.lack}; try again")
            elif job.source in looks and now_s >= job.next_s:
                frame, faces = looks[job.source]
                face = self._subject(job, now_s, faces, frame.format.width)
                if face is not None:
                    self._sample(now_s, job, frame, face)
                    return

    def _sample(self, now_s: float, job: _Enrolment, frame: Frame, face: Face) -> None:
        """One look at who is enrolled; the last one keeps them."""
        job.track, job.next_s = face.track, now_s + SAMPLE_S
        job.vectors.append(self._vector(frame, face))
        if len(job.vectors) == SAMPLES:
            self._enrolments.remove(job)
            try:
                people.add(job.name, job.vectors)
            except PeopleError as error:
                self._say(str(error))
                return
            self._reload_s = float("-inf")
            self._say(f"{job.name}: enrolled from {job.source}")

    def _subject(self, job: _Enrolment, now_s: float, faces: tuple[Face, ...], width_px: int) -> Face | None:
        """The face that is meant; None, and why, when it isn't clear or not seen well. Who looked away a moment ago is
        still there."""
        by_size = sorted(faces, key=lambda f: -f.width)
        there = self.recognition.there(now_s, job.source)
        if not by_size:
            job.lack = "nobody is seen there"
        elif any(f.track != by_size[0].track and by_size[0].width < CLEARLY * f.width for f in there):
            job.lack = f"{len(there)} people are seen there, and nobody clearly in front"
        elif job.track not in (0, by_size[0].track):
            job.lack = "somebody else came in front"
        elif by_size[0].width * width_px < SMALLEST:
            job.lack = f"the face is too small (under {SMALLEST} pixels)"
        elif abs(by_size[0].yaw) >= FRONTAL:
            job.lack = "they look aside"
        else:
            return by_size[0]
        return None


# -- the process ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskSpec:
    """What the desk is given: by source the ring of its pictures and the status block of its vision worker; the notes
    it reads and writes."""

    sources: dict[str, tuple[str, str]]
    asked: str
    told: str


def main(spec: DeskSpec, ctx: WorkerContext) -> None:
    """Until it is told to stop: new faces in, names out."""
    rings = {name: (FrameRing(ring), StatusBlock(status, board=BOARD)) for name, (ring, status) in spec.sources.items()}
    asked, told = NoteBlock(spec.asked), NoteBlock(spec.told)
    said: list[tuple[int, str]] = []
    desk = Desk(lambda text: said.append((len(said) + 1, text)))
    desk.load()  # now, while a worker that starts may take its time: it is a second without a heartbeat
    seen_s = dict.fromkeys(rings, 0.0)
    note, done = asked.read(0), 0
    read = note[0] if note else 0
    # Started again: what was asked before is over.
    done = max((ask[0] for ask in json.loads(note[1])), default=0) if note else 0
    before = ""
    ctx.status.set(state=WorkerState.RUNNING)
    while not ctx.stopping():
        now_ns = ctx.clock.now_ns()
        if (note := asked.read(read)) is not None:
            read = note[0]
            for number, name, source in json.loads(note[1]):
                if number > done:
                    done = number
                    desk.enrol(name, source, now_ns / NS)
        looks = _looks(rings, seen_s)
        try:
            desk.step(now_ns / NS, looks)
        except LiveError as error:
            ctx.say(str(error))
            raise
        text = json.dumps(
            {
                "known": desk.recognition.known(),
                "people": [p.name for p in desk.recognition.people],
                "said": said[-SAID:],
            }
        )
        if text != before:
            told.write(text)
            before = text
        ctx.clock.wait_until(now_ns + NS // 20)


def _looks(
    rings: Mapping[str, tuple[FrameRing, StatusBlock]], seen_s: dict[str, float]
) -> dict[str, tuple[Frame, tuple[Face, ...]]]:
    """The newest faces of each source, with the picture they were found in."""
    looks = {}
    for name, (ring, status) in rings.items():
        time_s, faces = read_faces(status)
        if time_s <= seen_s[name]:
            continue
        seen_s[name] = time_s
        frame = _picture_at(ring, time_s)
        if frame is not None:
            looks[name] = frame, faces
    return looks


def _picture_at(ring: FrameRing, time_s: float) -> Frame | None:
    """The picture of that time; on a busy machine it has gone by now, and the next best will do: a face doesn't go far
    in so short a time."""
    frames = [f for back in range(ring.slots - 1) if (f := ring.at(ring.count - back)) is not None]
    nearest = min(frames, key=lambda f: abs(f.capture_ns / NS - time_s), default=None)
    return nearest if nearest is not None and abs(nearest.capture_ns / NS - time_s) < LATE_S else None
