"""One window on the canvas: a picture in a frame of its tally's colour, its label under it, its meters beside it.

Nothing but what belongs to the picture covers it: what is wrong with it, the machine's next move, safe areas. What is
painted is compared with what was painted last, and only what is new is painted again.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from live.config.multiviews import Kind
from live.multiview import meter
from live.multiview.canvas import Box, Canvas, Planes, dimmed, even, fitted_box, width_of, words
from live.multiview.cards import Card, Next
from live.multiview.meter import Meter

BACK, PLATE, LABEL, VEIL = "#0c0f12", "#161b21", "#252c35", "#0b0d10"
INK, DIM, AMBER, BLUE, BLACK = "#f0f2f4", "#98a2ae", "#f2a516", "#4e8ff0", "#0b0d10"
TALLY = {"program": "#d2282d", "preview": "#1a9547"}
LIT = {"program": "#e8383d", "preview": "#22b558", "": "#2b333d"}  # frames are brighter than plates: they are thin
_NAMES = {Kind.PROGRAM: "PROGRAM", Kind.PREVIEW: "PREVIEW", Kind.NEXT: "NEXT"}
_MARKED_PX = 130  # lines: marks on a smaller picture hide more than they tell
_LARGE = 0.4  # of the canvas's height: a window this high is a large one


class Tile:
    """A window's geometry, and what stands in it."""

    def __init__(self, box: Box, canvas: Canvas, aspect: float) -> None:
        """aspect: of the picture that it is made for, the program's."""
        self._canvas, self.box = canvas, box
        height = canvas.format.height
        self.large = box.h >= _LARGE * height
        self._line = max(2, even(height / 240))  # of frames and gaps
        self.label_px = max(14, even(height * (0.038 if self.large else 0.031)))
        inner = box.inset(max(2, even(self._line / 2)))
        meter_w = max(4, even(height / 76))
        room = Box(inner.x, inner.y, inner.w - meter_w - self._line, inner.h)
        self.picture = fitted_box(
            Box(room.x, room.y, room.w - 2 * self._line, room.h - 2 * self._line - self.label_px), aspect
        )
        whole = self.picture.w + 3 * self._line + meter_w, self.picture.h + 2 * self._line + self.label_px
        x, y = inner.x + even((inner.w - whole[0]) / 2), inner.y + even((inner.h - whole[1]) / 2)
        self.frame = Box(x, y, self.picture.w + 2 * self._line, whole[1])
        self.picture = Box(x + self._line, y + self._line, self.picture.w, self.picture.h)
        self.label = Box(self.picture.x, self.picture.y1, self.picture.w, self.label_px)
        self.meter = Box(self.frame.x1 + self._line, self.frame.y, meter_w, self.frame.h)
        self._painted: tuple[Card, int] | None = None

    @property
    def text_px(self) -> float:
        """Size of letters on a plate as high as the label."""
        return self.label_px * 0.68

    def draw(self, card: Card, picture: Planes | None, count: int) -> None:
        """picture: of this tile's size or smaller, None before the first; count: changes when it does."""
        wanted = (card, count)
        if wanted == self._painted:
            return
        before, self._painted = self._painted, wanted
        if before is None or _rim(card) != _rim(before[0]):
            self._canvas.frame(self.frame, self._line, LIT[card.tally])
            self._label(card)
        self._picture(card, picture)
        for overlay in (self._marks, self._badge, self._next, self._progress):
            overlay(card)

    def _label(self, card: Card) -> None:
        paper = TALLY.get(card.tally, LABEL)
        area = self.label
        self._canvas.fill(area, paper)
        pad = even(self.label_px / 4)
        x, room = area.x + pad, area.w - 2 * pad
        name = _NAMES.get(card.kind) or (str(card.key) if card.key else "")
        if name:
            w = min(room, width_of(name, self.text_px, True))
            self._canvas.put(
                words(name, self.text_px, (w, area.h), INK if card.tally else AMBER, paper, bold=True), x, area.y
            )
            x, room = x + w + 2 * pad, room - w - 2 * pad
        if card.clock and (w := width_of(card.clock, self.text_px, True)) < room // 2:
            plate, ink = (AMBER, BLACK) if card.ending else (paper, INK if card.tally else AMBER)
            self._canvas.put(
                words(card.clock, self.text_px, (w, area.h), ink, plate, "right", True), area.x1 - pad - w, area.y
            )
            room -= w + 2 * pad
        elif card.seen and room > self.label_px:  # its camera is on air in another shot: a lamp
            side = even(self.label_px * 0.5)
            self._canvas.fill(Box(area.x1 - pad - side, area.y + even((area.h - side) / 2), side, side), LIT["program"])
            room -= side + pad
        if room > 2 * pad:
            ink = INK if card.tally or card.key else "#d4d9de"
            self._canvas.put(words(card.title, self.text_px, (even(room - 1), area.h), ink, paper), x, area.y)

    def _picture(self, card: Card, picture: Planes | None) -> None:
        area = self.picture
        if picture is None:
            self._canvas.fill(area, PLATE)
            size = min(self.text_px * 1.6, area.h / 4)
            plate = words(card.title, size, (area.w, even(size * 1.6)), DIM, PLATE, "middle")
            self._canvas.put(plate, area.x, area.y + even((area.h - size * 1.6) / 2))
            return
        height, width = picture[0].shape
        if (width, height) != (area.w, area.h):  # a camera of another shape
            self._canvas.fill(area, "#000000")
        shown = dimmed(picture) if card.badge else picture
        self._canvas.put(shown, area.x + even((area.w - width) / 2), area.y + even((area.h - height) / 2))

    def _marks(self, card: Card) -> None:
        """Half transparent, in luma only: a mark has no colour."""
        if not card.marks or self.picture.h < _MARKED_PX:
            return
        luma = self._canvas.region(self.picture)[0]
        rows, columns = safe_areas(self.picture.w, self.picture.h)
        luma[rows, columns] = luma[rows, columns] // 2 + (75 if self.large else 60)

    def _badge(self, card: Card) -> None:
        """What is wrong with the camera; else why the shot is nothing to show."""
        text, ink, paper = (card.badge, BLACK, AMBER) if card.badge else (card.unfit, AMBER, VEIL)
        if not text:
            return
        area, pad = self.picture, even(self.label_px / 4)
        w = min(area.w - 2 * pad, width_of(text, self.text_px, True) + 2 * pad)
        plate = Box(area.x + pad, area.y + pad, even(w), self.label_px)
        self._canvas.fill(plate, paper)
        inside = (even(plate.w - 2 * pad), plate.h)
        self._canvas.put(words(text, self.text_px, inside, ink, paper, bold=True), plate.x + pad, plate.y)

    def _next(self, card: Card) -> None:
        """When, why, and how much of the count-down is left."""
        if card.next is None:
            return
        area, pad = self.picture, even(self.label_px / 4)
        bar = max(2, even(self.label_px / 6)) if card.next.left_s is not None else 0
        plate = Box(area.x, area.y1 - self.label_px - bar, area.w, self.label_px)
        said, paper = next_words(card.next, self.large)
        # It doesn't breathe with the digits.
        w = min(area.w - 2 * pad, width_of(re.sub(r"\d", "0", said), self.text_px, True)) + 2 * pad
        self._canvas.fill(Box(plate.x, plate.y, w, plate.h), paper)
        self._canvas.put(
            words(said, self.text_px, (w - 2 * pad, plate.h), BLACK, paper, "middle", True), plate.x + pad, plate.y
        )
        rest = Box(plate.x + w, plate.y, plate.w - w, plate.h)
        self._canvas.fill(rest, VEIL)
        if rest.w > 4 * pad:
            self._canvas.put(
                words(card.next.reason, self.text_px, (rest.w - 2 * pad, rest.h), INK, VEIL), rest.x + pad, rest.y
            )
        if bar:
            done = even(area.w * card.next.share)
            self._canvas.fill(Box(area.x, area.y1 - bar, done, bar), AMBER)
            self._canvas.fill(Box(area.x + done, area.y1 - bar, area.w - done, bar), VEIL)

    def _progress(self, card: Card) -> None:
        if card.progress:
            area = self.picture
            self._canvas.fill(
                Box(area.x, area.y1 - 2 * self._line, even(area.w * card.progress), 2 * self._line), AMBER
            )

    def draw_meters(self, meters: list[Meter]) -> None:
        """Beside the frame, side by side."""
        if not meters:
            return
        gap = 2 if self.meter.w > 4 else 0
        width = max(2, even((self.meter.w + gap) / len(meters) - gap - 0.5))
        for n, one in enumerate(meters[: (self.meter.w + gap) // (width + gap)]):
            meter.draw(self._canvas, Box(self.meter.x + n * (width + gap), self.meter.y, width, self.meter.h), one)


def next_words(move: Next, large: bool) -> tuple[str, str]:
    """What the plate says, and its colour."""
    if move.left_s is None:
        return ("NEXT?" if large else "?"), BLUE
    return (f"NEXT {move.left_s:.1f} s" if large else f"{move.left_s:.1f} s"), AMBER


def _rim(card: Card) -> tuple[object, ...]:
    """What the frame and the label show of a card."""
    return card.kind, card.title, card.key, card.tally, card.seen, card.clock, card.ending


@lru_cache(16)
def safe_areas(width: int, height: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of the marks on a picture: the safe areas of EBU R 95, that for action (3.5 % from each edge) by
    its corners, that for graphics (5 %) all round, and the middle."""
    marks = np.zeros((height, width), np.uint8)

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        a, b, c, d = (
            round(share * (size - 1)) for share, size in ((x0, width), (x1, width), (y0, height), (y1, height))
        )
        marks[c : d + 1, a : b + 1] = 1

    for low, high, along, down in ((0.05, 0.95, 0.9, 0.9), (0.035, 0.965, 0.04, 0.07)):
        for at in (low, high):
            for start in (low, high - along):
                line(start, at, start + along, at)
            for start in (low, high - down):
                line(at, start, at, start + down)
    line(0.485, 0.5, 0.515, 0.5)
    line(0.5, 0.475, 0.5, 0.525)
    rows, columns = np.nonzero(marks)
    return rows, columns
