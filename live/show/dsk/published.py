"""What is published of the downstream keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("dsk/<number>")
@dataclass(frozen=True)
class KeyStatus(Published):
    """A key over program."""

    number: int
    on: Annotated[bool, Field("it is in, or coming in")] = False
    amount: Annotated[float, Field("how far it is in", 0, 1)] = 0.0
    holds: Annotated[str, Field('graphic, still or source, and its name; "" for nothing')] = ""
    tied: Annotated[bool, Field("it goes along with the next transition")] = False
    title: Annotated[str, Field("for people")] = ""


def keys(state: ShowState, now_s: float) -> Iterator[Published]:
    for number, dsk in state.keys.all.items():
        yield KeyStatus(int(number), dsk.on, round(dsk.amount, 2), dsk.holds(), dsk.tied, dsk.title)


def keys_go_by(state: ShowState, now_s: float) -> object:
    return [(d.on, d.amount, d.tied, d.title, d.graphic, d.still, d.source) for d in state.keys.all.values()]
