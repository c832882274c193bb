"""The desk's page of titles: what the graphics say."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from live.console.fields import Fields, Line
from live.console.page import Send, page
from live.console.paint import Painter2D
from live.console.widgets import DIM
from live.control.view import View
from live.picture.tiling import Rect
from live.show.graphics.published import GraphicStatus


class Titles:
    """Draws it. fields: its lines, which have the keyboard while it is open."""

    def __init__(self, painter: Painter2D, font: Any, send: Send) -> None:
        self._p, self._font, self._send = painter, font, send
        self.fields = Fields()

    def draw(self, area: Rect, view: View) -> None:
        u = self._p.unit
        graphics = [(graphic, view.fields(graphic)) for graphic in view.all(GraphicStatus)]
        with page("titles", area, self._p, self._font):
            imgui.text("Titles" if graphics else "This rig has no graphics.")
            imgui.same_line()
            imgui.text_colored(
                DIM,
                "Enter puts a line in, Tab too and goes on, Escape closes. F12: panic; no other key reaches the show.",
            )
            self.fields.begin()
            for graphic, fields in graphics:
                imgui.text_colored(DIM, f"{graphic.name}{'  (on air)' if graphic.visible else ''}")
                for field in fields:
                    line = Line(f"{graphic.name}/{field.name}", field.text, field.name)
                    if (said := self.fields.draw(line, 360 * u)) is not None:
                        self._send(f"/graphics/{graphic.name}/set", field.name, said)
            self.fields.end()
