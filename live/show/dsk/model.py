"""The four downstream keys and the still store. Pure but for the store's own thread; time is an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from live.config.dsk import KeyConfig
from live.config.edits import RigKey
from live.config.load import Show
from live.picture.values import KeyView
from live.show.feature import Feature, Frame
from live.show.graphics.model import Graphics

if TYPE_CHECKING:
    from live.show import ShowState

COUNT = 4
MOST_GRABS = 4  # stills that may be asked for of one program picture


@dataclass
class Dsk:
    """One key. What it holds: a graphic, or a still, or a source (keyed by another source's luma, or by its own
    keyer).
    """

    title: str
    graphic: str | None = None
    still: Path | None = None
    source: str | None = None
    key: str | None = None
    seconds: float = 0.5
    tied: bool = False
    on: bool = False
    amount: float = 0.0
    way_s: float = 0.0  # of the change that runs

    def holds(self) -> str:
        """In a word or two; "" for nothing."""
        still = self.still.name if self.still is not None else None
        held = (("graphic", self.graphic), ("still", still), ("source", self.source))
        return next((f"{kind} {name}" for kind, name in held if name), "")


@dataclass(frozen=True)
class KeptKey:
    """As a Dsk."""

    graphic: str | None
    still: Path | None
    source: str | None
    key: str | None
    tied: bool
    on: bool
    amount: float
    way_s: float


@dataclass(frozen=True)
class KeptKeys:
    """By number: what each key holds (graphic, still, source and its key), tied, on, how far in, and the time of the
    change that runs, seconds.
    """

    all: Mapping[str, KeptKey]


class Keys(Feature[KeptKeys]):
    """Keys 1 to 4, downstream of every transition, under the graphics. Engine thread only."""

    def __init__(self, configs: Sequence[KeyConfig], graphics: Graphics) -> None:
        self._graphics = graphics
        self.grabs: list[str] = []  # names for the next program picture
        self.all = {str(n): Dsk(f"DSK {n}") for n in range(1, COUNT + 1)}
        for n, c in enumerate(configs, 1):
            self.all[str(n)] = Dsk(c.title or f"DSK {n}", c.graphic, c.still, c.source, c.key, c.seconds, c.tied)

    def switch(self, number: str, on: bool, seconds: float) -> None:
        """Bring a key on or take it off, in so many seconds. A graphic comes and goes as its template says."""
        dsk = self.all[number]
        dsk.on, dsk.way_s = on, seconds
        if dsk.graphic:
            self._graphics.show(dsk.graphic) if on else self._graphics.hide(dsk.graphic)

    def tie(self, seconds: float) -> None:
        """A transition begins: the keys that are tied to it go along."""
        for number, dsk in self.all.items():
            if dsk.tied:
                self.switch(number, not dsk.on, seconds)

    @classmethod
    def build(cls, state: ShowState) -> Keys:
        return cls(state.rig.keys, state.graphics)

    def save(self, now_s: float) -> KeptKeys:
        return KeptKeys(
            {
                n: KeptKey(d.graphic, d.still, d.source, d.key, d.tied, d.on, d.amount, d.way_s)
                for n, d in self.all.items()
            }
        )

    @classmethod
    def rig_keys(cls, kept: KeptKeys, show: Show) -> Iterator[RigKey]:
        there = len(show.rig.keys)
        for n, dsk in enumerate(kept.all.values()):
            held = {"graphic": dsk.graphic, "still": dsk.still, "source": dsk.source, "key": dsk.key}
            if n > there and any(held.values()):
                why = f"what key {n + 1} holds: the rig has no key {n}, and they are counted"
                yield RigKey(("keys", n, "held"), held, cannot=why)
            elif n < there or any(held.values()):
                yield from (RigKey(("keys", n, key), value) for key, value in held.items())
                yield RigKey(("keys", n, "tied"), dsk.tied or None)
                there = max(there, n + 1)

    def restore(self, kept: KeptKeys, now_s: float) -> None:
        for number, key in kept.all.items():
            if number in self.all and (key.graphic is None or key.graphic in self._graphics):
                dsk = self.all[number]
                dsk.graphic, dsk.still, dsk.source, dsk.key = key.graphic, key.still, key.source, key.key
                dsk.tied, dsk.on, dsk.amount, dsk.way_s = key.tied, key.on, key.amount, key.way_s

    def known(self) -> Mapping[str, Collection[str]]:
        return {"dsk": self.all}

    def step(self, frame: Frame) -> None:
        self.fade(frame.dt_s)

    def fade(self, dt_s: float) -> None:
        """One frame of coming in or going out."""
        for dsk in self.all.values():
            if dsk.graphic:  # a hand on the graphic is a hand on its key
                dsk.on, dsk.amount = self._graphics[dsk.graphic].visible, self._graphics[dsk.graphic].amount
                continue
            step = dt_s / dsk.way_s if dsk.way_s > 0 else 1.0
            dsk.amount = min(1.0, dsk.amount + step) if dsk.on else max(0.0, dsk.amount - step)

    def views(self) -> tuple[KeyView, ...]:
        """What is to be drawn now."""
        return tuple(
            KeyView(int(n), d.amount, d.still, d.source, d.key)
            for n, d in self.all.items()
            if d.amount > 0 and (d.still or d.source)
        )

    def stills(self) -> list[Path]:
        """The stills that may be asked for next."""
        return [d.still for d in self.all.values() if d.still is not None]

    def sources(self) -> set[str]:
        """The sources that are on program by a key, or about to be."""
        return {s for d in self.all.values() if d.source and (d.on or d.amount > 0) for s in (d.source, d.key) if s}
