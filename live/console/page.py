"""A page of the desk: it stands under the pictures, and leaves program, preview and the machine's next move alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from imgui_bundle import imgui

from live.console import paint
from live.console.paint import Painter2D
from live.picture.tiling import Rect

Send = Callable[..., None]
_FIELD = (0.17, 0.2, 0.24, 1.0)


@contextmanager
def page(name: str, area: Rect, painter: Painter2D, font: Any, *, scrolls: bool = True) -> Iterator[None]:
    """Draw within it, with imgui's own widgets or the painter's marks. It scrolls when there is more than fits."""
    u = painter.unit
    painter.slab(area, paint.PANEL)
    imgui.set_next_window_pos((area.x, area.y))
    imgui.set_next_window_size((area.w, area.h))
    flags = imgui.WindowFlags_
    imgui.push_style_var(imgui.StyleVar_.window_padding, (10 * u, 8 * u))
    imgui.push_style_var(imgui.StyleVar_.window_border_size, 0.0)
    imgui.push_style_var(imgui.StyleVar_.scrollbar_size, 10 * u)
    plain = flags.no_title_bar | flags.no_resize | flags.no_collapse | flags.no_move | flags.no_background
    plain |= flags.none if scrolls else flags.no_scrollbar | flags.no_scroll_with_mouse
    imgui.begin(f"page {name}", None, plain | flags.no_saved_settings | flags.no_nav)
    painter.begin(u)
    imgui.push_style_color(imgui.Col_.frame_bg, _FIELD)
    imgui.push_style_color(imgui.Col_.button, _FIELD)
    imgui.push_style_var(imgui.StyleVar_.frame_padding, (6 * u, 4 * u))
    imgui.push_style_var(imgui.StyleVar_.item_spacing, (8 * u, 5 * u))
    imgui.push_font(font, painter.px(paint.BODY - 1))
    try:
        yield
    finally:
        imgui.pop_font()
        imgui.pop_style_var(5)
        imgui.pop_style_color(2)
        imgui.end()


@contextmanager
def column(name: str, number: int, of: int, painter: Painter2D) -> Iterator[float]:
    """One of some columns of a page, each of which scrolls by itself. Yields its width, px."""
    gap = 16 * painter.unit
    if number:
        imgui.same_line(0, gap)
    room = imgui.get_window_width() - 2 * imgui.get_style().window_padding.x
    width = (room - gap * (of - 1)) / of
    imgui.begin_child(name, (width, 0), imgui.ChildFlags_.none, imgui.WindowFlags_.no_nav)
    try:
        yield width
    finally:
        imgui.end_child()
