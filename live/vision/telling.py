"""Faces between processes: as numbers in the worker's status block. Names come from live/vision/recogniser.py."""

from __future__ import annotations

from collections.abc import Sequence

from live.base.clock import NS
from live.picture.values import Face
from live.shm.status import StatusBlock
from live.vision.faces import MAX_FACES

_NUMBERS = 8  # of a face: x, y, width, height, score, track, yaw, talking


def publish_faces(status: StatusBlock, faces: Sequence[Face], time_ns: int) -> None:
    """Faces into the status block: [0] time in s of their picture, 0 while it is being written; [1] count; then the
    numbers of each."""
    values, faces = status.values, faces[:MAX_FACES]
    values[0] = 0.0
    values[1] = len(faces)
    for i, f in enumerate(faces):
        values[2 + i * _NUMBERS : 2 + (i + 1) * _NUMBERS] = (
            f.x,
            f.y,
            f.width,
            f.height,
            f.score,
            f.track,
            f.yaw,
            f.talking,
        )
    values[0] = time_ns / NS


def read_faces(status: StatusBlock) -> tuple[float, tuple[Face, ...]]:
    """(machine time in s of the picture they were found in, faces); (0, nobody) while they are being written: ask
    again."""
    values = status.values.copy()
    if values[0] == 0.0 or values[0] != status.values[0]:
        return 0.0, ()
    rows = values[2 : 2 + MAX_FACES * _NUMBERS].reshape(MAX_FACES, _NUMBERS)[: int(values[1])].tolist()
    return float(values[0]), tuple(_face(row) for row in rows)


def _face(row: list[float]) -> Face:
    x, y, width, height, score, track, yaw, talking = row
    return Face(x, y, width, height, score, int(track), yaw, talking)
