"""Footage as framing.py needs it: what the product's own detector sees of a clip, and what is true of the head in it.

The truth is not the operator's: eyes, chin and sides are points of MediaPipe's face mesh, the crown is the top of the
segmentation matte above the forehead; where the matte runs on into something else or breaks off, the crown is where a
head of 1.3 times the mesh's height ends (the project's reference on directing). A frame without a mesh (a hand before
the face, a head turned away) has no truth and doesn't count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from live.base.paths import model_path
from live.base.quiet import quiet
from live.config.source import FaceSearch
from live.framing.shots import Aim, Box
from live.picture.format import PictureFormat
from live.picture.values import Face
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.vision.faces import Window, rgb_window
from live.vision.matte import MODEL_SIZE
from live.vision.people_finder import PeopleFinder

Points = Sequence[tuple[float, float]]
U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
SHORTEST_S = 12.0  # a shorter clip runs to and fro until it is as long
LARGEST = 720  # lines
TRUTH_EVERY = 2  # frames
MOST_ROLL = 0.35  # radians: of a head on its side, crown and chin are no heights
_FOREHEAD, _CHIN, _SIDES, _EYES = 10, 152, (234, 454), (33, 133, 263, 362)
_HEAD_OF_MESH = 1.3


@dataclass
class Clip:
    """looks: by frame, None where the detector didn't look. truth: every head of the frame, None where nobody
    looked."""

    name: str
    rate_hz: float
    aspect: float
    looks: list[tuple[Face, ...] | None]
    truth: list[list[Aim] | None]
    path: Path


def read(path: Path) -> Clip:
    """Decode a clip, look at it as the product does, and find what is true."""
    pictures, rate_hz = list(decoded(path)), 0.0
    with av.open(str(path)) as container:
        rate_hz = float(container.streams.video[0].average_rate or 25)
    height, width = pictures[0].shape[0] * 2 // 3, pictures[0].shape[1]
    fmt, ring = PictureFormat(width, height), FrameRing(ring_name("bench"), capacity=width * height * 3 // 2, slots=3)
    watcher, truth_of = PeopleFinder(FaceSearch(lips=False, small=False)), _Truth()
    order = list(range(len(pictures)))
    while len(order) < SHORTEST_S * rate_hz:
        order += (order[-2::-1] if order[-1] != 0 else list(range(1, len(pictures))))[: len(pictures) - 1]
    known: dict[int, list[Aim] | None] = {}
    looks: list[tuple[Face, ...] | None] = []
    try:
        for n, index in enumerate(order):
            ring.slot(fmt.size)[:] = pictures[index].reshape(-1)
            ring.commit(fmt, capture_ns=round(n / rate_hz * 1e9) + 1)
            frame = ring.newest()
            assert frame is not None
            looks.append(watcher.look(frame))
            if index not in known:
                faces = next((look for look in reversed(looks) if look is not None), ())
                known[index] = truth_of(frame, faces) if index % TRUTH_EVERY == 0 else None
    finally:
        watcher.close()
        truth_of.close()
        ring.close()
    return Clip(path.name, rate_hz, width / height, looks, [known[i] for i in order], path)


def decoded(path: Path) -> Iterator[U8]:
    """I420 pictures (height * 3 / 2, width) of at most LARGEST lines."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            scale = min(1.0, LARGEST / frame.height)
            width, height = (max(2, 2 * round(side * scale / 2)) for side in (frame.width, frame.height))
            yield frame.reformat(width & ~7, height, "yuv420p").to_ndarray()


