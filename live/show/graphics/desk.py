"""The graphics of a show as a feature: the hand's, and what the machine suggests and takes off again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.base.errors import LiveError
from live.config.edits import Item, RigKey
from live.config.graphics import NOBODY, GraphicConfig
from live.config.load import Show
from live.director.authority import Key, Level
from live.director.suggestions import Suggestion
from live.show.feature import Feature, Frame
from live.show.graphics.belongs import Named, folded, named_by
from live.show.graphics.model import Graphics, reading_s
from live.show.graphics.namer import Namer
from live.show.graphics.titles import KeptTitles, Title, Titles
from live.show.graphics.whom import Whom
from live.show.holder import AUTO

if TYPE_CHECKING:
    from live.show import ShowState

GRAPHICS = "graphics"  # the domain of authority


WRONG_S = 0.5  # a title that the picture belies for less is one that comes with the picture, or just before it


@dataclass(frozen=True)
class KeptGraphic:
    """What is written for a graphic, and how it is set. cued: preview shows it."""

    written: Mapping[str, str]
    row: int
    cued: bool
    live: bool
    person: str | None


@dataclass(frozen=True)
class KeptOnAir:
    """What program shows of a graphic: as a GraphicState. says: its fields."""

    visible: bool
    amount: float
    since_s: float
    read_s: float
    says: Mapping[str, str]


@dataclass(frozen=True)
class KeptGraphics:
    """By graphic; titles: the queue of names. off_in_s: in how many seconds the machine takes off those that it was let
    show.
    """

    all: Mapping[str, KeptGraphic]
    titles: KeptTitles
    on: Mapping[str, KeptOnAir]
    off_in_s: Mapping[str, float]


class GraphicsDesk(Graphics, Feature[KeptGraphics]):
    """Every graphic of the rig, by name. The machine offers the name of who is on air; a human shows it. whom: whom the
    picture shows.
    """

    leases_s = {GRAPHICS: 0.0}

    undoes = ("all", "titles")

    def __init__(self, state: ShowState) -> None:
        super().__init__(state.rig.graphics, state.show.templates)
        self._state = state
        self.whom = Whom(state)
        self.titles = Titles(state.rig.people if state.rig.titles.people else ())
        if (file := state.rig.titles.file) is not None:
            self._stale.append(file)
        self._labels = {p.name: p.label for p in state.rig.people}
        self._lines = {p.name: p.line for p in state.rig.people}
        self._by_label = {folded(label): name for name, label in self._labels.items()}
        self._namer = Namer()
        # graphic -> when the machine takes it off, and in which epoch
        self._off_s: dict[str, tuple[float, int | None]] = {}
        # graphic -> since when the picture belies it; and what was told of it
        self._wrong_s: dict[str, float] = {}
        self.wrong: dict[str, str] = {}

    @classmethod
    def build(cls, state: ShowState) -> GraphicsDesk:
        return cls(state)

    def save(self, now_s: float) -> KeptGraphics:
        return KeptGraphics(
            {n: KeptGraphic(dict(g.written), g.row, g.cued, g.live, g.person) for n, g in self.items()},
            self.titles.save(),
            {n: KeptOnAir(g.visible, g.amount, g.since_s, g.read_s, dict(g.fields)) for n, g in self.items()},
            {name: off_s - now_s for name, (off_s, _) in self._off_s.items()},
        )

    @classmethod
    def rig_keys(cls, kept: KeptGraphics, show: Show) -> Iterator[RigKey]:
        for config in show.rig.graphics:
            at, was = ("graphics", Item(config.name)), kept.all.get(config.name)
            if was is not None:
                yield RigKey((*at, "row"), was.row)
                yield RigKey((*at, "live"), was.live)
                yield RigKey((*at, "person"), NOBODY if was.person == "" else was.person)
            if was is not None and config.data is None:  # else its file says them
                yield from (RigKey((*at, "fields", field), text) for field, text in was.written.items())

        typed = [title for title, _ in kept.titles.typed]
        yield RigKey(("titles", "typed"), typed or None, cannot="names that were typed; the file of [titles] has names")

    def restore(self, kept: KeptGraphics, now_s: float) -> None:
        for name, on in kept.on.items():
            if name in self:
                graphic, known = self[name], self.fields_of(name)
                graphic.visible, graphic.amount, graphic.since_s, graphic.read_s = (
                    on.visible,
                    on.amount,
                    on.since_s,
                    on.read_s,
                )
                graphic.fields |= {field: text for field, text in on.says.items() if field in known}
        for name, was in kept.all.items():
            if name in self:
                graphic, known = self[name], self.fields_of(name)
                graphic.cued, graphic.live, graphic.person = was.cued, was.live, was.person
                self.write(name, {field: text for field, text in was.written.items() if field in known})
                if was.row != graphic.row:
                    self.set_row(name, was.row)
        self.titles.restore(kept.titles)
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
        self._is_true(name)
        self._state.wheel.suggestions.withdraw(GRAPHICS, name)
        self._state.abandon((GRAPHICS, name))

    def levels(self) -> Mapping[Key, Level]:
        return {(GRAPHICS, name): Level.SUGGEST for name in self}

    def step(self, frame: Frame) -> None:
        state, now_s = self._state, frame.now_s
        state.let_go(self.levels(), now_s)
        with state.guard("whom"):
            self.whom.look(frame)
        with state.guard("namer"):
            if not state.session.panic:
                self._namer.step(self, state, now_s, self._may_suggest)
        self._take_off(now_s)
        with state.guard("titles"):
            self._judge(now_s)
        self.fade(frame.dt_s)

    def _may_suggest(self, graphic: str, now_s: float) -> bool:
        view = self._state.authority.view((GRAPHICS, graphic), now_s=now_s)
        return view.level is not Level.OFF and not view.held and not view.locked

    # -- whose they are ------------------------------------------------------------------------------------------------

    def label(self, person: str) -> str:
        """What people call somebody; also somebody who is only known by their face."""
        return self._labels.get(person) or person.replace("-", " ").replace("_", " ").title()

    def line(self, person: str) -> str:
        """What somebody is, as the rig says."""
        return self._lines.get(person, "")

    def named(self, name: str) -> Named:
        """Whom a graphic belongs to, as it is on air or would be."""
        graphic = self[name]
        for person in self.whom.faces - self._labels.keys():  # enrolled, and not in the rig
            self._labels[person] = self.label(person)
            self._by_label.setdefault(folded(self.label(person)), person)
        return named_by(self.template_of(name), graphic.fields, graphic.person, self._by_label)

    def belied(self, name: str, shot: str) -> str:
        """Why a graphic is not to stand under a shot; "" where it may, or nobody can tell."""
        named = self.named(name)
        if not self._can_be_told(named):
            return ""
        shown = self.whom.shown(shot)
        return named.against(shown, self.label) if shown.sure else ""

    def _can_be_told(self, named: Named) -> bool:
        """Can it be told of anybody whom a graphic names where they are?"""
        return any(self.whom.is_known(person) for person in named.people)

    def waits_for(self, to: str) -> str:
        """Why the machine is to wait with a cut to a shot: whose name stands under the picture; "" when it isn't."""
        style, program = self._state.mix.director.style, self._state.mix.switcher.program
        if self.whom.is_nothing(program):
            return ""
        for name, graphic in self.items():
            if not graphic.on_air or not self._goes_with(name, to):
                continue
            named = self.named(name)
            theirs = any(self.whom.may_show(program, person) for person in named.people)
            patient = style.waits_for_title and theirs
            wait_s = style.title_s if patient else min(style.title_s, self._reading_s(name))
            stands = "stand" if len(named.people) > 1 else "stands"
            words = f"waits: {named.words(self.label)} {stands} under the picture"
            if graphic.read_s < wait_s if graphic.visible else patient:  # also until it is out
                return words
            if graphic.visible and not self._may_take_off(name):
                return f"{words}, and only a hand may take that off"
        return ""

    def _reading_s(self, name: str) -> float:
        return reading_s(" ".join(self[name].fields.values()))

    def _goes_with(self, name: str, to: str) -> bool:
        """Is it of people, and not of those that another shot shows? Of whom nobody can tell where they are, no cut
        knows better than the last one.
        """
        named = self.named(name)
        return self._can_be_told(named) and bool(named.against(self.whom.shown(to), self.label))

    def _may_take_off(self, name: str) -> bool:
        """A panic that is over doesn't keep it from that: a level of the cuts ends one, and graphics have their own."""
        state, key = self._state, (GRAPHICS, name)
        view = state.authority.view(key, now_s=0.0)
        is_off = view.level is Level.OFF and (state.session.panic or not state.authority.is_off_by_panic(key))
        return not is_off and not view.locked

    def leave(self, to: str, by: str, *, hard: bool) -> None:
        """Program goes to another shot: names of people whom that doesn't show go with it. hard: by a cut, so at once;
        with a transition they go as they came.
        """
        for name, graphic in self.items():
            if graphic.on_air and self._goes_with(name, to) and (by != AUTO or self._may_take_off(name)):
                if graphic.visible:
                    reason = f"its picture goes: {self.named(name).against(self.whom.shown(to), self.label)}"
                    self._state.log("state", by, graphic=name, reason=reason)
                self.hide(name, at_once=hard)

    def _judge(self, now_s: float) -> None:
        """Is what stands under the picture true? What a hand put there stays, and is told; the machine's own goes."""
        program = self._state.mix.switcher.heading()
        for name, graphic in self.items():
            why = self.belied(name, program) if graphic.visible else ""
            if not why:
                self._is_true(name)
                continue
            if now_s - self._wrong_s.setdefault(name, now_s) < WRONG_S or self.wrong.get(name) == why:
                continue
            if name in self._off_s:
                self._takes_off(name, why)
                continue
            self.wrong[name] = why
            text = f"{name}: {why}; show whom it names, or take it off"
            self._state.log("fault", "live", subject=name, message=text)
            self._state.faults.tell(name, text, now_s)

    def _is_true(self, name: str) -> None:
        """Nothing belies it any more, or it is gone."""
        self._wrong_s.pop(name, None)
        if self.wrong.pop(name, None):
            self._state.faults.over(name)

    # -- what the machine takes off ------------------------------------------------------------------------------------

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
                    self._takes_off(name, "it has been on long enough to be read")
            elif epoch is not None and self._state.mix.waits and self[name].read_s >= self._reading_s(name):
                self._takes_off(name, "it could be read, and a cut waits for it")

    def _takes_off(self, name: str, reason: str) -> None:
        self._off_s.pop(name, None)
        self.hide(name)
        self._state.log("state", AUTO, graphic=name, reason=reason)

    # -- the queue of names --------------------------------------------------------------------------------------------

    @property
    def title_graphic(self) -> str | None:
        """The graphic that shows the names of the queue."""
        if (given := self._state.rig.titles.graphic) is not None:
            return given if given in self else None
        return next((n for n in self if (t := self.template_of(n)) is not None and 1 in t.names_people.values()), None)

    def says(self, name: str, title: Title) -> dict[str, str]:
        """What a graphic's fields are for a name of the queue."""
        template = self.template_of(name)
        fields = {} if template is None else template.fields
        said = {field: title.title for field, config in fields.items() if config.person == 1}
        said |= {field: title.subtitle for field, config in fields.items() if config.line == 1}
        return said or {field: text for field, text in _usual(title).items() if field in self.fields_of(name)}


def _usual(title: Title) -> dict[str, str]:
    """Of a template that doesn't say which of its fields names a person."""
    return {"title": title.title, "subtitle": title.subtitle}
