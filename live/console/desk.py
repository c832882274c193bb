"""The desk: what is drawn over and around the pictures, and what the mouse does there. Messages go out through
`send`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imgui_bundle import imgui

from live.console import paint
from live.console.faults import line
from live.console.layout import Tile
from live.console.move import MovePanel
from live.console.page import Send
from live.console.pages import Pages
from live.console.paint import Painter2D
from live.console.pressed import Pressed
from live.console.shown import Screen, Slot
from live.console.top import TopLine
from live.control.view import View
from live.picture.tiling import Rect
from live.show.authority.published import DomainOwner
from live.show.cuts.published import LastCut, PreviewByHand, ProgramBlack, ShotOnKey
from live.show.graphics.published import GraphicStatus
from live.show.metering.published import StripMeter
from live.show.people.published import PersonSpeaking
from live.show.session.published import LateFrames
from live.show.sound.published import SILENCE_DB, MicrophoneStatus
from live.show.sources.published import SourceStatus

METER_FLOOR_DB = -60.0
_BADGE = {"starting": paint.FAINT, "stalled": paint.AMBER, "retrying": paint.AMBER, "ended": paint.FAINT}


class Desk:
    """Draws the desk, and its pages. press: does what a key does."""

    def __init__(
        self,
        font: Any,
        slab: Callable[[Rect, tuple[float, float, float]], None],
        send: Send,
        press: Callable[[str], None],
        pressed: Pressed,
    ) -> None:
        self._p = Painter2D(font, slab)
        self._send, self._press = send, press
        self.pages = Pages(font, self._p, send, pressed)
        self._top, self._move = TopLine(self._p, send, self.pages), MovePanel(self._p, send, press)
        self._held_db: dict[str, float] = {}
        self._hint = ""  # what the mouse asks about, for this frame

    def draw(self, screen: Screen) -> None:
        """One frame, over the pictures."""
        window = imgui.get_io().display_size
        flags = imgui.WindowFlags_
        imgui.set_next_window_pos((0, 0))
        imgui.set_next_window_size(window)
        imgui.push_style_var(imgui.StyleVar_.window_padding, (0, 0))
        behind = flags.no_bring_to_front_on_focus | flags.no_background
        imgui.begin("desk", None, flags.no_decoration | flags.no_move | flags.no_nav | flags.no_saved_settings | behind)
        self._p.begin(screen.layout.unit)
        self._top.draw(screen)
        tried = screen.view.rehearsal.on
        name, colour = ("REHEARSAL", paint.AMBER) if tried else ("PREVIEW", paint.GREEN)
        self._bus(screen.layout.preview, name, screen.view.preview, screen, colour, screen.preview_live)
        self._bus(screen.layout.program, "PROGRAM", screen.view.program, screen, paint.RED, screen.program_live)
        for slot in screen.slots:
            self._tile(slot, screen.view)
        self._move.draw(screen)
        self._hand_panel(screen)
        self._sound_panel(screen)
        self._status(screen)
        if not screen.connected:
            self._away(screen, Rect(0, 0, *window))
        imgui.end()
        imgui.pop_style_var()
        self.pages.draw(screen.layout.page, screen.view)

    # Pictures.

    def _bus(self, tile: Tile, name: str, shot: str, screen: Screen, colour: int, live: bool) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        if not live:
            p.slab(tile.picture, paint.CARD)
            p.text(tile.picture.inset(20 * u), view.label(shot) if shot else "no picture", paint.DIM, paint.HUGE, 0.5)
        p.slab(tile.label, colour)
        line = tile.label.inset(2 * u)
        line = Rect(line.x + 8 * u, line.y, line.w - 16 * u, line.h)
        tried = name == "REHEARSAL"
        ink, way = (paint.BLACK, paint.TEXT) if tried else (paint.TEXT, paint.AMBER)
        name_w = p.text(line, name, ink, paint.SMALL)
        _, rest = line.cut_left(name_w, 12 * u)
        if name == "PREVIEW" and view.get(PreviewByHand).on:  # the machine leaves it alone
            yours_w = p.text(rest, "yours", ink, paint.SMALL, 1.0)
            _, rest = rest.cut_right(yours_w, 12 * u)
        transition = view.transition
        runs = transition.kind if name == "PROGRAM" and transition.kind != "cut" else "tried out" if tried else ""
        progress = view.rehearsal.progress if tried else transition.progress
        if runs and 0 < progress < 1:
            right, rest = rest.cut_right(120 * u, 8 * u)
            p.text(right, f"{runs} {progress:.0%}", ink, paint.BODY, 1.0)
            bar = Rect(tile.picture.x, tile.picture.y1 - 6 * u, tile.picture.w * progress, 6 * u)
            p.slab(bar, way)
        elif (player := view.player_of(view.source_of(shot))) is not None:
            left_w = p.text(rest, player.countdown, ink, paint.LARGE, 1.0)
            left_w += p.text(rest.cut_right(left_w, 10 * u)[1], player.title, ink, paint.BODY, 1.0)
            _, rest = rest.cut_right(left_w + 10 * u, 12 * u)
        p.text(rest, view.label(shot), ink, paint.LARGE)
        if name == "PROGRAM" and view.get(ProgramBlack).on:  # a black picture says nothing of why it is black
            plate = Rect(tile.picture.x + 10 * u, tile.picture.y + 10 * u, 190 * u, 30 * u)
            p.lamp(plate, "FADED TO BLACK   F10", paint.AMBER, True, paint.BODY - 1)
        p.frame(tile.whole, colour, 3)

    def _tile(self, slot: Slot, view: View) -> None:
        p, u = self._p, self._p.unit
        picture, label = slot.tile.picture, slot.tile.label
        shot, source = slot.shot, slot.source
        name = shot.label if shot else source.title if source else ""
        if not slot.live:
            p.slab(picture, paint.CARD)
            p.text(picture.inset(8 * u), name, paint.TEXT, paint.LARGE, 0.5)
        tally = self._tally(shot, view)
        p.slab(label, tally if tally else paint.LABEL)
        line = Rect(label.x + 6 * u, label.y, label.w - 12 * u, label.h)
        if shot and shot.key <= 9:
            number, line = line.cut_left(15 * u, 4 * u)
            p.text(number, str(shot.key), paint.TEXT if tally else paint.AMBER, paint.BODY)
        if source and (player := view.player_of(source.name)) is not None:
            ink = paint.TEXT if tally else paint.AMBER if player.near_end else paint.DIM
            used = p.text(line, player.countdown, ink, paint.BODY, 1.0)
            _, line = line.cut_right(used, 6 * u)
        p.text(line, name, paint.TEXT if tally or shot else paint.DIM, paint.BODY - 1)
        if source and not source.healthy:
            self._badge(picture, source)
        elif shot and (unfit := view.unfit(shot.id)):
            strip = Rect(picture.x, picture.y, picture.w, 20 * u)
            p.fill(strip, paint.VEIL)
            p.text(strip.inset(3 * u), unfit, paint.AMBER, paint.SMALL - 1)
        if tally:
            p.frame(slot.tile.whole, tally, 3)
        done, over = p.clicked(f"tile {shot.id if shot else name}", slot.tile.whole)
        unfit = view.unfit(shot.id) if shot else ""
        if over and (words := source.message.removeprefix(f"{source.name}: ") if source and source.message else unfit):
            self._hint = f"{name}: {words}"  # there is room for it in the last line
        if shot:
            if over:
                p.border(slot.tile.whole, paint.TEXT, 1)
            if done:
                self._send("/program/cut" if imgui.get_io().key_shift else "/preview/set", shot.id)

    @staticmethod
    def _tally(shot: ShotOnKey | None, view: View) -> int | None:
        if shot is None:
            return None
        # In a transition both shots are on air.
        if shot.id in (view.program, view.transition.leaving):
            return paint.RED
        return paint.GREEN if shot.id == view.preview else None

    def _badge(self, picture: Rect, source: SourceStatus) -> None:
        p, u = self._p, self._p.unit
        colour = _BADGE.get(source.status, paint.AMBER)
        width = min(picture.w - 8 * u, p.width(source.status, paint.SMALL) + 12 * u)
        plate = Rect(picture.x + 4 * u, picture.y + 4 * u, width, 20 * u)
        p.fill(plate, colour, 3)
        p.text(
            plate.inset(2 * u), source.status, paint.BLACK if colour == paint.AMBER else paint.TEXT, paint.SMALL, 0.5
        )
        if words := source.message.removeprefix(f"{source.name}: "):
            strip = Rect(picture.x, picture.y1 - 20 * u, picture.w, 20 * u)
            p.fill(strip, paint.VEIL)
            p.text(strip.inset(3 * u), words, paint.AMBER, paint.SMALL - 1)

    # The hand.

    def _hand_panel(self, screen: Screen) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        head, body = p.panel(screen.layout.hand, "YOUR HAND")
        owner, hold_s = view.get(DomainOwner, "cuts").who, view.director.hold_s
        if owner or view.director.locked:
            p.text(
                head,
                f"{owner} has the cuts" if owner else "the cuts are locked (K)",
                paint.AMBER,
                paint.SMALL,
                1.0,
            )
        elif hold_s:
            held = "until released" if hold_s < 0 else f"for {hold_s:.0f} s" if hold_s >= 1 else "a moment more"
            p.text(head, f"the machine is held {held}", paint.AMBER, paint.SMALL, 1.0)
        panic, body = body.cut_right(76 * u, 6 * u)
        upper, lower = body.cut_top((body.h - 6 * u) / 2, 6 * u)
        graphic = next(iter(view.all(GraphicStatus)), None)
        faint = paint.FAINT
        buttons = (
            ("CUT", "Space", "space", None, paint.TEXT),
            ("MIX", "Enter", "enter", None, paint.TEXT),
            ("WIPE", "W", "w", None, paint.TEXT),
            ("HOLD", "H", "h", paint.AMBER if hold_s else None, paint.TEXT),
            ("RELEASE", "R", "r", None, paint.TEXT if hold_s or view.get(PreviewByHand).on else faint),
            ("TITLE", "L", "l", paint.RED if graphic and graphic.visible else None, paint.TEXT if graphic else faint),
        )
        places = (*upper.columns(3, 6 * u), *lower.columns(3, 6 * u))
        for (text, cap, key, lit, ink), place in zip(buttons, places, strict=True):
            if p.button(f"hand {key}", place, text, cap=cap, lit=lit, ink=ink):
                self._press(key)
        lit = paint.RED if view.panic else paint.DARK_RED
        if p.button("panic", panic, "PANIC", cap="Backsp.", lit=lit):
            self._press("backspace")

    # Sound.

    def _sound_panel(self, screen: Screen) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        head, body = p.panel(screen.layout.sound, "MICROPHONES")
        speaking = [person.name for person in view.all(PersonSpeaking) if person.speaking]
        if speaking:
            p.text(head, ", ".join(speaking), paint.GREEN, paint.BODY, 1.0)
        microphones = view.all(MicrophoneStatus)
        if not microphones:
            p.text(body, "none in this rig", paint.FAINT, paint.BODY)
            return
        row_h = min(26 * u, body.h / len(microphones))
        for i, mic in enumerate(microphones):
            row = Rect(body.x, body.y + i * row_h, body.w, row_h)
            name, row = row.cut_left(row.w * 0.36, 8 * u)
            p.text(name, mic.name, paint.TEXT if mic.speaking else paint.DIM, paint.BODY - 1)
            if mic.muted:
                lamp = Rect(row.x, row.y + 2 * u, min(row.w, 60 * u), row.h - 4 * u)
                p.lamp(lamp, "MUTED", paint.RED, True, paint.SMALL - 1)
                _, row = row.cut_left(lamp.w, 6 * u)  # and what nobody hears
                level_db = view.get(StripMeter, mic.name).peak_db
                self._meter(Rect(row.x, row.y + row.h * 0.25, row.w, row.h * 0.5), mic.name, level_db, False)
                continue
            self._meter(Rect(row.x, row.y + row.h * 0.25, row.w, row.h * 0.5), mic.name, mic.level_db, mic.speaking)

    def _meter(self, area: Rect, name: str, level_db: float, speaking: bool) -> None:
        """A bar from -60 to 0 dBFS with a mark that falls slowly from the highest level of late."""
        p = self._p
        held = max(level_db, self._held_db.get(name, SILENCE_DB) - 1.5)
        self._held_db[name] = held

        def share(db: float) -> float:
            return min(1.0, max(0.0, 1 - db / METER_FLOOR_DB))

        p.slab(area, paint.BUTTON)
        colour = (
            paint.RED if level_db > -3 else paint.AMBER if level_db > -9 else paint.GREEN if speaking else paint.FAINT
        )
        p.slab(Rect(area.x, area.y, area.w * share(level_db), area.h), colour)
        if share(held) > 0:
            p.slab(Rect(area.x + (area.w - 2) * share(held), area.y, 2, area.h), paint.TEXT)

    # The last line, and what lies over everything.

    def _status(self, screen: Screen) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        area = screen.layout.status
        missed, show = view.get(LateFrames).count, view.show
        late_by = f", {show.delay_s:g} s delay" if show.delay_s else ""
        words = f"{show.rate_hz:g} Hz{late_by}, {f'{missed} late' if missed else 'none late'}" if show.rate_hz else ""
        used = p.text(area, words, paint.AMBER if missed else paint.DIM, paint.SMALL, 1.0)
        _, area = area.cut_right(used, 20 * u)
        right, area = area.cut_right(min(area.w * 0.4, 460 * u), 16 * u)
        text, colour = line(view)
        text, colour = (self._hint, paint.AMBER) if self._hint else (text, colour)
        self._hint = ""
        if colour == paint.RED:
            p.slab(area, paint.DARK_RED)
        ink = paint.TEXT if colour in (paint.RED, paint.BLUE) else colour
        p.text(area, text, ink, paint.SMALL)
        if p.clicked("faults", area)[0]:
            self.pages.turn("faults")
        why = view.get(LastCut).why if view.move else ""
        note = f"last: {why}" if why else "closing this window does not end the show"
        p.text(right, note, paint.DIM if why else paint.FAINT, paint.SMALL, 1.0)

    def _away(self, screen: Screen, window: Rect) -> None:
        p, u = self._p, screen.layout.unit
        known = bool(screen.view.show.title)
        box = Rect(window.w / 2 - 330 * u, window.h / 2 - 70 * u, 660 * u, 140 * u)
        p.fill(box, paint.VEIL, 8)
        p.border(box, paint.AMBER, 2, 8)
        first, rest = box.inset(20 * u).cut_top(46 * u, 4 * u)
        second, third = rest.cut_top(24 * u, 2 * u)
        p.text(first, "The engine is silent" if known else "Looking for the show", paint.AMBER, paint.HUGE, 0.5)
        since = f"nothing from {screen.where} for {screen.lost_s:.0f} s"
        p.text(second, f"{since}; asking again every second" if known else since, paint.TEXT, paint.BODY, 0.5)
        old = "What is shown here may be old. This console carries on by itself when the engine is back."
        new = "`live run RIG` starts one. This console joins it by itself."
        p.text(third, old if known else new, paint.DIM, paint.SMALL, 0.5)
