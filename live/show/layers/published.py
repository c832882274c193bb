"""What is published of the layers of scenes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.show.layers.model import CROP, RECT

if TYPE_CHECKING:
    from live.show import ShowState


@published("layers/<scene>")
@dataclass(frozen=True)
class SceneStatus(Published):
    """A scene's layers."""

    scene: str
    layers: Annotated[tuple[str, ...], Field("their names, from back to front")] = ()
    positions: Annotated[tuple[str, ...], Field("those that can be recalled", at="positions")] = ()


@published("layers/<scene>/<layer>")
@dataclass(frozen=True)
class LayerStatus(Published):
    """A layer of a scene. Places and sizes are shares of the frame, those of the crop shares of the source."""

    scene: str
    layer: str
    shown: Annotated[bool, Field("it is in, or coming in", at="shown")] = False
    amount: Annotated[float, Field("how far it is in", 0, 1, at="shown")] = 0.0
    source: Annotated[str, Field("the source that it shows", at="source")] = ""
    x: Annotated[float, Field("its left edge", at="rect")] = 0.0
    y: Annotated[float, Field("its upper edge", at="rect")] = 0.0
    width: Annotated[float, Field("its width", at="rect")] = 0.0
    height: Annotated[float, Field("its height", at="rect")] = 0.0
    crop_x: Annotated[float, Field("left edge of what is shown of the source", at="crop")] = 0.0
    crop_y: Annotated[float, Field("upper edge of that", at="crop")] = 0.0
    crop_width: Annotated[float, Field("width of that", at="crop")] = 1.0
    crop_height: Annotated[float, Field("height of that", at="crop")] = 1.0
    rotation_deg: Annotated[float, Field("how far it is turned clockwise", at="look")] = 0.0
    opacity: Annotated[float, Field("1 for solid", 0, 1, at="look")] = 1.0


def scene_layers(scene: str, state: ShowState, now_s: float) -> Iterator[Published]:
    """From the file or by hand."""
    layers, since_s = state.layers[scene], state.layers.since_s(scene, now_s)
    yield SceneStatus(scene, tuple(layers.names), tuple(layers.kept))
    for name in layers.names:
        at = layers.numbers(name, since_s, now_s)
        x, y, width, height = (round(at[n], 4) for n in RECT)
        crop_x, crop_y, crop_width, crop_height = (round(at[n], 4) for n in CROP)
        yield LayerStatus(
            scene,
            name,
            layers.on(name),
            round(layers.amount(name, now_s), 2),
            layers.source(name) or "",
            x,
            y,
            width,
            height,
            crop_x,
            crop_y,
            crop_width,
            crop_height,
            round(at["rotation"], 2),
            round(at["opacity"], 3),
        )


def scene_goes_by(scene: str, state: ShowState, now_s: float) -> object:
    """A hand; how long it has been seen, for its file moves it, too; what operators show in its layers."""
    layers, desk = state.layers[scene], state.layers
    moves = now_s if layers.moves(now_s) else None
    framed = [state.cameras.crops.get(source) for source in layers.sources()]
    return layers.changes, desk.since_s(scene, now_s), moves, framed, list(desk.aspects.values())
