"""Where everything stands in the window: pure arithmetic from the window's size, in pixels, origin top left."""

from __future__ import annotations

import math
from dataclasses import dataclass

from live.picture.tiling import Rect

DESIGN_PX = (1280, 720)  # every measure below is in pixels of this window; a larger one scales them, text too
ASPECT = 16 / 9


@dataclass(frozen=True)
class Tile:
    """A picture with its label under it."""

    picture: Rect
    label: Rect

    @property
    def whole(self) -> Rect:
        return Rect(self.picture.x, self.picture.y, self.picture.w, self.label.y1 - self.picture.y)


@dataclass(frozen=True)
class Layout:
    unit: float  # pixels of this window per pixel of the design
    top: Rect
    preview: Tile
    program: Tile
    tiles: tuple[Tile, ...]
    move: Rect
    next: Rect  # the picture of the machine's next move, within it
    hand: Rect
    sound: Rect
    status: Rect
    page: Rect = Rect(0, 0, 0, 0)  # where a page stands that leaves everything else in sight


PANEL_PAD, PANEL_HEAD, PANEL_GAP = 8.0, 24.0, 4.0  # of a panel: around it, its title line, under that
PAGE_PICTURE_H = 172  # of preview and program while such a page is open, in pixels of the design


def arrange(width_px: int, height_px: int, tiles: int, *, page: bool = False) -> Layout:
    """The layout of a window with this many tiles in the row under the two large pictures. page: with room for one
    under smaller pictures, which have the tiles beside them.
    """
    u = max(0.4, min(width_px / DESIGN_PX[0], height_px / DESIGN_PX[1]))
    gap = round(8 * u)
    top_h, bottom_h, status_h, label_h = (round(v * u) for v in (38, 146, 26, 28))
    bottom_y = height_px - status_h - bottom_h
    middle_h = bottom_y - top_h - 2 * gap
    half_w = (width_px - 3 * gap) // 2
    small_label_h = round(24 * u)
    bottom = Rect(gap, bottom_y, width_px - 2 * gap, bottom_h - gap)
    move, rest = bottom.cut_left(round(bottom.w * 0.56), gap)
    hand, sound = rest.cut_left(round(rest.w * 0.58), gap)
    _, body = move.inset(PANEL_PAD * u).cut_top(PANEL_HEAD * u, PANEL_GAP * u)
    next_h = min(body.h, 0.3 * body.w / ASPECT)
    places = {
        "top": Rect(gap, 0, width_px - 2 * gap, top_h),
        "move": move,
        "next": Rect(round(body.x), round(body.y), round(next_h * ASPECT), round(next_h)),
        "hand": hand,
        "sound": sound,
        "status": Rect(gap, height_px - status_h, width_px - 2 * gap, status_h),
    }
    if page:
        picture_h = round(min(PAGE_PICTURE_H * u, (width_px * 0.3) / ASPECT))
        picture_w = round(picture_h * ASPECT)
        preview = _tile(gap, top_h, picture_w, picture_h, label_h)
        program = _tile(2 * gap + picture_w, top_h, picture_w, picture_h, label_h)
        beside = Rect(3 * gap + 2 * picture_w, top_h, width_px - 4 * gap - 2 * picture_w, picture_h + label_h)
        below = preview.label.y1 + gap
        return Layout(
            unit=u,
            preview=preview,
            program=program,
            tiles=tuple(_grid(beside, tiles, gap, small_label_h, 204 * u)),
            page=Rect(gap, below, width_px - 2 * gap, max(1.0, bottom_y - gap - below)),
            **places,
        )
    # The large pictures leave room for one row of tiles as wide as it can be; more than the nine keys reach get two
    # rows.
    tile_w = min((width_px - gap) / max(tiles, 1) - gap, 204 * u)
    row_h = max(tile_w / ASPECT + small_label_h, (0.25 if tiles <= 9 else 0.36) * middle_h) if tiles else 0
    picture_h = round(min(half_w / ASPECT, middle_h - row_h - label_h))
    picture_w = round(picture_h * ASPECT)
    side = (half_w - picture_w) // 2
    preview = _tile(gap + side, top_h, picture_w, picture_h, label_h)
    program = _tile(2 * gap + half_w + side, top_h, picture_w, picture_h, label_h)
    row = Rect(gap, preview.label.y1 + gap, width_px - 2 * gap, 0)
    row = Rect(row.x, row.y, row.w, max(1.0, bottom_y - gap - row.y))
    return Layout(
        unit=u,
        preview=preview,
        program=program,
        tiles=tuple(_grid(row, tiles, gap, small_label_h, 204 * u)),
        **places,
    )


def _tile(x: float, y: float, w: float, h: float, label_h: float) -> Tile:
    return Tile(Rect(x, y, w, h), Rect(x, y + h, w, label_h))


def _grid(area: Rect, count: int, gap: float, label_h: float, widest: float) -> list[Tile]:
    """Tiles as large as they can be, in as many rows as that takes."""
    if count == 0:
        return []

    def width(rows: int) -> float:
        by_width = (area.w + gap) / math.ceil(count / rows) - gap
        by_height = ((area.h + gap) / rows - gap - label_h) * ASPECT
        return min(by_width, by_height, widest)

    rows = max(range(1, 5), key=width)
    w = max(16.0, math.floor(width(rows)))
    h = round(w / ASPECT)
    per_row = math.ceil(count / rows)
    places = [divmod(i, per_row) for i in range(count)]
    return [_tile(area.x + c * (w + gap), area.y + r * (h + label_h + gap), w, h, label_h) for r, c in places]
