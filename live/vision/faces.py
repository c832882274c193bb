"""Faces in one picture: what the detector sees, nothing remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from live.base.errors import ModelError
from live.base.quiet import quiet
from live.picture.format import U8, PictureFormat

MIN_SCORE = 0.5
MAX_FACES = 8
LARGEST_LOOK = 480  # lines: the network sees 128x128, more only costs conversion
_OVERLAP = 0.3
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Window:
    """A part of a picture: left, top, width, height as shares of it, origin top left."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0


WHOLE = Window()


@dataclass(frozen=True)
class Sighting:
    """A face in one picture: box as shares of it, origin top left, the detector's confidence, and its six points as
    shares: right eye, left eye, nose tip, mouth, right ear, left ear (the person's own right and left)."""

    x: float
    y: float
    width: float
    height: float
    score: float
    points: Points = ()

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


class FaceEngine:
    """MediaPipe's short-range face detector (BlazeFace); owned by one thread."""

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise ModelError(model.name, "the model is not there", "run `live models`")
        with quiet():
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions, vision

        self._mp = mp
        options = vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.IMAGE,
            min_detection_confidence=MIN_SCORE,
        )
        try:
            with quiet():
                self._detector: Any = vision.FaceDetector.create_from_options(options)
                self._detector.detect(
                    mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((128, 128, 3), np.uint8))
                )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                model.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again"
            ) from None

    def close(self) -> None:
        self._detector.close()

    def faces(self, planes: tuple[U8, ...], fmt: PictureFormat, window: Window = WHOLE) -> tuple[Sighting, ...]:
        """Faces of the I420 picture, or of a window of it, the surest first; boxes and points as shares of the whole
        picture.

        The network sees the window scaled to fit 128x128: a face is found from about a tenth of the window's longer
        side on.
        """
        rgb, window = rgb_window(planes, fmt, window, LARGEST_LOOK)
        height, width = rgb.shape[:2]
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb)
        scale_x, scale_y = window.width / width, window.height / height
        found = []
        for d in self._detector.detect(image).detections:
            b = d.bounding_box
            points = tuple((window.x + k.x * window.width, window.y + k.y * window.height) for k in d.keypoints)
            x, y = window.x + b.origin_x * scale_x, window.y + b.origin_y * scale_y
            found.append(Sighting(x, y, b.width * scale_x, b.height * scale_y, d.categories[0].score, points))
        return distinct(found)


def rgb_window(planes: tuple[U8, ...], fmt: PictureFormat, window: Window, largest: int) -> tuple[U8, Window]:
    """A window of the I420 picture as RGB (height, width, 3), at most `largest` lines, and the window it really is
    (whole chroma pixels, inside).

    BT.601 full range whatever the picture is, as for the mattes: a network doesn't mind the few codes.
    """
    x0, y0 = (int(np.clip(v, 0, 1) * size / 2) for v, size in ((window.x, fmt.width), (window.y, fmt.height)))
    x1 = max(x0 + 1, int(np.clip(window.x + window.width, 0, 1) * fmt.width / 2))
    y1 = max(y0 + 1, int(np.clip(window.y + window.height, 0, 1) * fmt.height / 2))
    x0, y0 = min(x0, fmt.width // 2 - 1), min(y0, fmt.height // 2 - 1)
    scale = min(1.0, largest / (2 * (y1 - y0)))
    size = (max(1, round(2 * (x1 - x0) * scale)), max(1, round(2 * (y1 - y0) * scale)))
    luma, u, v = planes
    parts = luma[2 * y0 : 2 * y1, 2 * x0 : 2 * x1], u[y0:y1, x0:x1], v[y0:y1, x0:x1]
    y, u, v = (cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in parts)
    rgb = cv2.cvtColor(cv2.merge((y, v, u)), cv2.COLOR_YCrCb2RGB)
    return rgb, Window(2 * x0 / fmt.width, 2 * y0 / fmt.height, 2 * (x1 - x0) / fmt.width, 2 * (y1 - y0) / fmt.height)


def distinct(faces: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """The surest first, at most MAX_FACES. The detector sometimes reports one face twice; the surer box of two that
    overlap stays."""
    kept: list[Sighting] = []
    for face in sorted(faces, key=lambda f: -f.score):
        if all(iou(face, other) < _OVERLAP for other in kept):
            kept.append(face)
    return tuple(kept[:MAX_FACES])


def iou(a: Sighting, b: Sighting) -> float:
    """Intersection over union of two boxes."""
    w = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    h = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a.width * a.height + b.width * b.height - w * h)


cv2.setNumThreads(1)  # a second thread costs more CPU than it saves time, and the render loop needs that core
