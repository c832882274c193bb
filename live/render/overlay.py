"""What is keyed over program: downstream keys, then graphics and captions. It is laid over the shots, or drawn by
itself for a mixer outside: as the fill, on black, and as its key, on black, in white.

The fill is premultiplied: fill + background * (1 - key) is what program shows, for a mixer that blends the codes as
they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Generic

import numpy as np

from live.picture.colour import yuv_of_hex
from live.picture.format import U8, PictureFormat
from live.picture.values import KeyView, Picture, SourceInput
from live.render.fillkey import keyed_by
from live.render.graphic_parts import Art
from live.render.graphics import Artwork, Sprite
from live.render.painter import Painter, S, Talent
from live.stage.geometry import Card, Rect

_WHITES = 32  # pictures of graphics, as a key shows them

Inputs = Mapping[str, SourceInput | None]


class Overlay(Generic[S]):
    """Draws it with one painter. aspect: of the frame. Owner: the render thread."""

    def __init__(self, painter: Painter[S], artwork: Artwork, aspect: float) -> None:
        self._painter, self._artwork, self._aspect = painter, artwork, aspect
        self._whites: OrderedDict[Art, Art] = OrderedDict()

    def draw(self, surface: S, picture: Picture, inputs: Inputs) -> None:
        """Over what is there."""
        self._draw(surface, picture, inputs, lambda sprite: sprite, lambda source: source)

    def fill(self, surface: S, picture: Picture, inputs: Inputs) -> None:
        """On black. Nothing shines around the edges of a source here: what would is behind the mixer outside."""
        self._painter.fill(surface, yuv_of_hex("#000000"))
        self._draw(surface, picture, inputs, lambda sprite: sprite, lambda source: replace(source, wrap=0.0))

    def key(self, surface: S, picture: Picture, inputs: Inputs) -> None:
        """The same in white on black: its luma, 16 to 235, is how much of the fill is seen."""
        self._painter.fill(surface, yuv_of_hex("#000000"))
        self._draw(surface, picture, inputs, lambda sprite: replace(sprite, art=self._white(sprite.art)), _white_source)

    def _draw(
        self,
        surface: S,
        picture: Picture,
        inputs: Inputs,
        sprite: Callable[[Sprite], Sprite],
        source: Callable[[SourceInput], SourceInput],
    ) -> None:
        for key in picture.keys:
            self._key(surface, key, inputs, sprite, source)
        for graphic in picture.graphics:
            for piece in self._artwork.sprites(graphic):
                self._painter.sprite(surface, sprite(piece))

    def _key(
        self,
        surface: S,
        key: KeyView,
        inputs: Inputs,
        sprite: Callable[[Sprite], Sprite],
        source: Callable[[SourceInput], SourceInput],
    ) -> None:
        """A downstream key. A fill whose key has no picture yet is not shown at all: better nothing than a full
        frame.
        """
        if key.still is not None:
            for piece in self._artwork.still(key.still, key.amount):
                self._painter.sprite(surface, sprite(piece))
            return
        fill = inputs.get(key.source or "")
        cut = inputs.get(key.key) if key.key is not None else None
        if fill is None or (key.key is not None and cut is None):
            return
        ratio = self._aspect / (fill.format.width / fill.format.height)  # it fills the frame, whatever its shape
        w, h = max(1.0, 1 / ratio), max(1.0, ratio)
        shown = source(keyed_by(fill, cut, key.amount))
        self._painter.talent(surface, Talent(shown, Card(Rect((1 - w) / 2, (1 - h) / 2, w, h), 1.0, 0.0)), None)

    def _white(self, art: Art) -> Art:
        """A picture of a graphic as its key shows it."""
        if art not in self._whites:
            self._whites[art] = Art(art.x, art.y, np.repeat(art.rgba[..., 3:], 4, axis=2))
            if len(self._whites) > _WHITES:
                self._whites.popitem(last=False)
        self._whites.move_to_end(art)
        return self._whites[art]


def _white_source(source: SourceInput) -> SourceInput:
    fmt = PictureFormat(source.format.width, source.format.height)
    return replace(
        source,
        name=f"{source.name} white",
        format=fmt,
        planes=_white_planes(fmt),
        fill=None,
        frame=None,
        grade=None,
        wrap=0.0,
    )


@lru_cache(maxsize=8)
def _white_planes(fmt: PictureFormat) -> tuple[U8, ...]:
    y, u, v = fmt.planes(np.full(fmt.size, 128, np.uint8))
    y[:] = 235
    return y, u, v
