"""Cameras, cards and crops: where things land in the frame. Pure arithmetic.

World: metres, right-handed, Y up. Frame: shares from the top left. Clip space here has +Y *down*, so that the first row
of a target in memory is the top row of the picture and nothing is ever flipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from live.config.scene import ShotConfig, TalentPlace
from live.picture.values import Crop, Pose

F32 = npt.NDArray[np.float32]
NEAR_M, FAR_M = 0.1, 100.0


@dataclass(frozen=True)
class Rect:
    """A rectangle as shares of a picture, origin top left."""

    x: float
    y: float
    w: float
    h: float

    @property
    def tuple(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.w, self.h

    def part(self, inner: Rect) -> Rect:
        """A rectangle given in shares of this one."""
        return Rect(self.x + inner.x * self.w, self.y + inner.y * self.h, inner.w * self.w, inner.h * self.h)


WHOLE = Rect(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Camera:
    """A virtual camera; see values.Pose for its numbers."""

    position: tuple[float, float, float]
    look_at: tuple[float, float, float]
    fov_deg: float
    roll_deg: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)

    @lru_cache(maxsize=256)  # noqa: B019 - a camera is a value: a few live as long as their scene
    def view_from_world(self) -> npt.NDArray[np.float64]:
        """4x4, not to be written to; the camera looks along -Z."""
        eye = np.array(self.position)
        forward = np.array(self.look_at) - eye
        forward /= np.linalg.norm(forward) or 1.0
        right = np.cross(forward, (0.0, 1.0, 0.0))
        length = np.linalg.norm(right)
        right = right / length if length > 1e-6 else np.array([1.0, 0.0, 0.0])  # looking straight up or down
        up = np.cross(right, forward)
        c, s = math.cos(math.radians(self.roll_deg)), math.sin(math.radians(self.roll_deg))
        right, up = c * right - s * up, s * right + c * up
        view = np.eye(4)
        view[:3, :3] = right, up, -forward
        view[:3, 3] = -view[:3, :3] @ eye
        return view

    @lru_cache(maxsize=256)  # noqa: B019
    def clip_from_view(self, aspect: float, far_m: float = FAR_M) -> npt.NDArray[np.float64]:
        """4x4 perspective, Y down, depth -1..1 (OpenGL)."""
        f = 1 / math.tan(math.radians(self.fov_deg) / 2)
        clip = np.zeros((4, 4))
        clip[0, 0], clip[1, 1] = f / aspect, -f
        clip[2, 2], clip[2, 3] = (far_m + NEAR_M) / (NEAR_M - far_m), 2 * far_m * NEAR_M / (NEAR_M - far_m)
        clip[3, 2] = -1
        clip[0, 2], clip[1, 2] = -2 * self.shift[0], -2 * self.shift[1]
        return clip

    def clip_from_world(self, aspect: float, far_m: float = FAR_M) -> npt.NDArray[np.float64]:
        return self.clip_from_view(aspect, far_m) @ self.view_from_world()


def camera_at(shot: ShotConfig, t_s: float, pose: Pose | None = None) -> tuple[Camera, bool]:
    """The camera of a shot t_s after it was taken, and whether it stands still by now (no move, or the move is over).
    pose: where the operator has put it instead."""
    if pose is not None:
        return Camera(pose.position, pose.look_at, pose.fov_deg, pose.roll_deg, pose.shift), True
    start = Camera(shot.position, shot.look_at, shot.fov_deg, shot.roll_deg, shot.shift)
    if shot.move is None:
        return start, True
    share = t_s / shot.move.duration_s
    roll_deg = shot.roll_deg if shot.move.roll_deg is None else shot.move.roll_deg
    end = Camera(shot.move.position, shot.move.look_at, shot.move.fov_deg, roll_deg, shot.shift)
    if share >= 1:
        return end, True
    if share <= 0:
        return start, True
    e = share * share * (3 - 2 * share)

    def between(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
        return tuple(p + (q - p) * e for p, q in zip(a, b, strict=True))  # type: ignore[return-value]

    fov_deg = start.fov_deg + (end.fov_deg - start.fov_deg) * e
    roll_deg = start.roll_deg + (end.roll_deg - start.roll_deg) * e
    position, look_at = between(start.position, end.position), between(start.look_at, end.look_at)
    return Camera(position, look_at, fov_deg, roll_deg, shot.shift), False


@dataclass(frozen=True)
class Card:
    """Where a talent's card lands: its rectangle in the frame, and how far it is from the camera plane.

    turn_deg: the rectangle, with all that is on it, is turned clockwise by so much about a point of the frame (shares),
    as a camera that is rolled sees it.
    """

    rect: Rect
    depth_m: float
    depth_clip: float  # -1..1, for the depth test
    turn_deg: float = 0.0
    about: tuple[float, float] = (0.5, 0.5)

    def bounds(self, inner: Rect, aspect: float) -> Rect:
        """The upright rectangle of the frame that holds a part of the card (shares of it). aspect: of the frame."""
        part = self.rect.part(inner)
        if not self.turn_deg:
            return part
        c, s = math.cos(math.radians(self.turn_deg)), math.sin(math.radians(self.turn_deg))
        corners = [
            ((x - self.about[0]) * aspect, y - self.about[1])
            for x in (part.x, part.x + part.w)
            for y in (part.y, part.y + part.h)
        ]
        across = [self.about[0] + (c * x - s * y) / aspect for x, y in corners]
        down = [self.about[1] + s * x + c * y for x, y in corners]
        return Rect(min(across), min(down), max(across) - min(across), max(down) - min(down))


@lru_cache(maxsize=256)  # most cameras stand still
def card_of(place: TalentPlace, camera: Camera, source_aspect: float, aspect: float) -> Card | None:
    """A card that is parallel to the picture plane and stands on its place; None when it is behind the camera.

    Parallel to the picture, not only turned about its own upright: a person then never looks keystoned, and the card is
    a rectangle of the frame. With the small tilts of a studio camera the difference is under a centimetre in the set.
    """
    upright = replace(camera, roll_deg=0.0) if camera.roll_deg else camera
    view = upright.view_from_world() @ np.array([*place.position, 1.0])
    depth = -float(view[2])
    if depth <= NEAR_M:
        return None
    clip = camera.clip_from_view(aspect)
    f = -clip[1, 1]
    height = place.height_m * f / depth / 2  # in shares of the frame: clip space is two units high
    width = place.height_m * source_aspect * f / aspect / depth / 2
    x = (view[0] * f / aspect / depth + 1) / 2 + camera.shift[0]
    bottom = (1 - view[1] * f / depth) / 2 + camera.shift[1]
    z = (clip[2, 2] * -depth + clip[2, 3]) / depth
    rect = Rect(float(x - width / 2), float(bottom - height), float(width), float(height))
    return Card(rect, depth, float(z), -camera.roll_deg, (0.5 + camera.shift[0], 0.5 + camera.shift[1]))


def crop_rect(crop: Crop, source_aspect: float, aspect: float) -> Rect:
    """The part of a source that a crop shows in a rectangle of the given shape: never beyond the source's edges."""
    zoom = max(1.0, crop.zoom)
    w = min(1.0, aspect / source_aspect) / zoom
    h = min(1.0, source_aspect / aspect) / zoom
    x = min(max(crop.x - w / 2, 0.0), 1 - w)
    y = min(max(crop.y - h / 2, 0.0), 1 - h)
    return Rect(x, y, w, h)


def clipped(dst: Rect, src: Rect, window: Rect = WHOLE) -> tuple[Rect, Rect] | None:
    """A textured rectangle cut to a window of the frame; None when nothing is left."""
    x0, y0 = max(dst.x, 0.0, window.x), max(dst.y, 0.0, window.y)
    x1, y1 = min(dst.x + dst.w, 1.0, window.x + window.w), min(dst.y + dst.h, 1.0, window.y + window.h)
    if x1 <= x0 or y1 <= y0 or dst.w <= 0 or dst.h <= 0:
        return None
    inner = Rect((x0 - dst.x) / dst.w, (y0 - dst.y) / dst.h, (x1 - x0) / dst.w, (y1 - y0) / dst.h)
    return Rect(x0, y0, x1 - x0, y1 - y0), src.part(inner)
