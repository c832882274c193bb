"""The automatic operator of one camera: frames off air, keeps still on air.

Off air it reframes at once, and a cut to the camera shows the finished frame. On air it stands still inside a dead
zone, follows small moves with a glide that has limits, and never pans from one person to another: a move of more than
half the frame opens the frame instead, and the operator says what it wishes for (`wish`): to be cut away from. When the
subject is lost it waits, then eases out to whoever is there, or to the whole picture.

Where program is later than what is seen (picture.delay_s), it knows some of what comes, and is under way when it does.

Pure: time comes as an argument. Owner: the engine's thread. Source: the project's reference on directing.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Sequence

from live.framing.heads import CameraHead
from live.framing.shots import PEOPLE, SIZES, Aim, Box, Fit, crop_for, overlap
from live.framing.spring import Axis, DeadZone, Median
from live.framing.subjects import Subjects
from live.picture.values import Crop, Face

CUT_AWAY = 0.5  # of the crop's width: a move this large isn't followed on air
CUT_OVERLAP = 0.4  # a frame asked for by hand on air that has less in common with the old one is cut to, not panned to
LOOK_AHEAD_S = 0.5  # more of what comes is of no use: the camera would leave before anybody sees why
GLIDE_OMEGA_HZ, HURRY_OMEGA_HZ, FAST_OMEGA_HZ = 6.0, 7.0, 10.0
MAX_ZOOM_BY_HAND = 8.0  # a hand may go further in than the operator does
AXES = ("pan", "tilt", "zoom")
TILT_WEIGHT = (
    1.6  # too much headroom is seen sooner than a head beside the middle: 5 % of the height count as 8 % of the width
)
NO_LEAD_WEIGHT = 1.6  # and so is a face that looks out of the near edge of the frame
AT_REST = 1e-4  # of the frame's width
SETTLED = 0.01  # of it, a second: a drift that nobody sees
RETARGET = 0.04  # of it: a move under way goes where it began to go, unless the frame ought to be so much elsewhere
SIZE_LOOKS, SIZE_S = 24, 2.4  # a head's size is the median of so many looks, and seconds
CAME_NEARER = 0.15  # of its logarithm
HEAD_MARGIN = 0.025  # of the frame: a head so near to its edge is about to be cut, and isn't waited for


class Operator:
    """One camera's operator.

    size: a name of SIZES. head: the camera. ahead_s: how much earlier faces come than the picture they are in is on
    program.
    """

    def __init__(self, source: str, size: str, head: CameraHead, *, ahead_s: float = 0.0) -> None:
        self.source = source
        self.head = head
        self.size = self._known(size)
        start = head.home
        self._axes = {"pan": Axis(start.x), "tilt": Axis(start.y), "zoom": Axis(math.log(start.zoom))}
        self._wait_s = max(0.0, ahead_s - head.pace.latency_s - LOOK_AHEAD_S)
        self._looks: deque[tuple[float, Sequence[Face]]] = deque()
        self._subjects = Subjects(head.fit(None).source_aspect)
        self._median, self._sizes = Median(), Median(SIZE_LOOKS, SIZE_S)
        self._zone = DeadZone()
        self._aim: Aim | None = None
        self._here = self._goal = self._target = start
        self._goal_is_old = True
        self._by_hand = self._asked = self._sent = False
        self._was_on_air: bool | None = None
        self._is_free = True  # may it move all axes?
        self._has_framed = False
        self.wish = ""

    def _known(self, size: str) -> str:
        if size not in SIZES:
            raise ValueError(f"{self.source}: no shot size {size}; one of {', '.join(SIZES)}")
        return size

    # -- the hand -----------------------------------------------------------------------------------------------------

    @property
    def crop(self) -> Crop:
        """Where it stands now, always where the camera can be."""
        return self._here

    @property
    def subject(self) -> Face | None:
        """Whom it frames, as last seen."""
        return self._subjects.subject

    @property
    def on_cut(self) -> Crop:
        """Where it would stand on the first frame after a cut to it."""
        return self._goal if self._lands else self._here

    @property
    def settled(self) -> bool:
        """Would it stand still then?"""
        return (
            self._lands or self.head.pace.still_on_air or all(abs(axis.speed) < SETTLED for axis in self._axes.values())
        )

    @property
    def _lands(self) -> bool:
        """Who is in flight off air stands where they were going to, once they are on."""
        return self._is_free and self._aim is not None and not self._by_hand and not self.head.pace.still_on_air

    @property
    def asked_by_hand(self) -> bool:
        """Does it stand where a human put it or sent it last?"""
        return self._by_hand or self._sent

    @property
    def wanted(self) -> int | str:
        """The track or the person that a human asked for; 0: nobody in particular."""
        return self._subjects.wanted

    def set_by_hand(self, crop: Crop) -> None:
        """A human frames it. From there it eases, slowly even off air, when it may act again."""
        self._stand_at(self._fit.clamped(crop, max_zoom=MAX_ZOOM_BY_HAND))
        self._by_hand = True

    def set_size(self, size: str) -> None:
        """Another shot size. On air it is eased to, or cut to when it has little in common with the old one."""
        self.size = self._known(size)
        self._asked, self._by_hand, self._goal_is_old = True, False, True

    def set_subject(self, wanted: int | str) -> None:
        """Frame this track or person; 0: whoever the operator finds."""
        self._subjects.want(wanted)
        self._forget()
        self._asked, self._by_hand = True, False

    def frame_now(self) -> bool:
        """Stand where it would, this once, for a hand that keeps it. False when there is nobody to frame."""
        if self._aim is None:
            return False
        self._asked = False
        self.set_by_hand(crop_for(self._aim, self._framed_as, self._fit))
        return True

    # -- one frame ----------------------------------------------------------------------------------------------------

    def step(
        self, now_s: float, dt_s: float, faces: Sequence[Face] | None, *, on_air: bool, free: Collection[str] = AXES
    ) -> Crop:
        """One frame. faces: those of a new look at the picture, () when nobody is in it, None when there was no new
        look.

        free: the axes it may move. One that a human holds stands still; it goes on watching.
        """
        if faces is not None:
            self._looks.append((now_s, faces))
        while self._looks and self._looks[0][0] <= now_s - self._wait_s + 1e-9:
            self._look(*self._looks.popleft(), on_air=on_air)
        self._expire(now_s - self._wait_s)
        if self._goal_is_old or "zoom" not in free:
            self._goal, self._goal_is_old = self._where(free), "zoom" not in free
        if free:
            self._act(dt_s, free, on_air=on_air)
        self._was_on_air, self._is_free = on_air, len(free) == len(AXES)
        self.wish = self._wish(now_s - self._wait_s, free) if on_air else ""
        self.head.aim(self._here, tuple(self._axes[axis].speed for axis in AXES))  # type: ignore[arg-type]
        return self._here

    def _look(self, now_s: float, faces: Sequence[Face], *, on_air: bool) -> None:
        before = self._subjects.subject
        self._subjects.look(now_s, faces, seen=on_air)
        if before is None and self._subjects.subject is not None:
            self._forget()
        if (aim := self._subjects.aim(now_s, PEOPLE.get(self.size, 1))) is not None:
            if self._aim is None or aim.several != self._aim.several:
                self._forget()
            self._aim = self._calm(now_s, aim.with_values(self._median.add(now_s, aim.values)))
            self._goal_is_old = True

    def _forget(self) -> None:
        """Somebody else is framed, or several are."""
        self._median.clear()
        self._sizes.clear()

    def _calm(self, now_s: float, aim: Aim) -> Aim:
        """A head keeps its size for longer than its place, unless somebody comes nearer or goes away."""
        (height,) = self._sizes.add(now_s, (aim.head_height,))
        if aim.several or abs(math.log(max(aim.head_height, 1e-6) / max(height, 1e-6))) > CAME_NEARER:
            return aim
        return aim.sized(height)

    def _expire(self, now_s: float) -> None:
        """Nobody there any more: back to the whole picture, and open for the next person."""
        if self._aim is not None and self._subjects.aim(now_s, PEOPLE.get(self.size, 1)) is None:
            self._aim, self._goal_is_old = None, True
            self._forget()

    def _where(self, free: Collection[str]) -> Crop:
        """Where the frame ought to be; at the zoom of a hand that holds it."""
        if self._aim is None:
            return self.head.home
        return crop_for(self._aim, self._framed_as, self._fit, zoom=None if "zoom" in free else self._here.zoom)

    @property
    def _framed_as(self) -> str:
        """Several where one was meant: the subject is lost, the rest is a group."""
        return "group" if self._aim is not None and self._aim.several and self.size not in PEOPLE else self.size

    @property
    def _fit(self) -> Fit:
        return self.head.fit(self._aim)

    def _act(self, dt_s: float, free: Collection[str], *, on_air: bool) -> None:
        came_on_air, asked = on_air and self._was_on_air is False, self._asked and self._aim is not None
        if asked:
            self._asked = False
        if self.head.pace.still_on_air:
            if asked or not on_air:
                self._place(dt_s, free, at_once=asked)
        elif self._aim is not None and not self._by_hand and (came_on_air or asked and self._is_other_shot()):
            self._stand_at(self._goal, free)
        elif on_air or self._by_hand or self._aim is None:
            self._follow(dt_s, free, at_once=asked)
        else:
            self._reframe(dt_s, free)

    def _place(self, dt_s: float, free: Collection[str], *, at_once: bool) -> None:
        """A camera that is only moved while nobody sees it: there in one step, once it is worth it."""
        first = self._aim is not None and not self._has_framed  # nothing was framed yet: nothing to wait for
        if self._zone.step(max(self._error(free)), dt_s) or at_once or first:
            self._has_framed = self._has_framed or first
            self._stand_at(self._goal, free)
            self._by_hand, self._sent = False, at_once

    def _is_other_shot(self) -> bool:
        return overlap(self._fit.box(self._here), self._fit.box(self._goal)) < CUT_OVERLAP

    def _reframe(self, dt_s: float, free: Collection[str]) -> None:
        """Off air: there fast, once it is worth it."""
        if self._zone.step(max(self._error(free)), dt_s):
            self._target = self._goal
        for axis, goal in self._goals(free):
            if not self._rests(axis, goal, 1.0):
                self._axes[axis].spring(goal, dt_s, omega=FAST_OMEGA_HZ)
        self._arrive()

    def _follow(self, dt_s: float, free: Collection[str], *, at_once: bool) -> None:
        """On air, or from where a hand left it: still, or gliding, within the limits of a calm hand."""
        shift, size = self._error(free)
        cut, moving = self._cuts_a_head(free), self._zone.moving
        if self._aim is not None and shift > CUT_AWAY and not self._by_hand and not at_once:
            self._zone.reset(moving=True)
            self._target = self.head.home  # too far to be followed: show more, until they are in
        elif at_once or cut or self._zone.step(self._way_left(free), dt_s):
            # In dim light a face's box swells and shrinks: who went after it would never arrive.
            if at_once or cut or not moving or max(self._apart(self._target, self._goal, free)) > RETARGET:
                self._target = self._goal
            if at_once or cut:
                self._zone.reset(moving=True)
        self._by_hand = self._by_hand and (self._zone.moving or max(shift, size) > self._zone.outer)
        self._glide(dt_s, free, hurry=cut or shift > CUT_AWAY)

    def _glide(self, dt_s: float, free: Collection[str], *, hurry: bool) -> None:
        """Towards the target. Speeds are of the picture on the screen: widths of the frame."""
        pace, width = self.head.pace, self._fit.size(math.exp(self._axes["zoom"].position))[0]
        speed, omega = (pace.top_speed_w_per_s, HURRY_OMEGA_HZ) if hurry else (pace.speed_w_per_s, GLIDE_OMEGA_HZ)
        # y is a share of the height; a zoom of 1 % moves the edges 0.5 %.
        units = {"pan": width, "tilt": width * self._fit.source_aspect, "zoom": 2.0}
        for axis, goal in self._goals(free):
            unit = units[axis]
            if not self._rests(axis, goal, unit):
                self._axes[axis].glide(
                    goal, dt_s, omega=omega, max_speed=speed * unit, max_accel=pace.accel_w_per_s2 * unit
                )
        self._arrive()

    def _arrive(self) -> None:
        """Where the axes are now, kept where the camera can be."""
        x, y, log_zoom = (self._axes[axis].position for axis in AXES)
        self._here = self._fit.clamped(Crop(x, y, math.exp(log_zoom)), max_zoom=MAX_ZOOM_BY_HAND)

    def _rests(self, axis: str, goal: float, unit: float) -> bool:
        """There, but for less than anybody sees: springs never quite arrive."""
        here = self._axes[axis]
        there = abs(goal - here.position) < AT_REST * unit and abs(here.speed) < AT_REST * unit
        if there:
            here.stop(goal)
        return there

    def _goals(self, free: Collection[str]) -> list[tuple[str, float]]:
        """Of the axes that may move; those that may not stand, and are where they ought to be."""
        here = self._here
        for axis in AXES:
            if axis not in free:
                self._axes[axis].stop()
        x, y = self._target.x if "pan" in free else here.x, self._target.y if "tilt" in free else here.y
        self._target = Crop(x, y, self._target.zoom if "zoom" in free else here.zoom)
        goals = dict(zip(AXES, (x, y, math.log(self._target.zoom)), strict=True))
        return [(axis, goals[axis]) for axis in AXES if axis in free]

    def _error(self, free: Collection[str]) -> tuple[float, float]:
        """How far off the frame is, in widths of the crop as an eye weighs them: its shift, and how far its edges have
        to go by size."""
        return self._apart(self._here, self._goal, free)

    def _way_left(self, free: Collection[str]) -> float:
        """What the dead zone goes by: how far off the frame is; of a move, how far it has to go."""
        return max(self._apart(self._here, self._target if self._zone.moving else self._goal, free))

    def _apart(self, here: Crop, there: Crop, free: Collection[str]) -> tuple[float, float]:
        width, height = self._fit.size(here.zoom)
        pan, tilt = abs(there.x - here.x) / width, TILT_WEIGHT * abs(there.y - here.y) / height
        if (
            self._aim is not None
            and abs(self._aim.lead) > 0.3
            and (here.x - self._aim.x) * self._aim.lead < 0.01 * width
        ):
            pan *= NO_LEAD_WEIGHT
        shift = max(pan if "pan" in free else 0.0, tilt if "tilt" in free else 0.0)
        return shift, abs(math.log(there.zoom / here.zoom)) / 2 if "zoom" in free else 0.0

    def _cuts_a_head(self, free: Collection[str]) -> bool:
        """Does the frame cut a head that the right frame would hold?"""
        if self._aim is None or self._framed_as == "ecu" or self._by_hand or len(free) < len(AXES):
            return False
        return not _holds(self._fit.box(self._here), self._aim, self._fit) and _holds(
            self._fit.box(self._goal), self._aim, self._fit
        )

    def _wish(self, now_s: float, free: Collection[str]) -> str:
        """What it would want to be cut away from for: "lost", "moved", or "" for nothing."""
        if self._subjects.is_lost(now_s):
            return "lost"
        if self._aim is None or self._by_hand or not free:
            return ""
        shift, _ = self._error(free)
        limit = 2 * self._zone.outer if self.head.pace.still_on_air else CUT_AWAY
        return "moved" if shift > limit or self.head.pace.still_on_air and self._cuts_a_head(free) else ""

    def _stand_at(self, crop: Crop, free: Collection[str] = AXES) -> None:
        for axis, value in zip(AXES, (crop.x, crop.y, math.log(crop.zoom)), strict=True):
            self._axes[axis].stop(value if axis in free else None)
        self._target = crop
        self._zone.reset()
        self._arrive()


def _holds(box: Box, aim: Aim, fit: Fit) -> bool:
    """Are the heads well in it, as far as the camera can show them?"""
    h, b = aim.heads, fit.bounds
    margin_y, margin_x = HEAD_MARGIN * (box.y1 - box.y0), HEAD_MARGIN * (box.x1 - box.x0)
    return box.holds(
        Box(max(h.x0 - margin_x, b.x0), max(h.y0 - margin_y, b.y0), min(h.x1 + margin_x, b.x1), min(h.y1, b.y1))
    )
