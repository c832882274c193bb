"""The windows over the desk, one open at a time: the list of keys, the titles, page M and page C."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from imgui_bundle import imgui

from live.console import paint
from live.console.cameras import Cameras
from live.console.keys import KEYS
from live.console.more import More
from live.console.paint import Painter2D
from live.control.view import View
from live.picture.tiling import Rect
from live.show.graphics.published import GraphicField, GraphicStatus

# By the key that opens and closes it. Those of sound and faults stand in the desk itself.
PAGES = {"?": "keys", "M": "more", "E": "titles", "C": "cameras", "S": "sound", "F": "faults"}
PANIC_KEY = "f12"  # works whatever is typed into
_GREY, _FIELD = (0.6, 0.64, 0.68, 1), (0.17, 0.2, 0.24, 1)


class Windows:
    """Holds what belongs to them alone: which is open, what is being typed."""

    def __init__(self, font: Any, painter: Painter2D, send: Callable[..., None]) -> None:
        self._p = painter
        self._send = send
        self._font = font
        self._more = More(font, send)
        self._cameras = Cameras(font, send)
        self.page = ""  # which is open, "" for none
        self.expects_text = False  # from the key that opens the titles until a field has the keyboard
        self._focus = 0  # which line of the titles is to have the keyboard next, from 1 on; 0: as it is
        self._line = 1  # the one that had it last
        self._drafts: dict[tuple[str, str], str] = {}

    @property
    def takes_keys(self) -> bool:
        """A page of fields is open: what is typed is words, and reaches no key of the show but PANIC_KEY."""
        return self.page == "titles"

    def key(self, name: str) -> bool:
        """A key that was pressed while such a page is open. True when it was meant for the page."""
        if not self.takes_keys or name == PANIC_KEY:
            return False
        if name == "escape":
            self.page, self.expects_text = "", False
        return True

    def typed(self, character: str) -> None:
        """What was typed outside a text field."""
        if self.takes_keys:  # between two fields, or after a click elsewhere: no word of a title is a key
            self._focus = self._line
            return
        if (page := PAGES.get(character.upper())) is None:
            return
        self.page = "" if self.page == page else page
        self.expects_text = self.takes_keys
        self._focus = self._line = 1

    def draw(self, size: Any, view: View) -> None:
        """What is open. size: of the window (pixels)."""
        match self.page:
            case "keys":
                self._keys(size)
            case "titles":
                self._titles(size, view)
            case "more":
                self._begin("more window", size, 640, self._more.height(view), (0.0, 0.5))  # program stays in sight
                self._more.draw(view, self._p.unit, self._p.px(paint.BODY))
                self._close_button()
                imgui.end()
            case "cameras":
                # As do preview and program.
                self._begin("cameras window", size, 640, self._cameras.height(view), (0.0, 1.0))
                if not self._cameras.draw(view, self._p.unit, self._p.px(paint.BODY)):
                    self.page = ""
                imgui.end()

    def _close_button(self) -> None:
        if imgui.button("Close"):
            self.page = ""

    def _begin(self, name: str, size: Any, width: float, height: float, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Begin a window over the desk; the caller ends it. at: (0, 0) is the top left corner, (1, 1) the bottom right
        one.
        """
        u = self._p.unit
        height = min(height * u, size[1])
        imgui.set_next_window_pos(((size[0] - width * u) * at[0], (size[1] - height) * at[1]))
        imgui.set_next_window_size((width * u, height))
        imgui.set_next_window_focus() if imgui.is_window_appearing() else None
        flags = imgui.WindowFlags_
        imgui.push_style_color(imgui.Col_.window_bg, (0.07, 0.08, 0.1, 0.97))
        imgui.push_style_var(imgui.StyleVar_.window_padding, (20 * u, 16 * u))
        imgui.push_style_var(imgui.StyleVar_.window_border_size, 1.0)
        plain = flags.no_title_bar | flags.no_resize | flags.no_collapse  # it scrolls when the window is too low for it
        imgui.begin(name, None, plain | flags.no_move | flags.no_saved_settings | flags.no_nav)
        imgui.pop_style_var(2)
        imgui.pop_style_color()
        self._p.begin(u)

    def _keys(self, size: Any) -> None:
        u = self._p.unit
        lines = list(_key_lines())
        rows = (len(lines) + 1) // 2
        self._begin("keys window", size, 1000, 60 + 27 * rows)
        x, y = imgui.get_window_pos()
        area = Rect(x + 24 * u, y + 16 * u, 466 * u, 30 * u)
        self._p.text(area, "Keys", paint.TEXT, paint.LARGE)
        for i, (cap, does) in enumerate(lines):
            column, row = divmod(i, rows)
            line = Rect(area.x + 486 * u * column, area.y + (36 + 27 * row) * u, area.w, 27 * u)
            left, right = line.cut_left(150 * u, 10 * u)
            self._p.text(left, cap, paint.AMBER, paint.BODY)
            self._p.text(right, does, paint.TEXT, paint.BODY)
        imgui.end()

    def _titles(self, size: Any, view: View) -> None:
        """The words of the graphics. Enter sends a field; on air it changes on the next frame."""
        p, u = self._p, self._p.unit
        graphics = [(graphic, view.fields(graphic)) for graphic in view.all(GraphicStatus)]
        self._begin("titles window", size, 560, 128 + sum(26 + 35 * len(fields) for _, fields in graphics), (0.0, 0.5))
        imgui.push_style_color(imgui.Col_.frame_bg, _FIELD)
        imgui.push_style_color(imgui.Col_.button, _FIELD)
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6 * u, 5 * u))
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (8 * u, 8 * u))
        imgui.push_font(self._font, p.px(paint.BODY))
        imgui.text("Titles" if graphics else "This rig has no graphics.")
        line = 0
        for graphic, fields in graphics:
            imgui.text_colored(_GREY, f"{graphic.name}{'  (on air)' if graphic.visible else ''}")
            for field in fields:
                line += 1
                self._field(line, field, 360 * u)
        self.expects_text &= line > 0
        imgui.text_colored(
            _GREY, "Enter puts a line in, Tab goes on, Escape closes. F12: panic; no other key reaches the show."
        )
        self._close_button()
        imgui.pop_font()
        imgui.pop_style_var(2)
        imgui.pop_style_color(2)
        imgui.end()

    def _field(self, line: int, field: GraphicField, width: float) -> None:
        graphic, name = field.graphic, field.name
        draft = self._drafts.get((graphic, name), field.text)
        imgui.set_next_item_width(width)
        if self._focus == line:
            imgui.set_keyboard_focus_here()
            self._focus = 0
        done, draft = imgui.input_text(f"{name}##{graphic}", draft, imgui.InputTextFlags_.enter_returns_true)
        if done:
            self._send(f"/graphics/{graphic}/set", name, draft)
            self._focus = line  # it keeps the keyboard: the next words are the next title, and no keys
        if imgui.is_item_active():
            self._drafts[graphic, name] = draft
            self._line, self.expects_text = line, False
        else:
            self._drafts.pop((graphic, name), None)


def _key_lines() -> Iterator[tuple[str, str]]:
    yield from ((key.cap, key.does) for key in KEYS)
    yield "click, Shift click", "a tile: on preview, straight to program"
    yield "E", "edit the titles"
    yield "M", "more: transition, keys, layers, players, outputs"
    yield "C", "cameras: colours and keys"
    yield "F", "faults, worst first"
    yield "S", "sound: strips with faders; there the arrows, Home, U and J are a strip's"
    yield "?", "this list"
