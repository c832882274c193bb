"""The flat layers of a scene: where each is at an instant, and how it is drawn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic

from live.config.scene import Layer
from live.picture.colour import yuv_of_hex
from live.picture.values import LayerView, SourceInput
from live.render.graphic_parts import Art
from live.render.graphics import Sprite
from live.render.i420 import snapped
from live.render.layer_art import Shape, surround
from live.render.painter import Painter, Placed, S, Talent
from live.stage.geometry import Card, Rect

_KEPT = 16  # surrounds, of the layers drawn last

Part = Callable[[float], Rect]  # of a source for a box of this shape (width / height), as shares of it


class Layers(Generic[S]):
    """Draws layers at one frame size. unit: pixels of this frame a pixel of the program. Owner: the render thread."""

    def __init__(self, painter: Painter[S], size: tuple[int, int], unit: float) -> None:
        self._painter, self._size, self._unit = painter, size, unit
        self._surrounds: OrderedDict[tuple[object, ...], Art] = OrderedDict()

    def draw(self, surface: S, layer: Layer, pose: LayerView, source: SourceInput, part: Part) -> None:
        """part: what of the source is shown in a box of a given shape."""
        if layer.keyed or source.cut:
            self._keyed(surface, pose, source, part)
            return
        box = snapped(Rect(*pose.rect), self._size)
        # Its middle on even pixels, too: what is round it is placed by that.
        if pose.rotation_deg or layer.radius_px or layer.shadow_px:
            box = box[0], box[1], box[2] - (box[0] + box[2]) % 4, box[3] - (box[1] + box[3]) % 4
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0 or pose.opacity <= 0:
            return
        shown = Rect(*pose.crop) if pose.crop is not None else part(width / height)
        placed = Placed(box, layer.radius_px * self._unit, pose.rotation_deg, pose.opacity)
        self._surround(surface, layer, placed)
        if placed.plain(self._size):
            w, h = self._size
            self._painter.picture(surface, source, shown, Rect(box[0] / w, box[1] / h, width / w, height / h))
        else:
            self._painter.layer(surface, source, shown, placed)

    def _keyed(self, surface: S, pose: LayerView, source: SourceInput, part: Part) -> None:
        """A source cut out, where the layer is: the whole of it on a card so large that what is shown fills the layer,
        which cuts it off, unless it is turned."""
        rect, (w, h) = Rect(*pose.rect), self._size
        if rect.w * w < 2 or rect.h * h < 2 or pose.opacity <= 0:
            return
        shown = Rect(*pose.crop) if pose.crop is not None else part(rect.w * w / (rect.h * h))
        across, down = rect.w / shown.w, rect.h / shown.h
        middle = rect.x + rect.w / 2, rect.y + rect.h / 2
        place = Rect(rect.x - shown.x * across, rect.y - shown.y * down, across, down)
        card = Card(place, 1.0, 0.0, pose.rotation_deg, middle)
        window = None if pose.rotation_deg else rect
        self._painter.talent(surface, Talent(source, card, pose.opacity, window), None)

    def _surround(self, surface: S, layer: Layer, placed: Placed) -> None:
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
        # On even pixels, which chroma needs: a layer that reaches far out of the frame is cut to odd ones.
        x, y = ((x0 + x1) // 2 + art.x) & ~1, ((y0 + y1) // 2 + art.y) & ~1
        w, h = self._size
        seen = max(0, -x), max(0, -y), min(art.size[0], w - x) & ~1, min(art.size[1], h - y) & ~1
        if seen[2] > seen[0] and seen[3] > seen[1]:
            self._painter.sprite(surface, Sprite(art, x, y, seen, placed.opacity))
