"""The desk's own few marks, on imgui's draw list: text that fits, lamps, meters, buttons. Colours and sizes live
here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from imgui_bundle import imgui

from live.console.layout import PANEL_GAP, PANEL_HEAD, PANEL_PAD
from live.picture.tiling import Rect


def _rgb(code: int, alpha: int = 255) -> int:
    """0xRRGGBB as imgui packs it (ABGR)."""
    return alpha << 24 | (code & 0xFF) << 16 | (code & 0xFF00) | code >> 16


BACK_LINE = _rgb(0x0E1114)
BACK = (0x11 / 255, 0x14 / 255, 0x18 / 255)
PANEL = _rgb(0x1B2027)
CARD = _rgb(0x1B2027)
LABEL = _rgb(0x272E37)
LINE = _rgb(0x323A45)
TEXT = _rgb(0xE8EBEE)
DIM = _rgb(0x98A2AE)
FAINT = _rgb(0x5D6773)
BUTTON = _rgb(0x2A323C)
HOVER = _rgb(0x37414D)
RED = _rgb(0xD9363A)
GREEN = _rgb(0x1F9E4B)
AMBER = _rgb(0xF2A516)
DARK_AMBER = _rgb(0x7A520A)
BLUE = _rgb(0x4E8FF0)
DARK_RED = _rgb(0x5A1E22)
BLACK = _rgb(0x000000)
VEIL = _rgb(0x0B0D10, 225)


def dimmed(colour: int, alpha: int = 110) -> int:
    """A colour that lets through what is under it."""
    return colour & 0xFFFFFF | alpha << 24


SMALL, BODY, LARGE, HUGE = 14.0, 17.0, 20.0, 30.0  # text, in pixels of the design


class Painter2D:
    """Marks on one frame's draw list. unit: pixels of the window per pixel of the design.

    slab(area, colour) fills a plain rectangle under everything of imgui's. It is a scissored clear: on software GL
    imgui's own fills, which sample a texture and blend, cost a third of the whole window when the panels are made of
    them.
    """

    def __init__(self, font: Any, slab: Callable[[Rect, tuple[float, float, float]], None]) -> None:
        self._font = font
        self._slab = slab
        self.unit = 1.0
        self._list: Any = None
        self._width = lru_cache(4096)(self._measure)
        self._fitted = lru_cache(2048)(self._elide)

    def begin(self, unit: float) -> None:
        """Start a frame, inside an imgui window."""
        self.unit, self._list = unit, imgui.get_window_draw_list()

    def px(self, size: float) -> int:
        """A text size of the design in whole pixels: few sizes, so few glyphs to bake while a window is resized."""
        return max(8, round(size * self.unit))

    def _measure(self, text: str, size_px: int) -> float:
        imgui.push_font(self._font, size_px)
        width = float(imgui.calc_text_size(text).x)
        imgui.pop_font()
        return width

    def width(self, text: str, size: float) -> float:
        return self._width(text, self.px(size))

    def _elide(self, text: str, size_px: int, room: int) -> str:
        if self._width(text, size_px) <= room:
            return text
        low, high = 0, len(text)  # the longest beginning that leaves room for the ellipsis
        while low < high:
            middle = (low + high + 1) // 2
            if self._width(text[:middle].rstrip() + "…", size_px) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…" if low else ""

    def text(self, area: Rect, text: str, colour: int = TEXT, size: float = BODY, align: float = 0.0) -> float:
        """One line, in the middle of the area's height, elided to its width; align 0 left, 0.5 centre, 1 right.

        Returns the width it takes.
        """
        size_px = self.px(size)
        shown = self._fitted(text.replace("\n", " "), size_px, int(area.w))
        width = self._width(shown, size_px)
        x, y = area.x + (area.w - width) * align, area.y + (area.h - size_px) / 2
        # imgui sets a line as high as the size; Noto Sans is 1.36 times that, and sits a little low in it.
        self._list.add_text(self._font, size_px, (round(x), round(y - 0.02 * size_px)), colour, shown)
        return width

    def lines(self, area: Rect, text: str, most: int, colour: int = TEXT, size: float = BODY) -> float:
        """Some lines, broken between words, the last one elided; returns the height they take."""
        size_px, line_h = self.px(size), 1.2 * self.px(size)
        words, shown = text.split(), 0
        while words and shown < most:
            count = len(words)
            if shown < most - 1:  # the last one takes what is left, and is elided
                while count > 1 and self._width(" ".join(words[:count]), size_px) > area.w:
                    count -= 1
            self.text(Rect(area.x, area.y + shown * line_h, area.w, line_h), " ".join(words[:count]), colour, size)
            words, shown = words[count:], shown + 1
        return shown * line_h

    def panel(self, area: Rect, title: str, picture: Rect | None = None) -> tuple[Rect, Rect]:
        """A panel of the desk; (its title line, what remains). picture: within it, drawn already."""
        if picture is None:
            self.slab(area, PANEL)
        else:
            self.slab(Rect(area.x, area.y, area.w, picture.y - area.y), PANEL)
            self.slab(Rect(area.x, picture.y1, area.w, area.y1 - picture.y1), PANEL)
            self.slab(Rect(area.x, picture.y, picture.x - area.x, picture.h), PANEL)
            self.slab(Rect(picture.x1, picture.y, area.x1 - picture.x1, picture.h), PANEL)
        head, body = area.inset(PANEL_PAD * self.unit).cut_top(PANEL_HEAD * self.unit, PANEL_GAP * self.unit)
        self.text(head, title, DIM, SMALL)
        return head, body

    def fill(self, area: Rect, colour: int, radius: float = 0.0) -> None:
        self._list.add_rect_filled((area.x, area.y), (area.x1, area.y1), colour, radius * self.unit)

    def slab(self, area: Rect, colour: int) -> None:
        """A plain rectangle under everything else of the desk, over the pictures that are drawn already."""
        self._slab(area, ((colour & 255) / 255, (colour >> 8 & 255) / 255, (colour >> 16 & 255) / 255))

    def frame(self, area: Rect, colour: int, thickness: float) -> None:
        """A plain border inside the area, of slabs."""
        d = max(1, round(thickness * self.unit))
        self.slab(Rect(area.x, area.y, area.w, d), colour)
        self.slab(Rect(area.x, area.y1 - d, area.w, d), colour)
        self.slab(Rect(area.x, area.y, d, area.h), colour)
        self.slab(Rect(area.x1 - d, area.y, d, area.h), colour)

    def border(self, area: Rect, colour: int, thickness: float = 1.0, radius: float = 0.0) -> None:
        """A border inside the area, over everything."""
        width = max(1.0, round(thickness * self.unit))
        inner = area.inset(width / 2)
        self._list.add_rect(
            (inner.x, inner.y), (inner.x1, inner.y1), colour, rounding=radius * self.unit, thickness=width
        )

    def lamp(self, area: Rect, text: str, colour: int, lit: bool, size: float = SMALL) -> None:
        """A word on a plate: filled when it is lit, an outline when it isn't."""
        if lit:
            self.fill(area, colour, 4)
        else:
            self.border(area, LINE, 1, 4)
        self.text(area.inset(3 * self.unit), text, (BLACK if colour == AMBER else TEXT) if lit else DIM, size, 0.5)

    def clicked(self, name: str, area: Rect) -> tuple[bool, bool]:
        """(clicked, the mouse is over it), for an area that isn't drawn here."""
        if area.w < 1 or area.h < 1:
            return False, False
        imgui.set_cursor_screen_pos((area.x, area.y))
        done = imgui.invisible_button(name, (area.w, area.h))
        return done, imgui.is_item_hovered()

    def button(
        self, name: str, area: Rect, text: str, *, lit: int | None = None, cap: str = "", ink: int = TEXT
    ) -> bool:
        """A button; lit: the colour it has while what it stands for is on. cap: the key that does the same, small."""
        done, over = self.clicked(name, area)
        self.fill(area, lit if lit is not None else HOVER if over else BUTTON, 5)
        if lit is not None and over:
            self.border(area, TEXT, 1, 5)
        ink = BLACK if lit == AMBER else TEXT if lit is not None else ink
        room = area.inset(4 * self.unit)
        if cap:
            upper, lower = room.cut_top(room.h * 0.58)
            self.text(upper, text, ink, BODY, 0.5)
            self.text(lower, cap, ink if lit is not None else DIM, SMALL - 1, 0.5)
        else:
            self.text(room, text, ink, BODY if area.h > 26 * self.unit else SMALL, 0.5)
        return done
