"""Faces between processes: as numbers in the worker's status block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from live.clock import NS
from live.frames import StatusBlock
from live.picture import Face
from live.vision.faces import MAX_FACES

_NUMBERS = 8  # of a face: x, y, width, height, score, track, yaw, talking
_NAME = 7  # numbers whose 56 bytes hold the name
_NAMES = 2 + MAX_FACES * _NUMBERS  # where they begin


def publish_faces(status: StatusBlock, faces: Sequence[Face], time_ns: int) -> None:
    """Faces into the status block: [0] time in s of their picture, 0 while it is being written; [1] count; the numbers of each; their names."""
    values, faces = status.values, faces[:MAX_FACES]
    values[0] = 0.0
    values[1] = len(faces)
    for i, f in enumerate(faces):
        numbers = (f.x, f.y, f.width, f.height, f.score, f.track, f.yaw, f.talking)
        values[2 + i * _NUMBERS : 2 + (i + 1) * _NUMBERS] = numbers
        name = f.person.encode()[: _NAME * 8].ljust(_NAME * 8, b"\0")
        values[_NAMES + i * _NAME : _NAMES + (i + 1) * _NAME] = np.frombuffer(name, np.float64)
    values[0] = time_ns / NS


def read_faces(status: StatusBlock) -> tuple[float, tuple[Face, ...]]:
    """(machine time in s of the picture they were found in, faces); (0, nobody) while they are being written: ask again."""
    values = status.values.copy()
    if values[0] == 0.0 or values[0] != status.values[0]:
        return 0.0, ()
    return float(values[0]), tuple(_face(values, i) for i in range(min(int(values[1]), MAX_FACES)))


def _face(values: np.ndarray, i: int) -> Face:
    x, y, width, height, score, track, yaw, talking = values[2 + i * _NUMBERS : 2 + (i + 1) * _NUMBERS].tolist()
    name = values[_NAMES + i * _NAME : _NAMES + (i + 1) * _NAME].tobytes().rstrip(b"\0").decode("utf-8", "ignore")
    return Face(x, y, width, height, score, int(track), yaw, talking, name)
