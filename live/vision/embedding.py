"""A face as 128 numbers: near for one person, far for two. dlib's face recognition network (King 2017), of the optional
extra `people`.

One face takes about 140 ms of CPU, during which the interpreter is locked: it runs in a process of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from live.base.enrolled import EXTRA, Vector
from live.base.errors import ModelError
from live.picture.format import U8, PictureFormat
from live.vision.faces import Sighting, Window, rgb_window

NETWORK = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
_ROUND_FACE = 2.4  # side of the window that is cut out, in widths of the face's box
_LARGEST = 400  # pixels of that window: the network sees the face in 150


class FaceNet:
    """dlib's landmark model and network; owned by one thread."""

    def __init__(self, network: Path, landmarks: Path) -> None:
        try:
            import dlib
        except ImportError:
            raise EXTRA from None
        for model in (network, landmarks):
            if not model.exists():
                raise ModelError(model.name, "the model is not there", "run `live models`")
        self._dlib: Any = dlib
        try:
            self._landmarks = dlib.shape_predictor(str(landmarks))
            self._network = dlib.face_recognition_model_v1(str(network))
        except RuntimeError as error:
            raise ModelError(
                network.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again"
            ) from None

    def vector(self, planes: tuple[U8, ...], fmt: PictureFormat, face: Sighting) -> Vector:
        """The face in the I420 picture as a vector of length 128, float32; the distance of two is Euclidean."""
        side = face.width * _ROUND_FACE
        high = side * fmt.width / fmt.height
        x, y = face.center
        rgb, window = rgb_window(planes, fmt, Window(x - side / 2, y - high / 2, side, high), _LARGEST)
        rows, columns = rgb.shape[:2]
        if min(rows, columns) < 2:
            raise ValueError("no picture around the face")
        x0, x1 = ((v - window.x) / window.width * columns for v in (face.x, face.x + face.width))
        y0, y1 = ((v - window.y) / window.height * rows for v in (face.y, face.y + face.height))
        box = self._dlib.rectangle(round(x0), round(y0), round(x1), round(y1))
        points = self._landmarks(rgb, box)
        return np.asarray(self._network.compute_face_descriptor(rgb, points), np.float32)


def i420(bgr: U8) -> tuple[tuple[U8, ...], PictureFormat]:
    """A picture (height, width, 3; BGR) as planes Y, U, V at an even size."""
    height, width = bgr.shape[0] & ~1, bgr.shape[1] & ~1
    fmt = PictureFormat(width, height)
    return fmt.planes(cv2.cvtColor(bgr[:height, :width], cv2.COLOR_BGR2YUV_I420).reshape(-1)), fmt
