"""Who is who from one look to the next: faces become tracks, and a track keeps its number as long as it is the same
person.

A look is matched as a whole, not face by face: the Hungarian method finds the cheapest assignment of sightings to the
places where the tracks ought to be by now (constant velocity), priced by distance, size and what they look like. A
track is born on its second sighting and is away after AWAY_S without one; who comes later and looks like somebody who
is away is that person again.

Pure: time comes as an argument, nothing is random.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from live.vision.faces import Sighting, iou
from live.vision.looks import F32, blended, difference

AWAY_S = 2.0  # without a sighting for so long, somebody is away
BIRTH_S = 1.0  # within which the second sighting must come
GATE = 1.2  # in widths of the face: how far from where it is expected a sighting may be, right after the last one
GATE_GROWS = 1.5  # widths a second more, the longer it was out of sight
SIZE_GATE = 2.2  # times larger or smaller
STRANGER = 0.55  # difference of looks from which on a sighting near a track is somebody else
OTHER = 0.80  # the same for one in its very place: a hand before the face, a light that is switched on
SAME_LOOKS = 0.30  # difference of looks up to which somebody new is somebody who is away
SURE_MARGIN = 0.05  # the second best must look so much less like them
HERE = 1.0  # in widths: who comes back where they left may look a little different (SAME_PLACE_LOOKS)
SAME_PLACE_LOOKS = 0.34
REMEMBERED = 24  # people who are away
_POSITION_GAIN, _SPEED_GAIN = 0.8, 0.35  # alpha-beta filter at five looks a second
_SPEED_FADES_S = 0.6  # nobody goes on at the same speed while nobody looks
_LOOKS_SHARE = 0.1  # of the newest look in what is remembered
_FORBIDDEN = 1e6


@dataclass(frozen=True)
class Detection:
    """One sighting, with what the person looks like (None when that can't be seen)."""

    face: Sighting
    looks: F32 | None = None


@dataclass
class Track:
    """One person in one source. number: 0 until it is born."""

    number: int
    face: Sighting  # as last seen
    seen_s: float
    looks: F32 | None
    x: float = 0.0  # filtered centre, share of the picture
    y: float = 0.0
    vx: float = 0.0  # a second
    vy: float = 0.0
    size: float = 0.0  # filtered width

    def __post_init__(self) -> None:
        self.x, self.y = self.face.center
        self.size = self.face.width

    def expected(self, now_s: float) -> tuple[float, float]:
        """Centre where it ought to be now."""
        dt_s = now_s - self.seen_s
        travel_s = _SPEED_FADES_S * (1 - math.exp(-dt_s / _SPEED_FADES_S))
        return self.x + self.vx * travel_s, self.y + self.vy * travel_s

    def see(self, now_s: float, look: Detection) -> None:
        """It was sighted again."""
        dt_s = max(now_s - self.seen_s, 1e-3)
        ex, ey = self.expected(now_s)
        x, y = look.face.center
        self.x, self.y = ex + _POSITION_GAIN * (x - ex), ey + _POSITION_GAIN * (y - ey)
        gain = _SPEED_GAIN / max(dt_s, 0.1)
        self.vx, self.vy = self.vx + gain * (x - ex), self.vy + gain * (y - ey)
        self.size += 0.5 * (look.face.width - self.size)
        self.face, self.seen_s = look.face, now_s
        if look.looks is not None:
            self.looks = look.looks if self.looks is None else blended(self.looks, look.looks, _LOOKS_SHARE)


class Tracker:
    """The people of one source. `aspect` is width / height of its picture: distances are measured in pixels'
    proportions."""

    def __init__(self, aspect: float = 16 / 9) -> None:
        self.aspect = aspect
        self.present: list[Track] = []
        self.away: list[Track] = []
        self._nascent: list[Track] = []
        self._next = 1

    @property
    def followed(self) -> list[Track]:
        """Everybody who is there, and those who may be (number 0)."""
        return [*self.present, *self._nascent]

    @property
    def numbers(self) -> set[int]:
        """Of everybody who is there or remembered."""
        return {t.number for t in (*self.present, *self.away)}

    def step(self, now_s: float, looks: Sequence[Detection]) -> list[Track | None]:
        """A new look at the picture; the track of each sighting, None for one that is not somebody yet (or no longer
        believed)."""
        self._part(now_s)
        found: list[Track | None] = [None] * len(looks)
        rest = self._match(now_s, self.present, looks, range(len(looks)), found)
        rest = self._match(now_s, self._nascent, looks, rest, found)
        for i in rest:
            self._nascent.append(Track(0, looks[i].face, now_s, looks[i].looks))
        for i, track in enumerate(found):
            if track is not None and not track.number:
                found[i] = self._born(track)
        return found

    def _part(self, now_s: float) -> None:
        """Who was not seen for a while is away."""
        gone = [t for t in self.present if now_s - t.seen_s > AWAY_S]
        self.present = [t for t in self.present if now_s - t.seen_s <= AWAY_S]
        self.away = (self.away + gone)[-REMEMBERED:]
        self._nascent = [t for t in self._nascent if now_s - t.seen_s <= BIRTH_S]

    def _match(
        self,
        now_s: float,
        tracks: list[Track],
        looks: Sequence[Detection],
        among: Sequence[int],
        found: list[Track | None],
    ) -> list[int]:
        """Give sightings to tracks; returns the sightings that are left."""
        among = list(among)
        costs = [[self._cost(now_s, track, looks[i]) for i in among] for track in tracks]
        taken = set()
        for row, column in assignment(costs):
            if costs[row][column] < _FORBIDDEN:
                tracks[row].see(now_s, looks[among[column]])
                found[among[column]] = tracks[row]
                taken.add(among[column])
        return [i for i in among if i not in taken]

    def _cost(self, now_s: float, track: Track, look: Detection) -> float:
        away, ratio = self._distance(now_s, track, look.face), look.face.width / max(track.size, 1e-6)
        if away > GATE + GATE_GROWS * (now_s - track.seen_s) or not 1 / SIZE_GATE < ratio < SIZE_GATE:
            return _FORBIDDEN
        unlike = 0.25 if track.looks is None or look.looks is None else difference(track.looks, look.looks)
        if unlike > (OTHER if iou(track.face, look.face) >= 0.3 else STRANGER):
            return _FORBIDDEN
        return away + 0.7 * abs(math.log(ratio)) + 3.0 * unlike

    def _distance(self, now_s: float, track: Track, face: Sighting) -> float:
        """From where the track ought to be, in widths of the face."""
        ex, ey = track.expected(now_s)
        x, y = face.center
        return math.hypot(x - ex, (y - ey) / self.aspect) / max(track.size, face.width, 1e-6)

    def _born(self, nascent: Track) -> Track:
        """Somebody new, or somebody who was away."""
        self._nascent = [t for t in self._nascent if t is not nascent]
        known = self._known(nascent)
        if known is None:
            nascent.number, self._next = self._next, self._next + 1
        else:
            self.away = [t for t in self.away if t is not known]
            nascent.number = known.number
            if known.looks is not None:
                nascent.looks = known.looks if nascent.looks is None else blended(known.looks, nascent.looks, 0.5)
        self.present.append(nascent)
        return nascent

    def _known(self, nascent: Track) -> Track | None:
        """Who of those who are away this is: who looks like it, clearly more than anybody else."""
        if nascent.looks is None:
            return None
        unlike = sorted(
            ((difference(t.looks, nascent.looks), t) for t in self.away if t.looks is not None), key=lambda d: d[0]
        )
        if not unlike:
            return None
        best, track = unlike[0]
        here = math.hypot(track.x - nascent.x, (track.y - nascent.y) / self.aspect) < HERE * max(
            track.size, nascent.size
        )
        sure = len(unlike) < 2 or unlike[1][0] - best >= SURE_MARGIN
        return track if (best <= SAME_LOOKS and sure) or (here and best <= SAME_PLACE_LOOKS) else None


def assignment(costs: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The cheapest pairs (row, column), each row and column at most once, as many as fit. Hungarian method with
    potentials, O(n^2 m) (Kuhn 1955; the shortest-augmenting-path form)."""
    if not costs or not costs[0]:
        return []
    if len(costs) > len(costs[0]):
        turned = [[row[c] for row in costs] for c in range(len(costs[0]))]
        return sorted((row, column) for column, row in assignment(turned))
    rows, columns = len(costs), len(costs[0])
    u, v = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # 1-based; column 0 holds the row that is being placed
    for row in range(1, rows + 1):
        row_of[0], column = row, 0
        least, used, before = [math.inf] * (columns + 1), [False] * (columns + 1), [0] * (columns + 1)
        while row_of[column]:
            used[column] = True
            here, step, following = row_of[column], math.inf, 0
            for c in range(1, columns + 1):
                if used[c]:
                    continue
                reduced = costs[here - 1][c - 1] - u[here] - v[c]
                if reduced < least[c]:
                    least[c], before[c] = reduced, column
                if least[c] < step:
                    step, following = least[c], c
            for c in range(columns + 1):
                if used[c]:
                    u[row_of[c]] += step
                    v[c] -= step
                else:
                    least[c] -= step
            column = following
        while column:
            row_of[column], column = row_of[before[column]], before[column]
    return sorted((row_of[c] - 1, c - 1) for c in range(1, columns + 1) if row_of[c])
