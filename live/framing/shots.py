"""Shot sizes: from the heads in a source to the crop that frames them.

Geometry in shares of the source picture, origin top left; a crop's zoom as in `live.picture.values.Crop`. Sizes are
heights of the frame in head heights (crown to chin), eyes at a third of the height or above. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from live.picture.values import Crop, Face

# Frame height in heads, of the largest when there are several. A close-up is elsewhere said to be 1.8: with eyes at a
# third that leaves 5 % over the crown, which is less than people sway; at 2.0 it is 8 %.
SIZES = {
    "ecu": 0.8,
    "cu": 2.0,
    "mcu": 2.75,
    "ms": 4.25,
    "cowboy": 5.75,
    "full": 8.75,
    "wide": 12.5,
    "two_shot": 2.75,
    "group": 2.75,
}
# How many people these frame: as near as their size says, and as wide as it takes.
PEOPLE = {"two_shot": 2, "group": 99, "full": 99, "wide": 99}

# Where a head is around the box of a face, as vision's closer looks give it: medians of nine people of footage, against
# the face mesh and the top of the matte (benchmarks/framing_footage.py): crown, with hair, .40 to .71 of the box above
# it, chin .92 to 1.04 down, eyes .20 to .35 down, ears .44 to .49 beside its middle.
CROWN_ABOVE_BOX = 0.52
CHIN_IN_BOX = 1.0
EYES_IN_BOX = 0.25
HEAD_WIDTH = 0.62  # of its height

EYE_LINE = 1 / 3
MAX_HEADROOM = 0.11  # of the frame's height: with larger sizes the eyes go above the third
LEAD_ROOM = 0.17  # of half the frame's width, when the face looks fully to a side
AROUND_GROUP = 1.2  # frame over heads, when there are several
MAX_ZOOM = 3.0  # a 1080-line source still gives 360 lines of its own


@dataclass(frozen=True)
class Box:
    """Left, top, right, bottom as shares of the source picture."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, other: Box, slack: float = 1e-9) -> bool:
        """Is all of the other inside?"""
        return (
            self.x0 <= other.x0 + slack
            and self.y0 <= other.y0 + slack
            and self.x1 >= other.x1 - slack
            and self.y1 >= other.y1 - slack
        )


UNIT = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Fit:
    """What a camera can show of the picture that its faces are found in.

    Aspects are width / height. A frame at zoom 1 is the largest of the program's shape inside that picture; bounds is
    what a frame may not leave (the whole picture for a digital crop), the zooms how near and how wide the camera goes.
    """

    source_aspect: float
    program_aspect: float
    bounds: Box = UNIT
    min_zoom: float = 1.0
    max_zoom: float = MAX_ZOOM

    @property
    def full(self) -> tuple[float, float]:
        """Width and height of the frame at zoom 1."""
        return min(1.0, self.program_aspect / self.source_aspect), min(1.0, self.source_aspect / self.program_aspect)

    def size(self, zoom: float) -> tuple[float, float]:
        """Width and height of the frame."""
        return self.full[0] / zoom, self.full[1] / zoom

    def box(self, crop: Crop) -> Box:
        """What a crop shows."""
        width, height = self.size(crop.zoom)
        return Box(crop.x - width / 2, crop.y - height / 2, crop.x + width / 2, crop.y + height / 2)

    def clamped(self, crop: Crop, *, max_zoom: float | None = None) -> Crop:
        """The nearest crop that the camera can show."""
        b = self.bounds
        widest = max(self.min_zoom, self.full[0] / (b.x1 - b.x0), self.full[1] / (b.y1 - b.y0))
        zoom = max(min(crop.zoom, max_zoom or self.max_zoom), widest)
        w, h = (side / 2 for side in self.size(zoom))
        return Crop(_between(crop.x, b.x0 + w, b.x1 - w), _between(crop.y, b.y0 + h, b.y1 - h), zoom)


