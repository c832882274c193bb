"""Shot sizes: from a face in a source to the crop that frames it.

Geometry in shares of the source picture, origin top left; a crop's zoom as in `live.picture.Crop`. Sizes are heights of the
frame in head heights (crown to chin), eyes at a third of the height or above. Pure. Source: the project's reference on directing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from live.picture import Crop, Face

# Frame height in heads.
SIZES = {"ecu": 0.8, "cu": 1.8, "mcu": 2.75, "ms": 4.25, "cowboy": 5.75, "full": 8.75, "wide": 12.5}
GROUP_SIZES = ("full", "wide")  # with several people, these frame all of them

# What the short-range detector's box is, measured on four faces of footage: forehead to just below the chin, eyes .28-.37 down,
# crown (with hair) 0 to .48 of the box above it, head .9-1.3 boxes. Drawn for the taller hair, since no head may be cut: 1.3.
CROWN_ABOVE_BOX = 0.35
CHIN_IN_BOX = 0.95
EYES_IN_BOX = 0.31
HEAD_WIDTH = 0.75  # of its height

EYE_LINE = 1 / 3
MAX_HEADROOM = 0.11  # of the frame's height: with larger sizes the eyes go above the third
LEAD_ROOM = 0.17  # of half the frame's width, when the face looks fully to a side
MAX_ZOOM = 3.0  # a 1080-line source still gives 360 lines of its own


@dataclass(frozen=True)
class Box:
    """Left, top, right, bottom as shares of the source picture."""

    x0: float
    y0: float
    x1: float
    y1: float


def head_of(face: Face, source_aspect: float) -> Box:
    """The head around a face, crown to chin, cut to the picture. source_aspect: width / height of the source."""
    crown, chin = face.y - CROWN_ABOVE_BOX * face.height, face.y + CHIN_IN_BOX * face.height
    half = HEAD_WIDTH * (chin - crown) / source_aspect / 2
    x = face.x + face.width / 2
    return Box(_unit(x - half), _unit(crown), _unit(x + half), _unit(chin))


def full_size(source_aspect: float, program_aspect: float) -> tuple[float, float]:
    """Width and height of the zoom-1 crop: the largest of the program's shape that fits."""
    return min(1.0, program_aspect / source_aspect), min(1.0, source_aspect / program_aspect)


def box_of(crop: Crop, source_aspect: float, program_aspect: float) -> Box:
    """What a crop shows."""
    width, height = (side / crop.zoom for side in full_size(source_aspect, program_aspect))
    return Box(crop.x - width / 2, crop.y - height / 2, crop.x + width / 2, crop.y + height / 2)


def clamped(crop: Crop, source_aspect: float, program_aspect: float, *, max_zoom: float = MAX_ZOOM) -> Crop:
    """The nearest crop inside the picture, zoom between 1 and max_zoom."""
    zoom = min(max(crop.zoom, 1.0), max_zoom)
    half_w, half_h = (side / zoom / 2 for side in full_size(source_aspect, program_aspect))
    return Crop(min(max(crop.x, half_w), 1 - half_w), min(max(crop.y, half_h), 1 - half_h), zoom)


def crop_for(
    face: Face, size: str, source_aspect: float, program_aspect: float, *, lead: float = 0.0, max_zoom: float = MAX_ZOOM
) -> Crop:
    """Frame one person at a shot size.

    The crop lies inside the picture and holds the whole head wherever a crop of this shape can (an ECU, by its nature, only the
    middle of the face). lead: -1 looks fully to the left of the picture, 1 to the right, clamp(yaw / 30 degrees); room is left
    on that side.
    """
    head = head_of(face, source_aspect)
    full_w, full_h = full_size(source_aspect, program_aspect)
    head_height = (CROWN_ABOVE_BOX + CHIN_IN_BOX) * face.height
    zoom = full_h / max(SIZES[size] * head_height, 1e-6)
    if size != "ecu":
        zoom = min(zoom, full_h / max(head.y1 - head.y0, 1e-6), full_w / max(head.x1 - head.x0, 1e-6))
    zoom = min(max(zoom, 1.0), max_zoom)
    width, height = full_w / zoom, full_h / zoom
    eyes_y = face.y + EYES_IN_BOX * face.height
    top = max(eyes_y - EYE_LINE * height, face.y - CROWN_ABOVE_BOX * face.height - MAX_HEADROOM * height)
    x = face.x + face.width / 2 + LEAD_ROOM * width / 2 * max(-1.0, min(1.0, lead))
    if size != "ecu":
        top = _cover(top, height, head.y0, head.y1)
        x = _cover(x - width / 2, width, head.x0, head.x1) + width / 2
    return clamped(Crop(x, top + height / 2, zoom), source_aspect, program_aspect, max_zoom=max_zoom)


def crop_for_group(faces: Sequence[Face], size: str, source_aspect: float, program_aspect: float) -> Crop:
    """Frame several people: the size of the largest, opened until every head is in, as far as the picture goes."""
    heads = [head_of(face, source_aspect) for face in faces]
    x0, x1 = min(h.x0 for h in heads), max(h.x1 for h in heads)
    y0, y1 = min(h.y0 for h in heads), max(h.y1 for h in heads)
    full_w, full_h = full_size(source_aspect, program_aspect)
    one = crop_for(max(faces, key=lambda f: f.height), size, source_aspect, program_aspect)
    zoom = max(1.0, min(one.zoom, full_w / max(1.2 * (x1 - x0), 1e-6), full_h / max(1.2 * (y1 - y0), 1e-6)))
    width, height = full_w / zoom, full_h / zoom
    top = _cover(max(y0 - MAX_HEADROOM * height, (y0 + y1) / 2 - height / 2), height, y0, y1)
    left = _cover((x0 + x1) / 2 - width / 2, width, x0, x1)
    return clamped(Crop(left + width / 2, top + height / 2, zoom), source_aspect, program_aspect)


def _cover(start: float, length: float, low: float, high: float) -> float:
    """Where a span of this length must start, nearest to `start`, to hold low to high (centred on them when it is too short)."""
    if high - low > length:
        return (low + high - length) / 2
    return min(max(start, high - length), low)


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
