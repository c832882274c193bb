"""A channel strip as a desk has it: fader, meter, mute, listen, pan. A widget that any page can place.

Everything is drawn from a `StripView`; what a hand does comes back as what it wants (`Wish`), and the page sends it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from imgui_bundle import imgui

from live.console import paint
from live.console.paint import Painter2D
from live.picture.tiling import Rect

# Where a fader stands for a gain: most of its way is for the 20 dB around 0, as on every desk.
_LAW_DB = (-60.0, -40.0, -20.0, -10.0, 0.0, 10.0, 24.0)
_LAW = (0.0, 0.14, 0.36, 0.54, 0.74, 0.9, 1.0)
MARKS_DB = (10, 0, -10, -20, -40)
METER_FLOOR_DB = -60.0
FALL_DB = 1.2  # a frame, of the mark at the highest level
STEP_DB, FINE_DB = 1.0, 0.1  # of an arrow key, of one with Shift
WHEEL_DB = 0.5
LEAST_DB, MOST_DB = -60.0, 24.0
_FINE = 0.2  # how far a fader follows the mouse with Shift


def place(gain_db: float) -> float:
    """0 at the bottom of a fader, 1 at its top."""
    return float(np.interp(gain_db, _LAW_DB, _LAW))


def gain(at: float) -> float:
    """The other way round, dB."""
    return float(np.interp(at, _LAW, _LAW_DB))


def share(level_db: float) -> float:
    """How far a meter is lit."""
    return min(1.0, max(0.0, 1 - level_db / METER_FLOOR_DB))


@dataclass(frozen=True)
class StripView:
    """What a strip shows. Levels in dB of full scale, reduction_db what gate, compressor and limiter take, 0 or below.
    note: what the machine does to it, in few words. pans: it has a place between left and right. listen: what its
    lowest button says; "" for none.
    """

    name: str
    label: str
    kind: str  # microphone, player, group, aux, master
    gain_db: float = 0.0
    muted: bool = False
    pan: float = 0.0
    peak_db: float = METER_FLOOR_DB
    rms_db: float = METER_FLOOR_DB
    clipped: bool = False
    reduction_db: float = 0.0
    listened: bool = False
    speaking: bool = False
    note: str = ""
    pans: bool = True
    listen: str = "PFL"


@dataclass(frozen=True)
class Wish:
    """What a hand wants of a strip: choose, gain, pan, mute, listen, clear. value: of a gain or a pan, what it is to
    be; of a switch, what it is now. by: a step from where the gain is.
    """

    what: str
    value: float = 0.0
    by: float = 0.0


COLOURS = {
    "microphone": paint.BLUE,
    "player": paint.AMBER,
    "group": paint.GREEN,
    "aux": paint.FAINT,
    "master": paint.RED,
}


class Fader:
    """Draws strips. Holds what is under the hand: a fader that is dragged follows the mouse and not what is heard
    back.
    """

    def __init__(self, painter: Painter2D) -> None:
        self._p = painter
        self._held: dict[str, float] = {}  # the highest level of late, dB, by strip
        self._grab: tuple[str, float, float] | None = None  # what is dragged, where it stood, what the mouse added

    def draw(self, area: Rect, strip: StripView, chosen: bool) -> list[Wish]:
        p, u = self._p, self._p.unit
        wishes: list[Wish] = []
        p.fill(area, paint.HOVER if chosen else paint.PANEL, 5)
        body = area.inset(4 * u)
        head, body = body.cut_top(20 * u, 3 * u)
        stripe = Rect(area.x, area.y, area.w, 3 * u)
        p.fill(stripe, COLOURS.get(strip.kind, paint.FAINT), 2)
        ink = paint.GREEN if strip.speaking else paint.TEXT
        p.text(head, strip.label, ink, paint.SMALL, 0.5)
        done, over = p.clicked(f"choose {strip.name}", head)
        if done:
            wishes.append(Wish("choose"))
        if over and strip.note:
            imgui.set_tooltip(strip.note)
        mute, body = body.cut_top(24 * u, 3 * u)
        if strip.listen:
            listen, body = Rect(body.x, body.y1 - 22 * u, body.w, 22 * u), Rect(body.x, body.y, body.w, body.h - 25 * u)
            lit = paint.AMBER if strip.listened else None
            if p.button(f"listen {strip.name}", listen, strip.listen, lit=lit, ink=paint.DIM):
                wishes.append(Wish("listen", float(strip.listened)))
        if p.button(f"mute {strip.name}", mute, "MUTE", lit=paint.RED if strip.muted else None, ink=paint.DIM):
            wishes.append(Wish("mute", float(strip.muted)))
        if strip.pans:
            foot, body = Rect(body.x, body.y1 - 16 * u, body.w, 16 * u), Rect(body.x, body.y, body.w, body.h - 19 * u)
            wishes += self._pan(foot, strip)
        said, body = Rect(body.x, body.y1 - 17 * u, body.w, 17 * u), Rect(body.x, body.y, body.w, body.h - 19 * u)
        gain_db, moved, by = self._fader(body, strip)
        if moved:
            wishes.append(Wish("gain", gain_db, by))
        words = "-inf" if gain_db <= -60 else f"{gain_db:+.1f}"
        p.text(said, words, paint.DIM if abs(gain_db) < 0.05 else paint.TEXT, paint.SMALL, 0.5)
        if self._meters(body, strip):
            wishes.append(Wish("clear"))
        if chosen:
            p.border(area, paint.TEXT, 1, 5)
        return wishes

    def _fader(self, area: Rect, strip: StripView) -> tuple[float, bool, float]:
        """(where it stands in dB, whether a hand moved it, by how much if it did by steps)."""
        p, u = self._p, self._p.unit
        slot, _ = area.cut_left(area.w * 0.56)
        cap_h = 22 * u
        way = Rect(slot.x, slot.y + cap_h / 2, slot.w, slot.h - cap_h)
        name = f"fader {strip.name}"
        imgui.set_cursor_screen_pos((slot.x, slot.y))
        imgui.invisible_button(name, (max(1.0, slot.w), max(1.0, slot.h)))
        at, moved, by = place(strip.gain_db), False, 0.0
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            at, moved, self._grab = place(0.0), True, None
        elif imgui.is_item_activated():
            self._grab = (name, at, 0.0)
        elif imgui.is_item_active() and self._grab and self._grab[0] == name:
            _, began, way_so_far = self._grab
            io = imgui.get_io()
            way_so_far -= io.mouse_delta.y / max(1.0, way.h) * (_FINE if io.key_shift else 1.0)
            self._grab = (name, began, way_so_far)
            at = min(1.0, max(0.0, began + way_so_far))
            moved = io.mouse_delta.y != 0
        elif imgui.is_item_hovered() and (wheel := imgui.get_io().mouse_wheel):
            moved, by = True, WHEEL_DB * wheel
        p.fill(Rect(slot.x + slot.w / 2 - 2 * u, way.y, 4 * u, way.h), paint.BACK_LINE, 2)
        for mark in MARKS_DB:
            y = way.y + way.h * (1 - place(mark))
            p.fill(Rect(slot.x + 2 * u, y - u / 2, slot.w - 4 * u, max(1.0, u)), paint.LINE)
            if mark == 0:
                p.fill(Rect(slot.x, y - u, slot.w, 2 * u), paint.FAINT)
        cap = Rect(slot.x + u, way.y + way.h * (1 - at) - cap_h / 2, slot.w - 2 * u, cap_h)
        p.fill(cap, paint.TEXT if imgui.is_item_active() or imgui.is_item_hovered() else paint.DIM, 4)
        p.fill(Rect(cap.x + 3 * u, cap.y + cap_h / 2 - u, cap.w - 6 * u, 2 * u), paint.BLACK)
        return round(gain(at), 1), moved, by

    def _meters(self, area: Rect, strip: StripView) -> bool:
        """Peak with its mark, RMS within it, what is taken away beside them from the top. True when a clip is to be
        forgotten.
        """
        p, u = self._p, self._p.unit
        _, room = area.cut_left(area.w * 0.6)
        lamp, room = room.cut_top(10 * u, 2 * u)
        held = max(strip.peak_db, self._held.get(strip.name, METER_FLOOR_DB) - FALL_DB)
        self._held[strip.name] = held
        p.fill(lamp, paint.RED if strip.clipped else paint.BUTTON, 2)
        level, taken = room.cut_left(room.w * 0.62, 2 * u)
        p.fill(level, paint.BACK_LINE, 2)
        for low, high, colour in ((-60.0, -18.0, paint.GREEN), (-18.0, -6.0, paint.AMBER), (-6.0, 0.0, paint.RED)):
            for db, width in ((strip.peak_db, 1.0), (strip.rms_db, 0.6)):
                lit = min(db, high)
                if lit <= low:
                    continue
                y1, y0 = level.y1 - level.h * share(low), level.y1 - level.h * share(lit)
                dim = paint.dimmed(colour) if width == 1.0 else colour
                p.fill(Rect(level.x + level.w * (1 - width) / 2, y0, level.w * width, y1 - y0), dim)
        if share(held) > 0:
            p.fill(Rect(level.x, level.y1 - level.h * share(held), level.w, 2 * u), paint.TEXT)
        p.fill(taken, paint.BACK_LINE, 2)
        p.fill(Rect(taken.x, taken.y, taken.w, taken.h * min(1.0, max(0.0, -strip.reduction_db) / 20)), paint.AMBER)
        return strip.clipped and p.clicked(f"clip {strip.name}", lamp)[0]

    def _pan(self, area: Rect, strip: StripView) -> list[Wish]:
        p, u = self._p, self._p.unit
        imgui.set_cursor_screen_pos((area.x, area.y))
        imgui.invisible_button(f"pan {strip.name}", (max(1.0, area.w), area.h))
        pan, wishes = strip.pan, []
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            pan, wishes = 0.0, [Wish("pan", 0.0)]
        elif imgui.is_item_active() and imgui.get_io().mouse_delta.x:
            pan = min(1.0, max(-1.0, 2 * (imgui.get_mouse_pos().x - area.x) / area.w - 1))
            pan = 0.0 if abs(pan) < 0.06 else round(pan, 2)
            wishes = [Wish("pan", pan)]
        line = Rect(area.x + 2 * u, area.y + area.h / 2 - u, area.w - 4 * u, 2 * u)
        p.fill(line, paint.LINE)
        p.fill(Rect(area.x + area.w / 2 - u / 2, area.y + 3 * u, u, area.h - 6 * u), paint.FAINT)
        x = line.x + line.w * (pan + 1) / 2
        p.fill(Rect(x - 4 * u, area.y + 2 * u, 8 * u, area.h - 4 * u), paint.TEXT if pan else paint.DIM, 3)
        return wishes
