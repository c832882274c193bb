"""The painter for a GPU: every element is one textured rectangle, premultiplied alpha-over."""

from __future__ import annotations

import math
from collections import OrderedDict
from contextlib import ExitStack
from typing import Any

import cv2
import moderngl
import numpy as np

from live.picture.colour import light_of, yuv_of_hex, yuva_from_rgba
from live.picture.format import U8
from live.picture.planes import nudged
from live.picture.transitions import Style
from live.picture.values import Film, SourceInput
from live.render.gl import Gl, Target
from live.render.graphic_parts import Art
from live.render.graphics import Sprite
from live.render.i420 import even_rect, snapped
from live.render.painter import WRAP_BEHIND, WRAP_LIMIT, WRAP_REACH, Codes, Kept, Placed, Talent
from live.render.painters.gl_readback import GpuReadback
from live.render.painters.gl_sources import Sources, SourceTexture
from live.render.plates import Mask
from live.render.ramps import edges, ramp_of
from live.render.setmodel import SetModel
from live.render.shaders import LIGHT, Pass
from live.stage.geometry import WHOLE, Camera, Rect, clipped

_LAYERS = 96  # pictures of graphics
_RAMPS = 4


class _KeptTexture:
    """A plate or a mask on the GPU."""

    def __init__(self, gl: Gl, pixels: U8, components: int) -> None:
        self._stack = ExitStack()
        self.texture = gl.texture(self._stack, (pixels.shape[1], pixels.shape[0]), components, pixels, nearest=True)
        self.framebuffer = gl.own(self._stack, gl.ctx.framebuffer([self.texture]))

    def close(self) -> None:
        self._stack.close()


class _Ramp:
    """A wipe's ramp as a texture of 16 bits."""

    def __init__(self, gl: Gl, ramp: np.ndarray) -> None:
        self.texture = gl.ctx.texture(
            (ramp.shape[1], ramp.shape[0]), 1, np.ascontiguousarray(ramp), alignment=1, dtype="nu2"
        )
        self.texture.filter = moderngl.NEAREST, moderngl.NEAREST

    def close(self) -> None:
        self.texture.release()


class _Layer:
    """A picture of a graphic as a texture."""

    def __init__(self, gl: Gl, art: Art) -> None:
        self._stack = ExitStack()
        self.texture = gl.texture(self._stack, art.size, 4, yuva_from_rgba(art.rgba), nearest=True)

    def close(self) -> None:
        self._stack.close()


class GlPainters:
    """See painter.Painters."""

    def __init__(self, gl: Gl) -> None:
        self._gl, self._sources = gl, Sources(gl)

    def make_painter(self, size: tuple[int, int]) -> GlPainter:
        return GlPainter(self._gl, self._sources, size)

    def close(self) -> None:
        self._sources.close()


