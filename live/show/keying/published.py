"""What is published of how sources are keyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published


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
