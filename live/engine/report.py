"""The show's state, written into the state tree: what consoles and control surfaces see. docs/state.md lists the
paths.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.base.clock import timecode
from live.config.load import Show
from live.config.style import PARAMETERS, Style
from live.control.state import StateTree
from live.director.suggestions import LIMIT
from live.show import ShowState
from live.show.cuts.mix import CUTS
from live.show.cuts.published import RigTransitions, ShotOnKey, buses, cuts, move
from live.show.keying.commands import NUMBERS
from live.show.layers.model import CROP, RECT
from live.show.players.model import told
from live.show.session.published import FAILING_LENGTH, CodeFaults, LateFrames, ShowClock, ShowInfo, session
from live.show.sound.published import SILENCE_DB, MicrophoneState

if TYPE_CHECKING:
    from live.engine.engine import Engine

SLOW_EVERY = 3  # frames between updates of what moves all the time (meters, clocks): 10 Hz at 30


class StateReport:
    """Writes the tree at the end of each frame. Engine thread only."""

    def __init__(self, show: Show, state: ShowState, tree: StateTree) -> None:
        self._show, self._state, self._tree = show, state, tree
        self._rate = show.rig.picture.rate
        self._told_style: Style | None = None
        self._layers_turn = -1  # all of them, the first time
        self._told_multiviews = 0
        tree.put(ShowInfo(show.rig.title, float(self._rate), show.rig.picture.delay_s))
        tree.set("director/styles", *sorted(show.styles))
        tree.put(RigTransitions(tuple(t.name for t in show.rig.transitions)))
        for n, shot in enumerate(show.row, 1):
            tree.put(ShotOnKey(n, shot.id, shot.label, shot.source or ""))
        for source in show.rig.sources:
            tree.set(f"sources/{source.name}/label", source.label)

    def update(self, engine: Engine) -> None:
        state, tree, now_s = self._state, self._tree, engine.now_s
        for publish in (session, buses, move, cuts):
            for value in publish(state, now_s):
                tree.put(value)
        for number, dsk in state.keys.all.items():
            tree.set(f"dsk/{number}", int(dsk.on), round(dsk.amount, 2), dsk.holds(), int(dsk.tied), dsk.title)
        tree.put(LateFrames(engine.late))
        tree.put(CodeFaults(engine.guard.count, engine.repeated, ", ".join(engine.guard.failing)[:FAILING_LENGTH]))
        self._feeds(engine)
        self._director(now_s)
        self._style()
        self._graphics()
        self._players(now_s)
        self._captions(engine)
        self._wheel(now_s)
        self._multiviews()
        if engine.frame_number % SLOW_EVERY == 0:
            self._slow(engine, now_s)

    def _director(self, now_s: float) -> None:
        state, tree = self._state, self._tree
        view = state.authority.view(CUTS, now_s=now_s)
        left_s = -1.0 if view.hold_left_s is None else float(int(view.hold_left_s + 0.999)) if view.held else 0.0
        tree.set("director/level", view.level.value)
        tree.set("director/hold", left_s)

    def _feeds(self, engine: Engine) -> None:
        """What each auxiliary shows, and which feeds are made."""
        for name, aux in self._state.feeds.auxes.items():
            self._tree.set(f"aux/{name}", aux.shows, aux.label)
        made = engine.feeds.wanted if engine.feeds is not None else frozenset()
        for name in self._state.feeds.names:
            self._tree.set(f"feeds/{name}", int(name == "program" or name in made))

    def _style(self) -> None:
        """The style in use, and each of its numbers as it is now."""
        style = self._state.styles.style
        if style is self._told_style:
            return
        self._told_style = style
        self._tree.set("director/style", self._state.styles.name, style.title or self._state.styles.name)
        for name in PARAMETERS:
            self._tree.set(f"director/style/{name}", float(getattr(style, name)))

    def _multiviews(self) -> None:
        desk = self._state.multiviews
        if desk.changes != self._told_multiviews:
            self._told_multiviews = desk.changes
            desk.write(self._tree)

    def _wheel(self, now_s: float) -> None:
        """Whose the domains are, what is suggested, what the director leaves alone."""
        state, tree = self._state, self._tree
        for domain in state.authority.domains:
            owner = state.authority.owner(domain, now_s=now_s)
            tree.set(f"authority/{domain}/owner", owner.who if owner else "")
        tree.set("director/locked", int(state.authority.view(CUTS, now_s=now_s).locked))
        standing = state.wheel.suggestions.standing
        for n in range(LIMIT):
            s = standing[n] if n < len(standing) else None
            if s is None:
                tree.set(f"suggestions/{n + 1}", 0, "", "", "", 0)
            else:
                tree.set(f"suggestions/{n + 1}", s.id, s.domain, s.text, s.reason[:160], math.ceil(s.until_s - now_s))

    def _graphics(self) -> None:
        for name, graphic in self._state.graphics.items():
            self._tree.set(f"graphics/{name}/visible", int(graphic.visible))
            for field, text in graphic.fields.items():
                self._tree.set(f"graphics/{name}/field/{field}", text)

    def _players(self, now_s: float) -> None:
        for name, player in self._state.players.all.items():
            for path, values in told(player, now_s).items():
                self._tree.set(f"players/{name}{path}", *values)

    def _captions(self, engine: Engine) -> None:
        for path, values in self._state.captions.state().items():
            self._tree.set(f"captions/{path}", *values)
        if engine.captions is not None:
            self._tree.set("captions/latency", *(round(v, 2) for v in engine.captions.figures()))

    def _layers(self, now_s: float) -> None:
        """Where the layers of scenes are, from the file or by hand: of scenes on a bus or in a hand each time, of the
        others one in turn.
        """
        state, desk = self._state, self._state.layers.scenes
        seen = {shot.partition("/")[0] for shot in (*state.mix.switcher.on_air, state.mix.switcher.preview)}
        turn = self._layers_turn % len(desk) if desk else 0
        for n, (scene, layers) in enumerate(desk.items()):
            if self._layers_turn >= 0 and n != turn and scene not in seen and not layers.touched:
                continue
            since_s = self._state.layers.since_s(scene, now_s)
            self._tree.set(f"layers/{scene}", *layers.names)
            self._tree.set(f"layers/{scene}/positions", *layers.kept)
            for name in layers.names:
                at = layers.numbers(name, since_s, now_s)
                self._tree.set(
                    f"layers/{scene}/{name}/shown", int(layers.on(name)), round(layers.amount(name, now_s), 2)
                )
                self._tree.set(f"layers/{scene}/{name}/source", layers.source(name) or "")
                self._tree.set(f"layers/{scene}/{name}/rect", *(round(at[n], 4) for n in RECT))
                self._tree.set(f"layers/{scene}/{name}/crop", *(round(at[n], 4) for n in CROP))
                self._tree.set(f"layers/{scene}/{name}/look", round(at["rotation"], 2), round(at["opacity"], 3))
        self._layers_turn += 1

    def _picture_controls(self, engine: Engine, now_s: float) -> None:
        """How sources are keyed and graded."""
        state, tree = self._state, self._tree
        screens = engine.inputs.screens()
        for name, orders in state.keyers.orders.items():
            tree.set(f"keying/{name}/key", orders.key, orders.keyer.also, orders.keyer.combine)
            tree.set(f"keying/{name}/screen", screens.get(name, ""))
            tree.set(f"keying/{name}/masks", len(orders.keyer.masks))
            tree.set(
                f"keying/{name}/numbers", *(v for n in NUMBERS for v in (n, round(float(getattr(orders.keyer, n)), 3)))
            )
        for name, colours in state.colours.all.items():
            c = colours.config
            tree.set(f"colour/{name}/grade", c.kelvin, c.tint, c.lift, c.gamma, c.gain, c.saturation)
            tree.set(f"colour/{name}/look", c.look.name if c.look else "")
            correction = (round(float(v), 3) for v in engine.grading.correction(name, now_s))
            tree.set(f"colour/{name}/match", colours.reference, int(colours.follow), int(colours.locked), *correction)

    def _microphones(self, engine: Engine) -> None:
        """Each with its level; whoever speaks."""
        speaking = engine.hearing.speaking
        voices = {p.microphone for p in self._show.rig.people if speaking.get(p.name, False)}
        for name, (gain_db, muted) in self._state.microphones.faders.items():
            level_db = round(float(engine.levels_db.get(name, SILENCE_DB)), 1)
            self._tree.put(MicrophoneState(name, level_db, name in voices, round(gain_db, 1), muted))

    def _slow(self, engine: Engine, now_s: float) -> None:
        state, tree = self._state, self._tree
        self._picture_controls(engine, now_s)
        self._layers(now_s)
        tree.put(ShowClock(round(now_s, 2), timecode(engine.frame_number, self._rate)))
        for name, source in engine.inputs.states.items():
            tree.set(f"sources/{name}/status", source.status, float(source.rate_hz), source.message[:120])
            tree.set(f"sources/{name}/tally", state.mix.tally(name))
        self._microphones(engine)
        for person, speaks in engine.hearing.speaking.items():
            tree.set(f"people/{person}/speaking", int(speaks))
        for name in state.cameras.names:
            view, held = state.cameras.view(name, now_s, state.authority)
            crop = (
                state.cameras.operators[name].crop if name not in self._show.pictures else state.cameras.crops.get(name)
            )
            tree.set(f"framing/{name}/held", *held)
            tree.set(f"framing/{name}/level", view.level.value)
            tree.set(f"framing/{name}/hold", -1.0 if view.hold_left_s is None else round(view.hold_left_s))
            if crop is not None:
                tree.set(f"framing/{name}/crop", round(crop.x, 3), round(crop.y, 3), round(crop.zoom, 3))
