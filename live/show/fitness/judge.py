"""Is a shot fit to be seen? What is wrong with it at an instant, and whether that lasts. Pure; time is an argument.

Each fault has its own patience, so that nothing flickers: who leans out for a moment, looks down at their notes or
turns away is still there; a dark scene isn't black, and a still slide isn't frozen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from live.framing.shots import EYES_IN_BOX
from live.picture.values import Face
from live.stage.geometry import WHOLE, Rect

SEEN = 0.5  # of a face's box inside the frame: less of it is nobody
GLIMPSE = 0.1  # and less than this isn't there at all
SIDE = 0.6  # of a face's width: with less, an eye is cut
EYES = 0.05  # of a face's height: the eyes are as far inside the frame
ALIKE = 0.6  # of the largest face's height: smaller ones are passers-by
CUT_EDGE = 0.35  # of a picture's side: who covers so much of it goes on beyond it
INSIDE = 0.01  # of the frame: an edge so far within it is seen
BARE = 0.01  # of a keyed picture: so little of it is nobody
NEAR_EDGE = 0.12  # of a picture: who was last seen there, and isn't any more, has left it
HEAD_ABOVE = 0.4  # of a face's box, over it: where there is hair
SAME_PLACE = 0.25  # of a face's box, under another: the head is still there, by another number
UP_S = (0.4, 8.0)  # who stands up is missed after so long, and has gone after so long
GLANCE_S = 1.0  # nobody in a keyed picture, or somebody beyond the frame's edge
LEFT_S = 2.0  # gone by the edge
AWAY_S = 6.0  # a face that vanished in the middle: turned away, more likely
UNASKED_S = 1.0  # a window at which nobody looked for so long is looked at anew
BLACK_S = 1.0
FROZEN_S = 5.0  # nobody stands so still


class Fault(StrEnum):
    """The worst first."""

    ON_CALL = "on call"
    BLACK = "black"
    FROZEN = "frozen"
    PLATE = "plate"
    MOVING = "moving"
    EMPTY = "empty"
    CROPPED = "cropped"
    EDGE = "edge"


# How bad: of shots that are all unfit, those that are least so are used. One of somebody on call never is.
SEVERITY = {
    Fault.ON_CALL: 3,
    Fault.BLACK: 2,
    Fault.FROZEN: 2,
    Fault.PLATE: 2,
    Fault.MOVING: 2,
    Fault.EMPTY: 1,
    Fault.CROPPED: 1,
    Fault.EDGE: 1,
}
IN_PASSING = frozenset((Fault.PLATE, Fault.MOVING))  # nothing to go to; what is on air isn't left for it
# For how long it has to be so until it counts, and to be otherwise until it is over; seconds.
PATIENCE_S = {
    Fault.CROPPED: (1.0, 1.0),
    Fault.EDGE: (1.0, 1.5),
    Fault.EMPTY: (0.0, 0.5),
    Fault.MOVING: (0.0, 0.25),
}


@dataclass(frozen=True)
class Unfit:
    """Why a shot is nothing to show."""

    fault: Fault
    reason: str

    @property
    def severity(self) -> int:
        return SEVERITY[self.fault]


@dataclass
class Standing:
    """What of a shot's faults lasts. Owner: the engine's thread."""

    _since_s: dict[Fault, float] = field(default_factory=dict)
    _last_s: dict[Fault, float] = field(default_factory=dict)
    _held: dict[Fault, str] = field(default_factory=dict)

    def step(self, now_s: float, found: Mapping[Fault, str]) -> Unfit | None:
        """found: what is wrong at this instant, in words. The worst of what counts."""
        for fault in Fault:
            self._look(fault, now_s, found.get(fault))
        worst = next((fault for fault in Fault if fault in self._held), None)
        return None if worst is None else Unfit(worst, self._held[worst])

    def _look(self, fault: Fault, now_s: float, words: str | None) -> None:
        until_s, over_s = PATIENCE_S.get(fault, (0.0, 0.0))
        if words is not None:
            self._last_s[fault] = now_s
            if now_s - self._since_s.setdefault(fault, now_s) >= until_s - 1e-6:
                self._held[fault] = words
        elif now_s - self._last_s.get(fault, now_s) >= over_s - 1e-6:
            self._since_s.pop(fault, None)
            self._held.pop(fault, None)


def within(face: Face, part: Rect) -> float:
    """How much of a face's box is in a part of its picture, share."""
    w, h = _along(face.x, face.width, part.x, part.w), _along(face.y, face.height, part.y, part.h)
    return w * h / (face.width * face.height) if face.width > 0 and face.height > 0 else 0.0


