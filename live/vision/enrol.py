"""Enrolling from picture files, at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from live.base import enrolled as people
from live.base.enrolled import Enrolled, Vector
from live.base.errors import PeopleError
from live.base.paths import model_path
from live.base.quiet import quiet
from live.vision.embedding import LANDMARKS, NETWORK, FaceNet, i420
from live.vision.faces import FaceEngine, Sighting
from live.vision.lips import around
from live.vision.people_finder import CLOSER, FACE_MODEL
from live.vision.recognise import SMALLEST

MODELS = (FACE_MODEL, NETWORK, LANDMARKS)
CLEARLY = 1.5  # times larger than any other face


def enrol_pictures(name: str, files: Sequence[Path], title: str, say: Callable[[str], None]) -> Enrolled:
    """Know the face on these pictures under a name. One face a picture, or one clearly in front. Raises LiveError
    before anything is kept."""
    people.path_of(name)
    net = FaceNet(model_path(NETWORK), model_path(LANDMARKS))
    detector = FaceEngine(model_path(FACE_MODEL))
    try:
        vectors = [_vector(file, detector, net) for file in files]
    finally:
        with quiet():
            detector.close()
    far = max((float(np.linalg.norm(a - b)) for a in vectors for b in vectors), default=0.0)
    if far > 0.6:
        cause = "these pictures show different people, or a face that is hard to see"
        raise PeopleError(name, cause, "give clear pictures of one person, from the front")
    other = people.nearest(vectors[0], [people.load(n) for n in people.names() if n != name])
    if other.name and other.distance <= people.SURE:
        say(f"{name}: this face is much like {other.name}'s, who is enrolled, too")
    return people.add(name, vectors, title)


def _vector(file: Path, detector: FaceEngine, net: FaceNet) -> Vector:
    data = np.fromfile(file, np.uint8) if file.is_file() else np.zeros(0, np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if picture is None or min(picture.shape[:2]) < 2:
        raise PeopleError(str(file), "is no picture that can be read", "give a JPEG or PNG file")
    planes, fmt = i420(picture)
    found = sorted(detector.faces(planes, fmt), key=lambda f: -f.width)
    if not found:
        raise PeopleError(
            str(file), "no face is found on it", "give a picture where the face is larger, from the front"
        )
    if len(found) > 1 and found[0].width < CLEARLY * found[1].width:
        raise PeopleError(
            str(file), f"{len(found)} faces are on it, and none clearly in front", "cut out the one that is meant"
        )
    near: list[Sighting] = sorted(detector.faces(planes, fmt, around(found[0], fmt, CLOSER)), key=lambda f: -f.width)
    face = near[0] if near else found[0]
    if face.width * fmt.width < SMALLEST:
        raise PeopleError(
            str(file),
            f"the face is {face.width * fmt.width:.0f} pixels wide; {SMALLEST} is the least",
            "give a larger picture",
        )
    return net.vector(planes, fmt, face)
