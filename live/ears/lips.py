"""Who of several people that one microphone hears speaks: the one whose lips move. Pure: time comes as an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from live.config.people import Person
from live.picture.values import Face

MOVING, STILL_MOVING = 0.5, 0.25  # Face.talking that begins and keeps up a turn
# A voice for so long, and one's lips move that much more than the others': theirs, until somebody's move more.
LEAD, LEAD_S = 0.1, 0.2
FALLING = 0.15  # that much less than a moment ago: lips that come to rest
LOOK_BACK_S = 0.25
STALE_S = 0.35  # what lips did so long ago tells no more
OUT_OF_SIGHT_S = 1.0  # a face that has not been found for so long
WITNESS_S = 1.0  # nobody's lips moved for so long, while there is a voice: it is that of somebody out of sight
OVER_ANOTHER = 0.9  # the lips of those who are heard by others anyway must move so much to count as a second voice
REACH = 0.5  # of the picture's width: a face farther than this from where somebody was isn't theirs


@dataclass
class _Lips:
    talking: float = 0.0
    before: float = 0.0  # LOOK_BACK_S ago, about
    before_s: float = float("-inf")
    seen_s: float = float("-inf")
    track: int = 0
    x: float = 0.5

    def see(self, now_s: float, face: Face) -> None:
        if now_s - self.before_s >= LOOK_BACK_S:
            self.before, self.before_s = self.talking, now_s
        self.talking, self.seen_s, self.track, self.x = face.talking, now_s, face.track, face.x + face.width / 2


class LipReader:
    """People without a microphone of their own, and the one they share."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._lips = {p.name: _Lips() for p in people}
        self._cameras: dict[str, list[str]] = {}
        for person in people:
            for camera in person.seen_by:
                self._cameras.setdefault(camera, []).append(person.name)
        self._speaking: set[str] = set()
        self._moved_s = float("-inf")  # last time anybody's lips moved
        self._voice_s = float("inf")  # since when there is a voice

    def step(
        self, now_s: float, faces: Mapping[str, tuple[Face, ...]], *, voice: bool, explained: bool
    ) -> frozenset[str]:
        """Who speaks. faces: by source, only when new. voice: the shared microphone hears somebody. explained: somebody
        who wears a microphone is heard at the moment, so it may be them."""
        for camera, names in self._cameras.items():
            if camera in faces:
                for name, face in self._assigned(names, faces[camera]).items():
                    self._lips[name].see(now_s, face)
        for lips in self._lips.values():
            if now_s - lips.seen_s > STALE_S:
                lips.talking = lips.before = 0.0
        self._voice_s = min(self._voice_s, now_s) if voice else float("inf")
        self._speaking = self._decide(now_s, explained) if voice else set()
        return frozenset(self._speaking)

    def _decide(self, now_s: float, explained: bool) -> set[str]:
        if len(self._lips) == 1 and not explained:
            return set(self._lips)
        enough = OVER_ANOTHER if explained else MOVING
        moving = {
            n for n, lips in self._lips.items() if lips.talking >= (STILL_MOVING if n in self._speaking else enough)
        }
        if moving:
            self._moved_s = now_s
            falling = {n for n in moving if self._lips[n].before - self._lips[n].talking > FALLING}
            begun = moving - self._speaking - falling
            # Lips that come to rest begin nothing, and when another's have begun, they have handed over.
            resting = falling if begun or len(self._speaking) > 1 else set()
            if speaking := begun | (moving & self._speaking - resting):
                return speaking
        if explained:
            return set()
        if not self._speaking and now_s - self._voice_s >= LEAD_S and (leader := self._leader()):
            return {leader}
        hidden = [n for n, lips in self._lips.items() if now_s - lips.seen_s > OUT_OF_SIGHT_S]
        if len(hidden) == 1 and now_s - self._moved_s > WITNESS_S:
            return set(hidden)
        return self._speaking  # a voice goes on, and nobody else's lips move

    def _leader(self) -> str | None:
        first, second, *_ = sorted(self._lips, key=lambda n: -self._lips[n].talking)
        return first if self._lips[first].talking - self._lips[second].talking >= LEAD else None

    def _assigned(self, names: Sequence[str], faces: Sequence[Face]) -> dict[str, Face]:
        """Which face is whose: by the name it is known by, by the track it was before, else from left to right as the
        rig has them."""
        found = {f.person: f for f in faces if f.person in names}
        rest = [f for f in faces if f not in found.values() and f.person not in self._lips]
        for name in names:
            track = self._lips[name].track
            if name not in found and track and (same := next((f for f in rest if f.track == track), None)):
                found[name] = same
                rest.remove(same)
        left = [n for n in names if n not in found]
        rest = sorted(sorted(rest, key=lambda f: -f.width * f.height)[: len(left)], key=lambda f: f.x)
        if len(rest) == len(left):
            return found | dict(zip(left, rest, strict=True))
        for face in rest:  # fewer faces than people: whoever was nearest there
            near = min(left, key=lambda n: abs(self._lips[n].x - face.x - face.width / 2))
            if abs(self._lips[near].x - face.x - face.width / 2) < REACH and self._lips[near].seen_s > float("-inf"):
                found[near] = face
                left.remove(near)
        return found
