"""The desk's page M: what is set before a show or now and then in it, not every minute. Style, transition, keys,
captions; layers, players, auxiliaries, multiviews.
"""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from live.console import multiviews, people, players, rig
from live.console.page import Send, column, page
from live.console.paint import Painter2D
from live.console.pressed import Pressed
from live.console.widgets import DIM, Room, Widgets, choice
from live.control.view import View
from live.picture.tiling import Rect
from live.picture.transitions import BUILT_IN
from live.show.captions.published import CaptionStatus
from live.show.cuts.published import ProgramBlack, RigTransitions, TBarPosition, TransitionSetting
from live.show.dsk.published import KeyStatus
from live.show.feeds.published import AuxStatus, FeedStatus
from live.show.graphics.published import GraphicStatus
from live.show.layers.published import LayerStatus, SceneStatus
from live.show.players.published import PlayerStatus
from live.show.session.published import RigSaved
from live.show.sources.published import SourceStatus
from live.show.styles.published import StyleNames, StyleStatus


class More:
    """Draws it; `send` takes what is changed."""

    def __init__(self, painter: Painter2D, font: Any, send: Send, pressed: Pressed) -> None:
        self._p, self._font, self._send = painter, font, send
        self._multiviews = multiviews.Multiviews(send)
        self._widgets = Widgets(pressed)
        self._slider, self._toggle = self._widgets.slider, self._widgets.toggle

    def draw(self, area: Rect, view: View) -> None:
        unit = self._p.unit
        with page("more", area, self._p, self._font):
            with column("of the cuts", 0, 2, self._p):
                people.draw_scenarios(view, self._send, self._widgets)
                self._styles(view)
                self._transition(view, unit)
                self._keys(view)
                self._captions(view)
            with column("of the pictures", 1, 2, self._p):
                people.draw_people(view, self._send, self._widgets, unit)
                self._layers(view, unit)
                players.draw(view.all(PlayerStatus), self._send, self._widgets, unit)
                self._feeds(view, unit)
                self._multiviews.draw(view, unit)
                rig.draw(view.get(RigSaved), self._send)

    def _styles(self, view: View) -> None:
        room = _titled("Style")
        for name in view.get(StyleNames).names:
            room.next(name)
            if self._toggle(name, view.get(StyleStatus).name == name):
                self._send("/director/style", name)

    def _transition(self, view: View, unit: float) -> None:
        setting, own = view.get(TransitionSetting), view.get(RigTransitions).names
        _titled("A, T-bar")
        imgui.same_line()
        names = dict.fromkeys((*own, *BUILT_IN))  # the rig's own first: that is why they are there
        if name := choice("##transition", setting.name, names, 120 * unit):
            self._send("/program/transition", name)
        imgui.same_line()
        imgui.set_next_item_width(70 * unit)
        seconds = self._slider("##seconds", setting.rate_s, 0.1, 3.0, "%.1f s")
        if seconds is not None:
            self._send("/program/transition", setting.name, round(seconds, 1))
        imgui.same_line()
        imgui.set_next_item_width(110 * unit)
        moved = self._slider("##tbar", view.get(TBarPosition).position, 0.0, 1.0, "T-bar %.2f")
        if moved is not None:
            self._send("/program/tbar", moved)
        imgui.same_line()
        if self._toggle("Try out  P", view.rehearsal.on):
            self._send("/preview/transition")
        imgui.same_line()
        if self._toggle("Black  F10", view.get(ProgramBlack).on):
            self._send("/program/ftb")

    def _keys(self, view: View) -> None:
        keys, graphics = view.all(KeyStatus), view.all(GraphicStatus)
        room = _titled("Keys")
        for key in keys:
            label = f"{key.number}  {key.title or key.holds or 'empty'}"
            room.next(label)
            if self._toggle(f"{label}##key{key.number}", key.on):
                self._send(f"/dsk/{key.number}/auto")
        imgui.align_text_to_frame_padding()
        imgui.text_colored(DIM, "with the next transition")
        for key in keys:
            imgui.same_line()
            if (tied := self._widgets.switch(f"{key.number}##tie{key.number}", key.tied)) is not None:
                self._send(f"/dsk/{key.number}/tie", int(tied))
        imgui.same_line()
        if imgui.button("Grab a still"):
            self._send("/stills/grab")
        room = _titled("Titles") if graphics else Room()
        for graphic in graphics:
            room.next(graphic.name)
            if (shown := self._widgets.switch(f"{graphic.name}##graphic", graphic.visible)) is not None:
                self._send(f"/graphics/{graphic.name}/{'show' if shown else 'hide'}")

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
        sources = [source.name for source in view.all(SourceStatus)]
        for layer in layers:
            at = f"/layers/{layer.scene}/{layer.layer}"
            if (shown := self._widgets.switch(f"{layer.layer}##{at}", layer.shown)) is not None:
                self._send(f"{at}/{'show' if shown else 'hide'}")
            imgui.same_line(120 * unit)
            if source := choice(f"##{at}/source", layer.source, sources, 80 * unit):
                self._send(f"{at}/source", source)
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
        imgui.text_colored(DIM, f"Auxiliaries and feeds. Made now: {', '.join(made) or 'none'}")
        for n, aux in enumerate(view.all(AuxStatus)):
            if n % 2:
                imgui.same_line(310 * unit)
            if name := choice(f"##aux{aux.name}", aux.shows, view.auxiliary_choices, 160 * unit):
                self._send(f"/aux/{aux.name}/set", name)
            imgui.same_line()
            imgui.text_colored((0.9, 0.92, 0.95, 1.0) if aux.name in made else DIM, aux.label)

    def _captions(self, view: View) -> None:
        there, visible = CaptionStatus in view.state, view.get(CaptionStatus).visible
        imgui.align_text_to_frame_padding()
        imgui.text_colored(DIM, "Captions" if there else "Captions: not in this rig ([captions])")
        if not there:
            return
        imgui.same_line()
        if (shown := self._widgets.switch("over program", visible)) is not None:
            self._send("/captions/show" if shown else "/captions/hide")
        imgui.same_line()
        if imgui.button("clear"):
            self._send("/captions/clear")


def _titled(words: str) -> Room:
    """A row of buttons with a word before it."""
    imgui.align_text_to_frame_padding()
    imgui.text_colored(DIM, words)
    room = Room()
    room.next(words)
    return room
