"""What is published of the operators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.picture.values import Crop
    from live.show import ShowState


@published("framing/<camera>")
@dataclass(frozen=True)
class FramingStatus(Published):
    """The operator of a camera: a source, or a camera of a set. Level and hold are those of the strictest axis."""

    camera: str
    level: Annotated[str, Field("how far it may go", choices=("off", "auto"), at="level")] = ""
    hold_s: Annotated[int, Field("what is left of a hold; 0: none, -1: until released", at="hold")] = 0
    held: Annotated[tuple[str, ...], Field("the axes that a hand has, of pan, tilt and zoom", at="held")] = ()


@published("framing/<camera>/crop")
@dataclass(frozen=True)
class CropStatus(Published):
    """What a camera shows, once its operator has seen a picture."""

    camera: str
    x: Annotated[float, Field("its middle, share of the width")] = 0.5
    y: Annotated[float, Field("its middle, share of the height")] = 0.5
    zoom: Annotated[float, Field("1 for the whole picture")] = 1.0


def framing(state: ShowState, now_s: float) -> Iterator[Published]:
    """Who has each camera."""
    for name in state.cameras.names:
        view, held = state.cameras.view(name, now_s, state.authority)
        hold_s = -1 if view.hold_left_s is None else round(view.hold_left_s)
        yield FramingStatus(name, view.level.value, hold_s, tuple(held))


def crops(state: ShowState, now_s: float) -> Iterator[Published]:
    """What each camera shows."""
    for name, crop in _crops(state):
        if crop is not None:
            yield CropStatus(name, round(crop.x, 3), round(crop.y, 3), round(crop.zoom, 3))


def crops_go_by(state: ShowState, now_s: float) -> object:
    return [crop for _, crop in _crops(state)]


def _crops(state: ShowState) -> Iterator[tuple[str, Crop | None]]:
    cameras = state.cameras
    for name in cameras.names:
        yield name, cameras.crops.get(name) if name in state.show.pictures else cameras.operators[name].crop