class _Truth:
    """Heads, from the face mesh and the matte."""

    def __init__(self) -> None:
        with quiet():
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions, vision
        self._mp = mp
        image = vision.RunningMode.IMAGE
        mesh = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model_path("face_landmarker.task"))),
            running_mode=image,
            num_faces=1,
        )
        matte = vision.ImageSegmenterOptions(
            base_options=BaseOptions(model_asset_path=str(model_path("selfie_segmentation_landscape.tflite"))),
            running_mode=image,
            output_confidence_masks=True,
            output_category_mask=False,
        )
        with quiet():
            self._mesh: Any = vision.FaceLandmarker.create_from_options(mesh)
            self._matte: Any = vision.ImageSegmenter.create_from_options(matte)

    def close(self) -> None:
        with quiet():
            self._mesh.close()
            self._matte.close()

    def __call__(self, frame: Frame, faces: Sequence[Face]) -> list[Aim]:
        """faces: where to look closer, for the mesh finds no small ones; what it finds there is its own."""
        found = [self._aim(frame, face) for face in faces]
        return [aim for aim in found if aim is not None]

    def _aim(self, frame: Frame, face: Face) -> Aim | None:
        fmt = frame.format
        rgb, window = rgb_window(frame.planes, fmt, _around(face, fmt, 2.4, 1.0), 512)
        mesh = self._mesh.detect(self._image(rgb)).face_landmarks
        if not mesh:
            return None
        rgb, seen = rgb_window(frame.planes, fmt, _around(face, fmt, 4.0, 16 / 9), MODEL_SIZE[1])
        small = self._matte.segment(self._image(cv2.resize(rgb, MODEL_SIZE))).confidence_masks[0].numpy_view()
        mask = small.reshape(MODEL_SIZE[1], MODEL_SIZE[0])
        points = [(window.x + p.x * window.width, window.y + p.y * window.height) for p in mesh[0]]
        return _aim(points, mask, seen, fmt.width / fmt.height)

    def _image(self, rgb: U8) -> Any:
        return self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def _around(face: Face, fmt: PictureFormat, times: float, shape: float) -> Window:
    """The face in the middle of a window so many times as high, and `shape` times as wide as high, in pixels; cut to
    the picture."""
    tall = times * max(face.width * fmt.width, face.height * fmt.height)
    width, height = shape * tall / fmt.width, tall / fmt.height
    x0, y0 = max(0.0, face.x + face.width / 2 - width / 2), max(0.0, face.y + face.height / 2 - height / 2)
    return Window(x0, y0, min(1.0, x0 + width) - x0, min(1.0, y0 + height) - y0)


def _aim(points: Points, mask: F32, seen: Window, aspect: float) -> Aim | None:
    if (
        abs(math.atan2(points[_EYES[3]][1] - points[_EYES[0]][1], (points[_EYES[3]][0] - points[_EYES[0]][0]) * aspect))
        > MOST_ROLL
    ):
        return None
    forehead, chin = points[_FOREHEAD][1], points[_CHIN][1]
    x0, x1 = sorted(points[i][0] for i in _SIDES)
    tall = max(chin - forehead, 1e-3)
    crown = _crown(mask, seen, (x0 + x1) / 2, 0.15 * (x1 - x0), forehead)
    if crown is None or not 0.02 * tall <= forehead - crown <= 0.6 * tall:
        crown = chin - _HEAD_OF_MESH * tall
    eyes = sum(points[i][1] for i in _EYES) / len(_EYES)
    return Aim(Box(x0, crown, x1, chin), chin - crown, eyes)


def _crown(mask: F32, seen: Window, x: float, half: float, forehead: float) -> float | None:
    """Up from the forehead while the middle of the head is in the matte of a window; None when the forehead isn't.
    Between two rows it is where the matte falls to a half."""
    rows, columns = mask.shape
    left, right = (round((at - seen.x) / seen.width * columns) for at in (x - half, x + half))
    column = mask[:, max(left, 0) : max(right, left + 1, 1)].mean(axis=1)
    row = round((forehead - seen.y) / seen.height * rows)
    if not 0 < row < rows or column[row] < 0.5:
        return None
    while row > 0 and column[row - 1] >= 0.5:
        row -= 1
    above = column[row - 1] if row > 0 else 0.5
    edge = row + 0.5 - (column[row] - 0.5) / max(column[row] - above, 1e-6) if row > 0 else 0.0
    return seen.y + edge / rows * seen.height


def follow(clip: Clip, start: int, x: float) -> list[Aim | None]:
    """The truth of one person: whoever is nearest to x on the first frame that counts, then to where they were; in
    between two truths the line between them."""
    out: list[Aim | None] = [None] * len(clip.truth)
    last: tuple[int, Aim] | None = None
    for i, heads in enumerate(clip.truth):
        if not heads or i < start - 1:
            continue
        aim = min(heads, key=lambda a: abs(a.x - (x if last is None else last[1].x)))
        if last is not None and abs(aim.x - last[1].x) > 1.2 * aim.head_height / clip.aspect:
            continue  # somebody else: this one isn't seen now
        if last is not None and i - last[0] <= 2 * TRUTH_EVERY:
            for j in range(last[0] + 1, i):
                share = (j - last[0]) / (i - last[0])
                out[j] = aim.with_values([a + share * (b - a) for a, b in zip(last[1].values, aim.values, strict=True)])
        out[i] = aim
        last = (i, aim)
    return out


def picture(clip: Clip, n: int) -> U8:
    """A frame of the clip as BGR, by its number in the clip's own order."""
    count = 0
    for picture in decoded(clip.path):
        if count == n:
            return cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420)
        count += 1
    raise IndexError(f"{clip.name} has no frame {n}")
