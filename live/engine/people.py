"""The engine's side of the people's desk: names for faces, and enrolment by command.

Live, the desk is a process of its own, and what it found comes in a note; off line it is asked in place, at the
pictures' own times.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Protocol

from live.base.errors import CommandError, LiveError
from live.config.load import Show
from live.control.state import StateTree
from live.engine.inputs import SourceRings
from live.picture.values import Face
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.show.people.published import SAID_LENGTH, EnrolledPeople, EnrolmentSaid, PersonSeen
from live.vision.recognise import named
from live.vision.recogniser import Desk, DeskSpec, lacking
from live.workers import Worker

Faces = Mapping[str, tuple[Face, ...]]
Known = Mapping[str, Mapping[int, tuple[int, str]]]
ASKED = 8  # of the last enrolments that a note carries


class People(Protocol):
    """Engine thread only."""

    @property
    def names(self) -> list[str]:
        """Of everybody enrolled."""
        ...

    def named(self, faces: Faces, now_s: float) -> dict[str, tuple[Face, ...]]:
        """New faces with what is known of them."""
        ...

    def enrol(self, name: str, source: str, now_s: float) -> None:
        """Enrol the face that a source sees. Raises LiveError when that can't be done here."""
        ...

    def said(self) -> list[str]:
        """What enrolments came to since the last call."""
        ...


def _checked(show: Show, source: str) -> None:
    if (lack := lacking()) is not None:
        raise lack
    if not show.rig.source(source).faces:
        raise CommandError(source, "nobody looks for faces there", "set faces = true in the rig")


class LivePeople:
    """The desk as a process."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._asked, self._told = (NoteBlock(ring_name(kind), create=True) for kind in ("ask", "ppl"))
        self._asks: list[tuple[int, str, str]] = []
        self._known: Known = {}
        self._read = self._heard = 0
        self._said: list[str] = []
        self._names: list[str] = []

    @property
    def names(self) -> list[str]:
        return self._names

    def worker(self, rings: Mapping[str, SourceRings]) -> Worker | None:
        """The process, when there is something to recognise and to do it with."""
        seen = {
            n: (r.picture.name, r.vision.name)
            for n, r in rings.items()
            if r.vision is not None and self._show.rig.source(n).faces
        }
        if not seen or lacking() is not None:
            return None
        return Worker(
            "people",
            "live.vision.recogniser:main",
            DeskSpec(seen, self._asked.name, self._told.name),
            nice=10,
            patience=4,
        )

    def close(self) -> None:
        self._asked.close()
        self._told.close()

    def named(self, faces: Faces, now_s: float) -> dict[str, tuple[Face, ...]]:
        self._hear()
        return {source: named(found, self._known.get(source, {})) for source, found in faces.items()}

    def _hear(self) -> None:
        if (note := self._told.read(self._read)) is None:
            return
        self._read = note[0]
        told = json.loads(note[1])
        self._known = {
            source: {int(n): (same, person) for n, (same, person) in tracks.items()}
            for source, tracks in told["known"].items()
        }
        self._names = told["people"]
        self._said += [text for number, text in told["said"] if number > self._heard]
        self._heard = max((number for number, _ in told["said"]), default=0)

    def enrol(self, name: str, source: str, now_s: float) -> None:
        _checked(self._show, source)
        number = self._asks[-1][0] + 1 if self._asks else 1
        self._asks = [*self._asks, (number, name, source)][-ASKED:]
        self._asked.write(json.dumps(self._asks))

    def said(self) -> list[str]:
        said, self._said = self._said, []
        return said


class OfflinePeople:
    """The desk in this process, on the show's own time: the same film, the same names."""

    def __init__(self, show: Show, rings: Mapping[str, SourceRings]) -> None:
        self._show, self._rings = show, rings
        self._said: list[str] = []
        self._desk = Desk(self._said.append) if lacking() is None else None

    @property
    def names(self) -> list[str]:
        return [p.name for p in self._desk.recognition.people] if self._desk is not None else []

    def named(self, faces: Faces, now_s: float) -> dict[str, tuple[Face, ...]]:
        if self._desk is None:
            return dict(faces)
        looks = {}
        for source, found in faces.items():
            if (frame := self._rings[source].picture.newest()) is not None:
                looks[source] = frame, found
        self._desk.step(now_s, looks)
        known = self._desk.recognition.known()
        return {source: named(found, known.get(source, {})) for source, found in faces.items()}

    def enrol(self, name: str, source: str, now_s: float) -> None:
        _checked(self._show, source)
        assert self._desk is not None
        self._desk.enrol(name, source, now_s)

    def said(self) -> list[str]:
        said, self._said[:] = list(self._said), []
        return said


SEEN_S = 1.0  # how long after the last look somebody counts as seen


class Whereabouts:
    """Who is seen where: passes enrolments on, puts names to faces, and tells the state tree and the log. Engine thread
    only.
    """

    def __init__(
        self, people: People | None, tree: StateTree, log: Callable[..., None], fault: Callable[[LiveError], None]
    ) -> None:
        self._people, self._tree, self._log, self._fault = people, tree, log, fault
        self._seen: dict[str, tuple[float, str]] = {}  # by name: when last, in which source
        self._told: list[str] = []

    def step(self, now_s: float, faces: Faces, enrolments: list[tuple[str, str]]) -> Faces:
        """The faces with their names. enrolments (name, source) are taken out of their list."""
        people = self._people
        if people is None:
            enrolments.clear()
            return faces
        while enrolments:
            try:
                people.enrol(*enrolments.pop(0), now_s)
            except LiveError as error:
                self._fault(error)
        found = people.named(faces, now_s)
        for text in people.said():
            self._log("state", "people", message=text)
            self._tree.put(EnrolmentSaid(text[:SAID_LENGTH]))
        self._tell(now_s, found, people.names)
        return found

    def _tell(self, now_s: float, faces: Faces, names: list[str]) -> None:
        for source, found in faces.items():
            for face in sorted(found, key=lambda f: f.width):
                if face.person:
                    self._seen[face.person] = now_s, source
        for name in sorted({*names, *self._told}):
            since_s, source = self._seen.get(name, (-SEEN_S, ""))
            self._tree.put(PersonSeen(name, source if now_s - since_s < SEEN_S else ""))
        if names != self._told:
            self._told = list(names)
            self._tree.put(EnrolledPeople(tuple(names)))
