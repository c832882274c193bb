"""Faces and the screen's colour between processes: named numbers in a vision worker's status block. Names come from
live/vision/recogniser.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from live.base.clock import NS
from live.picture.values import Face
from live.shm.status import StatusBlock
from live.vision.faces import MAX_FACES
from live.vision.outline import Outline

_NUMBERS = 8  # of a face: x, y, width, height, score, track, yaw, talking
BOARD = np.dtype(
    [
        ("time_s", "<f8"),  # of the picture that the faces were found in; 0 while they are being written
        ("count", "<i8"),
        ("faces", "<f8", (MAX_FACES, _NUMBERS)),
        ("screen", "<i8"),  # its colour, one more than #rrggbb; 0 for none
        ("outline", "<f8", (4,)),  # of who is cut out: covered, left, right, top
    ]
)


def publish_faces(status: StatusBlock, faces: Sequence[Face], time_ns: int) -> None:
    """The surest MAX_FACES faces into the status block."""
    board, faces = status.board, faces[:MAX_FACES]
    board["time_s"] = 0.0
    board["count"] = len(faces)
    for row, f in zip(board["faces"], faces, strict=False):
        row[:] = (f.x, f.y, f.width, f.height, f.score, f.track, f.yaw, f.talking)
    board["time_s"] = time_ns / NS


def read_faces(status: StatusBlock) -> tuple[float, tuple[Face, ...]]:
    """(machine time in s of the picture they were found in, faces); (0, nobody) while they are being written: ask
    again."""
    now = status.board.copy()
    time_s = float(now["time_s"])
    if time_s == 0.0 or time_s != status.board["time_s"]:
        return 0.0, ()
    return time_s, tuple(_face(row) for row in now["faces"][: int(now["count"])].tolist())


def publish_screen(status: StatusBlock, screen: str) -> None:
    """screen: its colour, "#rrggbb"; "" for none."""
    status.board["screen"] = int(screen[1:], 16) + 1 if screen else 0


def read_screen(status: StatusBlock) -> str:
    """ "#rrggbb", "" for none."""
    code = int(status.board["screen"])
    return f"#{code - 1:06x}" if code else ""


def publish_outline(status: StatusBlock, outline: Outline) -> None:
    status.board["outline"] = (outline.covered, *outline.cut)


def read_outline(status: StatusBlock) -> Outline:
    covered, left, right, top = status.board["outline"].tolist()
    return Outline(covered, (left, right, top))


def _face(row: list[float]) -> Face:
    x, y, width, height, score, track, yaw, talking = row
    return Face(x, y, width, height, score, int(track), yaw, talking)
