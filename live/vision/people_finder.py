"""Watching the people in one source: who is there, the same from look to look, where they look, whether they talk.

Five looks a second. Those who are known are looked at from near, each in a window of their own: the box that the
network gives for a face which fills half of its window is steady (1 % of the face's width and 2 % of its height from
look to look; in the whole picture it is 6 %, and up to
1.6 times too large), and only there do its six points tell the head's pose. The whole picture is searched for others
every other look, or as soon as somebody is missed. Ten looks a second at lips where somebody asks for them.

Everything goes by the pictures' own times: off line it is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from live.base.clock import NS
from live.base.paths import model_path
from live.base.quiet import quiet
from live.config.source import FaceSearch
from live.picture.values import Face
from live.shm.frame_ring import Frame
from live.vision.faces import FaceEngine, Sighting, Window, distinct
from live.vision.head import Yaw, yaw_deg
from live.vision.lips import LIPS_HZ, SMALLEST_PX, LipEngine, Lips, around
from live.vision.looks import signature
from live.vision.tracks import Detection, Track, Tracker

FACE_MODEL = "face_detection_short_range.tflite"
LIP_MODEL = "face_landmarker.task"
FACE_HZ = 5.0
SEARCH_EVERY = 2  # looks between searches of the whole picture, while everybody is found
CLOSE_LOOKS = 6  # per look: with more people each is looked at less often
NEW_FACES = 2  # per search
NEW_SCORE = 0.75  # from near: faces have .85 and more, a face on a shirt .6
CLOSER = 2.2  # side of a closer look's window, in widths of the face
LIP_LOOKS = 2  # faces per look at lips: with more people, each is looked at less often
_EARLY = 0.9  # of a period: pictures come in steps, and the next one would be late


def needed_models(watch: FaceSearch | None) -> set[str]:
    """Names of the model files that it takes."""
    if watch is None:
        return set()
    return {FACE_MODEL, LIP_MODEL} if watch.lips else {FACE_MODEL}


@dataclass
class _Person:
    """What is known of a track beside its place."""

    yaw: Yaw = field(default_factory=Yaw)
    lips: Lips = field(default_factory=Lips)
    lips_s: float = -1.0


class PeopleFinder:
    """Follows the people of one source; owned by one thread."""

    def __init__(self, watch: FaceSearch) -> None:
        self._faces = FaceEngine(model_path(FACE_MODEL))
        try:
            self._lips = LipEngine(model_path(LIP_MODEL)) if watch.lips else None
        except BaseException:
            self._faces.close()  # unclosed, it would hang the interpreter's end
            raise
        self._small = watch.small
        self._tracker = Tracker()
        self._people: dict[int, _Person] = {}
        self._next_faces_ns = self._next_lips_ns = 0
        self._tile = self._looks = 0

    def close(self) -> None:
        """Give the models back."""
        with quiet():
            self._faces.close()
            if self._lips is not None:
                self._lips.close()

    def look(self, frame: Frame) -> tuple[Face, ...] | None:
        """Who is in the frame, by the number of their track; None when it isn't time to look again."""
        fresh = False
        if frame.capture_ns >= self._next_faces_ns:
            self._next_faces_ns = frame.capture_ns + int(_EARLY * NS / FACE_HZ)
            self._look_at_faces(frame)
            fresh = True
        if self._lips is not None and frame.capture_ns >= self._next_lips_ns:
            self._next_lips_ns = frame.capture_ns + int(_EARLY * NS / LIPS_HZ)
            self._look_at_lips(frame, self._lips)
            fresh = True
        return self._report(frame.capture_ns / NS) if fresh else None

    # -- faces --------------------------------------------------------------------------------------------------------

    def _look_at_faces(self, frame: Frame) -> None:
        now_s = frame.capture_ns / NS
        self._tracker.aspect = frame.format.width / frame.format.height
        known = self._tracker.followed
        seen, missed = self._look_again(frame, now_s, known)
        self._looks += 1
        if not known or missed or self._looks % SEARCH_EVERY == 0:
            seen += self._search(frame, seen)
        faces = distinct(seen)
        tracks = self._tracker.step(now_s, [Detection(f, signature(frame.planes, frame.format, f)) for f in faces])
        self._people = {n: p for n, p in self._people.items() if n in self._tracker.numbers}
        for track in tracks:
            if track is not None and (degrees := yaw_deg(track.face, self._tracker.aspect)) is not None:
                self._person(track).yaw.add(now_s, degrees)

    def _look_again(self, frame: Frame, now_s: float, known: list[Track]) -> tuple[list[Sighting], bool]:
        """Closer looks at where those who are known ought to be, the longest unseen first: what is there, and whether
        somebody wasn't."""
        seen: list[Sighting] = []
        missed = False
        for track in sorted(known, key=lambda t: (t.seen_s, t.number))[:CLOSE_LOOKS]:
            expected = _moved(track, now_s)
            if not any(_same(expected, f) for f in seen):  # a neighbour's window may have shown them
                found = self._closer(frame, expected)
                seen += found
                missed = missed or not found
        return seen, missed

    def _search(self, frame: Frame, seen: list[Sighting]) -> list[Sighting]:
        """Who else is there? What the look at the whole picture takes for a face, a closer one has to see, too: a face
        on a shirt it doesn't."""
        found = self._faces.faces(frame.planes, frame.format)
        for window in self._next_tiles(frame) if self._small or not seen else ():
            found += self._faces.faces(frame.planes, frame.format, window)
        news = [f for f in distinct(found) if not any(_same(f, other) for other in seen)]
        confirmed: list[Sighting] = []
        for face in news[:NEW_FACES]:
            confirmed += [f for f in self._closer(frame, face) if f.score >= NEW_SCORE and _same(face, f)]
        return confirmed

    def _closer(self, frame: Frame, face: Sighting) -> tuple[Sighting, ...]:
        """Faces in a window around one: where it is sought it fills half of it, whatever its size in the picture."""
        return self._faces.faces(frame.planes, frame.format, around(face, frame.format, CLOSER))

    def _next_tiles(self, frame: Frame) -> Iterator[Window]:
        """Square parts of the picture, others each time: as high as it, where a face is seen from 6 % of the picture's
        width on; or, for small ones, two thirds as high, from 4 % on, two at a time: all of it in a second to two."""
        rows, columns, high = (2, 4, 2 / 3) if self._small else (1, 3, 1.0)
        width = min(1.0, high * frame.format.height / frame.format.width)
        for _ in range(rows):
            self._tile = (self._tile + 1) % (rows * columns)
            row, column = divmod(self._tile, columns)
            yield Window(column / (columns - 1) * (1 - width), row * (1 - high), width, high)

    def _person(self, track: Track) -> _Person:
        return self._people.setdefault(track.number, _Person())

    # -- lips ---------------------------------------------------------------------------------------------------------

    def _look_at_lips(self, frame: Frame, engine: LipEngine) -> None:
        now_s = frame.capture_ns / NS
        seen = [
            t
            for t in self._tracker.present
            if now_s - t.seen_s < 1.5 / FACE_HZ and t.face.width * frame.format.width >= SMALLEST_PX
        ]
        for track in sorted(seen, key=lambda t: (self._person(t).lips_s, t.number))[:LIP_LOOKS]:
            person = self._person(track)
            person.lips_s = now_s
            person.lips.add(now_s, engine.gap(frame.planes, frame.format, _moved(track, now_s)))

    # -- telling ------------------------------------------------------------------------------------------------------

    def _report(self, now_s: float) -> tuple[Face, ...]:
        """Those who were seen on the last look, the surest first."""
        tracks = [t for t in self._tracker.present if now_s - t.seen_s < 1 / FACE_HZ]
        return tuple(self._face(t, now_s) for t in sorted(tracks, key=lambda t: (-t.face.score, t.number)))

    def _face(self, track: Track, now_s: float) -> Face:
        f, person = track.face, self._person(track)
        return Face(f.x, f.y, f.width, f.height, f.score, track.number, person.yaw.share, person.lips.talking(now_s))


def _same(face: Sighting, other: Sighting) -> bool:
    """Two looks at one face? The middle of one in the other's box, and of about the same size."""
    x, y = other.center
    return (
        face.x <= x <= face.x + face.width
        and face.y <= y <= face.y + face.height
        and 0.4 < other.width / max(face.width, 1e-6) < 1.8
    )


def _moved(track: Track, now_s: float) -> Sighting:
    """The box of a track where it ought to be by now."""
    x, y = track.expected(now_s)
    f = track.face
    return Sighting(x - f.width / 2, y - f.height / 2, f.width, f.height, f.score)
