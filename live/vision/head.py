"""Where a head looks, from the detector's six points."""

from __future__ import annotations

import math

from live.vision.faces import Sighting

FULL_YAW_DEG = 30.0  # looks fully to a side
SMOOTH_S = 0.35  # time constant
NOSE_OUT = 1.75  # the nose tip before the ears' axis, in half widths between the ears: fitted on 257 faces of footage


def yaw_deg(face: Sighting, aspect: float) -> float | None:
    """Degrees that the face looks to the right of the picture (negative: left); None without points. aspect: width /
    height of the picture.

    The nose stands out before the axis of the ears by NOSE_OUT half widths: turned by an angle, it is off their middle
    by sin(angle) times that while their distance shrinks by cos(angle), whatever the size of the face. Measured along
    that axis, so that a tilted head counts the same.
    """
    if len(face.points) < 6:
        return None
    nose, right, left = ((x * aspect, y) for x, y in (face.points[2], face.points[4], face.points[5]))
    axis = (left[0] - right[0], left[1] - right[1])
    length = math.hypot(*axis)
    if length <= 0:
        return None
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    off = ((nose[0] - middle[0]) * axis[0] + (nose[1] - middle[1]) * axis[1]) / length
    return math.degrees(math.atan(off / (length / 2) / NOSE_OUT))


class Yaw:
    """The yaw of one head, smoothed. Pure: time comes as an argument."""

    def __init__(self) -> None:
        self._degrees = 0.0
        self.seen_s = -math.inf

    def add(self, now_s: float, degrees: float) -> None:
        """A new measurement. After a second without one the old is forgotten."""
        share = 1.0 - math.exp(-(now_s - self.seen_s) / SMOOTH_S) if now_s - self.seen_s < 1.5 else 1.0
        self._degrees += share * (degrees - self._degrees)
        self.seen_s = now_s

    @property
    def share(self) -> float:
        """-1 looks fully to the left of the picture, 1 to the right."""
        return max(-1.0, min(1.0, self._degrees / FULL_YAW_DEG))
