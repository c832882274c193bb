"""Scenarios and people on the desk's page M: which scenario was picked; who speaks, where they sit, how much each
counts.
"""

from __future__ import annotations

from imgui_bundle import imgui

from live.config.people import MOST_WEIGHT
from live.console.page import Send
from live.console.widgets import DIM, Room, Widgets, choice
from live.control.view import View
from live.show.people.published import PersonSpeaking, PersonStatus, SeatNames
from live.show.scenarios.published import ScenarioStatus

_TEXT = (0.9, 0.92, 0.95, 1.0)
_GREEN = (0.35, 0.83, 0.47, 1.0)
_NO_SEAT = "no seat"


def draw_scenarios(view: View, send: Send, widgets: Widgets) -> None:
    scenarios = view.all(ScenarioStatus)
    if not scenarios:
        return
    imgui.text_colored(DIM, "Scenarios")
    room = Room()
    for scenario in scenarios:
        room.next(scenario.title)
        if widgets.toggle(f"{scenario.title}##scenario {scenario.name}", scenario.picked):
            send(f"/scenario/{scenario.name}")


def draw_people(view: View, send: Send, widgets: Widgets, unit: float) -> None:
    people, seats = view.all(PersonStatus), view.get(SeatNames).names
    if not people:
        return
    imgui.text_colored(DIM, "People: who speaks, seat, how much they count")
    for person in people:
        at = f"/people/{person.name}"
        imgui.align_text_to_frame_padding()
        speaks = view.get(PersonSpeaking, person.name).speaking
        imgui.text_colored(_GREEN if speaks else _TEXT, person.title[:20])
        imgui.same_line(150 * unit)
        if seats:
            shown = f"seat {person.seat}" if person.seat else _NO_SEAT
            seat = choice(f"##{at}/seat", shown, (_NO_SEAT, *seats), 100 * unit, chosen=person.seat or _NO_SEAT)
            if seat:
                send(f"{at}/seat", *([] if seat == _NO_SEAT else [seat]))
            imgui.same_line()
        imgui.set_next_item_width(110 * unit)
        moved = widgets.slider(f"##{at}/weight", person.weight, 0.0, MOST_WEIGHT, "counts %.1f")
        if moved is not None:
            send(f"{at}/weight", round(moved, 1))
        imgui.same_line()
        imgui.text_colored(DIM, person.camera)
