"""The desk's page of faults: what is wrong now, and what went wrong, worst first, until a hand has seen it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imgui_bundle import imgui

from live.console import paint
from live.console.page import Send, page
from live.console.paint import Painter2D
from live.control.view import View
from live.picture.tiling import Rect
from live.show.faults.published import FaultStatus, NewFaults
from live.show.outputs.published import ASLEEP, OutputStatus
from live.show.sources.published import SourceStatus

COLOURS = {"program": paint.RED, "air": paint.RED, "source": paint.AMBER, "control": paint.BLUE}
ROW_H = 24.0  # pixels of the design


def listed(view: View) -> list[FaultStatus]:
    """Worst first."""
    return sorted((f for f in view.all(FaultStatus) if f.subject), key=lambda f: f.number)


def lasting(view: View) -> Iterator[tuple[str, str]]:
    """(subject, how it is) of what is wrong as long as it says so, whatever a hand has seen."""
    for output in view.all(OutputStatus):
        if output.state not in ("live", *ASLEEP):
            words = output.message.removeprefix(f"{output.state}: ")
            yield output.name, f"{output.state}: {words}" if words else output.state
    for source in view.all(SourceStatus):
        if not source.healthy:
            words = source.message.removeprefix(f"{source.name}: ")
            yield source.name, f"{source.status}: {words}" if words else source.status


def line(view: View) -> tuple[str, int]:
    """(what the desk's last line says, its colour): the worst that no hand has seen, and how many there are; what
    lasts otherwise.
    """
    new = [fault for fault in listed(view) if not fault.seen and not fault.over]
    if new:
        worst, more = new[0], view.get(NewFaults).count - 1
        text = worst.text if worst.text.startswith(worst.subject) else f"{worst.subject}: {worst.text}"
        times = f" ({worst.times} times)" if worst.times > 1 else ""
        return f"{text}{times}{f'   (+{more}: F)' if more > 0 else ''}", COLOURS[worst.rank]
    still = [" ".join(pair) for pair in lasting(view)]
    return ("; ".join(still), paint.AMBER) if still else ("no faults", paint.FAINT)


class FaultsPage:
    """Draws it."""

    def __init__(self, painter: Painter2D, font: Any, send: Send) -> None:
        self._p, self._font, self._send = painter, font, send

    def draw(self, area: Rect, view: View) -> None:
        p, u = self._p, self._p.unit
        found, still = listed(view), list(lasting(view))
        with page("faults", area, p, self._font):
            x, y = imgui.get_cursor_screen_pos()
            width = imgui.get_content_region_avail().x
            head = Rect(x, y, width, 26 * u)
            button, head = head.cut_right(130 * u, 8 * u)
            if p.button("all seen", button, "ALL SEEN", ink=paint.TEXT if view.get(NewFaults).count else paint.FAINT):
                self._send("/faults/seen")
            p.text(head, "Faults, worst first" if found or still else "No faults", paint.TEXT, paint.LARGE)
            rows = (Rect(x, y + (32 + n * ROW_H) * u, width, ROW_H * u) for n in range(len(still) + len(found)))
            for subject, how in still:
                self._row(next(rows), "now", paint.AMBER, subject, how, paint.TEXT)
            for fault in found:
                self._fault(next(rows), fault)

    def _fault(self, row: Rect, fault: FaultStatus) -> None:
        p, u = self._p, self._p.unit
        seen, rest = row.cut_right(70 * u, 8 * u)
        ink = paint.FAINT if fault.seen or fault.over else paint.TEXT
        minutes, seconds = divmod(int(fault.at_s), 60)
        times = f"   {fault.times} times" if fault.times > 1 else ""
        over = "   (over)" if fault.over else ""
        colour = paint.LABEL if fault.seen or fault.over else COLOURS[fault.rank]
        self._row(rest, f"{minutes}:{seconds:02d}", colour, fault.subject, f"{fault.text}{times}{over}", ink)
        if not fault.seen and p.button(f"seen {fault.subject}", seen.inset(2 * u), "SEEN", ink=paint.DIM):
            self._send("/faults/seen", fault.subject)

    def _row(self, area: Rect, when: str, colour: int, subject: str, text: str, ink: int) -> None:
        p, u = self._p, self._p.unit
        imgui.set_cursor_screen_pos((area.x, area.y))
        imgui.dummy((area.w, area.h))
        lamp, rest = area.cut_left(6 * u, 8 * u)
        p.fill(lamp.inset(u), colour, 2)
        at, rest = rest.cut_left(52 * u, 8 * u)
        p.text(at, when, paint.DIM, paint.SMALL)
        name, rest = rest.cut_left(150 * u, 8 * u)
        p.text(name, subject, ink, paint.BODY - 1)
        p.text(rest, text.removeprefix(f"{subject}: "), ink, paint.BODY - 1)
