"""The graphics of a show: what they say, what is written for them, whether they are on, and how far each has come in.
Pure; time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from live.base.clock import MIDNIGHT, DayTime, seconds_until
from live.config.graphics import NOBODY, GraphicConfig
from live.config.template import CLOCK, LEFT, Template
from live.picture.values import GraphicView

NEXT = "/next"  # behind a graphic's name: as it will be when what is held is taken
READ_S, CHARACTERS_S = 2.5, 15.0  # a title comes in and is read in so long, a second more for so many characters


@dataclass
class GraphicState:
    """A graphic keyed over program. fields: what it says, or would say if it was put on now; written: what was written
    last, which is held while it is on, unless it is live. since_s: how long it has been on, or since it was last put
    on; read_s: how long what it says now. cued: preview shows it while it is not on. person: whom it belongs to by a
    hand or the rig, "" for nobody; None: by its words. data: what a file says; what is written by hand goes before it
    until the file says something else. asked: a hand wants another row of it.
    """

    template: str
    fields: dict[str, str]
    written: dict[str, str]
    visible: bool = False
    amount: float = 0.0
    since_s: float = 0.0
    read_s: float = 0.0
    cued: bool = False
    live: bool = False
    person: str | None = None
    row: int = 1
    asked: bool = False
    data: dict[str, str] = field(default_factory=dict)

    @property
    def on_air(self) -> bool:
        """Is anything of it seen, or about to be?"""
        return self.visible or self.amount > 0

    @property
    def held(self) -> bool:
        """Is something written that isn't what program shows?"""
        return self.on_air and self.written != self.fields


