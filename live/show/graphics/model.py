"""The graphics of a show: what they say, whether they are on, and how far each has come in. Pure; time is an
argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from live.base.clock import MIDNIGHT, DayTime, seconds_until
from live.config.graphics import GraphicConfig
from live.config.template import CLOCK, LEFT, Template
from live.picture.values import GraphicView


@dataclass
class GraphicState:
    """A graphic keyed over program. since_s: how long it has been on, or since it was last put on. data: what a file
    says; what is written by hand goes before it until the file says something else."""

    template: str
    fields: dict[str, str]
    visible: bool = False
    amount: float = 0.0
    since_s: float = 0.0
    row: int = 1
    data: dict[str, str] = field(default_factory=dict)


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
        self._all[g.name] = GraphicState(g.template, self._defaults(g.template) | g.fields, row=g.row)
        if g.data is not None:
            self._stale.append(g.data)

    def take_out(self, name: str) -> None:
        """It is gone, also from the picture."""
        del self.configs[name], self._all[name]

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

    def images_of(self, name: str) -> set[str]:
        """The fields that name picture files."""
        template = self._templates.get(self._all[name].template)
        return set() if template is None else template.images

    def set_row(self, name: str, row: int) -> bool:
        """Take the fields from another line of the data; False when the graphic has none."""
        if (data := self.configs[name].data) is None:
            return False
        self._all[name].row = row
        self._stale.append(data)
        return True

    def take_stale(self) -> list[Path]:
        """Data files that are to be read again."""
        stale, self._stale = self._stale, []
        return stale

    def heard(self, name: str, data: Mapping[str, str]) -> None:
        """A data file says this now: only what it says anew changes a field. One that is gone meanwhile hears
        nothing.
        """
        if (graphic := self._all.get(name)) is None:
            return
        graphic.fields |= {k: v for k, v in data.items() if graphic.data.get(k) != v}
        graphic.data = dict(data)

    def fade(self, dt_s: float) -> None:
        """One frame of coming in or going out."""
        for graphic in self._all.values():
            template = self._templates.get(graphic.template)
            way_s = (template.enter_s if graphic.visible else template.leave_s) if template else 0.5
            step = dt_s / way_s if way_s > 0 else 1.0
            if graphic.visible and graphic.amount <= 0:
                graphic.since_s = 0.0
            elif graphic.amount > 0:
                graphic.since_s += dt_s
            graphic.amount = min(1.0, graphic.amount + step) if graphic.visible else max(0.0, graphic.amount - step)

    def views(self) -> tuple[GraphicView, ...]:
        """What is to be drawn now, in order."""
        return tuple(self._view(name, g, g.amount) for name, g in self._all.items() if g.amount > 0)

    def standby(self) -> tuple[GraphicView, ...]:
        """What is not on, as it would be: so that it can be made ready."""
        return tuple(self._view(name, g, 1.0) for name, g in self._all.items() if g.amount <= 0)

    def _view(self, name: str, g: GraphicState, amount: float) -> GraphicView:
        fields = dict(g.fields)
        template = self._templates.get(g.template)
        if template is not None and CLOCK in template.uses:
            fields[CLOCK] = self.time_of_day.strftime(template.clock)
        if template is not None and LEFT in template.uses:
            fields[LEFT] = left(g.fields, g.since_s if g.amount > 0 else 0.0, self.time_of_day)
        return GraphicView(name, g.template, tuple(sorted(fields.items())), amount, not g.visible, g.since_s)


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
