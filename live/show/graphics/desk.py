"""The graphics of a show as a feature: the hand's, and what the machine suggests and takes off again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

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

    def __init__(self, state: ShowState) -> None:
        super().__init__(state.rig.graphics, state.show.templates)
        self._state = state
        self._namer = Namer(state.show)
        self._off_after_s = {g.name: g.off_after_s for g in state.rig.graphics}
        # graphic -> when the machine takes it off, and in which epoch
        self._off_s: dict[str, tuple[float, int | None]] = {}

    @classmethod
    def build(cls, state: ShowState) -> GraphicsDesk:
        return cls(state)

    def save(self, now_s: float) -> KeptGraphics:
        kept = {n: KeptGraphic(dict(g.fields), g.visible, g.amount, g.since_s, g.row) for n, g in self.items()}
        return KeptGraphics(kept, {name: off_s - now_s for name, (off_s, _) in self._off_s.items()})

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
        seconds = self._off_after_s.get(taken.target, 0.0)
        if taken.domain == GRAPHICS and seconds:
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
