"""Who is framed: a subject is followed by identity, waited for when lost, and never swapped for somebody else while
they are seen.

Pure; time comes as an argument. Owner: the engine's thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from live.framing.shots import Aim, aim_at
from live.picture.values import Face

LOST_AFTER_S = 1.0
ADOPT_AFTER_S = 5.0  # on air, another person becomes the subject only when the subject has been away for so long
SAME_PERSON = 1.5  # without a track: a face nearer than this many face widths to where it was is the same person
SURE_LOOKS = 2  # a face that was seen once may be a picture on the wall
LEAD_S = 2.0  # who looks aside for a moment wants no other frame


@dataclass
class _Seen:
    face: Face
    last_s: float
    looks: int = 1


class Subjects:
    """The people before one camera, and which of them is the subject.

    wanted: a track or a person's name that a human asked for; 0 leaves it to the operator (the largest face).
    """

    def __init__(self, source_aspect: float) -> None:
        self._aspect = source_aspect
        self._people: list[_Seen] = []
        self._subject: _Seen | None = None
        self._lead, self._lead_looks, self._lead_s = 0.0, 0, 0.0
        self.wanted: int | str = 0

    @property
    def subject(self) -> Face | None:
        return self._subject.face if self._subject else None

    def want(self, wanted: int | str) -> None:
        """A human says who it is."""
        self.wanted = wanted
        if wanted and not (self._subject and _is(self._subject.face, wanted)):
            self._subject = None

    def is_lost(self, now_s: float) -> bool:
        """Was there somebody, or should there be, and isn't?"""
        if self._subject is None:
            return bool(self.wanted)
        return now_s - self._subject.last_s >= LOST_AFTER_S

    def look(self, now_s: float, faces: Sequence[Face], *, seen: bool) -> None:
        """A new look at the picture. seen: is the camera on air?"""
        for face in faces:
            if is_usable(face):
                self._recognise(face, now_s)
        self._people = [p for p in self._people if now_s - p.last_s < LOST_AFTER_S or p is self._subject]
        before = self._subject
        if before is None or now_s - before.last_s >= (ADOPT_AFTER_S if seen else LOST_AFTER_S):
            self._subject = self._choose(now_s) or before
        if self._subject is not before:
            self._lead_looks = 0
        if self._subject is not None and self._subject.last_s == now_s:
            self._follow_eyes(self._subject.face.yaw, now_s)

    def aim(self, now_s: float, people: int) -> Aim | None:
        """What the frame is for: the subject, or as many people as a size frames; all there are when the subject is
        lost and there are several. None: nobody."""
        present = [p for p in self._people if now_s - p.last_s < LOST_AFTER_S]
        lost = self.is_lost(now_s) or self._subject is None
        if people == 1 and not lost:
            assert self._subject is not None
            return aim_at([self._subject.face], self._aspect, lead=self._lead)
        sure = [p.face for p in present if p.looks >= SURE_LOOKS or p is self._subject]
        if people == 1:
            return aim_at(sure, self._aspect) if len(sure) > 1 else None
        if people == 2 and len(sure) > 2:
            sure = self._pair(sure)
        return aim_at(sure, self._aspect) if sure else None

    def _pair(self, faces: list[Face]) -> list[Face]:
        """The subject and who is nearest to them."""
        first = (
            self._subject.face if self._subject and self._subject.face in faces else max(faces, key=lambda f: f.height)
        )
        return [first, min((f for f in faces if f is not first), key=lambda f: _distance(f, first, self._aspect))]

    def _recognise(self, face: Face, now_s: float) -> None:
        """The same person as before, or somebody new."""
        known = [p for p in self._people if p.last_s < now_s and _is_same(p.face, face, self._aspect)]
        if not known:
            self._people.append(_Seen(face, now_s))
            return
        nearest = min(known, key=lambda p: _distance(p.face, face, self._aspect))
        nearest.face, nearest.last_s, nearest.looks = face, now_s, nearest.looks + 1

    def _choose(self, now_s: float) -> _Seen | None:
        """Who was asked for, else the largest who is there."""
        here = [p for p in self._people if p.last_s == now_s and (not self.wanted or _is(p.face, self.wanted))]
        return max(here, key=lambda p: p.face.width * p.face.height, default=None)

    def _follow_eyes(self, yaw: float, now_s: float) -> None:
        """Which way the subject looks, on the average of some seconds."""
        share = max(1 - math.exp(-max(0.0, now_s - self._lead_s) / LEAD_S), 1 / (self._lead_looks + 1))
        self._lead += share * (yaw - self._lead)
        self._lead_looks, self._lead_s = self._lead_looks + 1, now_s


def is_usable(face: Face) -> bool:
    """A box with a size whose middle is in the picture. Detectors report others at the edges."""
    x, y = face.x + face.width / 2, face.y + face.height / 2
    return face.width > 0 and face.height > 0 and 0 <= x <= 1 and 0 <= y <= 1


def _is(face: Face, wanted: int | str) -> bool:
    return face.person == wanted if isinstance(wanted, str) else face.track == wanted


def _is_same(before: Face, face: Face, aspect: float) -> bool:
    """By name, else by track, else by place."""
    if before.person and face.person:
        return before.person == face.person
    if before.track and face.track:
        return before.track == face.track
    return _distance(before, face, aspect) <= SAME_PERSON * before.width


def _distance(a: Face, b: Face, aspect: float) -> float:
    """Between the middles of two faces, in widths of the picture."""
    return math.hypot(a.x + a.width / 2 - b.x - b.width / 2, (a.y + a.height / 2 - b.y - b.height / 2) / aspect)
