"""The desk's second page: what is set before a show or now and then in it, not every minute. Style, transition, keys,
captions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imgui_bundle import imgui

from live.console import multiviews, outputs, players
from live.console.widgets import DIM, Widgets
from live.control.view import View
from live.picture.transitions import BUILT_IN
from live.show.captions.published import CaptionStatus
from live.show.cuts.published import ProgramBlack, RigTransitions, TBarPosition, TransitionSetting
from live.show.dsk.published import KeyStatus
from live.show.feeds.published import AuxStatus, FeedStatus
from live.show.graphics.published import GraphicStatus
from live.show.layers.published import LayerStatus, SceneStatus
from live.show.multiviews.published import MultiviewStatus
from live.show.outputs.published import OutputStatus
from live.show.players.published import PlayerStatus
from live.show.sources.published import SourceStatus
from live.show.styles.published import StyleNames, StyleStatus

Send = Callable[..., None]


class More:
    """Draws the page inside a window that the desk has begun; `send` takes what is changed. unit: window pixels per
    pixel of the design.
    """

    def __init__(self, font: Any, send: Send) -> None:
        self._font = font
        self._send = send
        self._multiviews = multiviews.Multiviews(send)
        widgets = Widgets()
        self._slider, self._toggle = widgets.slider, widgets.toggle

    def height(self, view: View) -> float:
        """Of the page, in pixels of the design."""
        layers: float = 24 + 36 * len(view.layers_in_hand) if view.layers_in_hand else 0
        layers += (24 + 36 * ((len(view.all(AuxStatus)) + 1) // 2)) if FeedStatus in view.state else 0
        layers += players.height(view.all(PlayerStatus)) + multiviews.height(view.all(MultiviewStatus))
        layers += outputs.height(view.all(OutputStatus))
        styles = 36 * ((len(view.get(StyleNames).names) + 5) // 6)
        return 334 + layers + styles

    def draw(self, view: View, unit: float, size_px: int) -> None:
        imgui.push_style_color(imgui.Col_.frame_bg, (0.17, 0.2, 0.24, 1))
        imgui.push_style_color(imgui.Col_.button, (0.17, 0.2, 0.24, 1))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (8 * unit, 5 * unit))
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (8 * unit, 7 * unit))
        imgui.push_font(self._font, size_px)
        self._styles(view)
        self._transition(view, unit)
        self._keys(view, unit)
        self._layers(view, unit)
        self._feeds(view, unit)
        players.draw(view.all(PlayerStatus), self._send, self._toggle, unit)
        self._multiviews.draw(view, unit)
        outputs.draw(view.all(OutputStatus), self._send, unit)
        self._captions(view)
        imgui.pop_font()
        imgui.pop_style_var(2)
        imgui.pop_style_color(2)

    def _styles(self, view: View) -> None:
        imgui.text_colored(DIM, "The director's style")
        for n, name in enumerate(view.get(StyleNames).names):
            if n % 6:
                imgui.same_line()
            if self._toggle(name, view.get(StyleStatus).name == name):
                self._send("/director/style", name)

    def _transition(self, view: View, unit: float) -> None:
        setting, own = view.get(TransitionSetting), view.get(RigTransitions).names
        imgui.text_colored(DIM, "Transition of A and of the T-bar")
        imgui.set_next_item_width(150 * unit)
        if imgui.begin_combo("##transition", setting.name):
            for name in dict.fromkeys((*own, *BUILT_IN)):  # the rig's own first: that is why they are there
                if imgui.selectable(name, name == setting.name)[0]:
                    self._send("/program/transition", name)
            imgui.end_combo()
        imgui.same_line()
        imgui.set_next_item_width(70 * unit)
        seconds = self._slider("##seconds", setting.rate_s, 0.1, 3.0, "%.1f s")
        if seconds is not None:
            self._send("/program/transition", setting.name, round(seconds, 1))
        imgui.same_line()
        imgui.set_next_item_width(130 * unit)
        moved = self._slider("T-bar##tbar", view.get(TBarPosition).position, 0.0, 1.0, "%.2f")
        if moved is not None:
            self._send("/program/tbar", moved)
        imgui.same_line()
        if self._toggle("Try out  P", view.rehearsal.on):
            self._send("/preview/transition")
        imgui.same_line()
        if self._toggle("To black", view.get(ProgramBlack).on):
            self._send("/program/ftb")

    def _keys(self, view: View, unit: float) -> None:
        keys, graphics = view.all(KeyStatus), view.all(GraphicStatus)
        imgui.text_colored(DIM, "Keys over program")
        for key in keys:
            if key.number > 1:
                imgui.same_line()
            label = f"{key.number}  {key.title or key.holds or 'empty'}"
            if self._toggle(f"{label}##key{key.number}", key.on):
                self._send(f"/dsk/{key.number}/auto")
        imgui.align_text_to_frame_padding()
        imgui.text_colored(DIM, "with the next transition")
        for key in keys:
            imgui.same_line()
            if self._toggle(f"{key.number}##tie{key.number}", key.tied):
                self._send(f"/dsk/{key.number}/tie", int(not key.tied))
        imgui.same_line(380 * unit)
        if imgui.button("Grab a still"):
            self._send("/stills/grab")
        for graphic in graphics:
            if graphic is not graphics[0]:
                imgui.same_line()
            if self._toggle(f"{graphic.name}##graphic", graphic.visible):
                self._send(f"/graphics/{graphic.name}/{'hide' if graphic.visible else 'show'}")

    def _layers(self, view: View, unit: float) -> None:
        """Of the scene on program, else on preview: shown or not, whom it shows, where it is, how wide, how opaque."""
        layers = view.layers_in_hand
        if not layers:
            return
        scene = layers[0].scene
        imgui.align_text_to_frame_padding()
        imgui.text_colored(DIM, f"Layers of {scene}")
        for position in view.get(SceneStatus, scene).positions:
            imgui.same_line()
            if imgui.button(f"{position}##position"):
                self._send(f"/layers/{scene}/recall", position)
        for layer in layers:
            at = f"/layers/{layer.scene}/{layer.layer}"
            if self._toggle(f"{layer.layer}##{at}", layer.shown):
                self._send(f"{at}/{'hide' if layer.shown else 'show'}")
            imgui.same_line(120 * unit)
            imgui.set_next_item_width(80 * unit)
            if imgui.begin_combo(f"##{at}/source", layer.source):
                for source in view.all(SourceStatus):
                    if imgui.selectable(source.name, source.name == layer.source)[0]:
                        self._send(f"{at}/source", source.name)
                imgui.end_combo()
            for name, value, low, high in (
                ("x", layer.x, -1.0, 1.0),
                ("y", layer.y, -1.0, 1.0),
                ("scale", layer.width, 0.05, 1.0),
                ("opacity", layer.opacity, 0.0, 1.0),
            ):
                imgui.same_line()
                imgui.set_next_item_width((104 if name == "opacity" else 62) * unit)
                said = "w" if name == "scale" else name
                moved = self._slider(f"##{at}/{name}", value, low, high, f"{said} %.2f")
                if moved is not None:
                    self._layer(at, layer, name, moved)
            imgui.same_line()
            if imgui.button(f"reset##{at}"):
                self._send(f"{at}/reset")

    def _layer(self, at: str, layer: LayerStatus, name: str, value: float) -> None:
        """A slider was moved. The width takes the height along, about the middle."""
        if name != "scale":
            self._send(f"{at}/set", name, value)
            return
        height = layer.height * value / max(layer.width, 0.01)
        x, y = layer.x + (layer.width - value) / 2, layer.y + (layer.height - height) / 2
        self._send(f"{at}/move", x, y, value, height)

    def _feeds(self, view: View, unit: float) -> None:
        """What each auxiliary shows; which feeds are made."""
        feeds = view.all(FeedStatus)
        if not feeds:
            return
        made = [feed.name for feed in feeds if feed.made]
        imgui.text_colored(DIM, f"Auxiliaries and feeds. Made now: {', '.join(made)}")
        for n, aux in enumerate(view.all(AuxStatus)):
            if n % 2:
                imgui.same_line(330 * unit)
            imgui.set_next_item_width(170 * unit)
            if imgui.begin_combo(f"##aux{aux.name}", aux.shows):
                for name in view.auxiliary_choices:
                    if imgui.selectable(name, name == aux.shows)[0]:
                        self._send(f"/aux/{aux.name}/set", name)
                imgui.end_combo()
            imgui.same_line()
            imgui.text_colored((0.9, 0.92, 0.95, 1.0) if aux.name in made else DIM, aux.label)

    def _captions(self, view: View) -> None:
        there, visible = CaptionStatus in view.state, view.get(CaptionStatus).visible
        imgui.text_colored(DIM, "Captions" if there else "Captions: not in this rig ([captions])")
        if not there:
            return
        if self._toggle("over program", visible):
            self._send("/captions/hide" if visible else "/captions/show")
        imgui.same_line()
        if imgui.button("clear"):
            self._send("/captions/clear")
