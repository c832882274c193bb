"""The desk's page of titles: what the graphics say and will say, and the queue of names."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from live.console.fields import Fields, Line
from live.console.page import Send, column, page
from live.console.paint import Painter2D
from live.console.pressed import Pressed
from live.console.widgets import DIM, Widgets
from live.control.view import View
from live.picture.tiling import Rect
from live.show.graphics.published import GraphicStatus, TitlesStatus, TitleStatus

_TEXT, _RED, _GREEN, _AMBER = (
    (0.9, 0.92, 0.95, 1.0),
    (1.0, 0.35, 0.3, 1.0),
    (0.35, 0.83, 0.47, 1.0),
    (0.96, 0.65, 0.14, 1.0),
)
_PARTS = ";"  # between a name and what they are, in the line that adds one


class Titles:
    """Draws it. fields: its lines, which have the keyboard while it is open."""

    def __init__(self, painter: Painter2D, font: Any, send: Send, pressed: Pressed) -> None:
        self._p, self._font, self._send = painter, font, send
        self._widgets = Widgets(pressed)
        self.fields = Fields()

    def draw(self, area: Rect, view: View) -> None:
        graphics = view.all(GraphicStatus)
        with page("titles", area, self._p, self._font):
            self.fields.begin()
            with column("what they say", 0, 2, self._p) as width:
                imgui.align_text_to_frame_padding()
                imgui.text("Titles" if graphics else "This rig has no graphics.")
                imgui.same_line()
                imgui.text_colored(DIM, "Enter puts a line in, Tab too and goes on, Escape closes, F12: panic")
                for graphic in graphics:
                    self._graphic(graphic, view, width)
            with column("who is next", 1, 2, self._p) as width:
                self._queue(view, width)
            self.fields.end()

    def _graphic(self, graphic: GraphicStatus, view: View, width: float) -> None:
        at, u = f"/graphics/{graphic.name}", self._p.unit
        imgui.align_text_to_frame_padding()
        imgui.text_colored(_TEXT, graphic.name)
        imgui.same_line(130 * u)
        if (shown := self._widgets.switch(f"On air##{at}", graphic.visible)) is not None:
            self._send(f"{at}/{'show' if shown else 'hide'}")
        imgui.same_line()
        if not graphic.visible and (seen := self._widgets.switch(f"Preview##{at}", graphic.previewed)) is not None:
            self._send(f"{at}/preview", int(seen))
        if graphic.visible and imgui.button(f"Take##{at}") and graphic.held:
            self._send(f"{at}/take")
        imgui.same_line()
        if (live := self._widgets.switch(f"Live##{at}/live", graphic.live)) is not None:
            self._send(f"{at}/live", int(live))
        if graphic.held:
            imgui.same_line()
            imgui.text_colored(_AMBER, "held: preview shows it")
        if graphic.wrong:
            imgui.push_style_color(imgui.Col_.text, _AMBER)
            imgui.text_wrapped(graphic.wrong)
            imgui.pop_style_color()
        for field in view.fields(graphic):
            line = Line(f"{graphic.name}/{field.name}", field.written, field.name)
            if (said := self.fields.draw(line, width - 130 * u)) is not None:
                self._send(f"{at}/set", field.name, said)

    def _queue(self, view: View, width: float) -> None:
        status, u = view.get(TitlesStatus), self._p.unit
        names = [title for title in view.all(TitleStatus) if title.title]
        on = view.get(GraphicStatus, status.graphic)
        imgui.align_text_to_frame_padding()
        imgui.text(f"Names{f' on {status.graphic}' if status.graphic else ': no graphic names a person'}")
        if not status.graphic:
            return
        for label, address in (("Previous", "previous"), ("Next", "next"), ("Show", "show"), ("Clear", "clear")):
            imgui.same_line()
            if imgui.button(f"{label}##titles"):
                self._send(f"/titles/{address}")
        added = self.fields.draw(Line("titles/add", "", "name; line", clears=True), width - 90 * u)
        if added is not None and (name := added.partition(_PARTS)[0].strip()):
            self._send("/titles/add", name, added.partition(_PARTS)[2].strip())
        for title in names:
            in_hand = title.number == status.number
            colour = (_RED if on.visible else _GREEN) if in_hand else _TEXT
            imgui.push_style_color(imgui.Col_.text, colour)
            words = f"{title.number}  {title.title}{f'  -  {title.subtitle}' if title.subtitle else ''}"
            size = (width - 60 * u if title.origin == "typed" else 0, 0)
            if imgui.selectable(f"{words}##name{title.number}", in_hand, imgui.SelectableFlags_.none, size)[0]:
                self._send("/titles/cue", title.number)
            imgui.pop_style_color()
            if title.origin == "typed":
                imgui.same_line()
                if imgui.small_button(f"out##{title.number}"):
                    self._send("/titles/remove", title.number)
