"""One canvas: everything that is drawn at one size. The program is one, a small preview is another; both draw the same
way.

Here is what a picture is made of, and in what order; a painter puts it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Generic

from live.base.errors import LiveError
from live.config.load import Shot, Show
from live.config.scene import Layer
from live.picture.colour import yuv_of_hex
from live.picture.format import U8
from live.picture.values import Crop, LayerView, Picture, ShotView, SourceInput
from live.render.backdrop import Backdrops
from live.render.gl import Gl
from live.render.graphics import Artwork
from live.render.layers import Layers
from live.render.overlay import Inputs, Overlay
from live.render.painter import Codes, Painter, S, Talent
from live.render.plates import Plate, Plates
from live.render.setmodel import SetModel
from live.render.sides import is_narrow, sides_of
from live.render.slate import slate
from live.render.transition import Transitions
from live.stage.geometry import WHOLE, Camera, Rect, camera_at, card_of, clipped, crop_rect
from live.stage.poses import placed_by_file


@dataclass
class Stage:
    """What the canvases of a renderer share. models: the scenes whose set could be read; pictures: the backgrounds of
    flat scenes, of the program's size (read_backdrop)."""

    show: Show
    shots: dict[str, Shot]
    models: dict[str, SetModel]
    on_fault: Callable[[LiveError], None]
    pictures: dict[str, U8] = field(default_factory=dict)
    _slates: dict[str, SourceInput] = field(default_factory=dict)

    @cached_property
    def keyed(self) -> frozenset[str]:
        """The sources that the rig keys."""
        return frozenset(s.name for s in self.show.rig.sources if s.key != "none")

    def medium(self, name: str) -> object:
        """What tells two sources whether they show the same pictures: files run in step."""
        source = next((s for s in self.show.rig.sources if s.name == name), None)
        return getattr(source, "path", None) or name

    def background(self, scene: str) -> Codes:
        return yuv_of_hex(self.show.scenes[scene].background)

    def slate(self, name: str) -> SourceInput:
        """What stands in for a source that has no picture."""
        if name not in self._slates:
            labels = {id: shot.label for id, shot in self.shots.items()} | {
                s.name: s.label for s in self.show.rig.sources
            }
            self._slates[name] = slate(f"slate:{name}", labels.get(name, name))
        return self._slates[name]


@dataclass(frozen=True)
class _Beneath:
    """Which part of which medium lies where."""

    medium: object
    rect: tuple[float, float, float, float]
    part: tuple[float, float, float, float] | None
    crop: Crop | None