@dataclass(frozen=True)
class Aim:
    """What a frame is made for: one head, or several.

    heads: the box around them, crown to chin, not cut to the picture. head_height, eyes_y: of the largest. lead: -1
    looks fully to the left of the picture, 1 to the right; 0 for several.
    """

    heads: Box
    head_height: float
    eyes_y: float
    lead: float = 0.0
    several: bool = False

    @property
    def x(self) -> float:
        """The middle of the heads."""
        return (self.heads.x0 + self.heads.x1) / 2

    @property
    def values(self) -> tuple[float, ...]:
        h = self.heads
        return h.x0, h.y0, h.x1, h.y1, self.head_height, self.eyes_y, self.lead

    def sized(self, height: float) -> Aim:
        """The same with a head so high: about its eyes."""
        by, h = height / self.head_height, self.heads
        across = (h.x1 - h.x0) / 2 * by
        around = Box(
            self.x - across,
            self.eyes_y + by * (h.y0 - self.eyes_y),
            self.x + across,
            self.eyes_y + by * (h.y1 - self.eyes_y),
        )
        return Aim(around, height, self.eyes_y, self.lead, self.several)

    def with_values(self, v: Sequence[float]) -> Aim:
        return Aim(Box(v[0], v[1], v[2], v[3]), v[4], v[5], v[6], self.several)


def head_of(face: Face, source_aspect: float) -> Box:
    """The head around a face, crown to chin; it may stick out of the picture. source_aspect: width / height of the
    source."""
    crown, chin = face.y - CROWN_ABOVE_BOX * face.height, face.y + CHIN_IN_BOX * face.height
    half = HEAD_WIDTH * (chin - crown) / source_aspect / 2
    x = face.x + face.width / 2
    return Box(x - half, crown, x + half, chin)


def aim_at(faces: Sequence[Face], source_aspect: float, *, lead: float = 0.0) -> Aim:
    """An aim at one face, or at several together. Needs at least one."""
    heads = [head_of(face, source_aspect) for face in faces]
    largest = max(faces, key=lambda f: f.height)
    around = Box(min(h.x0 for h in heads), min(h.y0 for h in heads), max(h.x1 for h in heads), max(h.y1 for h in heads))
    height, several = (CROWN_ABOVE_BOX + CHIN_IN_BOX) * largest.height, len(faces) > 1
    return Aim(around, height, largest.y + EYES_IN_BOX * largest.height, 0.0 if several else lead, several)


def crop_for(aim: Aim, size: str, fit: Fit, *, zoom: float | None = None) -> Crop:
    """Frame an aim at a shot size, or at the zoom that a hand has chosen.

    The crop lies where the camera can go and holds the heads wherever a frame of this shape can (an ECU, by its nature,
    only the middle of a face).
    """
    b, ecu = fit.bounds, size == "ecu" and not aim.several
    x0, y0, x1, y1 = max(aim.heads.x0, b.x0), max(aim.heads.y0, b.y0), min(aim.heads.x1, b.x1), min(aim.heads.y1, b.y1)
    if zoom is None:
        zoom = fit.full[1] / max(SIZES[size] * aim.head_height, 1e-6)
        if not ecu:
            around = AROUND_GROUP if aim.several else 1.0
            zoom = min(zoom, fit.full[0] / max(around * (x1 - x0), 1e-6), fit.full[1] / max(around * (y1 - y0), 1e-6))
        zoom = fit.clamped(Crop(zoom=zoom)).zoom
    width, height = fit.size(zoom)
    left = aim.x + LEAD_ROOM * width / 2 * _between(aim.lead, -1.0, 1.0) - width / 2
    top = max(aim.eyes_y - EYE_LINE * height, aim.heads.y0 - MAX_HEADROOM * height)
    if aim.several:
        top = max(aim.heads.y0 - MAX_HEADROOM * height, (y0 + y1) / 2 - height / 2)
    if not ecu:
        top, left = _cover(top, height, y0, y1), _cover(left, width, x0, x1)
    return fit.clamped(Crop(left + width / 2, top + height / 2, zoom), max_zoom=math.inf)


def headroom(crop: Crop, aim: Aim, fit: Fit) -> float:
    """Between the frame's top and the crown, as a share of the frame's height."""
    box = fit.box(crop)
    return (aim.heads.y0 - box.y0) / (box.y1 - box.y0)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    w, h = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0) - w * h)


def _cover(start: float, length: float, low: float, high: float) -> float:
    """Where a span of this length must start, nearest to `start`, to hold low to high (centred on them when it is too
    short)."""
    if high - low > length:
        return (low + high - length) / 2
    return min(max(start, high - length), low)


def _between(value: float, low: float, high: float) -> float:
    """Clamped; the middle when there is no room between the two."""
    return min(max(value, low), high) if low <= high else (low + high) / 2
