"""How well each camera sees somebody: whether they look into it. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from live.config.people import Person
from live.picture.values import Face

SMOOTH_S = 0.7  # a glance to the side is no turn
LOST_S = 1.0  # who has not been found for so long isn't seen
UNKNOWN = 0.5  # of a camera that nobody looks for faces in


@dataclass
class _View:
    turn: float  # 0 into the lens, 1 thirty degrees or more aside
    seen_s: float


class Views:
    """What each camera saw of each person last."""

    def __init__(self) -> None:
        self._views: dict[tuple[str, str], _View] = {}
        self._watched: set[str] = set()

    def step(self, now_s: float, faces: Mapping[str, Sequence[Face]], people: Sequence[Person]) -> None:
        """faces: by source, only when new."""
        for camera, found in faces.items():
            self._watched.add(camera)
            there = [p.name for p in people if camera in p.seen_by]
            for person, face in whose(there, found).items():
                self._see(now_s, (camera, person), min(1.0, abs(face.yaw)))

    def _see(self, now_s: float, key: tuple[str, str], turn: float) -> None:
        before = self._views.get(key)
        if before is None or now_s - before.seen_s > LOST_S:
            self._views[key] = _View(turn, now_s)
            return
        before.turn += (turn - before.turn) * min(1.0, (now_s - before.seen_s) / SMOOTH_S)
        before.seen_s = now_s

    def of(self, person: str, camera: str, now_s: float) -> float:
        """How badly a camera sees somebody: 0 from the front, 1 from the side or not at all."""
        if camera not in self._watched:
            return UNKNOWN
        view = self._views.get((camera, person))
        return 1.0 if view is None or now_s - view.seen_s > LOST_S else view.turn


def whose(names: Sequence[str], faces: Sequence[Face]) -> dict[str, Face]:
    """Which of a camera's faces is whose: by the name that it is known by, the others from left to right as the rig
    has them, where all are there."""
    found = {f.person: f for f in faces if f.person in names}
    left = [name for name in names if name not in found]
    rest = [f for f in faces if not f.person]
    largest = sorted(rest, key=lambda f: -f.width * f.height)[: len(left)]
    if len(largest) == len(left):
        found |= dict(zip(left, sorted(largest, key=lambda f: f.x), strict=True))
    return found
