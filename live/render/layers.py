"""The flat layers of a scene: where each is at an instant, and how it is drawn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from live.config.scene import Layer
from live.easing import eased
from live.picture import SourceInput
from live.colour import yuv_of_hex
from live.render.geometry import Rect
from live.render.graphic_parts import Art
from live.render.graphics import Sprite
from live.render.i420 import snapped
from live.render.layer_art import Shape, surround
from live.render.painter import Painter, Placed

_KEPT = 16  # surrounds, of the layers drawn last

Part = Callable[[float], Rect]  # of a source for a box of this shape (width / height), as shares of it


@dataclass(frozen=True)
class Pose:
    """Where a layer is: its rectangle (shares of the frame), turned clockwise, and how opaque."""

    rect: Rect
    rotation_deg: float
    opacity: float


def pose_of(layer: Layer, t_s: float) -> Pose:
    """A layer t_s after its shot was taken."""
    at: tuple[float, ...] = (*layer.rect, layer.rotation_deg, layer.opacity)
    since_s = 0.0
    for key in layer.keys:
        to = (*(key.rect or at[:4]), at[4] if key.rotation_deg is None else key.rotation_deg, at[5] if key.opacity is None else key.opacity)
        if t_s < key.at_s:
            share = eased(key.ease, (t_s - since_s) / (key.at_s - since_s)) if t_s > since_s else 0.0
            at = tuple(a + (b - a) * share for a, b in zip(at, to, strict=True))
            break
        at, since_s = to, key.at_s
    return Pose(Rect(at[0], at[1], at[2], at[3]), at[4], min(max(at[5], 0.0), 1.0))


class Layers:
    """Draws layers at one frame size. unit: pixels of this frame a pixel of the program. Owner: the render thread."""

    def __init__(self, painter: Painter, size: tuple[int, int], unit: float) -> None:
        self._painter, self._size, self._unit = painter, size, unit
        self._surrounds: OrderedDict[tuple[Any, ...], Art] = OrderedDict()

    def draw(self, surface: Any, layer: Layer, t_s: float, source: SourceInput, part: Part) -> None:
        """part: what of the source is shown in a box of a given shape."""
        pose = pose_of(layer, t_s)
        box = snapped(pose.rect, self._size)
        if pose.rotation_deg or layer.radius_px or layer.shadow_px:  # its middle on even pixels, too: what is round it is placed by that
            box = box[0], box[1], box[2] - (box[0] + box[2]) % 4, box[3] - (box[1] + box[3]) % 4
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0 or pose.opacity <= 0:
            return
        shown = Rect(*layer.crop) if layer.crop is not None else part(width / height)
        placed = Placed(box, layer.radius_px * self._unit, pose.rotation_deg, pose.opacity)
        self._surround(surface, layer, placed)
        if placed.plain(self._size):
            w, h = self._size
            self._painter.picture(surface, source, shown, Rect(box[0] / w, box[1] / h, width / w, height / h))
        else:
            self._painter.layer(surface, source, shown, placed)

    def _surround(self, surface: Any, layer: Layer, placed: Placed) -> None:
        x0, y0, x1, y1 = placed.box
        border, shadow = layer.border_px * self._unit, layer.shadow_px * self._unit
        if not border and not shadow:
            return
        if placed.plain(self._size) and not shadow:  # a straight border on even pixels: a fill
            b, (w, h) = max(2, 2 * round(border / 2)), self._size
            rect = Rect((x0 - b) / w, (y0 - b) / h, (x1 - x0 + 2 * b) / w, (y1 - y0 + 2 * b) / h)
            self._painter.fill(surface, yuv_of_hex(layer.border_colour), rect)
            return
        key = (x1 - x0, y1 - y0, placed.radius_px, round(placed.rotation_deg, 2), border, layer.border_colour, shadow)
        if key not in self._surrounds:
            shape = Shape(x1 - x0, y1 - y0, placed.radius_px, placed.rotation_deg)
            self._surrounds[key] = surround(shape, border_px=border, colour=layer.border_colour, shadow_px=shadow)
            if len(self._surrounds) > _KEPT:
                self._surrounds.popitem(last=False)
        self._surrounds.move_to_end(key)
        art = self._surrounds[key]
        x, y = (x0 + x1) // 2 + art.x, (y0 + y1) // 2 + art.y
        w, h = self._size
        seen = max(0, -x), max(0, -y), min(art.size[0], w - x), min(art.size[1], h - y)
        if seen[2] > seen[0] and seen[3] > seen[1]:
            self._painter.sprite(surface, Sprite(art, x, y, seen, placed.opacity))
