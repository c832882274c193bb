"""People on real footage: who is who, where they look, whether they talk, whose face it is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.base import enrolled as people
from live.base.enrolled import Vector
from live.base.paths import model_path
from live.config.source import FaceSearch
from live.fetch import ensure
from live.picture.format import U8
from live.picture.values import Face
from live.shm.frame_ring import Frame
from live.vision.embedding import LANDMARKS, NETWORK, FaceNet
from live.vision.enrol import enrol_pictures
from live.vision.faces import Sighting
from live.vision.people_finder import FACE_MODEL, LIP_MODEL
from live.vision.recogniser import Desk
from tests.support.clips import PRESENTER, QUIET, THREE, TWO, WEBCAM, pictures, watch
from tests.support.footage import needs_footage

pytestmark = needs_footage
needs_dlib = pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="without the extra `people`")


@pytest.fixture(scope="module", autouse=True)
def models() -> None:
    ensure([FACE_MODEL, LIP_MODEL], say=lambda _: None)


def moved(shown: Iterator[tuple[float, U8]], by_s: float) -> Iterator[tuple[float, U8]]:
    return ((at_s + by_s, bgr) for at_s, bgr in shown)


def frozen(clip: str, seconds: float) -> Iterator[tuple[float, U8]]:
    """The first picture of a clip, moved about a little, with a camera's noise: a face that moves and says nothing."""
    rng = np.random.default_rng(1)
    _, first = next(pictures(clip))
    for i in range(round(seconds * 25)):
        shift = np.array([[1, 0, 4 * np.sin(i / 8)], [0, 1, 3 * np.cos(i / 11)]], np.float32)
        noisy = cv2.warpAffine(first, shift, first.shape[1::-1], borderMode=cv2.BORDER_REPLICATE) + rng.normal(
            0, 3, first.shape
        )
        yield i / 25, np.clip(noisy, 0, 255).astype(np.uint8)


# -- who is who -------------------------------------------------------------------------------------------------------


def test_two_at_a_webcam_keep_their_numbers_while_one_leans_in_and_leaves() -> None:
    """38 s: one stands up, out of the picture, and comes back; the other waves before his face; a third sits behind."""
    seen = watch(pictures(WEBCAM))
    assert seen.tracks == {1, 2}
    middle = {n: np.median([f.x for _, faces in seen.looks for f in faces if f.track == n]) for n in (1, 2)}
    left, right = sorted(middle, key=lambda n: middle[n])
    for at_s, faces in seen.looks:
        by_track = {f.track: f for f in faces}
        assert len(by_track) == len(faces)
        if len(faces) == 2:
            assert by_track[left].x < by_track[right].x, at_s
    both = [len(faces) == 2 for at_s, faces in seen.looks if at_s < 22]
    assert np.mean(both) > 0.97


@pytest.mark.parametrize(("clip", "count"), [(TWO, 2), (THREE, 3)])
def test_everybody_is_found_once(clip: str, count: int) -> None:
    seen = watch(pictures(clip), FaceSearch(small=True))
    assert seen.tracks == set(range(1, count + 1))
    assert len(seen.looks[-1][1]) == count


def test_who_takes_the_chair_is_another_and_who_comes_back_is_the_same() -> None:
    """One camera: a woman for 3 s, nobody, a man, nobody, the woman again."""

    def shown() -> Iterator[tuple[float, U8]]:
        empty = np.full((480, 640, 3), 140, np.uint8)
        yield from pictures("asl_walk.mkv", 2.0)
        yield from ((2.2 + i / 25, empty) for i in range(75))
        yield from moved(pictures("asl_student.mkv", 1.6), 5.5)
        yield from ((7.3 + i / 25, empty) for i in range(75))
        yield from moved(pictures("asl_book.mkv", 2.0), 10.5)

    seen = watch(shown())
    numbers = [tuple(f.track for f in faces) for _, faces in seen.looks if faces]
    assert list(dict.fromkeys(numbers)) == [(1,), (2,)] and numbers[-1] == (1,)


def test_a_face_on_a_shirt_is_nobody() -> None:
    assert watch(pictures("asl_student.mkv")).tracks == {1}


def test_a_second_run_sees_the_same() -> None:
    assert watch(pictures(TWO, 3.0)).looks == watch(pictures(TWO, 3.0)).looks


@pytest.mark.parametrize("share", [0.05, 0.07])
def test_small_faces_are_found_where_they_are_sought(share: float) -> None:
    """Two people far away: each face so large a share of the picture's width."""

    def shown() -> Iterator[tuple[float, U8]]:
        for at_s, bgr in pictures(WEBCAM, 3.0):
            small = cv2.resize(bgr, None, fx=share / 0.14, fy=share / 0.14, interpolation=cv2.INTER_AREA)
            far = np.full((720, 1280, 3), 150, np.uint8)
            far[300 : 300 + len(small), 600 : 600 + small.shape[1]] = small
            yield at_s, far

    assert len(watch(shown(), FaceSearch(small=True)).looks[-1][1]) == 2


# -- where they look, whether they talk -------------------------------------------------------------------------------


def test_heads_turned_aside_are_told_from_those_that_face_the_camera() -> None:
    aside = [f.yaw for at_s, faces in watch(pictures("asl_book.mkv")).looks if at_s > 1 for f in faces]
    assert max(aside) < -0.2  # 12 degrees to the left of the picture
    ahead = [f.yaw for at_s, faces in watch(pictures("swiz3n.mpg")).looks if at_s > 1 for f in faces]
    assert max(map(abs, ahead)) < 0.2


