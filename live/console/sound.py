"""The desk's page of sound: a strip for each microphone, player and group, the master, and all that the chosen one is
set to. Preview, program, the shots and the machine's next move stay in sight above and below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from imgui_bundle import imgui

from live.config.strips import Setting, StripRules, limits_of, settings_of
from live.console import paint
from live.console.faders import FINE_DB, LEAST_DB, MOST_DB, STEP_DB, Fader, StripView, Wish
from live.console.page import Send, page
from live.console.paint import Painter2D
from live.console.pressed import Pressed
from live.console.widgets import Widgets
from live.control.view import View
from live.picture.tiling import Rect
from live.show.listening.published import ListeningDevice, ListeningStatus, StripListened, TalkbackStatus
from live.show.metering.published import LoudnessStatus, ProgramMeter, SoundWarnings, StripMeter
from live.show.sound.published import (
    MasterStatus,
    MicrophoneStatus,
    PresetNames,
    StripSound,
    StripStatus,
    field_of,
)
from live.sound.metering import SILENCE_LUFS

STRIP_W, DETAIL_W = 68.0, 410.0  # pixels of the design
MASTER, PHONES = "master", "phones"
_AT = {MASTER: "/master", PHONES: "/listening"}  # where what isn't a strip of the rig has its commands
_SENDS = {"gain": "gain", "mute": "mute", "pan": "pan", "listen": "pfl"}  # what a wish is under that
_TABS = (
    ("highpass", "HPF"),
    ("gate", "GATE"),
    ("eq", "EQ"),
    ("compressor", "COMP"),
    ("deesser", "DE-S"),
    ("limiter", "LIM"),
    ("auto", "AUTO"),
    ("", "MORE"),
)
_ON_THE_STRIP = ("gain_db", "muted", "pan")  # what a fader's strip has itself
_BANDS = ("low", "low_mid", "high_mid", "high")
_DUCK_DB = limits_of(StripRules, "duck_db")[1] or 60.0
_SAYS = {"hz": "%.0f Hz", "db": "%.1f dB", "ms": "%.0f ms", "ratio": "%.1f : 1", "q": "Q %.2f", "s": "%.1f s"}


class SoundPage:
    """Holds what is chosen, and which strip stands leftmost."""

    def __init__(self, painter: Painter2D, font: Any, send: Send, pressed: Pressed) -> None:
        self._p, self._font, self._send, self._pressed = painter, font, send, pressed
        self._fader = Fader(painter)
        self._widgets = Widgets(pressed)
        self._chosen = ""
        self._tab = "compressor"
        self._first = 0

    # -- the strips ---------------------------------------------------------------------------------------------------

    def draw(self, area: Rect, view: View) -> None:
        with page("sound", area, self._p, self._font, scrolls=False):
            self._strips(area.inset(6 * self._p.unit), view)

    def _strips(self, area: Rect, view: View) -> None:
        p, u = self._p, self._p.unit
        strips = list(strips_of(view))
        own = [s for s in strips if s.name not in _AT]
        if not own:
            p.text(area, "This rig has no sound: [[microphones]] make some (docs/sound.md)", paint.DIM, paint.BODY, 0.5)
            return
        if self._chosen not in {s.name for s in strips}:
            self._chosen = own[0].name
        detail, rest = area.cut_right(min(DETAIL_W * u, area.w * 0.4), 8 * u)
        placed = []
        for strip in (s for s in reversed(strips) if s.name in _AT):
            place, rest = rest.cut_right(STRIP_W * u, 6 * u)
            placed.append((place, strip))
        for place, strip in (*self._placed(rest, own), *placed):
            for wish in self._fader.draw(place, strip, strip.name == self._chosen):
                self._do(strip, wish)
        chosen = next(s for s in strips if s.name == self._chosen)
        if chosen.name == MASTER:
            self._master(detail.inset(8 * u), view)
        elif chosen.name == PHONES:
            self._phones(detail.inset(8 * u), view)
        else:
            self._detail(detail.inset(8 * u), chosen, view)

    def _placed(self, area: Rect, strips: list[StripView]) -> Iterator[tuple[Rect, StripView]]:
        """As many as there is room for, with a button at each end where there are more."""
        p, u = self._p, self._p.unit
        gap = 4 * u
        most = max(1, int((area.w + gap) // (STRIP_W * u + gap)))
        if len(strips) > most:
            back, area = area.cut_left(22 * u, gap)
            forth, area = area.cut_right(22 * u, gap)
            most = max(1, int((area.w + gap) // (STRIP_W * u + gap)))
            self._first = min(self._first, len(strips) - most)
            if p.button("strips back", back, "<", ink=paint.TEXT if self._first else paint.FAINT):
                self._first = max(0, self._first - most)
            more = self._first + most < len(strips)
            if p.button("strips forth", forth, ">", ink=paint.TEXT if more else paint.FAINT):
                self._first = min(len(strips) - most, self._first + most)
        else:
            self._first = 0
        for n, strip in enumerate(strips[self._first : self._first + most]):
            yield Rect(area.x + n * (STRIP_W * u + gap), area.y, STRIP_W * u, area.h), strip

    def _do(self, strip: StripView, wish: Wish) -> None:
        self._chosen = strip.name
        if wish.what == "clear":
            self._send("/meters/clear")
        if (does := _SENDS.get(wish.what)) is None:
            return
        if strip.name == PHONES and wish.what == "listen":
            does = "dim"
        at = f"{_AT.get(strip.name, f'/strips/{strip.name}')}/{does}"
        if wish.what in ("mute", "listen"):
            self._send(at, int(self._pressed.turn(at, bool(wish.value), imgui.get_time())))
        elif wish.what == "gain" and wish.by:
            self._send(at, self._pressed.step(at, wish.value, wish.by, LEAST_DB, MOST_DB, imgui.get_time()))
        else:
            self._send(at, wish.value)

    def key(self, name: str, shift: bool, again: bool, view: View) -> bool:
        """Left and right choose a strip, up and down move its fader (with Shift a tenth), Home sets it to 0 dB, U mutes
        it, J listens to it. again: it is held. False for a key that isn't the page's.
        """
        strips = list(strips_of(view))
        names = [s.name for s in strips]
        at = names.index(self._chosen) if self._chosen in names else 0
        strip = strips[at]
        step = FINE_DB if shift else STEP_DB
        match name:
            case "left_arrow" | "right_arrow":
                at = min(len(names) - 1, max(0, at + (1 if name == "right_arrow" else -1)))
                self._chosen = names[at]
                self._bring(at)
            case "up_arrow" | "down_arrow":
                self._do(strip, Wish("gain", strip.gain_db, by=step if name == "up_arrow" else -step))
            case "home":
                self._do(strip, Wish("gain", 0.0))
            case "u" | "j" if again:
                pass
            case "u":
                self._do(strip, Wish("mute", float(strip.muted)))
            case "j" if strip.listen:
                self._do(strip, Wish("listen", float(strip.listened)))
            case _:
                return False
        return True

    def _bring(self, at: int) -> None:
        """A strip that is chosen by key comes into sight."""
        if at < self._first:
            self._first = at
        elif at >= self._first + 8:
            self._first = at - 7

    # -- what the chosen one is set to --------------------------------------------------------------------------------

    def _detail(self, area: Rect, strip: StripView, view: View) -> None:
        p, u = self._p, self._p.unit
        sound: Any = view.get(StripSound, strip.name)
        status = view.get(StripStatus, strip.name)
        head, area = area.cut_top(26 * u, 6 * u)
        preset, head = head.cut_right(150 * u, 8 * u)
        p.text(head, strip.label, paint.TEXT, paint.LARGE)
        self._preset(preset, strip, view)
        tabs, area = area.cut_top(26 * u, 8 * u)
        for (section, title), place in zip(_TABS, tabs.columns(len(_TABS), 4 * u), strict=True):
            on = _helps(status) if section == "auto" else bool(getattr(sound, f"{section}_on", False))
            if p.button(f"tab {section}", place, title, lit=paint.GREEN if on else None):
                self._tab = section
            if self._tab == section:
                p.border(place, paint.TEXT, 1, 5)
        imgui.push_font(self._font, p.px(paint.SMALL))
        imgui.push_style_color(imgui.Col_.frame_bg, (0.17, 0.2, 0.24, 1))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6 * u, 4 * u))
        settings = [s for s in settings_of() if self._of_tab(s)]
        if self._tab == "auto":
            self._auto(area, strip, view)
        elif self._tab:
            switch = next(s for s in settings if s.path[-1] == "on")
            settings.remove(switch)
            place, area = area.cut_top(26 * u, 6 * u)
            on = bool(getattr(sound, field_of(switch)))
            button, words = place.cut_left(84 * u, 10 * u)
            text = "IN" if on else "OUT"
            if p.button(f"in {self._tab}", button, text, lit=paint.GREEN if on else None):
                self._send(f"/strips/{strip.name}/{switch.words}", int(not on))
            p.text(words, "in the way of the sound" if on else "costs nothing while it is out", paint.DIM, paint.SMALL)
        if self._tab == "eq":
            self._bands(area, strip, sound, settings)
        elif self._tab != "auto":
            self._rows(area, strip, sound, settings)
        imgui.pop_style_var()
        imgui.pop_style_color()
        imgui.pop_font()

    def _of_tab(self, setting: Setting) -> bool:
        if self._tab:
            return setting.path[0] == self._tab
        tabs = {section for section, _ in _TABS}
        return setting.path[0] not in tabs and setting.path[0] not in _ON_THE_STRIP

    def _auto(self, area: Rect, strip: StripView, view: View) -> None:
        """What the machine may do to a strip, and what it did last."""
        p, u = self._p, self._p.unit
        status, at = view.get(StripStatus, strip.name), f"/strips/{strip.name}"
        row, area = area.cut_top(26 * u, 6 * u)
        places = row.columns(4, 6 * u)
        switches = ("AUTOMIX", "automix", status.automix), ("DENOISE", "denoise", status.denoise)
        for (words, does, on), place in zip(switches if strip.kind == "microphone" else (), places, strict=False):
            if p.button(f"{does} {strip.name}", place, words, lit=paint.GREEN if on else None):
                self._send(f"{at}/{does}", int(not on))
        if p.button(f"solo {strip.name}", places[2], "SOLO", lit=paint.AMBER if status.solo else None):
            self._send(f"{at}/solo", int(not status.solo))
        held = status.hold_s != 0
        if p.button(f"release {strip.name}", places[3], "RELEASE", ink=paint.TEXT if held else paint.FAINT) and held:
            self._send(f"{at}/release")
        row, area = area.cut_top(42 * u, 4 * u)
        groups = ["none", *(s.strip for s in view.all(StripStatus) if s.kind == "group")]
        lists = [("follows the picture", "follow", status.follow, ["off", "source"])]
        if strip.kind == "microphone":
            lists.append(("levelling", "levelling", status.levelling, ["off", "suggest", "auto"]))
        if strip.kind != "group" and len(groups) > 1:
            lists.append(("group", "group", status.group or "none", groups))
        for (title, does, value, choices), place in zip(lists, row.columns(3, 10 * u), strict=False):
            head, place = place.cut_top(15 * u, 1 * u)
            p.text(head, title, paint.DIM, paint.SMALL - 1)
            imgui.set_cursor_screen_pos((place.x, place.y))
            imgui.set_next_item_width(place.w)
            if imgui.begin_combo(f"##{at}/{does}", value):
                for choice in choices:
                    if imgui.selectable(choice, choice == value)[0]:
                        self._send(f"{at}/{does}", choice)
                imgui.end_combo()
        row, area = area.cut_top(42 * u, 4 * u)
        head, row = row.cut_top(15 * u, 1 * u)
        p.text(head, "turned down while somebody speaks", paint.DIM, paint.SMALL - 1)
        imgui.set_cursor_screen_pos((row.x, row.y))
        imgui.set_next_item_width(row.w * 0.6)
        moved = self._widgets.slider(f"##{at}/duck", status.duck_db, 0.0, _DUCK_DB, "%.0f dB")
        if moved is not None:
            self._send(f"{at}/duck", round(moved))
        line, area = area.cut_top(20 * u, 2 * u)
        held_words = f"your hand keeps the machine off for {status.hold_s:.0f} s" if status.hold_s > 0 else ""
        p.text(line, "locked: the machine keeps off" if status.hold_s < 0 else held_words, paint.AMBER, paint.SMALL)
        for words in (view.get(StripMeter, strip.name).riding, f"last: {status.why}" if status.why else ""):
            line, area = area.cut_top(20 * u)
            p.text(line, words, paint.DIM, paint.SMALL)

    def _preset(self, area: Rect, strip: StripView, view: View) -> None:
        u = self._p.unit
        imgui.push_font(self._font, self._p.px(paint.SMALL))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6 * u, 4 * u))
        imgui.set_cursor_screen_pos((area.x, area.y))
        imgui.set_next_item_width(area.w)
        if imgui.begin_combo("##preset", "preset ..."):
            for name in view.get(PresetNames).names:
                if imgui.selectable(name, False)[0]:
                    self._send(f"/strips/{strip.name}/preset", name)
            others = [s for s in view.all(StripStatus) if s.strip != strip.name]
            for other in others:
                if imgui.selectable(f"like {other.label or other.strip}", False)[0]:
                    self._send(f"/strips/{strip.name}/like", other.strip)
            imgui.end_combo()
        imgui.pop_style_var()
        imgui.pop_font()

    def _rows(self, area: Rect, strip: StripView, sound: Any, settings: list[Setting]) -> None:
        """Two settings a line."""
        u = self._p.unit
        row_h = min(44 * u, area.h / max(1, (len(settings) + 1) // 2))
        for n, setting in enumerate(settings):
            y, x = divmod(n, 2)
            left, right = Rect(area.x, area.y + y * row_h, area.w, row_h).columns(2, 10 * u)
            self._control((left, right)[x], strip, sound, setting, self._title(setting))

    def _title(self, setting: Setting) -> str:
        words = setting.words.split("/")
        return " ".join(words[1:] if self._tab else words)

    def _bands(self, area: Rect, strip: StripView, sound: Any, settings: list[Setting]) -> None:
        u = self._p.unit
        for band, column in zip(_BANDS, area.columns(4, 8 * u), strict=True):
            head, column = column.cut_top(16 * u, 2 * u)
            self._p.text(head, band.replace("_", " "), paint.DIM, paint.SMALL)
            for n, setting in enumerate(s for s in settings if s.path[1] == band):
                place = Rect(column.x, column.y + n * 28 * u, column.w, 26 * u)
                self._control(place, strip, sound, setting, "")

    def _control(self, area: Rect, strip: StripView, sound: Any, setting: Setting, title: str) -> None:
        p, u = self._p, self._p.unit
        value = getattr(sound, field_of(setting))
        at = f"/strips/{strip.name}/{setting.words}"
        if title:
            head, area = area.cut_top(15 * u, 1 * u)
            p.text(head, title, paint.DIM, paint.SMALL - 1)
        if setting.type is bool:
            words = "on" if value else "off"
            place = Rect(area.x, area.y, min(area.w, 84 * u), min(area.h, 24 * u))
            if p.button(at, place, words, lit=paint.GREEN if value else None):
                self._send(at, int(not value))
            return
        imgui.set_cursor_screen_pos((area.x, area.y))
        imgui.set_next_item_width(area.w)
        if setting.choices:
            if imgui.begin_combo(f"##{at}", str(value).replace("_", " ")):
                for choice in setting.choices:
                    if imgui.selectable(choice.replace("_", " "), choice == value)[0]:
                        self._send(at, choice)
                imgui.end_combo()
        elif setting.type is float and setting.low is not None and setting.high is not None:
            says = _SAYS.get(setting.path[-1].rsplit("_", 1)[-1], "%.2f")
            moved = self._widgets.slider(
                f"##{at}", float(value), setting.low, setting.high, says, log=_is_wide(setting)
            )
            if moved is not None:
                self._send(at, round(moved, 2))
        if imgui.is_item_hovered() and setting.about:
            imgui.set_tooltip(setting.about)

    def _master(self, area: Rect, view: View) -> None:
        """How loud the program is, beside what it should be."""
        p, u = self._p, self._p.unit
        loud, meter = view.get(LoudnessStatus), view.get(ProgramMeter)
        head, area = area.cut_top(26 * u, 6 * u)
        p.text(head, f"Program   target {loud.target_lufs:.0f} LUFS", paint.TEXT, paint.LARGE)
        row, area = area.cut_top(58 * u, 6 * u)
        figures = (
            ("momentary", loud.momentary_lufs, "LUFS"),
            ("short", loud.short_lufs, "LUFS"),
            ("integrated", loud.integrated_lufs, "LUFS"),
            ("range", loud.range_lu, "LU"),
            ("true peak", loud.true_peak_db, "dBTP"),
        )
        for (title, value, unit), place in zip(figures, row.columns(5, 6 * u), strict=True):
            head, place = place.cut_top(15 * u)
            p.text(head, title, paint.DIM, paint.SMALL - 1, 0.5)
            number, place = place.cut_top(26 * u)
            known = value > SILENCE_LUFS + 0.1
            p.text(number, f"{value:.1f}" if known else "-", _ink(title, value, loud), paint.LARGE, 0.5)
            p.text(place, unit, paint.FAINT, paint.SMALL - 1, 0.5)
        bar, area = area.cut_top(16 * u, 10 * u)
        self._loudness_bar(bar, loud)
        row, area = area.cut_top(42 * u, 6 * u)
        left, right = row.columns(2, 10 * u)
        words, place = left.cut_top(15 * u, 1 * u)
        p.text(words, "no true peak is louder", paint.DIM, paint.SMALL - 1)
        imgui.push_font(self._font, p.px(paint.SMALL))
        imgui.set_cursor_screen_pos((place.x, place.y))
        imgui.set_next_item_width(place.w)
        moved = self._widgets.slider("##ceiling", view.get(MasterStatus).ceiling_db, -20.0, 0.0, "%.1f dBTP")
        if moved is not None:
            self._send("/master/ceiling", round(moved, 1))
        imgui.pop_font()
        _, buttons = right.cut_top(15 * u, 1 * u)
        anew, clear = buttons.columns(2, 6 * u)
        if p.button("loudness anew", anew, "MEASURE ANEW"):
            self._send("/loudness/reset")
        if p.button("meters clear", clear, "CLEAR CLIPS"):
            self._send("/meters/clear")
        line, area = area.cut_top(18 * u, 2 * u)
        p.text(line, f"phase {meter.phase:+.1f}", paint.RED if meter.phase < -0.3 else paint.DIM, paint.SMALL)
        for warning in view.get(SoundWarnings).lines[:2]:
            line, area = area.cut_top(18 * u, 2 * u)
            p.text(line, warning, paint.AMBER, paint.SMALL)

    def _loudness_bar(self, area: Rect, loud: LoudnessStatus) -> None:
        """Momentary as a bar, short-term as a mark, over the EBU's scale of 18 LU under the target to 9 over it."""
        p, u = self._p, self._p.unit

        def x(lufs: float) -> float:
            return area.x + area.w * min(1.0, max(0.0, (lufs - loud.target_lufs + 18) / 27))

        p.fill(area, paint.BACK_LINE, 2)
        for low, high, colour in ((-99, -1, paint.BLUE), (-1, 1, paint.GREEN), (1, 99, paint.AMBER)):
            end = x(min(loud.momentary_lufs, loud.target_lufs + high))
            if (start := x(loud.target_lufs + low)) < end:
                p.fill(Rect(start, area.y, end - start, area.h), colour)
        p.fill(Rect(x(loud.short_lufs) - u, area.y - 2 * u, 3 * u, area.h + 4 * u), paint.TEXT)
        p.fill(Rect(x(loud.target_lufs), area.y - 3 * u, u, area.h + 6 * u), paint.DIM)

    def _phones(self, area: Rect, view: View) -> None:
        """What the operator hears, and to whom the operator speaks."""
        p, u = self._p, self._p.unit
        hears, device, talk = view.get(ListeningStatus), view.get(ListeningDevice), view.get(TalkbackStatus)
        head, area = area.cut_top(26 * u, 8 * u)
        p.text(head, f"You hear {', '.join(hears.heard) or 'nothing'}", paint.TEXT, paint.LARGE)
        row, area = area.cut_top(28 * u, 8 * u)
        buttons = (
            ("DIM", "/listening/dim", hears.dimmed, paint.AMBER),
            ("MONO", "/listening/mono", hears.mono, paint.AMBER),
            ("TALK", "/talkback/on", bool(talk.to), paint.RED),
        )
        places = row.columns(4, 6 * u)
        for (words, address, on, colour), place in zip(buttons, places, strict=False):
            there = words != "TALK" or talk.there
            lit = colour if on else None
            if p.button(address, place, words, lit=lit, ink=paint.TEXT if there else paint.FAINT) and there:
                self._send(address, int(not on))
        if p.button("clear listening", places[3], "NO PFL"):
            self._send("/listening/clear")
        line, area = area.cut_top(20 * u, 4 * u)
        to = f"You speak to {', '.join(talk.to)}" if talk.to else "" if talk.there else "No [talkback] in this rig"
        p.text(line, to, paint.RED if talk.to else paint.DIM, paint.SMALL)
        line, area = area.cut_top(20 * u, 4 * u)
        words = f"{device.state}: {device.message}" if device.message else device.state
        p.text(line, f"Device {words}", paint.DIM, paint.SMALL)
        line, _ = area.cut_top(20 * u, 4 * u)
        late = f"{device.latency_ms:.0f} ms late, {device.buffer_ms:.0f} ms wait, {device.x_runs} x-runs"
        p.text(line, late, paint.DIM, paint.SMALL)


