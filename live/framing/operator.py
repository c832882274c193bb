"""The automatic operator of one camera: frames off air, keeps still on air.

Off air it reframes at once. On air it stands still inside a dead zone, follows small moves with a spring that has a speed
limit, and never pans from one person to another: a move of more than half the frame opens the frame instead. When the subject
is lost it waits, then eases out to the whole picture.

Pure: time comes as an argument. Owner: the engine's thread. Source: the project's reference on directing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from live.framing.shots import GROUP_SIZES, SIZES, clamped, crop_for, crop_for_group, full_size
from live.framing.spring import DeadZone, Median, Spring
from live.picture import Crop, Face

LOST_AFTER_S = 1.0
SAME_PERSON = 1.5  # a face nearer than this many face widths to where the subject was is the subject
CUT_AWAY = 0.5  # of the crop's width: a move this large isn't followed on air
MAX_SPEED_W_PER_S = 0.35  # in widths of the crop
MAX_ACCEL_W_PER_S2 = 0.8
FAST_OMEGA_HZ = 10.0
MAX_ZOOM_BY_HAND = 8.0  # a hand may go further in than the operator does
FULL = Crop()
AXES = ("pan", "tilt", "zoom")


class Operator:
    """One camera's operator.

    size: a name of SIZES. Aspects are width / height. crop is where it stands; it starts on the full picture.
    """

    def __init__(self, source: str, size: str, source_aspect: float, program_aspect: float) -> None:
        if size not in SIZES:
            raise ValueError(f"{source}: no shot size {size}; one of {', '.join(SIZES)}")
        self.source = source
        self.size = size
        self._aspects = (source_aspect, program_aspect)
        self._x, self._y, self._log_zoom = Spring(FULL.x), Spring(FULL.y), Spring(0.0)
        self._axes = {"pan": self._x, "tilt": self._y, "zoom": self._log_zoom}
        self._goal = FULL
        self._median = Median()
        self._zone = DeadZone()
        self._subject: Face | None = None
        self._seen_s: float | None = None
        self._by_hand = False

    @property
    def crop(self) -> Crop:
        """Where it stands now, always inside the picture."""
        return self._clamped(Crop(self._x.position, self._y.position, math.exp(self._log_zoom.position)))

    def set_by_hand(self, crop: Crop) -> None:
        """A human frames it. From there it eases, slowly even off air, when it may act again."""
        self._stand_at(self._clamped(crop))
        self._by_hand = True

    def step(
        self, now_s: float, dt_s: float, faces: Sequence[Face] | None, *, on_air: bool, free: Collection[str] = AXES
    ) -> Crop:
        """One frame. faces: those of a new look at the picture, () when nobody is in it, None when there was no new look.

        free: the axes it may move. One that a human holds stands still; it goes on watching.
        """
        if faces is not None:
            self._look(now_s, faces)
        if self._seen_s is not None and now_s - self._seen_s >= LOST_AFTER_S:
            self._forget()
        if free:
            before = {axis: self._axes[axis].position for axis in AXES if axis not in free}
            self._move(dt_s, on_air=on_air)
            for axis, position in before.items():
                self._axes[axis].stop(position)
        return self.crop

    def _look(self, now_s: float, faces: Sequence[Face]) -> None:
        """Find the subject among the faces, and where the frame ought to be."""
        faces = [f for f in faces if _is_usable(f)]
        if self.size in GROUP_SIZES and len(faces) > 1:
            self._subject = max(faces, key=lambda f: f.height)
            wanted = crop_for_group(faces, self.size, *self._aspects)
        elif subject := self._find(faces):
            self._subject = subject
            wanted = crop_for(subject, self.size, *self._aspects)
        else:
            return
        self._seen_s = now_s
        self._goal = Crop(*self._median.add(now_s, (wanted.x, wanted.y, wanted.zoom)))

    def _find(self, faces: Sequence[Face]) -> Face | None:
        """The same person as before; without one before, the largest."""
        if self._subject is None:
            return max(faces, key=lambda f: f.width * f.height, default=None)
        last = self._subject
        nearest = min(faces, key=lambda f: _distance(f, last), default=None)
        return nearest if nearest and _distance(nearest, last) <= SAME_PERSON * last.width else None

    def _forget(self) -> None:
        """Nobody for a while: back to the whole picture, and open for the next person."""
        self._subject = self._seen_s = None
        self._median.clear()
        self._goal = FULL

    def _move(self, dt_s: float, *, on_air: bool) -> None:
        shift, size = self._error()
        error = max(shift, size)
        if on_air and self._seen_s is not None and shift > CUT_AWAY and not self._by_hand:
            self._open(dt_s)
            return
        if not self._zone.step(error, dt_s):
            for axis in (self._x, self._y, self._log_zoom):
                axis.stop()
            self._by_hand = self._by_hand and error > self._zone.outer
            return
        goals = (self._goal.x, self._goal.y, math.log(self._goal.zoom))
        if on_air or self._by_hand or self._seen_s is None:
            self._ease(goals, dt_s)
        else:
            for axis, goal in zip((self._x, self._y, self._log_zoom), goals, strict=True):
                axis.step(goal, dt_s, omega=FAST_OMEGA_HZ)

    def _open(self, dt_s: float) -> None:
        """The subject went too far to be followed on air: show more, until they are in."""
        self._zone.reset(moving=True)
        self._ease((FULL.x, FULL.y, 0.0), dt_s)

    def _ease(self, goals: tuple[float, float, float], dt_s: float) -> None:
        """Towards the goals within the limits of a calm hand. Speeds are of the picture on the screen: widths of the crop."""
        width = full_size(*self._aspects)[0] / math.exp(self._log_zoom.position)
        units = (width, width * self._aspects[0], 1.0)  # y is a share of the height; a zoom of 1 % moves the edges 0.5 %
        for axis, goal, unit in zip((self._x, self._y, self._log_zoom), goals, units, strict=True):
            axis.step_limited(goal, dt_s, max_speed=MAX_SPEED_W_PER_S * unit, max_accel=MAX_ACCEL_W_PER_S2 * unit)

    def _error(self) -> tuple[float, float]:
        """How far off the frame is, in widths of the crop: its shift, and how far its edges have to go by size."""
        here = self.crop
        width, height = (side / here.zoom for side in full_size(*self._aspects))
        shift = max(abs(self._goal.x - here.x) / width, abs(self._goal.y - here.y) / height)
        return shift, abs(math.log(self._goal.zoom / here.zoom)) / 2

    def _clamped(self, crop: Crop) -> Crop:
        return clamped(crop, *self._aspects, max_zoom=MAX_ZOOM_BY_HAND)

    def _stand_at(self, crop: Crop) -> None:
        self._x.stop(crop.x)
        self._y.stop(crop.y)
        self._log_zoom.stop(math.log(crop.zoom))
        self._zone.reset()


def _distance(a: Face, b: Face) -> float:
    """Between the middles of two faces, share of the width."""
    return math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2)


def _is_usable(face: Face) -> bool:
    """A box with a size whose middle is in the picture. Detectors report others at the edges."""
    x, y = face.x + face.width / 2, face.y + face.height / 2
    return face.width > 0 and face.height > 0 and 0 <= x <= 1 and 0 <= y <= 1
