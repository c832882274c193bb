"""What is published of the captions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

PARTIAL_LENGTH = 160  # characters: the last of them


@published("captions")
@dataclass(frozen=True)
class CaptionStatus(Published):
    """The captions; not there in a rig without any."""

    visible: Annotated[bool, Field("they are keyed over program", at="visible")] = False
    upper: Annotated[str, Field("the upper line", at="lines")] = ""
    lower: Annotated[str, Field("the lower line", at="lines")] = ""
    partial: Annotated[str, Field("what is heard but may still change", at="partial")] = ""


@published("captions/latency")
@dataclass(frozen=True)
class CaptionLatency(Published):
    """How far the last few captions were behind, from the end of a word on."""

    median_s: Annotated[float, Field("the median")] = 0.0
    late_s: Annotated[float, Field("the 90th percentile")] = 0.0
    skipped_s: Annotated[float, Field("how much speech there was no time for, so far")] = 0.0


def captions(state: ShowState, now_s: float) -> Iterator[Published]:
    desk = state.captions
    if desk.there:
        yield CaptionStatus(desk.visible, *desk.lines, desk.partial[-PARTIAL_LENGTH:])


def captions_go_by(state: ShowState, now_s: float) -> object:
    desk = state.captions
    return desk.visible, desk.lines, desk.partial