def is_cropped(face: Face, part: Rect) -> bool:
    """Does the edge of what is shown go through the eyes, or leave one of them out?"""
    eyes_y, margin = face.y + EYES_IN_BOX * face.height, EYES * face.height
    beside = _along(face.x, face.width, part.x, part.w) < SIDE * face.width
    return beside or not part.y + margin <= eyes_y <= part.y + part.h - margin


def cropped(faces: Iterable[tuple[Face, Rect]], *, all_of_them: bool) -> bool:
    """Of the faces of a shot, each with the part of its picture that is shown. all_of_them: not only the largest."""
    known = [(face, part) for face, part in faces if within(face, part) >= GLIMPSE]
    largest = max((face.height / part.h for face, part in known), default=0.0)
    least = ALIKE * largest if all_of_them else largest
    return any(is_cropped(face, part) for face, part in known if face.height / part.h >= least - 1e-9)


def left_by_the_top(face: Face, part: Rect) -> bool:
    """Was the head of a face that isn't seen any more about to leave what is shown by its upper edge? Who stands up
    leaves a body there."""
    x = face.x + face.width / 2
    return face.y - HEAD_ABOVE * face.height < part.y and part.x < x < part.x + part.w


def is_still_there(face: Face, faces: Iterable[Face]) -> bool:
    """Does one of the faces that are seen lie where this one was last? A track that was lost for some seconds may go
    on under another number."""
    return any(within(face, Rect(f.x, f.y, f.width, f.height)) >= SAME_PLACE for f in faces)


def ends_inside(card: Rect, cut: Sequence[float]) -> bool:
    """Is it seen that a cut-out picture ends? card: where all of it would be in the frame. cut: how much of its left,
    right and top edge is covered by whoever goes on beyond it, shares. Where a set hides its lower part isn't known
    here: only what reaches high up counts."""
    left, right, top = cut
    sides = (left > CUT_EDGE, card.x), (right > CUT_EDGE, card.x + card.w)
    upper = card.y + (1 - CUT_EDGE) * card.h  # the covered part of an edge reaches at least so high
    beside = any(is_cut and INSIDE < x < 1 - INSIDE for is_cut, x in sides) and upper > INSIDE and card.y < 1
    return beside or (top > INSIDE and INSIDE < card.y < 1 and _along(card.x, card.w, WHOLE.x, WHOLE.w) > 0)


@dataclass
class Presence:
    """Is anybody there, in one window? The last face that was seen there, and when. asked_s: when it was looked at
    last; time in which it wasn't (a shot that wasn't used, a source without a look) makes nobody leave.
    """

    seen_s: float
    at: tuple[float, float] | None = None  # in shares of the window
    track: int = 0
    asked_s: float = -math.inf

    def look(self, now_s: float, faces: Sequence[Face], part: Rect, covered: float | None) -> bool:
        """faces: all of the source, of the newest look; none where nobody looks. covered: how much of a keyed picture
        is somebody, share. Is there still somebody?"""
        if now_s - self.asked_s > UNASKED_S:
            self.seen_s = now_s
        self.asked_s = now_s
        here = max((f for f in faces if within(f, part) >= SEEN), key=lambda f: f.height, default=None)
        beyond = bool(self.track) and any(f.track == self.track for f in faces)
        if here is not None:
            x, y = here.x + here.width / 2, here.y + here.height / 2
            self.at, self.track = ((x - part.x) / part.w, (y - part.y) / part.h), here.track
        # Who is cut out without a face has turned away.
        if here is not None or (covered is not None and covered >= BARE and not beyond):
            self.seen_s = now_s
        return now_s - self.seen_s < self._patience_s(beyond, covered)

    def _patience_s(self, beyond: bool, covered: float | None) -> float:
        if beyond or covered is not None:
            return GLANCE_S
        if self.at is not None and not all(NEAR_EDGE < v < 1 - NEAR_EDGE for v in self.at):
            return LEFT_S
        return AWAY_S


def _along(a: float, a_length: float, b: float, b_length: float) -> float:
    """How much two spans share."""
    return max(0.0, min(a + a_length, b + b_length) - max(a, b))
