"""What the windows of the multiviews show: what a show's state knows of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.config.edits import Item, RigKey
from live.config.feeds import BUILT_IN_FEEDS
from live.config.load import Shot, Show
from live.config.multiviews import OWN, PLAIN, SOURCE_WORD, Kind, MultiviewConfig
from live.picture.tiling import MOST, Rect, Tiling, tiling
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


_PICTURES = (Kind.PROGRAM, Kind.PREVIEW, Kind.SHOT, Kind.SOURCE, Kind.FEED)


@dataclass(frozen=True)
class Window:
    """What a window shows. name: of the shot, source or feed. source: what a shot shows full frame, or ""."""

    kind: Kind
    name: str
    label: str
    source: str = ""


@dataclass
class _Multiview:
    config: MultiviewConfig
    layout: str
    told: dict[int, str] = field(default_factory=dict)  # by window, from 1: what the rig or a hand has put there


@dataclass(frozen=True)
class KeptMultiviews:
    """By multiview: its layout, and what its windows were told to show."""

    all: Mapping[str, tuple[str, Mapping[int, str]]]


class MultiviewDesk(Feature[KeptMultiviews]):
    """Owned by the show's state."""

    undoes = ("all",)

    def __init__(self, show: Show, shots: Mapping[str, Shot]) -> None:
        self._show, self._shots = show, shots
        self._all: dict[str, _Multiview] = {}
        self.changes = 1
        self._looked = 0  # what `changes` was when the shots were looked for
        self._shown: set[str] = set()
        for config in show.rig.multiviews:
            layout = OWN if config.own else config.layout or self._automatic()
            self._all[config.name] = _Multiview(config, layout, {n: w.shows for n, w in enumerate(config.windows, 1)})

    @classmethod
    def build(cls, state: ShowState) -> MultiviewDesk:
        return cls(state.show, state.mix.shots)

    def save(self, now_s: float) -> KeptMultiviews:
        return KeptMultiviews({name: (view.layout, dict(view.told)) for name, view in self._all.items()})

    @classmethod
    def rig_keys(cls, kept: KeptMultiviews, show: Show) -> Iterator[RigKey]:
        desk = cls(show, {shot.id: shot for shot in show.all_shots})
        desk.restore(kept, 0.0)
        for name, (layout, told) in kept.all.items():
            at, view = ("multiviews", Item(name)), desk._all[name]
            automatic = not view.config.layout and layout == desk._automatic()
            why = f"the layout of {name}: the rig draws one of its own"
            own = None if automatic or layout == OWN else layout
            yield RigKey((*at, "layout"), own, cannot=why if view.config.own else "")
            shown = desk._shows(view)  # those before one that was told have to be named, too
            for n in range(min(max(told, default=0), len(shown))):
                yield RigKey((*at, "windows", n, "shows"), shown[n])

    def restore(self, kept: KeptMultiviews, now_s: float) -> None:
        for name, (layout, told) in kept.all.items():
            if name in self._all:
                self.set_layout(name, layout)
                self._all[name].told = {n: shows for n, shows in told.items() if self._resolved(shows) is not None}

    def known(self) -> Mapping[str, Collection[str]]:
        return {"multiview": self._all}

    @property
    def names(self) -> list[str]:
        return list(self._all)

    def layout(self, name: str) -> str:
        return self._all[name].layout

    def set_layout(self, name: str, layout: str) -> None:
        """Raises CommandError when there is no such layout."""
        view = self._all[name]
        try:
            if not (layout == OWN and view.config.own):
                tiling(layout)
        except ValueError as error:
            cause, _, right = str(error).partition("; ")
            raise CommandError(f"/multiview/{name}/layout", cause, right) from None
        view.layout = layout
        self.changes += 1

    def set_window(self, name: str, number: int, shows: str) -> None:
        """Raises CommandError when there is no such window, or nothing of that name to show."""
        view = self._all[name]
        count = len(self._tiling(view).windows)
        if number > count:
            raise CommandError(
                f"/multiview/{name}/window",
                f"there is no window {number}",
                f"its layout {view.layout} has 1 to {count}",
            )
        if self._resolved(shows) is None or shows == name:
            right = f"give {', '.join(PLAIN)}, a shot, a feed, or the word source and a source"
            raise CommandError(f"/multiview/{name}/window", f"there is nothing called {shows!r:.60} to show", right)
        view.told[number] = shows
        self.changes += 1

    def windows(self, name: str) -> list[tuple[Rect, Window]]:
        """Where its windows are, shares of the picture, and what they show."""
        view = self._all[name]
        shown = zip(self._tiling(view).windows, self._shows(view), strict=True)
        return [(r, self._resolved(s) or Window(Kind.EMPTY, "", "")) for r, s in shown]

    def _shows(self, view: _Multiview) -> list[str]:
        """What each window shows: what it was told, else what it does by itself."""
        return [view.told.get(n, s) for n, s in enumerate(self._defaults(self._tiling(view)), 1)]

    def shown(self, name: str) -> list[str]:
        """What is seen in one, by name; nothing in what is no multiview."""
        if name not in self._all:
            return []
        windows = (window for _, window in self.windows(name))
        return [w.name or w.kind.value for w in windows if w.kind in _PICTURES]

    def config(self, name: str) -> MultiviewConfig:
        return self._all[name].config

    @property
    def shots(self) -> set[str]:
        """The shots in all windows."""
        if self._looked != self.changes:
            self._looked = self.changes
            self._shown = {w.name for name in self._all for _, w in self.windows(name) if w.kind is Kind.SHOT}
        return self._shown

    def _tiling(self, view: _Multiview) -> Tiling:
        if view.layout == OWN:
            return Tiling(tuple(Rect(*w.rect) for w in view.config.windows if w.rect is not None), 0, False)
        return tiling(view.layout)

    def _automatic(self) -> str:
        """Preview and program over every shot of the row, the machine's next move, the meters and the clock."""
        extra = 3 if self._show.rig.microphones else 2
        return f"2+{min(len(self._show.row) + extra, MOST - 2)}"

    def _defaults(self, places: Tiling) -> list[str]:
        """What windows show that nobody has told anything: the buses, then the row of shots, then auxiliaries; the
        machine's next move, meters and a clock last.
        """
        count = len(places.windows) - places.strip
        buses = [Kind.PREVIEW.value, Kind.PROGRAM.value]
        row = (buses if places.large == 2 or not places.large and count > 1 else buses[::-1]) + [
            shot.id for shot in self._show.row
        ]
        row += [aux.name for aux in self._show.rig.auxiliaries]
        last = [Kind.NEXT.value, *([Kind.AUDIO.value] if self._show.rig.microphones else []), Kind.CLOCK.value]
        room = max(0, count - len(row))
        last = last[-room:] if room else []
        row = row[:count] + [Kind.EMPTY.value] * (room - len(last)) + last
        return row + [Kind.STATUS.value] * places.strip

    def _resolved(self, shows: str) -> Window | None:
        rig = self._show.rig
        if shows in PLAIN:
            return Window(Kind(shows), "", shows.capitalize())
        if (shot := self._shots.get(shows)) is not None:
            return Window(Kind.SHOT, shot.id, shot.label, shot.source or "")
        source = shows.removeprefix(SOURCE_WORD)
        if shows.startswith(SOURCE_WORD) and source in self._show.pictures:
            return Window(Kind.SOURCE, source, rig.source(source).label)
        labels = (
            {n: n.capitalize() for n in BUILT_IN_FEEDS}
            | {a.name: a.label for a in rig.auxiliaries}
            | {m.name: m.label for m in rig.multiviews}
        )
        return Window(Kind.FEED, shows, labels[shows]) if shows in labels else None
