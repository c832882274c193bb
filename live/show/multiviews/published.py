"""What is published of the multiviews: their workers draw what they read here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.config.multiviews import PLAIN, SOURCE_WORD, Kind
from live.control.published import Field, Published, published
from live.picture.tiling import Rect

if TYPE_CHECKING:
    from live.show import ShowState


@published("multiviews/<name>")
@dataclass(frozen=True)
class MultiviewStatus(Published):
    """A multiview."""

    name: str
    layout: Annotated[str, Field("its layout")] = ""
    count: Annotated[int, Field("how many windows it has")] = 0
    label: Annotated[str, Field("for people")] = ""
    own: Annotated[bool, Field("the rig draws a layout for it")] = False


@published("multiviews/<multiview>/window/<number>")
@dataclass(frozen=True)
class WindowStatus(Published):
    """A window of a multiview. Its place is in shares of the picture."""

    multiview: str
    number: int
    kind: Annotated[Kind, Field("what it shows")] = Kind.EMPTY
    name: Annotated[str, Field("name of the shot, source or feed")] = ""
    label: Annotated[str, Field("for people")] = ""
    source: Annotated[str, Field('the source that a shot shows full frame, or ""')] = ""
    x: Annotated[float, Field("its left edge", 0, 1)] = 0.0
    y: Annotated[float, Field("its upper edge", 0, 1)] = 0.0
    width: Annotated[float, Field("its width", 0, 1)] = 0.0
    height: Annotated[float, Field("its height", 0, 1)] = 0.0

    @property
    def area(self) -> Rect:
        return Rect(self.x, self.y, self.width, self.height)

    @property
    def shows(self) -> str:
        """The words that a command says it with."""
        word = SOURCE_WORD if self.kind is Kind.SOURCE else ""
        return self.kind.value if self.kind in PLAIN else f"{word}{self.name}"


@published("multiviews/<name>/made")
@dataclass(frozen=True)
class MultiviewMade(Published):
    """How the worker of a multiview does."""

    name: str
    made: Annotated[bool, Field("it is drawn")] = False
    missed: Annotated[int, Field("how many of its pictures there was no time for", low=0)] = 0


def multiviews(state: ShowState, now_s: float) -> Iterator[Published]:
    desk = state.multiviews
    for name in desk.names:
        config, windows = desk.config(name), desk.windows(name)
        yield MultiviewStatus(name, desk.layout(name), len(windows), config.label, config.own)
        for n, (r, w) in enumerate(windows, 1):
            yield WindowStatus(name, n, w.kind, w.name, w.label, w.source, r.x, r.y, r.w, r.h)


def multiviews_go_by(state: ShowState, now_s: float) -> object:
    return state.multiviews.changes
