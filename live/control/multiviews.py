"""Multiviews, as their workers and the console read them from the state tree. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from live.config.multiviews import PLAIN, SOURCE_WORD, Kind
from live.picture.tiling import Rect

State = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Window:
    """A window. name: of the shot, source or feed. source: what a shot shows full frame, or ""."""

    area: Rect
    kind: Kind
    name: str
    label: str
    source: str

    @property
    def shows(self) -> str:
        """The words that a command says it with."""
        return (
            self.kind.value if self.kind in PLAIN else f"{SOURCE_WORD if self.kind is Kind.SOURCE else ''}{self.name}"
        )


@dataclass(frozen=True)
class Multiview:
    """own: does the rig draw a layout for it?"""

    name: str
    label: str
    layout: str
    own: bool
    windows: tuple[Window, ...]


def windows(state: State, name: str) -> Iterator[Window]:
    """The windows of the multiview of this name, in order; those that the tree has whole."""
    _, count, *_ = (*state.get(f"/state/multiviews/{name}", ()), "", 0)
    for n in range(1, int(count) + 1):
        kind, *rest = (*state.get(f"/state/multiviews/{name}/window/{n}", ()), "")
        if kind in set(Kind) and len(rest) > 7:
            of, label, source, x, y, w, h = rest[:7]
            yield Window(Rect(float(x), float(y), float(w), float(h)), Kind(kind), str(of), str(label), str(source))


def multiviews(state: State) -> tuple[Multiview, ...]:
    """In the order of arrival."""
    prefix = "/state/multiviews/"
    found = (
        (path.removeprefix(prefix), values)
        for path, values in state.items()
        if path.startswith(prefix) and path.count("/") == 3
    )
    return tuple(
        Multiview(n, str(v[2]), str(v[0]), bool(v[3]), tuple(windows(state, n))) for n, v in found if len(v) > 3
    )
