"""Does somebody talk? Told by their lips: how much the gap between them opens and closes.

MediaPipe's face landmarker puts 478 points on a face. The gap of the inner lips as a share of the face's height stands
still in a quiet face, also in one that moves, turns or nods; it swings while somebody speaks. Measured at 10 looks a
second, as the standard deviation over five of them (faces 45 to 300 pixels wide): quiet .0001 to .004 (19 of 20 under
.011), speaking .013 to .030 (3 of 4 over .0125). Neither the width of the mouth nor the chin told as much.
"""

from __future__ import annotations

import math
from collections import deque
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from live.base.errors import ModelError
from live.base.quiet import quiet
from live.picture.format import U8, PictureFormat
from live.vision.faces import Sighting, Window, rgb_window

LIPS_HZ = 10.0
SMALLEST_PX = 40  # a face narrower than this in its source has no lips to speak of
WINDOW_S = 0.45
QUIET, SPEAKING = 0.005, 0.015  # standard deviation of the gap taken for 0 and for 1
_GAP = (13, 14)  # upper and lower inner lip
_FACE = (10, 152)  # top of the forehead, chin
_ROUND_FACE = 1.8  # side of the window that the network gets, in widths of the face's box
_SIDE = 256  # pixels: what the network sees


class LipEngine:
    """MediaPipe's face landmarker, one face at a time; owned by one thread."""

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise ModelError(model.name, "the model is not there", "run `live models`")
        with quiet():
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions, vision

        self._mp = mp
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.IMAGE,
            num_faces=1,
            min_face_detection_confidence=0.3,
            min_face_presence_confidence=0.3,
        )
        try:
            with quiet():
                self._landmarker: Any = vision.FaceLandmarker.create_from_options(options)
                self._landmarker.detect(
                    mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((_SIDE, _SIDE, 3), np.uint8))
                )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                model.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again"
            ) from None

    def close(self) -> None:
        self._landmarker.close()

    def gap(self, planes: tuple[U8, ...], fmt: PictureFormat, face: Sighting) -> float | None:
        """How far the inner lips of the face are apart, as a share of the face's height; None when the face can't be
        made out."""
        rgb, _ = rgb_window(planes, fmt, around(face, fmt, _ROUND_FACE), 10_000)
        height, width = rgb.shape[:2]
        square = cv2.resize(rgb, (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR)
        found = self._landmarker.detect(
            self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=square)
        ).face_landmarks
        if not found:
            return None
        points = found[0]

        def apart(pair: tuple[int, int]) -> float:
            a, b = (points[i] for i in pair)
            return math.hypot((a.x - b.x) * width, (a.y - b.y) * height)

        face_height = apart(_FACE)
        return apart(_GAP) / face_height if face_height > 0 else None


def around(face: Sighting, fmt: PictureFormat, times: float) -> Window:
    """A window, square in pixels, around a face: so many times the width of its box."""
    x, y = face.center
    width = face.width * times
    height = width * fmt.width / fmt.height
    return Window(x - width / 2, y - height / 2, width, height)


class Lips:
    """The lips of one person over the last half second. Pure: time comes as an argument."""

    def __init__(self) -> None:
        self._gaps: deque[tuple[float, float]] = deque()

    def add(self, now_s: float, gap: float | None) -> None:
        """A new look: the gap, None when it could not be seen."""
        if gap is not None:
            self._gaps.append((now_s, gap))
        self._forget(now_s)

    def _forget(self, now_s: float) -> None:
        while self._gaps and self._gaps[0][0] < now_s - WINDOW_S:
            self._gaps.popleft()

    def talking(self, now_s: float) -> float:
        """0 for lips at rest to 1 for lips that speak; 0 with fewer than three looks in the last half second."""
        self._forget(now_s)
        if len(self._gaps) < 3:
            return 0.0
        spread = float(np.std([gap for _, gap in self._gaps]))
        return min(1.0, max(0.0, (spread - QUIET) / (SPEAKING - QUIET)))
