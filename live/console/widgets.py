"""Sliders, buttons and lists of the console's pages."""

from __future__ import annotations

from collections.abc import Iterable

from imgui_bundle import imgui

from live.console.pressed import Pressed

DIM = (0.6, 0.64, 0.68, 1.0)
_LIT = (0.12, 0.62, 0.29, 1.0)


class Widgets:
    """Of one page. A slider under the mouse shows where the mouse is, not what was last heard."""

    def __init__(self, pressed: Pressed) -> None:
        self._dragging: dict[str, float] = {}
        self._pressed = pressed

    def slider(
        self, name: str, value: float, low: float, high: float, words: str, *, log: bool = False
    ) -> float | None:
        """A new value while it is dragged, None otherwise. log: by ratios, as frequencies and times are heard."""
        # Nothing is typed into a slider: the Enter after it would be a key of the show's.
        flags = imgui.SliderFlags_.no_input | (imgui.SliderFlags_.logarithmic if log else imgui.SliderFlags_.none)
        changed, moved = imgui.slider_float(name, self._dragging.get(name, value), low, high, words, flags)
        if imgui.is_item_active():
            self._dragging[name] = moved
        else:
            self._dragging.pop(name, None)
        return moved if changed else None

    def toggle(self, label: str, on: bool) -> bool:
        """A button, lit while it is on; True when it was pressed."""
        if on:
            imgui.push_style_color(imgui.Col_.button, _LIT)
        pressed = imgui.button(label)
        if on:
            imgui.pop_style_color()
        return pressed

    def switch(self, label: str, on: bool) -> bool | None:
        """A button of what is on or off, lit while it is on; what it is to be when it was pressed, else None."""
        name = label.partition("###")[2] or label  # what changes with its state stands before three of them
        return self._pressed.turn(name, on, imgui.get_time()) if self.toggle(label, on) else None


def choice(name: str, shown: str, of: Iterable[str], width: float, chosen: str | None = None) -> str:
    """A list that opens; what was chosen in it, or "". shown: while it is closed. chosen: the marked one; None: the one
    that is shown."""
    found = ""
    imgui.set_next_item_width(width)
    if imgui.begin_combo(name, shown):
        for item in of:
            if imgui.selectable(item, item == (shown if chosen is None else chosen))[0]:
                found = item
        imgui.end_combo()
    return found


class Room:
    """Puts buttons side by side, and on to the next line where there is no room for one."""

    def __init__(self) -> None:
        self._first = True

    def next(self, label: str) -> None:
        """A button of this label follows."""
        style = imgui.get_style()
        width = imgui.calc_text_size(label).x + 2 * style.frame_padding.x
        right = imgui.get_cursor_screen_pos().x + imgui.get_content_region_avail().x
        if not self._first and imgui.get_item_rect_max().x + style.item_spacing.x + width <= right:
            imgui.same_line()
        self._first = False