class Canvas(Generic[S]):
    """Draws whole pictures at one size. Owner: the render thread."""

    def __init__(
        self,
        gl: Gl,
        stage: Stage,
        painter: Painter[S],
        size: tuple[int, int],
        *,
        spreads: bool = False,
        larger: Plates | None = None,
    ) -> None:
        """spreads: a plate that isn't there is made by `warming`, over several frames; else when it is needed. larger:
        see Plates.

        missing: the shot that was drawn last, for want of a plate or a mask, as if its own camera moved; that camera,
        and how far from it people stand (m)."""
        self._stage = stage
        self.painter = self._painter = painter
        self.size = size
        self._spreads = spreads
        self.missing: tuple[Shot, Camera, list[float]] | None = None
        self._aspect = size[0] / size[1]
        self._stack = ExitStack()
        self._stack.callback(painter.close)
        self.plates = Plates(gl, painter, size, larger)
        self._stack.callback(self.plates.close)
        self.backdrops = Backdrops(painter, size, stage.pictures)
        self._stack.callback(self.backdrops.close)
        self._surface = painter.surface()
        self._transitions = Transitions(painter, stage.on_fault)
        self._layers = Layers(painter, size, size[1] / stage.show.rig.picture.height)
        self.artwork = Artwork(stage.show.templates.get, gl.files, size, stage.show.rig.picture.rate, stage.on_fault)
        self.overlay = Overlay(painter, self.artwork, self._aspect)

    def compose(
        self,
        picture: Picture,
        inputs: Inputs,
        *,
        taps: Mapping[str, Callable[[S], None]] = MappingProxyType({}),
        into: U8 | None = None,
    ) -> S:
        """A whole picture, stage by stage: the shot, the one that comes if a transition runs; what is keyed over it;
        the fade to black. Returns the painter's surface; it stays as it is until the next. taps: told of the surface on
        its way, by stage: "clean" before anything is keyed over it, "unfaded" before the fade. into: where the picture
        will be wanted, I420 flat; it is painted there where the painter can."""
        black = yuv_of_hex("#000000")
        surface = self._surface if into is None else self._painter.surface_at(into) or self._surface
        if picture.black >= 1 and not taps:
            self._painter.fill(surface, black)
            self._painter.sweep()
            return surface
        self._shots(surface, picture, inputs, dict(picture.crops))
        if (tap := taps.get("clean")) is not None:
            tap(surface)
        self.overlay.draw(surface, picture, inputs)
        if (tap := taps.get("unfaded")) is not None:
            tap(surface)
        if picture.black > 0:
            self._painter.fade(surface, black, min(picture.black, 1.0))
        self._painter.sweep()
        return surface

    def _shots(self, surface: S, picture: Picture, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        """The shot, or the two of a transition."""
        to = picture.to
        if to is not None and 0 < picture.progress < 1 and picture.transition != "cut":
            self._transitions.draw(
                picture,
                surface,
                lambda s: self._shot(s, picture.shot, inputs, crops),
                lambda s: self._shot(s, to, inputs, crops),
            )
            return
        self._shot(surface, picture.shot if to is None or picture.progress <= 0 else to, inputs, crops)

    def warm(self, view: ShotView) -> bool:
        """Make what a shot needs and is not there: its plates, and the masks of those who stand in it. True when there
        was.
        """
        shot = self._stage.shots.get(view.shot)
        if shot is None or shot.config is None or shot.scene not in self._stage.models:
            return False
        made = self.plates.made
        for t_s in (0.0, float("inf")):
            camera = camera_at(shot.config, t_s, view.pose)[0]
            for _ in self._making(shot, camera):
                pass
        return self.plates.made > made

    def warming(self, view: ShotView) -> Iterator[None]:
        """The same of a shot whose camera stands still, a band at a time: between two of them a frame can be drawn."""
        shot = self._stage.shots.get(view.shot)
        if shot is not None and shot.config is not None and shot.scene in self._stage.models:
            yield from self._making(shot, camera_at(shot.config, 0.0, view.pose)[0])

    def lacks(self, view: ShotView) -> bool:
        """Is a plate missing that it ought to be drawn from? Not of a camera that moves by its scene's file; nor where
        there are more shots than plates, so that each is made when it is wanted."""
        shot = self._stage.shots.get(view.shot)
        if shot is None or shot.config is None or shot.config.move is not None or shot.scene not in self._stage.models:
            return False
        if self.plates.full:
            return False
        return not self.plates.has(self._stage.models[shot.scene], camera_at(shot.config, 0.0, view.pose)[0])

    def mending(self) -> Iterator[None]:
        """Make what is missing, a band at a time."""
        if self.missing is not None:
            (shot, camera, depths_m), self.missing = self.missing, None
            assert shot.scene is not None
            yield from self.plates.making(
                self._stage.models[shot.scene], camera, self._stage.background(shot.scene), depths_m
            )

    def forget(self, view: ShotView) -> None:
        """A shot's camera has left this pose for good: its plate goes, unless the shot's own camera stands there."""
        shot = self._stage.shots.get(view.shot)
        if shot is not None and shot.config is not None and shot.scene in self._stage.models and view.pose is not None:
            camera = camera_at(shot.config, 0.0, view.pose)[0]
            if camera != camera_at(shot.config, 0.0)[0]:
                self.plates.drop(self._stage.models[shot.scene], camera)

    def _making(self, shot: Shot, camera: Camera) -> Iterator[None]:
        assert shot.scene is not None
        scene, filled = self._stage.show.scenes[shot.scene], self._stage.show.talent(shot.scene)
        depths_m = []
        for place in scene.set.talent if scene.set else []:
            card = card_of(place, camera, 16 / 9, self._aspect)
            if card is not None and place.name in filled and clipped(card.bounds(WHOLE, self._aspect), WHOLE):
                depths_m.append(card.depth_m)
        yield from self.plates.making(
            self._stage.models[shot.scene], camera, self._stage.background(shot.scene), depths_m
        )

    def _shot(self, surface: S, view: ShotView, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        shot = self._stage.shots.get(view.shot)
        if shot is None:
            self._painter.fill(surface, yuv_of_hex("#000000"))
        elif shot.source is not None:
            self._source(surface, shot.source, WHOLE, inputs, crops)
        else:
            self._scene(surface, shot, view, inputs, crops)

    def _source(self, surface: S, name: str, rect: Rect, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        """A source, or its slate, cropped to fill a rectangle of the frame. One that is upright is shown whole, until
        somebody frames it."""
        source = inputs.get(name)
        crop = crops.get(name, Crop()) if source is not None else Crop()
        source = source or self._stage.slate(name)
        height, width = source.planes[0].shape
        if name not in crops and is_narrow(source, self._aspect):
            sides = sides_of(source)
            self._painter.picture(surface, sides, crop_rect(Crop(), width / height, self._aspect), WHOLE)
            share = width / height / self._aspect
            self._painter.picture(surface, source, WHOLE, Rect((1 - share) / 2, 0, share, 1))
            return
        part = crop_rect(crop, width / height, rect.w * self.size[0] / (rect.h * self.size[1]))
        self._painter.picture(surface, source, part, rect)

    def _scene(self, surface: S, shot: Shot, view: ShotView, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        assert shot.scene is not None and shot.config is not None
        camera, still = camera_at(shot.config, view.t_s, view.pose)
        talent = self._talent(shot.scene, camera, inputs)
        model, background = self._stage.models.get(shot.scene), self._stage.background(shot.scene)
        # What is not there yet is drawn as if the camera moved, rather than late.
        if self._spreads and model is not None:
            if view.pose is not None:
                still = self.plates.has(model, camera)
            elif still and not self.plates.has(model, camera, depths_m := [t.card.depth_m for t in talent]):
                still, self.missing = False, (shot, camera, depths_m)
        if model is None:  # a flat scene, or a set that could not be read: the show goes on without it
            picture = self.backdrops.get(shot.scene)
            if picture is not None:
                self._painter.plate(surface, picture)
            else:
                self._painter.fill(surface, background)
            for t in talent:
                self._painter.talent(surface, t, None)
        elif still:
            plate = self._plate(shot, camera)
            self._painter.plate(surface, plate.kept)
            for t in talent:
                self._painter.talent(surface, t, self.plates.mask(plate, model, camera, t.card.depth_m))
        else:
            self._painter.motion(surface, model, camera, background, talent)
        layers = self._stage.show.scenes[shot.scene].layers
        below: _Beneath | None = None
        for placed in (
            view.layers
            if view.layers is not None
            else [placed_by_file(n, layer, view.t_s) for n, layer in enumerate(layers)]
        ):
            below = self._layer(surface, shot.scene, layers[placed.number], placed, inputs, crops, below)

    def _talent(self, scene: str, camera: Camera, inputs: Inputs) -> list[Talent]:
        """Who can be seen, the farthest first."""
        config, filled = self._stage.show.scenes[scene], self._stage.show.talent(scene)
        out = []
        for place in config.set.talent if config.set else []:
            source = inputs.get(filled.get(place.name, ""))
            if source is None or self._unkeyed(source.name, source):
                continue
            height, width = source.planes[0].shape
            card = card_of(place, camera, width / height, self._aspect)
            if card is None:
                continue
            standing = Talent(source, card)
            # Who is not in the picture costs nothing.
            if clipped(card.bounds(standing.box, self._aspect), standing.box):
                out.append(standing)
        return sorted(out, key=lambda t: -t.card.depth_m)

    def _plate(self, shot: Shot, camera: Camera) -> Plate:
        assert shot.scene is not None
        return self.plates.get(self._stage.models[shot.scene], camera, self._stage.background(shot.scene))

    def _layer(
        self,
        surface: S,
        scene: str,
        layer: Layer,
        placed: LayerView,
        inputs: Inputs,
        crops: Mapping[str, Crop],
        below: _Beneath | None,
    ) -> _Beneath | None:
        """below: what was drawn just before; returns what this is to the next. Who is cut out over the very picture
        that they are in keeps the colours of it at the edges: there the room's are right."""
        name = placed.source or self._stage.show.talent(scene).get(layer.place)
        if name is None:
            return below
        source = inputs.get(name)
        if layer.keyed and self._unkeyed(name, source):
            return below
        here = _Beneath(self._stage.medium(name), placed.rect, placed.crop, crops.get(name))
        if layer.keyed and source is not None and source.fill is not None and here == below:
            source = replace(source, name=f"{name} over itself", fill=None)
        crop = crops.get(name, Crop()) if source is not None else Crop()
        shown = source or self._stage.slate(name)
        height, width = shown.planes[0].shape
        self._layers.draw(surface, layer, placed, shown, lambda aspect: crop_rect(crop, width / height, aspect))
        whole = not layer.keyed and not shown.cut and placed.opacity >= 1 and not placed.rotation_deg
        return here if whole else None

    def _unkeyed(self, name: str, source: SourceInput | None) -> bool:
        """Is it missing, or without a matte yet that it ought to have? Then it is left out: an empty place looks meant,
        a slate or a whole room doesn't."""
        return source is None or (source.matte is None and name in self._stage.keyed)

    def close(self) -> None:
        self._stack.close()
