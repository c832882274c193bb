"""What is published of the director's style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.config.style import PARAMETERS
from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("director/style")
@dataclass(frozen=True)
class StyleStatus(Published):
    """The style in use."""

    name: Annotated[str, Field("what commands call it")] = ""
    title: Annotated[str, Field("for people")] = ""


@published("director/style/<name>")
@dataclass(frozen=True)
class StyleNumber(Published):
    """One of its numbers ([styles.md](styles.md))."""

    name: str
    value: Annotated[float, Field("as it is now; a switch: 1 or 0")] = 0.0


@published("director/styles")
@dataclass(frozen=True)
class StyleNames(Published):
    """The styles that it may be given."""

    names: Annotated[tuple[str, ...], Field("their names")] = ()


def style(state: ShowState, now_s: float) -> Iterator[Published]:
    now = state.styles.style
    yield StyleStatus(state.styles.name, now.title or state.styles.name)
    for name in PARAMETERS:
        yield StyleNumber(name, float(getattr(now, name)))


def style_goes_by(state: ShowState, now_s: float) -> object:
    return state.styles.name, state.styles.style
