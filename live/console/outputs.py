"""The desk's page of outputs: how each does, and the buttons that start and stop it."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from live.config.kinds import lamp_of
from live.console import paint
from live.console.page import Send, page
from live.console.paint import Painter2D
from live.console.widgets import DIM
from live.control.view import View
from live.picture.tiling import Rect
from live.show.outputs.lamps import by_lamp
from live.show.outputs.published import ASLEEP, OutputStatus

ROW_H, HEAD_H = 30.0, 28.0  # pixels of the design
SURE_S = 2.5  # within which a second press on Stop stops
_COLOURS = {"live": paint.RED, "connecting": paint.AMBER, "retrying": paint.AMBER, "failed": paint.AMBER}


class OutputsPage:
    """Draws it. Holds which stop waits for its second press: one press takes nobody off air."""

    def __init__(self, painter: Painter2D, font: Any, send: Send) -> None:
        self._p, self._font, self._send = painter, font, send
        self._asked: tuple[str, float] = ("", 0.0)

    def draw(self, area: Rect, view: View) -> None:
        p, u = self._p, self._p.unit
        groups = {word: group for word, group in by_lamp(view.all(OutputStatus)).items() if group}
        with page("outputs", area, p, self._font):
            if not groups:
                imgui.text_colored(DIM, "This rig has no outputs: nothing is recorded, nothing streamed.")
            x, y = imgui.get_cursor_screen_pos()
            width = imgui.get_content_region_avail().x
            for word, outputs in groups.items():
                if len(outputs) > 1:
                    self._head(Rect(x, y, width, HEAD_H * u), word, outputs)
                    y += HEAD_H * u
                for output in outputs:
                    self._row(Rect(x, y, width, ROW_H * u), output, view)
                    y += ROW_H * u

    def _head(self, area: Rect, word: str, outputs: list[OutputStatus]) -> None:
        """All of a kind at once."""
        p, u = self._p, self._p.unit
        area = Rect(area.x, area.y + 2 * u, area.w, area.h - 4 * u)
        runs, rests = [o for o in outputs if _runs(o)], [o for o in outputs if not _runs(o)]
        start, rest = area.cut_left(94 * u, 6 * u)
        stop, rest = rest.cut_left(94 * u, 10 * u)
        if p.button(f"start all {word}", start, "START ALL", ink=paint.TEXT if rests else paint.FAINT):
            for output in rests:
                self._send(f"/outputs/{output.name}/start")
        if self._stop(f"stop all {word}", stop, "STOP ALL", bool(runs)):
            for output in runs:
                self._send(f"/outputs/{output.name}/stop")
        p.text(rest, f"{word}: {len(runs)} of {len(outputs)} run", paint.DIM, paint.SMALL)

    def _row(self, area: Rect, output: OutputStatus, view: View) -> None:
        p, u = self._p, self._p.unit
        imgui.set_cursor_screen_pos((area.x, area.y))
        imgui.dummy((area.w, area.h))  # it scrolls with it
        area = Rect(area.x, area.y + 2 * u, area.w, area.h - 4 * u)
        button, rest = area.cut_left(94 * u, 10 * u)
        at = f"/outputs/{output.name}"
        if _runs(output):
            if self._stop(f"stop {at}", button, "STOP", True):
                self._send(f"{at}/stop")
        elif p.button(f"start {at}", button, "START"):
            self._send(f"{at}/start")
        lamp, rest = rest.cut_left(104 * u, 10 * u)
        colour = _COLOURS.get(output.state)
        p.lamp(lamp, output.state or "-", colour or paint.LABEL, colour is not None)
        time, rest = rest.cut_left(74 * u, 10 * u)
        runs_s = max(0, int(view.clock.time_s - output.since_s))
        if output.state == "live":
            p.text(time, f"{runs_s // 3600}:{runs_s // 60 % 60:02d}:{runs_s % 60:02d}", paint.TEXT, paint.BODY - 1)
        name, rest = rest.cut_left(150 * u, 10 * u)
        p.text(name, output.name, paint.TEXT, paint.BODY)
        what, rest = rest.cut_left(240 * u, 10 * u)
        sound = f" with {output.bus}" if output.bus not in ("", "program") and output.bus != output.feed else ""
        p.text(what, f"{lamp_of(output.kind)} of {output.feed}{sound}", paint.DIM, paint.SMALL)
        words = output.message.removeprefix(f"{output.state}: ")
        p.text(rest, words, paint.AMBER if output.state in ("failed", "retrying") else paint.DIM, paint.SMALL)

    def _stop(self, name: str, area: Rect, text: str, there: bool) -> bool:
        """True at the second press."""
        now_s = imgui.get_time()
        asked = self._asked[0] == name and now_s - self._asked[1] < SURE_S
        lit, ink = paint.AMBER if asked else None, paint.TEXT if there else paint.FAINT
        pressed = self._p.button(name, area, "SURE?" if asked else text, lit=lit, ink=ink)
        if pressed and there:
            self._asked = ("", 0.0) if asked else (name, now_s)
        return pressed and asked and there


def _runs(output: OutputStatus) -> bool:
    """Is there something to stop? One that failed has ended."""
    return output.state not in (*ASLEEP, "failed")
