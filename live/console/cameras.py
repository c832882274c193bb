"""The desk's page of cameras: the colours of a source, how it is keyed, and how late its sound is."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from live.config.keying import KEYS, NUMBERS_OF
from live.config.source import EARLIEST_MS
from live.console.page import Send, column, page
from live.console.paint import Painter2D
from live.console.pressed import Pressed
from live.console.widgets import DIM, Widgets, choice
from live.control.view import View
from live.picture.tiling import Rect
from live.show.colour.published import ColourStatus
from live.show.keying.published import KeyingStatus
from live.show.sources.published import SourceStatus

# Of a slider: the control, its ends (commands and the rig go further), how it reads.
GRADE = (
    ("kelvin", 2000.0, 12000.0, "%.0f K"),
    ("tint", -1.0, 1.0, "tint %.2f"),
    ("lift", -0.3, 0.3, "lift %.2f"),
    ("gamma", 0.4, 2.5, "gamma %.2f"),
    ("gain", 0.0, 2.0, "gain %.2f"),
    ("saturation", 0.0, 2.0, "saturation %.2f"),
)
ROW = 2  # sliders
SLIDER_W = 188  # pixels of the design
DELAY_MS = 300.0  # where the slider ends; the command goes further


class Cameras:
    """Draws the page. Holds only which source it is about."""

    def __init__(self, painter: Painter2D, font: Any, send: Send, pressed: Pressed) -> None:
        self._p, self._font, self._send = painter, font, send
        self._widgets = Widgets(pressed)
        self._chosen = ""

    def draw(self, area: Rect, view: View) -> None:
        unit = self._p.unit
        with page("cameras", area, self._p, self._font):
            camera = self._camera(view)
            if camera is None:
                imgui.text_colored(DIM, "This rig has no cameras.")
                return
            with column("colours", 0, 3, self._p):
                self._choice(view, camera, unit)
                self._match(view, camera, unit)
                self._grade(camera, unit)
            with column("key", 1, 3, self._p):
                self._key(view.get(KeyingStatus, camera.source), unit)
            with column("sound", 2, 3, self._p):
                self._delay(view.get(SourceStatus, camera.source), unit)

    def _camera(self, view: View) -> ColourStatus | None:
        """The chosen one; else that on preview, on program, or the first."""
        by_name = {c.source: c for c in view.all(ColourStatus)}
        return next(
            (by_name[n] for n in (self._chosen, view.preview, view.program) if n in by_name),
            next(iter(by_name.values()), None),
        )

    def _choice(self, view: View, camera: ColourStatus, unit: float) -> None:
        names = [other.source for other in view.all(ColourStatus)]
        if name := choice("##camera", camera.source, names, SLIDER_W * unit):
            self._chosen = name

    def _grade(self, camera: ColourStatus, unit: float) -> None:
        imgui.align_text_to_frame_padding()
        imgui.text_colored(DIM, f"Colours{f'. Look: {camera.look}' if camera.look else ''}")
        imgui.same_line()
        if imgui.button("as in the rig"):
            self._send(f"/colour/{camera.source}/reset")
        for n, ((name, low, high, words), value) in enumerate(zip(GRADE, camera.grade, strict=False)):
            if n % ROW:
                imgui.same_line()
            self._slide(f"/colour/{camera.source}/set", name, value, low, high, words, unit)

    def _match(self, view: View, camera: ColourStatus, unit: float) -> None:
        imgui.same_line()
        others = (c.source for c in view.all(ColourStatus) if c.source != camera.source)
        now = camera.like or "none"
        if name := choice("##match", f"like: {now}", ("none", "set", *others), SLIDER_W * unit, chosen=now):
            self._send(f"/colour/{camera.source}/match", name)

    def _key(self, keyer: KeyingStatus, unit: float) -> None:
        if not keyer.key:
            imgui.text_colored(DIM, "Not keyed in this rig (key)")
            return
        imgui.text_colored(DIM, f"Key{f'. The screen is {keyer.screen}' if keyer.screen else ''}")
        if kind := choice("##key", keyer.key, KEYS, SLIDER_W * unit):
            self._send(f"/keying/{keyer.source}/key", kind)
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
        imgui.text_colored(DIM, "Sound")
        imgui.set_next_item_width(SLIDER_W * unit)
        moved = self._widgets.slider("##delay", source.delay_ms, EARLIEST_MS, DELAY_MS, "sound %+.0f ms")
        if moved is not None:
            self._send(f"/sources/{source.name}/delay", round(moved))
        imgui.text_colored(
            DIM, f"its picture is {source.picture_ms:.0f} ms old, its sound {source.moved_ms:+.0f} ms late"
        )

    def _slide(self, address: str, name: str, value: float, low: float, high: float, words: str, unit: float) -> None:
        imgui.set_next_item_width(SLIDER_W * unit)
        moved = self._widgets.slider(f"##{address}/{name}", value, low, high, words)
        if moved is not None:
            self._send(address, name, moved)


def _numbers(keyer: KeyingStatus) -> list[tuple[str, float]]:
    """The numbers that count for its keyer."""
    known = dict(keyer.numbers)
    return [(name, known[name]) for name in (*NUMBERS_OF.get(keyer.key, ()), "wrap") if name in known]
