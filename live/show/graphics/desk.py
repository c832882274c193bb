"""The graphics of a show as a feature: the hand's, and what the machine suggests and takes off again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.base.errors import LiveError
from live.config.edits import Item, RigKey
from live.config.graphics import GraphicConfig
from live.config.load import Show
from live.director.authority import Key, Level
from live.director.suggestions import Suggestion
from live.show.feature import Feature, Frame
from live.show.graphics.model import Graphics
from live.show.graphics.namer import Namer
from live.show.holder import AUTO

if TYPE_CHECKING:
    from live.show import ShowState

GRAPHICS = "graphics"  # the domain of authority


@dataclass(frozen=True)
class KeptGraphic:
    """As a GraphicState."""

    fields: Mapping[str, str]
    visible: bool
    amount: float
    since_s: float
    row: int


@dataclass(frozen=True)
class KeptGraphics:
    """By graphic. off_in_s: in how many seconds the machine takes off those that it was let show."""

    all: Mapping[str, KeptGraphic]
    off_in_s: Mapping[str, float]


class GraphicsDesk(Graphics, Feature[KeptGraphics]):
    """Every graphic of the rig, by name. The machine offers the name of who is on air; a human shows it."""

    leases_s = {GRAPHICS: 0.0}

    undoes = ("all",)
    stays = ("visible", "amount", "since_s")

    def __init__(self, state: ShowState) -> None:
        super().__init__(state.rig.graphics, state.show.templates)
        self._state = state
        self._namer = Namer(state.show)
        # graphic -> when the machine takes it off, and in which epoch
        self._off_s: dict[str, tuple[float, int | None]] = {}

    @classmethod
    def build(cls, state: ShowState) -> GraphicsDesk:
        return cls(state)

    def save(self, now_s: float) -> KeptGraphics:
        kept = {n: KeptGraphic(dict(g.fields), g.visible, g.amount, g.since_s, g.row) for n, g in self.items()}
        return KeptGraphics(kept, {name: off_s - now_s for name, (off_s, _) in self._off_s.items()})

    @classmethod
    def rig_keys(cls, kept: KeptGraphics, show: Show) -> Iterator[RigKey]:
        for config in show.rig.graphics:
            at, was = ("graphics", Item(config.name)), kept.all.get(config.name)
            if was is not None:
                yield RigKey((*at, "row"), was.row)
            if was is not None and config.data is None:  # else its file says them
                yield from (RigKey((*at, "fields", field), text) for field, text in was.fields.items())

    def restore(self, kept: KeptGraphics, now_s: float) -> None:
        for name, was in kept.all.items():
            if name in self:
                known, graphic = self.fields_of(name), self[name]
                graphic.fields |= {field: text for field, text in was.fields.items() if field in known}
                graphic.visible, graphic.amount, graphic.since_s = was.visible, was.amount, was.since_s
                if was.row != graphic.row:
                    self.set_row(name, was.row)
        self._off_s = {name: (now_s + left_s, None) for name, left_s in kept.off_in_s.items() if name in self}

    def known(self) -> Mapping[str, Collection[str]]:
        return {"graphic": self._all}

    def add(self, config: GraphicConfig) -> None:
        """Take one in while the show runs. Raises LiveError when there is one of its name, or no such template."""
        if config.name in self:
            raise LiveError(config.name, "is there already", "remove it first, or give another name")
        if config.template not in self._state.show.templates:
            known = ", ".join(self._state.show.templates)
            raise LiveError(config.name, f"no template is called {config.template}", f"one of: {known}")
        self.take_in(config)
        self._state.adopt(self)

    def remove(self, name: str) -> None:
        """Take one out, at once. Raises LiveError when there is none, or a key holds it."""
        if name not in self:
            raise LiveError(name, "no graphic is called that", f"one of: {', '.join(self) or 'none'}")
        if holds := [f"{n}" for n, key in self._state.keys.all.items() if key.graphic == name]:
            raise LiveError(name, f"key {holds[0]} holds it", "put something else into the key first")
        self.take_out(name)
        self._off_s.pop(name, None)
        self._state.wheel.suggestions.withdraw(GRAPHICS, name)
        self._state.abandon((GRAPHICS, name))

    def levels(self) -> Mapping[Key, Level]:
        return {(GRAPHICS, name): Level.SUGGEST for name in self}

    def step(self, frame: Frame) -> None:
        state, now_s = self._state, frame.now_s
        state.let_go(self.levels(), now_s)
        if not state.session.panic:
            switcher = state.mix.switcher
            self._namer.step(
                now_s,
                shot=state.mix.shots[switcher.program],
                since_s=switcher.program_since_s,
                faces=frame.faces,
                graphics=self,
                suggestions=state.wheel.suggestions,
                allowed=self._may_suggest,
            )
        self._take_off(now_s)
        self.fade(frame.dt_s)

    def _may_suggest(self, graphic: str, now_s: float) -> bool:
        view = self._state.authority.view((GRAPHICS, graphic), now_s=now_s)
        return view.level is not Level.OFF and not view.held and not view.locked

    def suggested(self, taken: Suggestion, now_s: float) -> None:
        """A suggestion was taken: a graphic that it showed goes off by itself, unless a hand touches it."""
        config = self.configs.get(taken.target)
        if taken.domain == GRAPHICS and config is not None and (seconds := config.off_after_s):
            self._off_s[taken.target] = (now_s + seconds, None)

    def _take_off(self, now_s: float) -> None:
        for name, (off_s, epoch) in list(self._off_s.items()):
            view = self._state.authority.view((GRAPHICS, name), now_s=now_s)
            if epoch is None and not view.held:
                self._off_s[name] = (off_s, view.epoch)
            elif epoch is not None and (epoch != view.epoch or now_s >= off_s):
                del self._off_s[name]
                if epoch == view.epoch and self[name].visible:
                    self[name].visible = False
                    self._state.log("state", AUTO, graphic=name, reason="it has been on long enough to be read")