class Graphics(Mapping[str, GraphicState]):
    """Every graphic, by name, in order: those of the rig, and those that have come since. Engine thread only.
    templates: by name; one may be exchanged while it is on. configs: what each was made from.
    """

    def __init__(self, configs: Sequence[GraphicConfig], templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self.configs: dict[str, GraphicConfig] = {}
        self._all: dict[str, GraphicState] = {}
        self._stale: list[Path] = []
        self.time_of_day = MIDNIGHT  # set by the engine on every frame
        for config in configs:
            self.take_in(config)

    def take_in(self, g: GraphicConfig) -> None:
        """One more, not on yet."""
        self.configs[g.name] = g
        template, says = self._templates.get(g.template), self._defaults(g.template) | g.fields
        live = g.live if g.live is not None else template is not None and template.live
        self._all[g.name] = GraphicState(g.template, says, dict(says), live=live, person=_tie(g.person), row=g.row)
        if g.data is not None:
            self._stale.append(g.data)

    def take_out(self, name: str) -> None:
        """It is gone, also from the picture."""
        del self.configs[name], self._all[name]

    # -- the hand ------------------------------------------------------------------------------------------------------

    def write(self, name: str, fields: Mapping[str, str]) -> None:
        """It is to say this: at once where it is not on or live, and when that is taken otherwise."""
        graphic = self._all[name]
        graphic.written |= fields
        if graphic.live or not graphic.on_air:
            self.take(name)

    def cue(self, name: str, fields: Mapping[str, str] | None = None) -> None:
        """A hand writes it: preview shows what it will be."""
        self.write(name, fields or {})
        graphic = self._all[name]
        graphic.cued = not graphic.visible and not graphic.live

    def take(self, name: str) -> None:
        """It says what was written."""
        graphic = self._all[name]
        if graphic.fields != graphic.written:
            graphic.fields, graphic.read_s = dict(graphic.written), 0.0

    def show(self, name: str) -> None:
        """Put it on, as it was written; also where it is on already, or is about to leave."""
        self.take(name)
        self._all[name].visible, self._all[name].read_s = True, 0.0

    def hide(self, name: str, *, at_once: bool = False) -> None:
        """Take it off program and preview. at_once: without its way out."""
        graphic = self._all[name]
        graphic.visible = graphic.cued = False
        if at_once:
            graphic.amount = 0.0

    def set_live(self, name: str, live: bool) -> None:
        self._all[name].live = live
        if live:
            self.take(name)

    def _defaults(self, template: str) -> dict[str, str]:
        return (
            {name: f.default for name, f in self._templates[template].fields.items()}
            if template in self._templates
            else {}
        )

    def __getitem__(self, name: str) -> GraphicState:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def fields_of(self, name: str) -> list[str]:
        """What can be written: the template's fields, those that the rig gave it too."""
        return list(self._defaults(self._all[name].template) | self._all[name].fields)

    def template_of(self, name: str) -> Template | None:
        """Its template; None for one that isn't there."""
        return self._templates.get(self._all[name].template)

    def images_of(self, name: str) -> set[str]:
        """The fields that name picture files."""
        template = self._templates.get(self._all[name].template)
        return set() if template is None else template.images

    def set_row(self, name: str, row: int) -> bool:
        """Take the fields from another line of the data; False when the graphic has none."""
        if (data := self.configs[name].data) is None:
            return False
        self._all[name].row, self._all[name].asked = row, True
        self._stale.append(data)
        return True

    def take_stale(self) -> list[Path]:
        """Data files that are to be read again."""
        stale, self._stale = self._stale, []
        return stale

    def heard(self, name: str, data: Mapping[str, str]) -> None:
        """A data file says this now: only what it says anew changes a field, on air too: that is what it is for. A row
        that a hand has asked for is held as if the hand had written it. One that is gone meanwhile hears nothing.
        """
        if (graphic := self._all.get(name)) is None:
            return
        new = {k: v for k, v in data.items() if graphic.data.get(k) != v}
        held = bool(graphic.data) and (graphic.asked or self.configs[name].live is False)
        graphic.data, graphic.asked = dict(data), False
        self.write(name, new)
        if not held:
            graphic.fields |= new

    def fade(self, dt_s: float) -> None:
        """One frame of coming in or going out."""
        for name, graphic in self._all.items():
            template = self._templates.get(graphic.template)
            way_s = (template.enter_s if graphic.visible else template.leave_s) if template else 0.5
            step = dt_s / way_s if way_s > 0 else 1.0
            if graphic.visible and graphic.amount <= 0:
                graphic.since_s = 0.0
            elif graphic.amount > 0:
                graphic.since_s += dt_s
            graphic.amount = min(1.0, graphic.amount + step) if graphic.visible else max(0.0, graphic.amount - step)
            graphic.read_s = graphic.read_s + dt_s if graphic.on_air else 0.0
            graphic.cued = graphic.cued and not graphic.visible
            if not graphic.on_air:
                self.take(name)  # nobody sees it change any more

    def views(self) -> tuple[GraphicView, ...]:
        """What is to be drawn now, in order."""
        return tuple(self._view(name, g, g.fields, g.amount) for name, g in self._all.items() if g.amount > 0)

    def previewed(self) -> tuple[GraphicView, ...]:
        """What preview shows of them, in order, as it would be on program: those that are cued, and those that are on
        while something else is held for them."""
        return tuple(self._next(name, g) for name, g in self._all.items() if g.held or (g.cued and not g.on_air))

    def standby(self) -> tuple[GraphicView, ...]:
        """What is not on, as it would be: so that it can be made ready."""
        return tuple(self._next(name, g) for name, g in self._all.items() if g.held or g.amount <= 0)

    def _next(self, name: str, g: GraphicState) -> GraphicView:
        """As it will be. What is on beside it is another graphic to the renderer: both are painted once."""
        return self._view(name + NEXT if g.held else name, g, g.written, 1.0)

    def _view(self, name: str, g: GraphicState, says: Mapping[str, str], amount: float) -> GraphicView:
        fields = dict(says)
        template = self._templates.get(g.template)
        if template is not None and CLOCK in template.uses:
            fields[CLOCK] = self.time_of_day.strftime(template.clock)
        if template is not None and LEFT in template.uses:
            fields[LEFT] = left(says, g.since_s if g.amount > 0 else 0.0, self.time_of_day)
        return GraphicView(name, g.template, tuple(sorted(fields.items())), amount, not g.visible, g.since_s)


def _tie(person: str | None) -> str | None:
    return "" if person == NOBODY else person


def reading_s(words: str) -> float:
    """How long a title has to stand to be read."""
    return READ_S + len(words) / CHARACTERS_S


def left(fields: Mapping[str, str], since_s: float, now: DayTime) -> str:
    """What a countdown says: until the time of day in `until`, or `minutes` from when it was put on; 0:00 when that is
    over.
    """
    seconds = seconds_until(fields.get("until", ""), now)
    if seconds is None:
        try:
            seconds = float(fields.get("minutes", "0").replace(",", ".") or 0) * 60 - since_s
        except ValueError:
            seconds = 0.0
    whole = max(0, -int(-seconds // 1))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
