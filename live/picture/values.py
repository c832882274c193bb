"""What the engine tells the renderer to draw, and with what: plain values, no GL, no shared memory.

Colour of every camera picture is as its `PictureFormat` says; the program is BT.709 limited range, 4:2:0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from live.picture.format import U8, Held, PictureFormat
from live.picture.transitions import Style


@dataclass(frozen=True)
class Face:
    """A face found in a source: box as shares of the picture, origin top left, and the detector's confidence.

    track: the same number as long as it is the same person; 0 when nobody follows. yaw: where the face looks, -1 fully
    to the left of the picture to 1 fully to the right (clamp(angle / 30 degrees)). talking: how much the lips move, 0
    to 1; 0 when nobody looks at lips. person: the name of an enrolled person, "" when not known.
    """

    x: float
    y: float
    width: float
    height: float
    score: float
    track: int = 0
    yaw: float = 0.0
    talking: float = 0.0
    person: str = ""


@dataclass(frozen=True)
class Sight:
    """What a source's pictures are by themselves. black_s, still_s: for how long they have been black, and nothing has
    moved in them, seconds. Of a keyed one: covered, how much of it somebody is cut out in, share (None: nobody knows);
    cut, how much of its left, right and top edge they cover, where they go on beyond it, shares. slides: how many
    times another slide has come, where it shows slides."""

    black_s: float = 0.0
    still_s: float = 0.0
    covered: float | None = None
    cut: tuple[float, float, float] = (0.0, 0.0, 0.0)
    slides: int = 0


@dataclass(frozen=True, eq=False)
class Look:
    """Gamma, saturation and a look, baked in the program's codes; two are the same only if they are one.

    table: float16 (n, n, n, 3), codes / 255 after, by Y', Cb, Cr before, for a GPU. curve: luma of greys, 256 codes;
    packed: uint32 by the upper 5, 7, 7 bits of Y', Cb, Cr, its bytes what is added to luma (after the curve), Cb, Cr:
    for planes of 8 bit.
    """

    table: npt.NDArray[np.float16]
    curve: U8
    packed: npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Grade:
    """What is done to a source's colours once they are the program's codes: codes / 255 after = matrix (9, by rows) @
    before + offset (3), then the look."""

    matrix: tuple[float, ...]
    offset: tuple[float, ...]
    look: Look | None = None


@dataclass(frozen=True)
class SourceInput:
    """One source as the render loop sees it on this frame.

    seq changes when the picture does (skip the upload otherwise). planes are (Y, U, V) uint8 views, valid during the
    call. matte is uint8 (height, width) of the *same* picture, at its size or a half or quarter of it, 255 opaque; None
    when the source is not keyed or no matte has come yet (a keyed source is then not drawn in a set). matte_box is the
    box of everything that is not transparent: x0, y0, x1, y1 as shares, origin top left. fill are the planes to be
    drawn with the matte: the picture without the room's or the screen's colour at its edges, filled inside matte_box
    only; None when that is the picture itself.
    grade: what its colours are to become, None for as they are. wrap: how much of what is behind shines around its
    edges, 0 to 1. cut: its matte is its own, as a film with alpha has it; its planes then are over black.
    """

    name: str
    seq: int
    format: PictureFormat
    planes: tuple[U8, ...]
    matte: U8 | None = None
    matte_box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    capture_ns: int = 0
    frame: Held | None = field(default=None, compare=False)
    fill: tuple[U8, ...] | None = None
    grade: Grade | None = None
    wrap: float = 0.0
    cut: bool = False


@dataclass(frozen=True)
class Crop:
    """A digital crop: centre as shares of the source picture (origin top left); zoom 1 is the largest crop of the
    program's shape that fits the source, zoom 2 half as high."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0


@dataclass(frozen=True)
class Pose:
    """Where a camera in a set is and looks, and its lens: metres, right-handed, Y up.

    fov_deg: the angle of view, vertical. roll_deg: clockwise about the line of sight; the picture turns the other way.
    shift: how far the line of sight is right of, and below, the middle of the frame, in shares of its width and height.
    """

    position: tuple[float, float, float]
    look_at: tuple[float, float, float]
    fov_deg: float
    roll_deg: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class LayerView:
    """A layer where it is now. number: its place in the scene's file, from 0. rect: shares of the frame, from the top
    left; crop: what of the source is shown (shares of it), None for the operator's frame; rotation is clockwise.
    source: whom it shows instead of who stands in its place."""

    number: int
    rect: tuple[float, float, float, float]
    rotation_deg: float = 0.0
    opacity: float = 1.0
    crop: tuple[float, float, float, float] | None = None
    source: str | None = None


@dataclass(frozen=True)
class ShotView:
    """A shot on a bus. t_s: seconds since it was taken, which drives its camera move. pose: where the operator has put
    its camera, if it has. layers: those of its scene as a hand has them, from back to front; None while they are where
    the scene's file puts them.
    """

    shot: str
    t_s: float = 0.0
    pose: Pose | None = None
    layers: tuple[LayerView, ...] | None = None


@dataclass(frozen=True)
class GraphicView:
    """A graphic keyed over program. amount: 0 hidden to 1 fully on; it animates in and out along it (leaving: out).
    t_s: seconds since it was shown, which is what a ticker runs by."""

    name: str
    template: str
    fields: tuple[tuple[str, str], ...]
    amount: float
    leaving: bool = False
    t_s: float = 0.0


@dataclass(frozen=True)
class KeyView:
    """A downstream key: a still (a picture file with alpha) or a source, keyed by the luma of another source or by its
    own matte.
    amount: how far it is faded in."""

    number: int
    amount: float
    still: Path | None = None
    source: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Film:
    """A frame of a stinger: planes (Y, U, V) of the program's size and codes, premultiplied with alpha (h, w), and
    alpha at chroma's size. changed: the shot under it is the new one by now."""

    planes: tuple[U8, ...]
    alpha: U8
    alpha_half: U8
    changed: bool


@dataclass(frozen=True)
class Picture:
    """One whole program (or preview) picture.

    Without a transition only `shot` counts. With one, `shot` is what leaves and `to` what comes; progress runs 0 to 1.
    transition is a name of live.picture.transitions.KINDS, style how it looks, film a stinger's frame. black: how
    far it is faded to black, graphics and all.
    """

    shot: ShotView
    to: ShotView | None = None
    transition: str = "cut"
    progress: float = 0.0
    graphics: tuple[GraphicView, ...] = ()
    crops: tuple[tuple[str, Crop], ...] = ()
    style: Style = Style()
    film: Film | None = None
    keys: tuple[KeyView, ...] = ()
    black: float = 0.0
