"""Whose face is it? Which face to look at next, what a look says, and who is somebody who was there before. Pure; time
is an argument.

A look is dear (140 ms of CPU), so there is one at a time: at whoever is new first, again every RETRY_S while they
aren't known, and seldom once they are. A name stands when one look is sure or two in a row agree. Vectors of people who
aren't enrolled are kept in memory while the show runs, to give them their track number back, and never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from live.base.enrolled import LIKELY, SURE, Enrolled, Vector, nearest
from live.picture.values import Face

EVERY_S = 0.4  # between looks, whoever it is at
RETRY_S = 2.0  # between looks at somebody unknown
SELDOM_S = 15.0  # between looks at somebody known, and at somebody whom five looks didn't make known
PATIENCE = 5
AWAY_S = 2.5  # a track that wasn't seen for so long may be somebody else under its number
LOST = 0.60  # distance from which on a look takes a name away
AGAIN = 0.42  # distance up to which somebody new is somebody who was there before
LARGEST_YAW = 0.9  # beyond, a face is seen from the side
SMALLEST = 48  # pixels of width


@dataclass
class _Known:
    """What is known of one track."""

    face: Face
    seen_s: float
    looked_s: float = float("-inf")
    looks: int = 0
    vector: Vector | None = None  # mean
    person: str = ""
    hunch: str = ""  # whom the last look took it for, not surely
    same_as: int = 0


class Recognition:
    """The people of all sources."""

    def __init__(self) -> None:
        self.people: Sequence[Enrolled] = ()
        self._known: dict[str, dict[int, _Known]] = {}
        self._looked_s = float("-inf")

    def enrolled(self, people: Sequence[Enrolled]) -> None:
        """These are enrolled now: whom they name and whom they no longer name changes at once."""
        self.people = people
        names = {p.name for p in people}
        for known in (k for tracks in self._known.values() for k in tracks.values()):
            if known.person not in names:
                known.person = known.hunch = ""
            if known.vector is not None and not known.person:
                match = nearest(known.vector, people)
                known.person = match.name if match.distance <= SURE else ""

    def see(self, now_s: float, source: str, faces: Sequence[Face]) -> None:
        """A new look of a source's camera."""
        tracks = self._known.setdefault(source, {})
        for face in faces:
            if not face.track:
                continue
            known = tracks.get(face.track)
            if known is None:
                tracks[face.track] = _Known(face, now_s, same_as=face.track)
                continue
            # Who came back under this number is to be looked at before they are named.
            if now_s - known.seen_s > AWAY_S:
                known.looked_s, known.looks, known.person, known.hunch = float("-inf"), 0, "", ""
            known.face, known.seen_s = face, now_s

    def there(self, now_s: float, source: str) -> list[Face]:
        """Everybody who was seen in a source within the last seconds."""
        return [known.face for known in self._known.get(source, {}).values() if now_s - known.seen_s <= AWAY_S]

    def next(self, now_s: float, widths: Mapping[str, int]) -> tuple[str, Face] | None:
        """Whom to look at now (source, face), if anybody: of those who are seen, large and frontal, the longest not
        looked at. widths: of the sources' pictures, in pixels."""
        if now_s - self._looked_s < EVERY_S:
            return None
        due = [
            (known.looked_s, source, track)
            for source, tracks in sorted(self._known.items())
            for track, known in tracks.items()
            if now_s - known.seen_s < 0.5 and self._due(now_s, known) and _usable(known.face, widths.get(source, 0))
        ]
        if not due:
            return None
        _, source, track = min(due)
        return source, self._known[source][track].face

    def _due(self, now_s: float, known: _Known) -> bool:
        if not known.looks:
            return True  # also with nobody enrolled: who comes back later is to have the same number
        if not self.people:
            return False
        wait_s = SELDOM_S if known.person or known.looks >= PATIENCE else RETRY_S
        return now_s - known.looked_s >= wait_s

    def learn(self, now_s: float, source: str, track: int, vector: Vector) -> None:
        """What the look at a track gave."""
        self._looked_s = now_s
        known = self._known[source][track]
        known.looked_s, known.looks = now_s, known.looks + 1
        first = known.vector is None
        mean = vector if known.vector is None else known.vector
        known.vector = np.asarray(mean + (vector - mean) / min(known.looks, 5), np.float32)
        if first:
            known.same_as = self._before(now_s, source, track, vector)
        self._name(known, vector)

    def _name(self, known: _Known, vector: Vector) -> None:
        match = nearest(vector, self.people)
        if match.name and (
            match.distance <= SURE or (match.distance <= LIKELY and match.name in (known.hunch, known.person))
        ):
            known.person = match.name
        elif known.person and (match.distance > LOST or match.name not in ("", known.person)):
            known.person = ""
        known.hunch = match.name if match.distance <= LIKELY else ""

    def _before(self, now_s: float, source: str, track: int, vector: Vector) -> int:
        """The number of who this was before, when they aren't seen elsewhere in the picture; its own for somebody
        new."""
        others = [
            (float(np.linalg.norm(k.vector - vector)), k.same_as)
            for n, k in self._known[source].items()
            if n != track and k.vector is not None and now_s - k.seen_s > 0.5
        ]
        distance, number = min(others, default=(float("inf"), track))
        return number if distance <= AGAIN else track

    def known(self) -> dict[str, dict[int, tuple[int, str]]]:
        """By source and track: the number of who it is, their name ("" unknown). Only what differs from what the track
        says."""
        return {
            source: {track: (k.same_as, k.person) for track, k in tracks.items() if k.person or k.same_as != track}
            for source, tracks in self._known.items()
        }


def named(faces: Sequence[Face], known: Mapping[int, tuple[int, str]]) -> tuple[Face, ...]:
    """Faces with the numbers and names that recognition gave them."""
    return tuple(_with(f, *known[f.track]) if f.track in known else f for f in faces)


def _with(f: Face, track: int, person: str) -> Face:
    return Face(f.x, f.y, f.width, f.height, f.score, track, f.yaw, f.talking, person)


def _usable(face: Face, width_px: int) -> bool:
    return face.width * width_px >= SMALLEST and abs(face.yaw) < LARGEST_YAW
