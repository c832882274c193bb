"""Faces, a few times a second: what the operator frames by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from live.errors import ModelError
from live.frames import U8, PictureFormat
from live.picture import Face
from live.quiet import quiet
from live.vision.matte import rgb_small

MIN_SCORE = 0.5
MAX_FACES = 8
_OVERLAP = 0.3


class FaceEngine:
    """MediaPipe's short-range face detector on one source; owned by one thread."""

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
                self._detector.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((128, 128, 3), np.uint8)))
        except (RuntimeError, ValueError) as error:
            raise ModelError(model.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again") from None

    def close(self) -> None:
        self._detector.close()

    def faces(self, planes: tuple[U8, ...], fmt: PictureFormat) -> tuple[Face, ...]:
        """Faces of the I420 picture, the surest first."""
        # The network sees 128x128: more than 480 lines only cost conversion.
        scale = min(1.0, 480 / fmt.height)
        width, height = int(fmt.width * scale), int(fmt.height * scale)
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb_small(planes, (width, height)))
        found = []
        for d in self._detector.detect(image).detections:
            b = d.bounding_box
            found.append(Face(b.origin_x / width, b.origin_y / height, b.width / width, b.height / height, d.categories[0].score))
        return _distinct(sorted(found, key=lambda f: -f.score))[:MAX_FACES]


def _distinct(faces: list[Face]) -> tuple[Face, ...]:
    """The detector sometimes reports one face twice; the surer box of two that overlap stays."""
    kept: list[Face] = []
    for face in faces:
        if all(_iou(face, other) < _OVERLAP for other in kept):
            kept.append(face)
    return tuple(kept)


def _iou(a: Face, b: Face) -> float:
    w = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    h = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a.width * a.height + b.width * b.height - w * h)


cv2.setNumThreads(1)  # a second thread costs more CPU than it saves time, and the render loop needs that core
