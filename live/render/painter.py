"""The seam between what a picture is made of (canvas.py) and how it gets onto a surface.

Two painters, one picture. On a GPU everything is a textured rectangle (painters/gl.py). On software GL a full-frame
pass with one texture fetch costs 9 CPU ms at 720p on two cores, where OpenCV scales and blends the planes of the same
rectangle in 1 ms: there GL draws what is three-dimensional, once per plate, and OpenCV does the rest (painters/cpu.py).
Which of them paints, `painters.painters_for` decides; nobody else asks. A test holds them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from live.picture.format import U8
from live.picture.transitions import Style
from live.picture.values import Film, SourceInput
from live.render.graphics import Sprite
from live.render.plates import Mask
from live.render.setmodel import SetModel
from live.stage.geometry import Camera, Card, Rect

# Light wrap: how far it reaches in, and how far out of focus it is, as shares of a card's height; how much of a pixel
# it may be at most.
WRAP_REACH, WRAP_BEHIND, WRAP_LIMIT = 0.025, 0.03, 0.45

Codes = tuple[float, float, float]  # the program's Y', Cb, Cr, 0..1
Planes = tuple[U8, ...]  # Y', Cb, Cr
_T = TypeVar("_T", contravariant=True)
S = TypeVar("S")  # what a painter paints on: an i420.Surface, or a gl.Target


@dataclass(frozen=True)
class Talent:
    """Somebody in a set, on this frame: the source, and where its whole picture lands. window: what of the frame it is
    seen in (shares; to even pixels), None for all of it."""

    source: SourceInput
    card: Card
    opacity: float = 1.0
    window: Rect | None = None

    @property
    def box(self) -> Rect:
        """What of the source is not transparent, as shares of it."""
        x0, y0, x1, y1 = self.source.matte_box if self.source.matte is not None else (0.0, 0.0, 1.0, 1.0)
        return Rect(x0, y0, max(0.0, x1 - x0), max(0.0, y1 - y0))


@dataclass(frozen=True)
class Placed:
    """Where a layer lies: even pixels (x0, y0, x1, y1; may stick out of the frame; when it is turned, so is its
    middle), its corners' radius, turned clockwise about its middle, and how opaque."""

    box: tuple[int, int, int, int]
    radius_px: float = 0.0
    rotation_deg: float = 0.0
    opacity: float = 1.0

    def plain(self, size: tuple[int, int]) -> bool:
        """Is it no more than a rectangle of the frame?"""
        x0, y0, x1, y1 = self.box
        inside = x0 >= 0 and y0 >= 0 and x1 <= size[0] and y1 <= size[1]
        return inside and self.radius_px == 0 and self.rotation_deg == 0 and self.opacity >= 1


class Kept(Protocol):
    """A painter's own form of a plate or a mask. It goes back only to the painter that made it."""

    def close(self) -> None: ...


class Readback(Protocol[_T]):
    """From finished surfaces to I420 in the caller's memory: BT.709 limited, flat. Each frame has a tag, so a feed
    that comes and goes stays in step with the program. A frame that nobody fetched makes room for the ones after it;
    one that is staged anew takes the place of what had its tag. depth: how many frames later a frame comes back."""

    depth: int

    def stage(self, surface: _T, tag: int) -> None:
        """Start a frame on its way. The surface must stay as it is until `finish` or `take` was called for it."""

    def keep(self, surface: _T, tag: int, into: U8) -> None:
        """Stage a surface that is drawn on after this. into: where it will be fetched to."""

    def pass_on(self, source: SourceInput, tag: int) -> None:
        """Stage a source of this size and coding as it is. Its planes are not needed after `finish`."""

    def lose(self, tag: int) -> None:
        """A frame that could not be drawn, in its turn: those before it come back as if it had been."""

    def finish(self, out: U8) -> int | None:
        """Fill out with the oldest frame that is ready and say its tag; None when none is. Of a frame that was lost
        only the tag is said."""

    def take(self, tag: int, out: U8) -> bool:
        """Fetch the frame of a tag, and let those before it go; False when it was not staged."""


class Painter(Protocol[S]):
    """Paints on surfaces of one size. Rectangles are shares of the frame. Owner: the render thread.

    scales_plates: can what it keeps of a plate or a mask be had smaller (plates.Scalable)?
    """

    scales_plates: bool

    def surface(self) -> S:
        """A new surface; it lives as long as the painter."""

    def surface_at(self, memory: U8) -> S | None:
        """A surface that is this memory: a flat I420 picture, where it is wanted in the end. None where no picture can
        be painted there."""

    def readback(self, *, at_once: bool = False) -> Readback[S]:
        """A new way back for its surfaces; it lives as long as the painter. at_once: a frame is there when it was
        staged, also where that means waiting for it."""

    def in_codes(self) -> Painter[S]:
        """A painter of this size whose surfaces hold the program's codes, as a mixer outside blends them: itself where
        they do anyway. The other one draws no sets, and ends with this one."""

    def keep_plate(self, packed: U8) -> Kept:
        """A plate (height, width, 4) of codes and A."""

    def keep_mask(self, hidden: U8) -> Kept:
        """A mask (height, width): 255 where a card is hidden."""

    def fill(self, surface: S, codes: Codes, rect: Rect | None = None) -> None: ...

    def plate(self, surface: S, kept: Kept) -> None:
        """The whole frame from a plate."""

    def picture(self, surface: S, source: SourceInput, part: Rect, rect: Rect) -> None:
        """A part of a source (shares of it), opaque, into a rectangle."""

    def talent(self, surface: S, talent: Talent, mask: Mask | None) -> None:
        """A keyed source on its card, but for what the mask hides."""

    def motion(self, surface: S, model: SetModel, camera: Camera, background: Codes, talent: list[Talent]) -> None:
        """A set from a camera that moves, with the talent in it (the farthest first)."""

    def mix(self, surface: S, incoming: S, progress: float) -> None: ...

    def wipe(self, surface: S, incoming: S, kind: str, style: Style, progress: float) -> None:
        """Incoming as far as the ramp of this kind has come. Raises SceneError when the file of a picture wipe can't be
        read.
        """

    def stretch(self, surface: S, other: S, rect: Rect) -> None:
        """The whole of another surface into a rectangle, which may stick out of the frame."""

    def fade(self, surface: S, codes: Codes, share: float) -> None:
        """Everything towards one colour."""

    def film(self, surface: S, film: Film) -> None: ...

    def layer(self, surface: S, source: SourceInput, part: Rect, placed: Placed) -> None:
        """A part of a source (shares of it) as a layer that is not a plain rectangle."""

    def sprite(self, surface: S, sprite: Sprite) -> None:
        """A piece of a graphic over what is there. What a painter makes of a picture is kept as long as the picture is
        used.
        """

    def sweep(self) -> None:
        """Once a picture: give back what has not been used for long."""

    def close(self) -> None: ...


class Painters(Protocol[S]):
    """Makes the painters of one renderer; what they share is kept here. Owner: the render thread."""

    def make_painter(self, size: tuple[int, int]) -> Painter[S]:
        """For surfaces of a size in pixels, both even."""

    def close(self) -> None:
        """After the painters."""


def copy_planes(source: SourceInput, out: U8) -> None:
    """A source's picture into a flat I420 buffer of its size: one copy where its planes lie together, as in a ring."""
    if source.frame is not None:
        np.copyto(out, source.frame.data)
        return
    for plane, target in zip(source.planes, source.format.planes(out), strict=True):
        np.copyto(target, plane)
