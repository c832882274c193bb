"""What the eyes are worth, on the footage beside the checkout: who is who, head poses, lips, small faces, names, and
what it costs.

python benchmarks/seeing.py [identities] [yaw] [lips] [small] [names]
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.base.paths import model_path
from live.config.source import FaceSearch
from live.picture.format import U8
from live.picture.values import Face
from live.shm.frame_ring import Frame
from live.vision.faces import Sighting, rgb_window
from live.vision.lips import around
from live.vision.people_finder import LIP_MODEL
from tests.support.clips import PRESENTER, QUIET, SPEAKING, THREE, TWO, WEBCAM, pictures, watch

PEOPLE = {WEBCAM: 2, TWO: 2, THREE: 3} | dict.fromkeys((*QUIET, *SPEAKING), 1)


def sighting(face: Face) -> Sighting:
    return Sighting(face.x, face.y, face.width, face.height, face.score)


def identities() -> None:
    """Numbers given, against people who are there; a switch is a number that jumps from one to another (by place:
    nobody crosses here)."""
    for clip, count in PEOPLE.items():
        seen = watch(pictures(clip), FaceSearch(small=clip in (TWO, THREE)))
        places: dict[int, list[float]] = {}
        for _, faces in seen.looks:
            for f in faces:
                places.setdefault(f.track, []).append(f.x + f.width / 2)
        jumps = sum(int(abs(b - a) > 0.3) for xs in places.values() for a, b in itertools.pairwise(xs))
        there = np.mean([min(len(faces), count) / count for at_s, faces in seen.looks if at_s > 1])
        print(
            f"{clip[:34]:34} people {count}  numbers {len(seen.tracks)}  switches {jumps}  seen {there:6.1%}  "
            f"{seen.cpu_ms:4.0f} CPU ms/s"
        )


def yaw() -> None:
    """Against the landmarker's face matrix, on the same pictures."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path(LIP_MODEL))),
        output_facial_transformation_matrixes=True,
    )
    landmarker: Any = vision.FaceLandmarker.create_from_options(options)
    rows: list[tuple[float, float]] = []

    def compare(frame: Frame, faces: tuple[Face, ...]) -> None:
        for f in faces:
            rgb, _ = rgb_window(frame.planes, frame.format, around(sighting(f), frame.format, 2.0), 400)
            found = landmarker.detect(
                mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            ).facial_transformation_matrixes
            if found:
                rows.append((float(np.degrees(np.arctan2(found[0][0, 2], found[0][2, 2]))), 30 * f.yaw))

    for clip in PEOPLE:
        watch(pictures(clip, 12.0), also=compare)
    truth, told = (np.clip(np.array(column), -30, 30) for column in zip(*rows, strict=True))
    error = np.abs(told - truth)
    r = np.corrcoef(truth, told)[0, 1]
    print(
        f"yaw, {len(rows)} faces, smoothed: mean error {error.mean():.1f} degrees, 9 of 10 under "
        f"{np.percentile(error, 90):.1f}, r {r:.2f}"
    )


def frozen(clip: str, seconds: float = 3.0) -> Iterator[tuple[float, U8]]:
    rng = np.random.default_rng(1)
    _, first = next(pictures(clip))
    for i in range(round(seconds * 25)):
        shift = np.array([[1, 0, 4 * np.sin(i / 8)], [0, 1, 3 * np.cos(i / 11)]], np.float32)
        noisy = cv2.warpAffine(first, shift, first.shape[1::-1], borderMode=cv2.BORDER_REPLICATE) + rng.normal(
            0, 3, first.shape
        )
        yield i / 25, np.clip(noisy, 0, 255).astype(np.uint8)