class GlPainter:
    """See painter.Painter. A surface is a Target."""

    scales_plates = False

    def __init__(self, gl: Gl, sources: Sources, size: tuple[int, int], *, light: bool | None = None) -> None:
        """light: False to compose codes where the others compose light; such a painter draws no sets."""
        self._gl = gl
        self._light = gl.light if light is None else light
        self._sources = sources
        self._size = size
        self._stack = ExitStack()
        self._layers: OrderedDict[Art, _Layer] = OrderedDict()
        shaders = gl.shaders
        self._programs: dict[tuple[str, ...], Pass] = {}
        self._behind: Target | None = None
        switches = (LIGHT,) if self._light else ()
        self._switches = switches  # of passes that are given codes
        self._blend = shaders.program("blend").bind("incoming")
        self._wipe = shaders.program("blend", "WIPE").bind("incoming", "ramp")
        self._colour = shaders.program("colour", *switches)
        self._ramps: OrderedDict[tuple[Any, ...], _Ramp] = OrderedDict()
        self._film: moderngl.Texture | None = None
        self._codes: GlPainter | None = None
        self._graphic = shaders.program("graphic", *switches).bind("image")
        self._again = shaders.program("graphic").bind("image")  # what was composed already

    def surface(self) -> Target:
        target = Target(self._gl, self._size, light=self._light)
        self._stack.callback(target.close)
        return target

    def surface_at(self, memory: U8) -> None:
        """A GPU draws into memory of its own."""

    def readback(self, *, at_once: bool = False) -> GpuReadback:
        back = GpuReadback(self._gl, self._size, depth=0 if at_once else 1, light=self._light)
        self._stack.callback(back.close)
        return back

    def in_codes(self) -> GlPainter:
        if not self._light:
            return self
        if self._codes is None:
            self._codes = GlPainter(self._gl, self._sources, self._size, light=False)
            self._stack.callback(self._codes.close)
        return self._codes

    def _own(self, codes: Codes) -> tuple[float, float, float]:
        """Codes as the surfaces hold them."""
        return light_of(codes) if self._light else codes

    def keep_plate(self, packed: U8) -> _KeptTexture:
        return _KeptTexture(self._gl, packed, 4)

    def keep_mask(self, hidden: U8) -> _KeptTexture:
        return _KeptTexture(self._gl, hidden, 1)

    def fill(self, surface: Target, codes: Codes, rect: Rect | None = None) -> None:
        surface.fill(codes, rect)

    def plate(self, surface: Target, kept: Kept) -> None:
        assert isinstance(kept, _KeptTexture)
        if not self._light:
            self._gl.ctx.copy_framebuffer(surface.flat, kept.framebuffer)
            return
        surface.flat.use()
        self._gl.quad(self._graphic, [kept.texture], uniforms={"fade": 1.0})

    def picture(self, surface: Target, source: SourceInput, part: Rect, rect: Rect) -> None:
        texture = self._sources.get(source, rect.h * self._size[1] / part.h)
        surface.flat.use()
        program, textures = self._program("picture", texture, None)
        self._gl.quad(program, textures, dst=rect, src=part, uniforms=texture.conversion)

    def layer(self, surface: Target, source: SourceInput, part: Rect, placed: Placed) -> None:
        x0, y0, x1, y1 = placed.box
        texture = self._sources.get(source, (y1 - y0) / part.h)
        surface.flat.use()
        program, textures = self._program("layer", texture, None)
        uniforms = texture.conversion | {
            "box": ((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2),
            "frame": self._size,
            "angle": math.radians(placed.rotation_deg),
            "radius": placed.radius_px,
            "opacity": placed.opacity,
        }
        self._gl.quad(program, textures, src=part, blend=True, uniforms=uniforms)

    def _program(
        self,
        name: str,
        texture: SourceTexture,
        mask: Mask | None,
        behind: moderngl.Texture | None = None,
    ) -> tuple[Pass, list[Any]]:
        """The variant of a pass that a source needs, and its textures in their order."""
        used: dict[str, Any] = {"picture": texture.texture}
        switches: list[str] = []
        if mask is not None:
            switches.append("MASKED")
            assert isinstance(mask.kept, _KeptTexture)
            used["hidden"] = mask.kept.texture
        if texture.look is not None:
            switches.append("LOOK")
            used["look"] = texture.look
        if behind is not None:
            switches.append("WRAP")
            used["behind"] = behind
        key = (name, *switches, *self._switches)
        if key not in self._programs:
            self._programs[key] = self._gl.shaders.program(*key).bind(*used)
        return self._programs[key], list(used.values())

    def talent(self, surface: Target, talent: Talent, mask: Mask | None) -> None:
        """In up to two pieces: the rows that are clear, and those that are partly hidden, which cost a second fetch."""
        self._standing(surface.flat, talent, mask)

    def _standing(self, framebuffer: moderngl.Framebuffer, talent: Talent, mask: Mask | None) -> None:
        turned = talent.card.turn_deg != 0
        inside = talent.card.rect.part(talent.box), talent.box
        seen = inside if turned else clipped(*inside, even_rect(talent.window, self._size) if talent.window else WHOLE)
        if seen is None:
            return
        dst, src = seen
        texture = self._sources.get(talent.source, talent.card.rect.h * self._size[1], keyed=True)
        uniforms: dict[str, Any] = {**texture.conversion, "opacity": talent.opacity}
        behind = None
        if talent.source.wrap > 0:
            behind = self._out_of_focus(framebuffer)
            card = talent.card.rect
            light = (
                talent.source.wrap,
                WRAP_LIMIT,
                WRAP_REACH,
                math.log2(max(1.0, WRAP_BEHIND * card.h * self._size[1])),
            )
            uniforms |= {"light": light, "aspect": texture.aspect}
        angle, (w, h) = math.radians(talent.card.turn_deg), self._size
        uniforms |= {"turn": (math.cos(angle), math.sin(angle), *talent.card.about), "shape": w / h}
        framebuffer.use()
        bottom = dst.y + dst.h
        if mask is None:
            first = last = bottom
        elif turned:  # its rows are no rows of the mask
            first, last = dst.y, bottom
        else:
            first, last = (min(max(r / self._size[1], dst.y), bottom) for r in mask.split(dst))
        for hidden, above, below in ((None, dst.y, first), (mask, first, last)):
            if below <= above:
                continue
            inner = Rect(0, (above - dst.y) / dst.h, 1, (below - above) / dst.h)
            program, textures = self._program("card", texture, hidden, behind)
            self._gl.quad(
                program,
                textures,
                dst=dst.part(inner),
                src=src.part(inner),
                depth=talent.card.depth_clip,
                blend=True,
                uniforms=uniforms,
            )

    def _out_of_focus(self, framebuffer: moderngl.Framebuffer) -> moderngl.Texture:
        """What is drawn so far, as a texture with mipmaps."""
        if self._behind is None:
            self._behind = self.surface()
        self._gl.ctx.copy_framebuffer(self._behind.flat, framebuffer)
        self._behind.texture.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
        self._behind.texture.build_mipmaps()
        return self._behind.texture

    def motion(self, surface: Target, model: SetModel, camera: Camera, background: Codes, talent: list[Talent]) -> None:
        """The set drawn anew, without antialiasing (four samples cost 30 ms more on software GL), talent by depth
        test.
        """
        surface.deep.use()
        surface.deep.clear(*self._own(background), 1.0, depth=1.0)
        model.draw(camera.clip_from_world(self._size[0] / self._size[1]), light=self._gl.light)
        self._gl.ctx.enable(moderngl.DEPTH_TEST)
        try:
            for t in talent:
                self._standing(surface.deep, t, None)
        finally:
            self._gl.ctx.disable(moderngl.DEPTH_TEST)

    def mix(self, surface: Target, incoming: Target, progress: float) -> None:
        surface.flat.use()
        self._gl.quad(self._blend, [incoming.texture], blend=True, uniforms={"progress": progress})

    def wipe(self, surface: Target, incoming: Target, kind: str, style: Style, progress: float) -> None:
        key = (kind, style.reverse, style.path, self._gl.files.version(style.path))
        if key not in self._ramps:
            grey = None if style.path is None else self._gl.files.grey(style.path)
            self._ramps[key] = _Ramp(self._gl, ramp_of(kind, self._size, reverse=style.reverse, grey=grey))
            if len(self._ramps) > _RAMPS:
                self._ramps.popitem(last=False)[1].close()
        inner, outer, soft = edges(progress, style.softness, style.border)
        outer = outer if style.border else -2.0  # without a border its soft edge must not show under the picture's own
        uniforms = {"inner": inner, "outer": outer, "softness": soft, "border": self._own(yuv_of_hex(style.colour))}
        surface.flat.use()
        self._gl.quad(self._wipe, [incoming.texture, self._ramps[key].texture], blend=True, uniforms=uniforms)

    def stretch(self, surface: Target, other: Target, rect: Rect) -> None:
        x0, y0, x1, y1 = snapped(rect, self._size)
        w, h = self._size
        other.texture.filter = moderngl.LINEAR, moderngl.LINEAR
        surface.flat.use()
        dst = Rect(x0 / w, y0 / h, (x1 - x0) / w, (y1 - y0) / h)
        self._gl.quad(self._again, [other.texture], dst=dst, uniforms={"fade": 1.0})

    def fade(self, surface: Target, codes: Codes, share: float) -> None:
        surface.flat.use()
        self._gl.quad(self._colour, [], blend=True, uniforms={"codes": codes, "share": share})

    def film(self, surface: Target, film: Film) -> None:
        y, u, v = film.planes
        size = y.shape[1], y.shape[0]  # the program's
        if self._film is None:
            self._film = self._gl.texture(self._stack, size, 4, nearest=size == self._size)
        self._film.write(
            cv2.merge((y, cv2.resize(nudged(u, 0.25), size), cv2.resize(nudged(v, 0.25), size), film.alpha))
        )
        surface.flat.use()
        self._gl.quad(self._graphic, [self._film], blend=True, uniforms={"fade": 1.0})

    def sprite(self, surface: Target, sprite: Sprite) -> None:
        art, (width, height) = sprite.art, self._size
        layer = self._layers.get(art) or _Layer(self._gl, art)
        self._layers[art] = layer
        self._layers.move_to_end(art)
        if len(self._layers) > _LAYERS:
            self._layers.popitem(last=False)[1].close()
        x0, y0, x1, y1 = sprite.part
        dst = Rect((sprite.x + x0) / width, (sprite.y + y0) / height, (x1 - x0) / width, (y1 - y0) / height)
        src = Rect(x0 / art.size[0], y0 / art.size[1], (x1 - x0) / art.size[0], (y1 - y0) / art.size[1])
        surface.flat.use()
        self._gl.quad(self._graphic, [layer.texture], dst=dst, src=src, blend=True, uniforms={"fade": sprite.fade})

    def sweep(self) -> None:
        self._sources.sweep()

    def close(self) -> None:
        for layer in self._layers.values():
            layer.close()
        self._layers.clear()
        for ramp in self._ramps.values():
            ramp.close()
        self._ramps.clear()
        self._stack.close()
