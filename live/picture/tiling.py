"""Rectangles, and how a frame is divided into windows: the layouts of the multiviews. Pure arithmetic; origin top left.

A layout has a name that says what it is: "9" is a grid of nine, "2+8" has two large windows side by side over eight
small ones, "1+5" a large one with small ones around it. Under every one of them but "1" there is room on top for a
strip of words: the windows' last.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

STRIP = 0.05  # of the frame's height: the line of words above the windows
# What stands beside a window's picture, in the shape of the frame: label and frame under and above it, a meter to its
# right.
_LABEL = 0.045  # of the frame's height
_METER = 0.022  # of the frame's width
_SMALL = 0.36  # of the frame's width: no window under large ones is wider
MOST = 36  # windows of a layout, the strip not counted
EXAMPLES = ("2+4", "2+8", "2+10", "1+5", "1+7", "1+12", "1", "4", "9", "10", "16")
_NAME = re.compile(r"(?:([12])\+)?([1-9]\d?)")
_AROUND = ((3, 2), (4, 3), (5, 4), (4, 2), (5, 3), (6, 4), (6, 3))  # cells a side of the whole, and of the large window


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    w: float
    h: float

    @property
    def x1(self) -> float:
        return self.x + self.w

    @property
    def y1(self) -> float:
        return self.y + self.h

    def inset(self, d: float) -> Rect:
        return Rect(self.x + d, self.y + d, max(0.0, self.w - 2 * d), max(0.0, self.h - 2 * d))

    def cut_left(self, w: float, gap: float = 0.0) -> tuple[Rect, Rect]:
        """The left part of this width, and what remains after a gap."""
        return Rect(self.x, self.y, w, self.h), Rect(self.x + w + gap, self.y, max(0.0, self.w - w - gap), self.h)

    def cut_right(self, w: float, gap: float = 0.0) -> tuple[Rect, Rect]:
        """The right part of this width, and what remains before a gap."""
        return Rect(self.x1 - w, self.y, w, self.h), Rect(self.x, self.y, max(0.0, self.w - w - gap), self.h)

    def cut_top(self, h: float, gap: float = 0.0) -> tuple[Rect, Rect]:
        return Rect(self.x, self.y, self.w, h), Rect(self.x, self.y + h + gap, self.w, max(0.0, self.h - h - gap))

    def columns(self, count: int, gap: float) -> list[Rect]:
        """`count` equal columns."""
        w = (self.w - gap * (count - 1)) / count
        return [Rect(self.x + i * (w + gap), self.y, w, self.h) for i in range(count)]


def fit(area: Rect, aspect: float) -> Rect:
    """The largest rectangle of this shape in the middle of an area, on whole pixels."""
    w = min(area.w, area.h * aspect)
    h = w / aspect
    return Rect(round(area.x + (area.w - w) / 2), round(area.y + (area.h - h) / 2), round(w), round(h))


@dataclass(frozen=True)
class Tiling:
    """The windows of a layout, shares of the frame, in order: the large ones, the small ones row by row, the strip.
    large: how many are."""

    windows: tuple[Rect, ...]
    large: int
    strip: bool


def parsed(layout: str) -> tuple[int, int]:
    """(large, small) of a layout's name. Raises ValueError with the names there are."""
    match = _NAME.fullmatch(layout)
    large, small = (int(match[1] or 0), int(match[2])) if match else (0, 0)
    if not match or large + small > MOST or (large == 1 and small > _room(*_AROUND[-1])):
        raise ValueError(
            f"no layout is called {layout!r:.40}; a number of windows up to {MOST}, or one like "
            f"{', '.join(EXAMPLES[:6])}"
        )
    return large, small


def tiling(layout: str) -> Tiling:
    """Where the windows of a layout are. Raises ValueError."""
    large, small = parsed(layout)
    if layout == "1":
        return Tiling((Rect(0, 0, 1, 1),), 0, False)
    strip, body = Rect(0, 0, 1, 1).cut_top(STRIP)
    windows = (
        _above(body, small)
        if large == 2
        else _around(body, small)
        if large == 1
        else _grid(body, small, *_shape(small))
    )
    return Tiling((*windows, strip), large, True)


def _grid(area: Rect, count: int, columns: int, rows: int) -> list[Rect]:
    """Equal cells, row by row, no wider than their pictures can be, in the middle of an area. The edge that two of them
    share is one number, so that no rounding parts them or lets them overlap."""
    w = min(area.w, columns * (area.h / rows - _LABEL + _METER))
    area = Rect(area.x + (area.w - w) / 2, area.y, w, area.h)
    xs = [area.x + area.w * i / columns for i in range(columns + 1)]
    ys = [area.y + area.h * i / rows for i in range(rows + 1)]
    cells = [divmod(i, columns) for i in range(count)]
    return [Rect(xs[c], ys[r], xs[c + 1] - xs[c], ys[r + 1] - ys[r]) for r, c in cells]


def _shape(count: int) -> tuple[int, int]:
    """Columns and rows of a grid whose pictures are largest, and then of the one with fewest empty cells."""
    shapes = [(columns, math.ceil(count / columns)) for columns in range(1, count + 1)]
    return max(shapes, key=lambda s: (round(min(1 / s[0], (1 - STRIP) / s[1] - _LABEL), 6), -s[0] * s[1]))


def _above(area: Rect, small: int) -> list[Rect]:
    """Two large ones side by side, the small ones in rows under them."""

    def heights(rows: int) -> tuple[float, float]:
        """Of the large ones and of a row, in the proportion of what they would like."""
        large, row = 0.5 - _METER + _LABEL, min(_SMALL, 1 / math.ceil(small / rows)) - _METER + _LABEL
        scale = area.h / (large + rows * row)
        return large * scale, row * scale

    def seen(rows: int) -> float:
        """How much of the frame is pictures."""
        large, row = heights(rows)
        widest = min(_SMALL, 1 / math.ceil(small / rows)) - _METER
        return float(2 * min(0.5 - _METER, large - _LABEL) ** 2 + small * min(widest, row - _LABEL) ** 2)

    rows = max(range(1, 5), key=seen)
    top, body = area.cut_top(heights(rows)[0])
    return [*_grid(top, 2, 2, 1), *_grid(body, small, math.ceil(small / rows), rows)]


def _room(side: int, large: int) -> int:
    return side * side - large * large


def _around(area: Rect, small: int) -> list[Rect]:
    """A large one top left; small ones to its right, row by row, then under it."""
    side, large = next(s for s in _AROUND if _room(*s) >= small)
    cells = _grid(area, side * side, side, side)
    around = [cell for i, cell in enumerate(cells) if i % side >= large or i // side >= large]
    first, last = cells[0], cells[(large - 1) * side + large - 1]
    return [Rect(first.x, first.y, last.x1 - first.x, last.y1 - first.y), *around[:small]]
