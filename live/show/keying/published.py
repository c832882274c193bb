"""What is published of how sources are keyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.show.keying.commands import NUMBERS

if TYPE_CHECKING:
    from live.show import ShowState


@published("keying/<source>")
@dataclass(frozen=True)
class KeyingStatus(Published):
    """The keyer of a source that the rig keys."""

    source: str
    key: Annotated[str, Field("the keyer", at="key")] = ""
    also: Annotated[str, Field("the second one", at="key")] = ""
    combine: Annotated[str, Field("how the two are combined", at="key")] = ""
    screen: Annotated[str, Field('the screen\'s colour, #rrggbb; "" for none', at="screen")] = ""
    masks: Annotated[int, Field("how many it has", low=0, at="masks")] = 0
    numbers: Annotated[tuple[tuple[str, float], ...], Field("the name of each, then its value", at="numbers")] = ()


def keying(state: ShowState, screens: Mapping[str, str]) -> Iterator[Published]:
    """screens: the colour of each source that has one."""
    for name, orders in state.keyers.orders.items():
        keyer = orders.keyer
        numbers = tuple((n, round(float(getattr(keyer, n)), 3)) for n in NUMBERS)
        how = (orders.key, keyer.also, keyer.combine)
        yield KeyingStatus(name, *how, screens.get(name, ""), len(keyer.masks), numbers)


def keying_goes_by(state: ShowState, screens: Mapping[str, str]) -> object:
    return list(state.keyers.orders.values()), screens