def lips() -> None:
    for label, shown in [
        *((f"{c[:24]} speaks", pictures(c, 6.0)) for c in SPEAKING),
        *((f"{c[:24]} frozen, moved", frozen(c)) for c in SPEAKING),
        *((f"{c[:24]} signs, silent", pictures(c)) for c in QUIET),
    ]:
        seen = watch(shown, FaceSearch(lips=True))
        told = [f.talking for at_s, faces in seen.looks if at_s > 0.8 for f in faces]
        print(
            f"{label:40} over one half {np.mean([t > 0.5 for t in told]):6.1%}  median {np.median(told):.2f}  "
            f"{seen.cpu_ms:4.0f} CPU ms/s"
        )


def small() -> None:
    """The two at the webcam, far away in a 1280x720 picture: how often both are seen after 1.5 s, by the width of a
    face."""
    for share in (0.03, 0.04, 0.05, 0.06, 0.08, 0.10):

        def far(share: float = share) -> Iterator[tuple[float, U8]]:
            for at_s, bgr in pictures(WEBCAM, 5.0):
                scaled = cv2.resize(bgr, None, fx=share / 0.14, fy=share / 0.14, interpolation=cv2.INTER_AREA)
                picture = np.full((720, 1280, 3), 150, np.uint8)
                y, x = (720 - len(scaled)) // 2, (1280 - scaled.shape[1]) * 2 // 3
                picture[y : y + len(scaled), x : x + scaled.shape[1]] = scaled
                yield at_s, picture

        for how in (FaceSearch(), FaceSearch(small=True)):
            seen = watch(far(), how)
            both = np.mean([len(faces) == 2 for at_s, faces in seen.looks if at_s > 1.5])
            print(
                f"face {share:.0%} of the width, small {how.small!s:5}: both seen {both:6.1%}  "
                f"{seen.cpu_ms:4.0f} CPU ms/s"
            )


def names() -> None:
    """Every look at a face against three looks at each person (from the beginning of their clip): rightly, wrongly and
    not named."""
    from live.base import enrolled as people
    from live.vision.embedding import LANDMARKS, NETWORK, FaceNet

    net = FaceNet(model_path(NETWORK), model_path(LANDMARKS))
    who = {
        "asl_book.mkv": "anna",
        "asl_walk.mkv": "anna",
        "asl_student.mkv": "ben",
        "bbaf2n.mpg": "carl",
        "swiz3n.mpg": "dora",
        PRESENTER: "eva",
    }
    vectors: dict[str, list[tuple[str, Any]]] = {}
    for clip in (*who, WEBCAM):
        last_s = [-1.0]

        def take(frame: Frame, faces: tuple[Face, ...], clip: str = clip, last_s: list[float] = last_s) -> None:
            if frame.capture_ns / 1e9 - last_s[0] > (0.4 if clip != WEBCAM else 2.5):
                last_s[0] = frame.capture_ns / 1e9
                for f in faces:
                    name = who.get(clip, f"web{f.track}")
                    vectors.setdefault(name, []).append((clip, net.vector(frame.planes, frame.format, sighting(f))))

        watch(pictures(clip), also=take)
    enrolled = [people.Enrolled(n, np.stack([v for _, v in looks[:3]])) for n, looks in vectors.items()]
    counts = {"right": 0, "wrong": 0, "not": 0, "stranger named": 0, "stranger": 0}
    for name, looks in vectors.items():
        for _, v in looks[3:]:
            match = people.nearest(v, enrolled)
            said = match.name if match.distance <= people.SURE else ""
            counts["right" if said == name else "wrong" if said else "not"] += 1
        for _, v in looks:  # with themselves not enrolled they are strangers
            match = people.nearest(v, [p for p in enrolled if p.name != name])
            counts["stranger named" if match.name and match.distance <= people.LIKELY else "stranger"] += 1
    print(f"{len(vectors)} people, threshold {people.SURE} (once) and {people.LIKELY} (twice): {counts}")


if __name__ == "__main__":
    for part in (identities, yaw, lips, small, names):
        if part.__name__ in sys.argv[1:] or len(sys.argv) < 2:
            part()
