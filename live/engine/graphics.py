"""The graphics of a show: what they say, whether they are on, and how far each has come in. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from live.config.rig import GraphicConfig
from live.picture import GraphicView

GRAPHIC_S = 0.5  # how long a graphic takes to come in or go out


@dataclass
class Graphic:
    """A graphic keyed over program."""

    template: str
    fields: dict[str, str]
    visible: bool = False
    amount: float = 0.0


class Graphics(Mapping[str, Graphic]):
    """Every graphic of the rig, by name, in order. Engine thread only."""

    def __init__(self, configs: Sequence[GraphicConfig]) -> None:
        self._all = {g.name: Graphic(g.template, dict(g.fields)) for g in configs}

    def __getitem__(self, name: str) -> Graphic:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def step(self, dt_s: float) -> None:
        """One frame of coming in or going out."""
        for graphic in self._all.values():
            step = dt_s / GRAPHIC_S
            graphic.amount = min(1.0, graphic.amount + step) if graphic.visible else max(0.0, graphic.amount - step)

    def views(self) -> tuple[GraphicView, ...]:
        """What is to be drawn now, in order."""
        return tuple(
            GraphicView(name, g.template, tuple(sorted(g.fields.items())), _ease(g.amount)) for name, g in self._all.items() if g.amount > 0
        )


def _ease(x: float) -> float:
    return x * x * (3 - 2 * x)
