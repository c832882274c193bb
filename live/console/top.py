"""The desk's top line: time and title, what the machine asks, the lamps of the outputs, the pages."""

from __future__ import annotations

from imgui_bundle import imgui

from live.console import paint
from live.console.page import Send
from live.console.pages import OPENERS, Pages
from live.console.paint import Painter2D
from live.console.shown import Screen
from live.picture.tiling import Rect
from live.show.authority.published import SuggestionStatus
from live.show.outputs.lamps import Lamp, lamps
from live.show.outputs.published import OutputStatus

LAMP_H = 24.0  # pixels of the design
BLINK_S = 0.5


class TopLine:
    """Draws it."""

    def __init__(self, painter: Painter2D, send: Send, pages: Pages) -> None:
        self._p, self._send, self._pages = painter, send, pages

    def draw(self, screen: Screen) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        area = screen.layout.top
        line = Rect(area.x, area.y + (area.h - LAMP_H * u) / 2, area.w, LAMP_H * u)
        for opener in reversed(OPENERS):
            button, line = line.cut_right(26 * u, 4 * u)
            lit = paint.GREEN if self._pages.open == opener.page else None
            if p.button(f"open {opener.page}", button, opener.cap, lit=lit):
                self._pages.turn(opener.page)
            if imgui.is_item_hovered():
                imgui.set_tooltip(opener.holds)
        _, line = line.cut_right(8 * u)
        for lamp in reversed(lamps(view.all(OutputStatus)) if screen.connected else []):
            line = self._lamp(lamp, line)
        time, line = line.cut_left(112 * u, 8 * u)
        p.text(time, view.clock.timecode, paint.TEXT, paint.LARGE)
        if view.suggestions:
            title, line = line.cut_left(min(150 * u, p.width(view.show.title, paint.BODY)), 14 * u)
            self._suggestion(line, view.suggestions[0], len(view.suggestions) - 1)
        else:
            title = line
        p.text(title, view.show.title or "Live", paint.DIM, paint.BODY)

    def _lamp(self, lamp: Lamp, room: Rect) -> Rect:
        """One of a kind's outputs that should run and doesn't blinks. A click opens their page."""
        p, u = self._p, self._p.unit
        area, rest = room.cut_right(min(p.width(lamp.text, paint.SMALL) + 14 * u, room.w), 6 * u)
        dark = lamp.trouble in ("failed", "retrying") and imgui.get_time() % (2 * BLINK_S) < BLINK_S
        colour = (paint.DARK_AMBER if dark else paint.AMBER) if lamp.trouble else paint.RED
        p.lamp(area, lamp.text, colour, lamp.lit or lamp.trouble != "")
        if p.clicked(f"lamp {lamp.word}", area)[0]:
            self._pages.turn("outputs")
        return rest

    def _suggestion(self, area: Rect, suggestion: SuggestionStatus, more: int) -> None:
        """The oldest suggestion: what, why, and a yes and a no."""
        p, u = self._p, self._p.unit
        p.fill(area, paint.PANEL, 4)
        p.border(area, paint.BLUE, 1, 4)
        no, rest = area.inset(2 * u).cut_right(44 * u, 4 * u)
        yes, rest = rest.cut_right(48 * u, 8 * u)
        if p.button("no", no, "NO  X", ink=paint.DIM):
            self._send("/suggestions/drop", suggestion.id)
        if p.button("yes", yes, "YES  Y", lit=paint.BLUE):
            self._send("/suggestions/take", suggestion.id)
        _, rest = rest.cut_left(5 * u)
        used = p.text(rest, f"{suggestion.text}?", paint.TEXT, paint.BODY)
        _, rest = rest.cut_left(used + 10 * u)
        p.text(rest, f"{suggestion.reason}{f'  (+{more})' if more else ''}", paint.DIM, paint.SMALL - 1)
