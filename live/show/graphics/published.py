"""What is published of the graphics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("graphics/<name>")
@dataclass(frozen=True)
class GraphicStatus(Published):
    """A graphic."""

    name: str
    visible: Annotated[bool, Field("it is on air", at="visible")] = False


@published("graphics/<graphic>/field/<name>")
@dataclass(frozen=True)
class GraphicField(Published):
    """What a field of a graphic says."""

    graphic: str
    name: str
    text: Annotated[str, Field("as it is, or would be, on air")] = ""


def graphics(state: ShowState, now_s: float) -> Iterator[Published]:
    for name, graphic in state.graphics.items():
        yield GraphicStatus(name, graphic.visible)
        for field, text in graphic.fields.items():
            yield GraphicField(name, field, text)


def graphics_go_by(state: ShowState, now_s: float) -> object:
    return [(graphic.visible, tuple(graphic.fields.values())) for graphic in state.graphics.values()]
