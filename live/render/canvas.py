"""One canvas: everything that is drawn at one size. The program is one, a small preview is another; both draw the same way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import moderngl

from live.config.load import Shot, Show
from live.config.scene import Layer, SceneConfig
from live.picture import Crop, Picture, ShotView, SourceInput
from live.render.colour import yuv_of_hex
from live.render.geometry import Camera, Card, Rect, camera_at, card_of, clipped, crop_rect
from live.render.gl import Gl, Target, bind_samplers
from live.render.graphics import Graphics
from live.render.plates import Plate, Plates
from live.render.setmodel import SetModel
from live.render.slate import Slates
from live.render.sources import Sources, SourceTexture

# What the matte must reach to count at all, and to be solid. The room shines through the low end of a soft matte.
CHOKE = (0.32, 0.88)
SPILL = 0.5
WIPE_SOFTNESS = 0.06
BORDER = "#e8ecf0"

Inputs = Mapping[str, SourceInput | None]


@dataclass
class Stage:
    """What every canvas draws with, made once per renderer."""

    gl: Gl
    show: Show
    shots: dict[str, Shot]
    models: dict[str, SetModel]  # scenes whose set could be read
    sources: Sources
    slates: Slates

    def background(self, scene: str) -> tuple[float, float, float]:
        return yuv_of_hex(self.show.scenes[scene].background)


@dataclass(frozen=True)
class _Standing:
    """A talent in a set, on this frame."""

    source: SourceInput
    card: Card


class Canvas:
    """Draws whole pictures at one size. Owner: the render thread."""

    def __init__(self, stage: Stage, size: tuple[int, int]) -> None:
        self._stage = stage
        self._gl = stage.gl
        self.size = size
        self._stack = ExitStack()
        self._target = self._closing(Target(self._gl, size))
        self._incoming: Target | None = None
        self.plates = self._closing(Plates(self._gl, size))
        self._graphics = self._closing(Graphics(self._gl, size))
        shaders = self._gl.shaders
        self._picture = bind_samplers(shaders.program("picture"), "picture")
        self._card = bind_samplers(shaders.program("card"), "picture")
        self._card_masked = bind_samplers(shaders.program("card", "MASKED"), "picture", "hidden")
        self._blend = bind_samplers(shaders.program("blend"), "incoming")

    def _closing(self, thing):  # noqa: ANN001, ANN202
        self._stack.callback(thing.close)
        return thing

    @property
    def aspect(self) -> float:
        return self.size[0] / self.size[1]

    def compose(self, picture: Picture, inputs: Inputs) -> Target:
        """A whole picture: the shot, the one that comes if a transition runs, and the graphics. It stays valid until the next."""
        crops = dict(picture.crops)
        target = self._target
        if picture.to is None or picture.progress <= 0:
            self._shot(target, picture.shot, inputs, crops)
        elif picture.progress >= 1 or picture.transition == "cut":
            self._shot(target, picture.to, inputs, crops)
        else:
            if self._incoming is None:
                self._incoming = self._closing(Target(self._gl, self.size))
            self._shot(target, picture.shot, inputs, crops)
            self._shot(self._incoming, picture.to, inputs, crops)
            softness = WIPE_SOFTNESS if picture.transition == "wipe" else 0.0
            target.flat.use()
            self._gl.quad(
                self._blend, [self._incoming.texture], blend=True, uniforms={"progress": picture.progress, "softness": softness}
            )
        target.flat.use()
        for graphic in picture.graphics:
            self._graphics.draw(graphic)
        return target

    def warm(self, view: ShotView) -> bool:
        """Make the plate of a shot if it has one and it is not there. True when there was something to make."""
        shot = self._stage.shots.get(view.shot)
        if shot is None or shot.config is None or shot.scene not in self._stage.models:
            return False
        made = self.plates.made
        for t_s in (0.0, float("inf")):
            self._plate(shot, camera_at(shot.config, t_s)[0])
        return self.plates.made > made

    def _shot(self, target: Target, view: ShotView, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        shot = self._stage.shots.get(view.shot)
        if shot is None:
            target.fill(yuv_of_hex("#000000"))
        elif shot.source is not None:
            target.flat.use()
            self._source(shot.source, Rect(0, 0, 1, 1), inputs, crops)
        else:
            self._scene(target, shot, view.t_s, inputs, crops)

    def _source(self, name: str, rect: Rect, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        """A source, or its slate, cropped to fill a rectangle of the frame."""
        aspect = rect.w * self.size[0] / (rect.h * self.size[1])
        source = inputs.get(name)
        if source is None:
            slate = self._stage.slates.get(name)
            part = crop_rect(Crop(), slate.aspect, aspect)
        else:
            height = source.planes[0].shape[0]
            part = crop_rect(crops.get(name, Crop()), source.planes[0].shape[1] / height, aspect)
            slate = self._stage.sources.get(source, rect.h * self.size[1] / part.h)
        self._gl.quad(self._picture, [slate.texture], dst=rect, src=part, uniforms=slate.conversion)

    def _scene(self, target: Target, shot: Shot, t_s: float, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        assert shot.scene is not None and shot.config is not None
        scene = self._stage.show.scenes[shot.scene]
        camera, still = camera_at(shot.config, t_s)
        standing = self._standing(shot.scene, scene, camera, inputs)
        if shot.scene not in self._stage.models:
            target.fill(self._stage.background(shot.scene))
            target.flat.use()
            for talent in standing:
                self._talent(talent, None)
        elif still:
            self._before_plate(target, shot, camera, standing)
        else:
            self._in_motion(target, shot.scene, camera, standing)
        target.flat.use()
        for layer in scene.layers:
            self._layer(target, shot.scene, layer, inputs, crops)

    def _standing(self, name: str, scene: SceneConfig, camera: Camera, inputs: Inputs) -> list[_Standing]:
        """The talent that can be seen, the farthest first. A keyed source without a matte yet is left out."""
        talent = self._stage.show.talent(name)
        out = []
        for place in scene.set.talent if scene.set else []:
            source = inputs.get(talent.get(place.name, ""))
            if source is None or (source.matte is None and self._stage.show.rig.source(source.name).key != "none"):
                continue
            height, width = source.planes[0].shape
            card = card_of(place, camera, width / height, self.aspect)
            if card is not None:
                out.append(_Standing(source, card))
        return sorted(out, key=lambda s: -s.card.depth_m)

    def _plate(self, shot: Shot, camera: Camera) -> Plate:
        assert shot.scene is not None
        return self.plates.get(self._stage.models[shot.scene], camera, self._stage.background(shot.scene))

    def _before_plate(self, target: Target, shot: Shot, camera: Camera, standing: list[_Standing]) -> None:
        """The set from its plate, talent over it, minus what stands before them."""
        assert shot.scene is not None
        plate = self._plate(shot, camera)
        masks = [self.plates.mask(plate, self._stage.models[shot.scene], camera, t.card.depth_m) for t in standing]
        self._gl.ctx.copy_framebuffer(target.flat, plate.target)
        target.flat.use()
        for talent, mask in zip(standing, masks, strict=True):
            self._talent(talent, mask)

    def _in_motion(self, target: Target, scene: str, camera: Camera, standing: list[_Standing]) -> None:
        """The set drawn anew, without antialiasing (four samples cost 30 ms more on software GL), talent by depth."""
        target.deep.use()
        target.deep.clear(*self._stage.background(scene), 1.0, depth=1.0)
        self._stage.models[scene].draw(camera.clip_from_world(self.aspect))
        self._gl.ctx.enable(moderngl.DEPTH_TEST)
        for talent in standing:
            self._talent(talent, None)
        self._gl.ctx.disable(moderngl.DEPTH_TEST)

    def _talent(self, talent: _Standing, mask) -> None:  # noqa: ANN001
        """A card, no more of it than the matte's box and the frame hold, in up to two pieces: clear, and partly hidden."""
        x0, y0, x1, y1 = talent.source.matte_box if talent.source.matte is not None else (0.0, 0.0, 1.0, 1.0)
        box = Rect(x0, y0, x1 - x0, y1 - y0)
        seen = clipped(talent.card.rect.part(box), box)
        if seen is None:
            return
        dst, src = seen
        texture = self._stage.sources.get(talent.source, talent.card.rect.h * self.size[1])
        first, last = (dst.y + dst.h,) * 2 if mask is None else mask.split(dst)
        self._piece(talent, texture, dst, src, dst.y, first, None)
        self._piece(talent, texture, dst, src, first, last, mask)

    def _piece(self, talent: _Standing, texture: SourceTexture, dst: Rect, src: Rect, top: float, bottom: float, mask) -> None:  # noqa: ANN001
        """The rows of a card from top to bottom (shares of the frame)."""
        if bottom - top < 0.5 / self.size[1]:
            return
        inner = Rect(0, (top - dst.y) / dst.h, 1, (bottom - top) / dst.h)
        uniforms = {**texture.conversion, "choke": CHOKE, "room": (0.0, 0.5, 0.5), "spill": 0.0}
        self._gl.quad(
            self._card if mask is None else self._card_masked,
            [texture.texture] if mask is None else [texture.texture, mask.texture],
            dst=dst.part(inner), src=src.part(inner), depth=talent.card.depth_clip, blend=True, uniforms=uniforms,
        )  # fmt: skip

    def _layer(self, target: Target, scene: str, layer: Layer, inputs: Inputs, crops: Mapping[str, Crop]) -> None:
        name = self._stage.show.talent(scene).get(layer.place)
        if name is None:
            return
        rect = Rect(*layer.rect)
        border = layer.border_px * self.size[1] / self._stage.show.rig.picture.height
        if border:
            w, h = border / self.size[0], border / self.size[1]
            target.fill(yuv_of_hex(BORDER), Rect(rect.x - w, rect.y - h, rect.w + 2 * w, rect.h + 2 * h))
        self._source(name, rect, inputs, crops)

    def close(self) -> None:
        self._stack.close()
