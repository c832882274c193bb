"""Sliders and buttons of the console's pages."""

from __future__ import annotations

from imgui_bundle import imgui

DIM = (0.6, 0.64, 0.68, 1.0)
_LIT = (0.12, 0.62, 0.29, 1.0)


class Widgets:
    """Of one page. A slider under the mouse shows where the mouse is, not what was last heard."""

    def __init__(self) -> None:
        self._dragging: dict[str, float] = {}

    def slider(
        self, name: str, value: float, low: float, high: float, words: str, *, log: bool = False
    ) -> float | None:
        """A new value while it is dragged, None otherwise. log: by ratios, as frequencies and times are heard."""
        flags = imgui.SliderFlags_.logarithmic if log else imgui.SliderFlags_.none
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
