"""Watching the people in one source: who is there, the same from look to look, where they look, whether they talk.

Five looks a second at the whole picture; then up to two closer looks, at people whom the first one missed, and at those whose head pose is the
oldest. Ten looks a second at lips where somebody asks for them. Everything goes by the pictures' own times: off line it is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from live.clock import NS
from live.config.rig import Watch
from live.frames import Frame
from live.paths import model_path
from live.picture import Face
from live.quiet import quiet
from live.vision.faces import FaceEngine, Sighting, Window, distinct, iou
from live.vision.head import Yaw, yaw_deg
from live.vision.lips import LIPS_HZ, SMALLEST_PX, LipEngine, Lips, around
from live.vision.looks import signature
from live.vision.tracks import Look, Track, Tracker

FACE_MODEL = "face_detection_short_range.tflite"
LIP_MODEL = "face_landmarker.task"
FACE_HZ = 5.0
CLOSE_LOOKS = 2  # per look at the whole picture
CLOSER = 2.2  # side of a closer look's window, in widths of the face
LIP_LOOKS = 2  # faces per look at lips: with more people, each is looked at less often
_EARLY = 0.9  # of a period: pictures come in steps, and the next one would be late


def needed_models(watch: Watch | None) -> set[str]:
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


class Watcher:
    """Follows the people of one source; owned by one thread."""

    def __init__(self, watch: Watch) -> None:
        self._faces = FaceEngine(model_path(FACE_MODEL))
        self._lips = LipEngine(model_path(LIP_MODEL)) if watch.lips else None
        self._small = watch.small
        self._tracker = Tracker()
        self._people: dict[int, _Person] = {}
        self._next_faces_ns = self._next_lips_ns = 0
        self._tile = 0

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

    # -- faces ------------------------------------------------------------------------------------------------------------

    def _look_at_faces(self, frame: Frame) -> None:
        now_s = frame.capture_ns / NS
        self._tracker.aspect = frame.format.width / frame.format.height
        found = list(self._faces.faces(frame.planes, frame.format))
        if self._small or not self._tracker.present:
            found += self._faces.faces(frame.planes, frame.format, self._next_tile(frame))
        missed = self._missed(now_s, found)[:CLOSE_LOOKS]
        for track in missed:
            found += self._closer(frame, _moved(track, now_s))
        faces = distinct(found)
        tracks = self._tracker.step(now_s, [Look(f, signature(frame.planes, frame.format, f)) for f in faces])
        self._people = {n: p for n, p in self._people.items() if n in {t.number for t in (*self._tracker.present, *self._tracker.away)}}
        self._look_at_heads(frame, [t for t in tracks if t is not None], CLOSE_LOOKS - len(missed))

    def _missed(self, now_s: float, found: list[Sighting]) -> list[Track]:
        """Tracks that no sighting is near."""
        return [t for t in self._tracker.present if all(iou(_moved(t, now_s), f) < 0.1 for f in found)]

    def _closer(self, frame: Frame, face: Sighting) -> tuple[Sighting, ...]:
        return self._faces.faces(frame.planes, frame.format, around(face, frame.format, CLOSER))

    def _next_tile(self, frame: Frame) -> Window:
        """A part of the picture, square and as high, a different one each time: there a face is seen from half the size on."""
        width = min(1.0, frame.format.height / frame.format.width)
        self._tile = (self._tile + 1) % 3
        return Window(x=self._tile / 2 * (1 - width), width=width)

    def _look_at_heads(self, frame: Frame, tracks: list[Track], looks: int) -> None:
        """Head poses: of those who are seen well for nothing, of the others in turn."""
        now_s, aspect = frame.capture_ns / NS, self._tracker.aspect
        people = {t.number: self._people.setdefault(t.number, _Person()) for t in tracks}
        for track in sorted(tracks, key=lambda t: people[t.number].yaw.seen_s):
            face: Sighting | None = track.face
            if not track.face.close:
                face = max(self._closer(frame, track.face), key=lambda f: iou(f, track.face), default=None) if looks > 0 else None
                looks -= 1
            if face is not None and iou(face, track.face) > 0.2 and (degrees := yaw_deg(face, aspect)) is not None:
                people[track.number].yaw.add(now_s, degrees)

    # -- lips -------------------------------------------------------------------------------------------------------------

    def _look_at_lips(self, frame: Frame, engine: LipEngine) -> None:
        now_s = frame.capture_ns / NS
        seen = [t for t in self._tracker.present if now_s - t.seen_s < 1.5 / FACE_HZ and t.face.width * frame.format.width >= SMALLEST_PX]
        people = {t.number: self._people.setdefault(t.number, _Person()) for t in seen}
        for track in sorted(seen, key=lambda t: (people[t.number].lips_s, t.number))[:LIP_LOOKS]:
            person = people[track.number]
            person.lips_s = now_s
            person.lips.add(now_s, engine.gap(frame.planes, frame.format, _moved(track, now_s)))

    # -- telling ----------------------------------------------------------------------------------------------------------

    def _report(self, now_s: float) -> tuple[Face, ...]:
        """Those who were seen on the last look, the surest first."""
        tracks = [t for t in self._tracker.present if now_s - t.seen_s < 1 / FACE_HZ]
        return tuple(self._face(t, now_s) for t in sorted(tracks, key=lambda t: (-t.face.score, t.number)))

    def _face(self, track: Track, now_s: float) -> Face:
        f, person = track.face, self._people.setdefault(track.number, _Person())
        return Face(f.x, f.y, f.width, f.height, f.score, track.number, person.yaw.share, person.lips.talking(now_s))


def _moved(track: Track, now_s: float) -> Sighting:
    """The box of a track where it ought to be by now."""
    x, y = track.expected(now_s)
    f = track.face
    return Sighting(x - f.width / 2, y - f.height / 2, f.width, f.height, f.score)
