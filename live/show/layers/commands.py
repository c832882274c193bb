"""Commands on the layers of scenes."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command

LAYER_NUMBERS = (
    "x",
    "y",
    "width",
    "height",
    "scale",
    "crop_x",
    "crop_y",
    "crop_width",
    "crop_height",
    "rotation",
    "opacity",
)
LAYER_WAYS = ("fade", "left", "right", "top", "bottom")

SceneName = Annotated[str, Arg("the name of a scene", of="scene")]
LayerName = Annotated[str, Arg("a layer of the scene: its name, or its place", of="layer")]
PositionName = Annotated[str, Arg("what the position is called")]
Seconds = Annotated[float, Arg("how long it takes", 0.0, 60.0)]
_Way = Annotated[str, Arg("it fades, or it moves in and out by this edge", choices=LAYER_WAYS)]
_Where = Annotated[float, Arg("share of the frame", -4.0, 5.0)]
_Size = Annotated[float, Arg("share of the frame", 0.01, 8.0)]
_Share = Annotated[float, Arg("share of the source", 0.0, 1.0)]


@command("/layers/<scene>/<layer>/show")
class LayerShow(Command):
    """Show a layer of a scene."""

    scene: SceneName
    layer: LayerName
    seconds: Seconds = 0.5
    way: _Way = "fade"


@command("/layers/<scene>/<layer>/hide")
class LayerHide(Command):
    """Hide a layer of a scene."""

    scene: SceneName
    layer: LayerName
    seconds: Seconds = 0.5
    way: _Way = "fade"


@command("/layers/<scene>/<layer>/set", fader=True)
class LayerSet(Command):
    """Set a number of a layer. Where it is, its size and its crop are shares, from the top left; `scale` is times its
    size in the scene's file, about its middle; `rotation` is degrees clockwise."""

    scene: SceneName
    layer: LayerName
    name: Annotated[str, Arg("which", choices=LAYER_NUMBERS)]
    value: Annotated[float, Arg("how much", -720.0, 720.0)]
    seconds: Seconds = 0.0


@command("/layers/<scene>/<layer>/move", fader=True)
class LayerMove(Command):
    """Bring a layer to a rectangle of the frame."""

    scene: SceneName
    layer: LayerName
    x: _Where
    y: _Where
    width: _Size
    height: _Size
    seconds: Seconds = 0.0


@command("/layers/<scene>/<layer>/crop", fader=True)
class LayerCrop(Command):
    """Show this part of the source in a layer, instead of the operator's frame."""

    scene: SceneName
    layer: LayerName
    x: _Share
    y: _Share
    width: _Share
    height: _Share
    seconds: Seconds = 0.0


@command("/layers/<scene>/<layer>/source")
class LayerSource(Command):
    """Put another source into a layer: or a shot of another scene, an auxiliary, a multiview."""

    scene: SceneName
    layer: LayerName
    source: Annotated[str, Arg("a source, a shot as scene/shot, an auxiliary or a multiview", of="picture")]


@command("/layers/<scene>/<layer>/order")
class LayerOrder(Command):
    """Bring a layer before or behind others."""

    scene: SceneName
    layer: LayerName
    place: Annotated[int, Arg("1 is at the back", 1, 99)]


@command("/layers/<scene>/<layer>/reset")
class LayerReset(Command):
    """Give a layer back to the scene's file: place, crop, source, order and moves."""

    scene: SceneName
    layer: LayerName
    seconds: Seconds = 0.5


@command("/layers/<scene>/save")
class LayersSave(Command):
    """Keep where all layers of a scene are, under a name, as long as the show runs: 32 at most in each scene."""

    scene: SceneName
    name: PositionName


@command("/layers/<scene>/recall")
class LayersRecall(Command):
    """Bring the layers of a scene to a position: one that was saved, or one of the scene's file."""

    scene: SceneName
    name: PositionName
    seconds: Seconds = 0.5
