"""The size and coding of a picture, and where its planes lie in a flat buffer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]


LARGEST_MATTE = 540  # lines


class Matrix(IntEnum):
    """YUV <-> RGB matrix."""

    BT601 = 0
    BT709 = 1


class Range(IntEnum):
    """Code range: limited is Y 16-235, C 16-240; full is 0-255."""

    LIMITED = 0
    FULL = 1


class Layout(IntEnum):
    I420 = 0  # planar Y, U, V 4:2:0, 8 bit, planes tightly packed, top row first
    GRAY8 = 1  # one plane of 8 bit: a matte (0 transparent, 255 opaque)
    KEYED = 2  # I420, then its matte (0 transparent, 255 opaque) at `matte_size`
    CUT = 3  # I420 over black, then the same before that, I420, and its alpha (255 opaque): a film with alpha


@dataclass(frozen=True)
class PictureFormat:
    """Size and coding of one picture. Width and height are even for I420."""

    width: int
    height: int
    matrix: Matrix = Matrix.BT709
    range: Range = Range.LIMITED
    layout: Layout = Layout.I420

    @property
    def size(self) -> int:
        """Bytes of one picture."""
        pixels = self.width * self.height
        if self.layout is Layout.GRAY8:
            return pixels
        if self.layout is Layout.CUT:
            return pixels * 4
        matte = self.matte_size
        return pixels * 3 // 2 + (matte[0] * matte[1] if self.layout is Layout.KEYED else 0)

    @property
    def matte_size(self) -> tuple[int, int]:
        """(width, height) of a keyed picture's matte: the picture's own up to 540 lines, a half or a quarter of it
        beyond.

        A network saw 144 lines, and chroma has half the lines of luma: what more of them would show, one has to look
        for.
        """
        width, height = self.width, self.height
        while height > LARGEST_MATTE:
            width, height = width // 2, height // 2
        return width, height

    def planes(self, data: U8) -> tuple[U8, ...]:
        """Views (height, width) of the planes in a flat buffer: (Y, U, V), (A,) or (Y, U, V, A); of a CUT one those
        over black."""
        w, h = self.width, self.height
        y = data[: w * h].reshape(h, w)
        if self.layout is Layout.GRAY8:
            return (y,)
        c = w * h // 4
        u = data[w * h : w * h + c].reshape(h // 2, w // 2)
        v = data[w * h + c : w * h + 2 * c].reshape(h // 2, w // 2)
        if self.layout in (Layout.I420, Layout.CUT):
            return y, u, v
        width, height = self.matte_size
        return y, u, v, data[w * h * 3 // 2 :][: width * height].reshape(height, width)

    def cut(self, data: U8) -> tuple[U8, U8, U8, U8]:
        """Y, U, V and A of a CUT picture, not multiplied."""
        pixels = self.width * self.height
        plain = replace(self, layout=Layout.I420)
        y, u, v = plain.planes(data[pixels * 3 // 2 : pixels * 3])
        return y, u, v, data[pixels * 3 : pixels * 4].reshape(self.height, self.width)


class Held(Protocol):
    """A picture looked at where it lies, which its writer may take back: ask `intact` after the last look."""

    format: PictureFormat
    data: U8

    @property
    def planes(self) -> tuple[U8, ...]: ...

    def intact(self) -> bool: ...