def lips(shown: Iterator[tuple[float, U8]]) -> list[float]:
    return [f.talking for at_s, faces in watch(shown, FaceSearch(lips=True)).looks if at_s > 0.8 for f in faces]


@pytest.mark.parametrize("clip", ["bbaf2n.mpg", "swiz3n.mpg"])
def test_who_speaks_is_told_from_their_own_picture_that_moves(clip: str) -> None:
    speaking = lips(pictures(clip, 2.2))
    assert np.mean([t > 0.5 for t in speaking]) > 0.6 and np.median(speaking) > 0.8
    still = lips(frozen(clip, 2.5))
    assert max(still) < 0.5 and np.median(still) < 0.1


@pytest.mark.parametrize("clip", QUIET)
def test_who_signs_does_not_speak(clip: str) -> None:
    quiet = lips(pictures(clip))
    assert np.mean([t > 0.5 for t in quiet]) < 0.1


# -- whose face it is -------------------------------------------------------------------------------------------------


@needs_dlib
def test_enrolled_people_are_known_again_and_others_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure([NETWORK, LANDMARKS], say=lambda _: None)
    for name in (FACE_MODEL, LIP_MODEL, NETWORK, LANDMARKS):
        (tmp_path / "models").mkdir(exist_ok=True)
        (tmp_path / "models" / name).symlink_to(model_path(name))
    monkeypatch.setenv("LIVE_DATA", str(tmp_path))
    for name, clip in (("anna", "asl_walk.mkv"), ("carla", PRESENTER)):
        cv2.imwrite(str(tmp_path / "face.png"), next(pictures(clip))[1])
        enrol_pictures(name, [tmp_path / "face.png"], "", lambda _: None)

    def who(clip: str, seconds: float) -> set[str]:
        desk, names = Desk(lambda _: None), set()

        def ask(frame: Frame, faces: tuple[Face, ...]) -> None:
            desk.step(frame.capture_ns / 1e9, {"cam": (frame, faces)})
            names.update(name for _, name in desk.recognition.known()["cam"].values())

        watch(pictures(clip, seconds), also=ask)
        return names - {""}

    assert who("asl_book.mkv", 2.0) == {"anna"}
    assert who(PRESENTER, 2.0) == {"carla"}
    assert who(WEBCAM, 5.0) == set()
    assert who("asl_student.mkv", 2.0) == set()


@needs_dlib
def test_a_show_enrols_who_is_in_front_and_says_why_not() -> None:
    ensure([NETWORK, LANDMARKS], say=lambda _: None)
    said: list[str] = []
    desk = Desk(said.append)
    kept: dict[str, list[Vector]] = {}

    def run(clip: str, source: str, seconds: float) -> None:
        watch(
            pictures(clip, seconds),
            also=lambda frame, faces: desk.step(frame.capture_ns / 1e9, {source: (frame, faces)}),
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "add", lambda name, vectors, title="": kept.setdefault(name, list(vectors)))
        desk.enrol("dan", "cam2", 0.0)
        desk.enrol("carla", "cam3", 0.0)  # whoever can't be seen well doesn't keep the others waiting
        run(PRESENTER, "cam3", 3.0)
        run(WEBCAM, "cam2", 9.0)
    assert list(kept) == ["carla"] and len(kept["carla"]) == 3
    assert said[0] == "carla: enrolled from cam3"
    assert said[1].startswith("dan: not enrolled from cam2: 2 people are seen there")


@needs_dlib
def test_one_face_is_near_itself_and_far_from_others() -> None:
    ensure([NETWORK, LANDMARKS], say=lambda _: None)
    net = FaceNet(model_path(NETWORK), model_path(LANDMARKS))

    def vectors(clip: str) -> list[Vector]:
        found: list[Vector] = []

        def take(frame: Frame, faces: tuple[Face, ...]) -> None:
            if faces and len(found) < 3 and frame.capture_ns > (len(found) + 1) * 5e8:
                f = faces[0]
                found.append(net.vector(frame.planes, frame.format, Sighting(f.x, f.y, f.width, f.height, f.score)))

        watch(pictures(clip, 2.0), also=take)
        return found

    one, other = vectors("bbaf2n.mpg"), vectors("swiz3n.mpg")
    assert max(float(np.linalg.norm(a - b)) for a in one for b in one) < people.SURE
    assert min(float(np.linalg.norm(a - b)) for a in one for b in other) > people.LIKELY + people.APART


# -- when a model is missing ------------------------------------------------------------------------------------------

LACKING = """
from live.config.keying import KeyerOrders
from live.config.source import FaceSearch
from live.vision.worker import Eyes
Eyes("cam", KeyerOrders(), search=FaceSearch(lips=True), orders=None, external=None, say=print)
"""


def test_eyes_that_lack_a_model_end_at_once(tmp_path: Path) -> None:
    """MediaPipe's models wait for ever at the interpreter's end when they weren't closed."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / FACE_MODEL).symlink_to(model_path(FACE_MODEL))
    done = subprocess.run(
        [sys.executable, "-c", LACKING],
        env=os.environ | {"LIVE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and f"{LIP_MODEL}: the model is not there" in done.stderr