def _ink(title: str, value: float, loud: LoudnessStatus) -> int:
    """A figure that is off by more than is heard is amber."""
    off = title == "integrated" and abs(value - loud.target_lufs) > 1 or title == "true peak" and value > -0.5
    return paint.AMBER if off else paint.TEXT


def _taken(meter: StripMeter) -> float:
    """What a strip's own sections and the machine take away now, dB, 0 or below."""
    own = meter.gate_db + meter.compressor_db + meter.deesser_db + meter.limiter_db
    return own + meter.automix_db + meter.ducking_db


def _helps(status: StripStatus) -> bool:
    """May the machine do something to a strip?"""
    rules = status.automix, status.denoise, status.duck_db > 0, status.follow != "off", status.levelling != "off"
    return any(rules)


def _is_wide(setting: Setting) -> bool:
    """Does a hand set it by ratios rather than by steps?"""
    return setting.low is not None and setting.low > 0 and (setting.high or 0) / setting.low >= 20


def strips_of(view: View) -> Iterator[StripView]:
    """Every strip in the desk's order, the master last."""
    for status in sorted(view.all(StripStatus), key=lambda s: s.number):
        sound: Any = view.get(StripSound, status.strip)
        heard, meter = view.get(MicrophoneStatus, status.strip), view.get(StripMeter, status.strip)
        yield StripView(
            status.strip,
            status.label or status.strip,
            status.kind,
            gain_db=sound.gain_db,
            muted=sound.muted,
            pan=sound.pan,
            peak_db=meter.peak_db,
            rms_db=meter.rms_db,
            clipped=meter.clipped,
            reduction_db=_taken(meter),
            speaking=heard.speaking,
            listened=view.get(StripListened, status.strip).pfl,
            note=meter.riding or status.why,
        )
    if ListeningDevice in view.state:
        hears = view.get(ListeningStatus)
        plain = StripView(PHONES, "Phones", "aux", pans=False, listen="DIM", listened=hears.dimmed)
        yield replace(plain, gain_db=hears.gain_db, muted=hears.muted)
    master, loud = view.get(MasterStatus), view.get(ProgramMeter)
    plain = StripView(MASTER, "Program", "master", peak_db=loud.peak_db, rms_db=loud.rms_db, pans=False, listen="")
    yield replace(plain, gain_db=master.gain_db, muted=master.muted)
