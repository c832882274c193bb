"""The desk's page of cameras: the colours of a source, how it is keyed, and how late its sound is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imgui_bundle import imgui

from live.config.keying import KEYS, NUMBERS_OF
from live.config.source import EARLIEST_MS
from live.console.widgets import DIM, Widgets
from live.control.view import View
from live.show.colour.published import ColourStatus
from live.show.keying.published import KeyingStatus
from live.show.sources.published import SourceStatus

Send = Callable[..., None]
# Of a slider: the control, its ends (commands and the rig go further), how it reads.
GRADE = (
    ("kelvin", 2000.0, 12000.0, "%.0f K"),
    ("tint", -1.0, 1.0, "tint %.2f"),
    ("lift", -0.3, 0.3, "lift %.2f"),
    ("gamma", 0.4, 2.5, "gamma %.2f"),
    ("gain", 0.0, 2.0, "gain %.2f"),
    ("saturation", 0.0, 2.0, "saturation %.2f"),
)
ROW = 3  # sliders
DELAY_MS = 300.0  # where the slider ends; the command goes further


class Cameras:
    """Draws the page inside a window that the desk has begun. Holds only which source it is about."""

    def __init__(self, font: Any, send: Send) -> None:
        self._font, self._send = font, send
        self._widgets = Widgets()
        self._chosen = ""

    def height(self, view: View) -> float:
        """Of the page, in pixels of the design."""
        camera = self._camera(view)
        keyer = view.get(KeyingStatus, camera.source if camera is not None else "")
        return 228 + (34 * (1 + -(-len(_numbers(keyer)) // ROW)) if keyer.key else 0)

    def draw(self, view: View, unit: float, size_px: int) -> bool:
        """False when it is to be closed."""
        imgui.push_style_color(imgui.Col_.frame_bg, (0.17, 0.2, 0.24, 1))
        imgui.push_style_color(imgui.Col_.button, (0.17, 0.2, 0.24, 1))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (8 * unit, 5 * unit))
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (8 * unit, 7 * unit))
        imgui.push_font(self._font, size_px)
        camera = self._camera(view)
        closed = imgui.button("Close")
        if camera is not None:
            self._choice(view, camera, unit)
            self._match(view, camera, unit)
            self._grade(camera, unit)
            self._key(view.get(KeyingStatus, camera.source), unit)
            self._delay(view.get(SourceStatus, camera.source), unit)
        imgui.pop_font()
        imgui.pop_style_var(2)
        imgui.pop_style_color(2)
        return not closed

    def _camera(self, view: View) -> ColourStatus | None:
        """The chosen one; else that on preview, on program, or the first."""
        by_name = {c.source: c for c in view.all(ColourStatus)}
        return next(
            (by_name[n] for n in (self._chosen, view.preview, view.program) if n in by_name),
            next(iter(by_name.values()), None),
        )

    def _choice(self, view: View, camera: ColourStatus, unit: float) -> None:
        imgui.same_line()
        imgui.set_next_item_width(170 * unit)
        if imgui.begin_combo("##camera", camera.source):
            for other in view.all(ColourStatus):
                if imgui.selectable(other.source, other.source == camera.source)[0]:
                    self._chosen = other.source
            imgui.end_combo()

    def _grade(self, camera: ColourStatus, unit: float) -> None:
        imgui.text_colored(DIM, f"Colours{f'. Look: {camera.look}' if camera.look else ''}")
        for n, ((name, low, high, words), value) in enumerate(zip(GRADE, camera.grade, strict=False)):
            if n % ROW:
                imgui.same_line()
            self._slide(f"/colour/{camera.source}/set", name, value, low, high, words, unit)

    def _match(self, view: View, camera: ColourStatus, unit: float) -> None:
        imgui.same_line()
        if imgui.button("as in the rig"):
            self._send(f"/colour/{camera.source}/reset")
        imgui.same_line()
        imgui.set_next_item_width(140 * unit)
        if imgui.begin_combo("##match", f"like: {camera.like or 'none'}"):
            for name in ("none", "set", *(c.source for c in view.all(ColourStatus) if c.source != camera.source)):
                if imgui.selectable(name, name == (camera.like or "none"))[0]:
                    self._send(f"/colour/{camera.source}/match", name)
            imgui.end_combo()

    def _key(self, keyer: KeyingStatus, unit: float) -> None:
        if not keyer.key:
            imgui.text_colored(DIM, "Not keyed in this rig (key)")
            return
        imgui.text_colored(DIM, f"Key{f'. The screen is {keyer.screen}' if keyer.screen else ''}")
        imgui.set_next_item_width(190 * unit)
        if imgui.begin_combo("##key", keyer.key):
            for key in KEYS:
                if imgui.selectable(key, key == keyer.key)[0]:
                    self._send(f"/keying/{keyer.source}/key", key)
            imgui.end_combo()
        for label, does, key in (("Find the screen", "find", "chroma"), ("Take the empty picture", "plate", "plate")):
            if keyer.key == key:
                imgui.same_line()
                if imgui.button(label):
                    self._send(f"/keying/{keyer.source}/{does}")
        for n, (name, value) in enumerate(_numbers(keyer)):
            if n % ROW:
                imgui.same_line()
            self._slide(f"/keying/{keyer.source}/set", name, value, 0.0, 1.0, f"{name} %.2f", unit)

    def _delay(self, source: SourceStatus, unit: float) -> None:
        imgui.set_next_item_width(192 * unit)
        moved = self._widgets.slider("##delay", source.delay_ms, EARLIEST_MS, DELAY_MS, "sound %+.0f ms")
        if moved is not None:
            self._send(f"/sources/{source.name}/delay", round(moved))
        imgui.same_line()
        imgui.text_colored(
            DIM, f"its picture is {source.picture_ms:.0f} ms old, its sound {source.moved_ms:+.0f} ms late"
        )

    def _slide(self, address: str, name: str, value: float, low: float, high: float, words: str, unit: float) -> None:
        imgui.set_next_item_width(192 * unit)
        moved = self._widgets.slider(f"##{address}/{name}", value, low, high, words)
        if moved is not None:
            self._send(address, name, moved)


def _numbers(keyer: KeyingStatus) -> list[tuple[str, float]]:
    """The numbers that count for its keyer."""
    known = dict(keyer.numbers)
    return [(name, known[name]) for name in (*NUMBERS_OF.get(keyer.key, ()), "wrap") if name in known]
