"""The painter for a GPU: every element is one textured rectangle, premultiplied alpha-over."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from typing import Any

import cv2
import moderngl
import numpy as np

from live.frames import U8
from live.picture import Film, GraphicView, SourceInput
from live.render.colour import yuv_of_hex, yuva_from_rgba
from live.render.geometry import Camera, Rect, clipped
from live.render.gl import Gl, Target, bind_samplers
from live.render.graphics import Art, art_of, parts
from live.render.i420 import snapped
from live.render.painter import Codes, Talent
from live.render.plates import Mask
from live.render.ramps import edges, ramp_of
from live.render.setmodel import SetModel
from live.render.sources import Sources
from live.transitions import Style

_GRAPHICS = 16
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
        self.texture = gl.ctx.texture((ramp.shape[1], ramp.shape[0]), 1, np.ascontiguousarray(ramp), alignment=1, dtype="nu2")
        self.texture.filter = moderngl.NEAREST, moderngl.NEAREST

    def close(self) -> None:
        self.texture.release()


class _Graphic:
    """A graphic's layers as textures."""

    def __init__(self, gl: Gl, art: Art) -> None:
        self.art = art
        self._stack = ExitStack()
        layers = {"panels": art.panels, "text": art.text, "whole": art.whole}
        self.textures = {n: gl.texture(self._stack, art.size, 4, yuva_from_rgba(p), nearest=True) for n, p in layers.items()}

    def close(self) -> None:
        self._stack.close()


class GlPainter:
    """See painter.Painter. A surface is a Target."""

    def __init__(self, gl: Gl, sources: Sources, size: tuple[int, int]) -> None:
        self._gl = gl
        self._sources = sources
        self._size = size
        self._stack = ExitStack()
        self._graphics: OrderedDict[tuple[Any, ...], _Graphic] = OrderedDict()
        shaders = gl.shaders
        self._picture = bind_samplers(shaders.program("picture"), "picture")
        self._card = bind_samplers(shaders.program("card"), "picture")
        self._card_masked = bind_samplers(shaders.program("card", "MASKED"), "picture", "hidden")
        self._blend = bind_samplers(shaders.program("blend"), "incoming")
        self._wipe = bind_samplers(shaders.program("blend", "WIPE"), "incoming", "ramp")
        self._colour = shaders.program("colour")
        self._ramps: OrderedDict[tuple[Any, ...], _Ramp] = OrderedDict()
        self._film: moderngl.Texture | None = None
        self._graphic = bind_samplers(shaders.program("graphic"), "image")

    def surface(self) -> Target:
        target = Target(self._gl, self._size)
        self._stack.callback(target.close)
        return target

    def keep_plate(self, packed: U8) -> _KeptTexture:
        return _KeptTexture(self._gl, packed, 4)

    def keep_mask(self, hidden: U8) -> _KeptTexture:
        return _KeptTexture(self._gl, hidden, 1)

    def fill(self, surface: Target, codes: Codes, rect: Rect | None = None) -> None:
        surface.fill(codes, rect)

    def plate(self, surface: Target, kept: _KeptTexture) -> None:
        self._gl.ctx.copy_framebuffer(surface.flat, kept.framebuffer)

    def picture(self, surface: Target, source: SourceInput, part: Rect, rect: Rect) -> None:
        texture = self._sources.get(source, rect.h * self._size[1] / part.h)
        surface.flat.use()
        self._gl.quad(self._picture, [texture.texture], dst=rect, src=part, uniforms=texture.conversion)

    def talent(self, surface: Target, talent: Talent, mask: Mask | None) -> None:
        """In up to two pieces: the rows that are clear, and those that are partly hidden, which cost a second fetch."""
        self._standing(surface.flat, talent, mask)

    def _standing(self, framebuffer: moderngl.Framebuffer, talent: Talent, mask: Mask | None) -> None:
        seen = clipped(talent.card.rect.part(talent.box), talent.box)
        if seen is None:
            return
        dst, src = seen
        texture = self._sources.get(talent.source, talent.card.rect.h * self._size[1], keyed=True)
        framebuffer.use()
        bottom = dst.y + dst.h
        rows = (bottom, bottom) if mask is None else tuple(min(max(r / self._size[1], dst.y), bottom) for r in mask.split(dst))
        for program, above, below in ((self._card, dst.y, rows[0]), (self._card_masked, *rows)):
            if below <= above:
                continue
            inner = Rect(0, (above - dst.y) / dst.h, 1, (below - above) / dst.h)
            textures = [texture.texture]
            if program is self._card_masked and mask is not None:
                textures.append(mask.kept.texture)  # type: ignore[attr-defined]
            self._gl.quad(
                program, textures, dst=dst.part(inner), src=src.part(inner), depth=talent.card.depth_clip, blend=True,
                uniforms=texture.conversion,
            )  # fmt: skip

    def motion(self, surface: Target, model: SetModel, camera: Camera, background: Codes, talent: list[Talent]) -> None:
        """The set drawn anew, without antialiasing (four samples cost 30 ms more on software GL), talent by depth test."""
        surface.deep.use()
        surface.deep.clear(*background, 1.0, depth=1.0)
        model.draw(camera.clip_from_world(self._size[0] / self._size[1]))
        self._gl.ctx.enable(moderngl.DEPTH_TEST)
        for t in talent:
            self._standing(surface.deep, t, None)
        self._gl.ctx.disable(moderngl.DEPTH_TEST)

    def mix(self, surface: Target, incoming: Target, progress: float) -> None:
        surface.flat.use()
        self._gl.quad(self._blend, [incoming.texture], blend=True, uniforms={"progress": progress})

    def wipe(self, surface: Target, incoming: Target, kind: str, style: Style, progress: float) -> None:
        key = (kind, style.reverse, style.path)
        if key not in self._ramps:
            self._ramps[key] = _Ramp(self._gl, ramp_of(kind, self._size, reverse=style.reverse, path=style.path))
            if len(self._ramps) > _RAMPS:
                self._ramps.popitem(last=False)[1].close()
        inner, outer, soft = edges(progress, style.softness, style.border)
        outer = outer if style.border else -2.0  # without a border its soft edge must not show under the picture's own
        uniforms = {"inner": inner, "outer": outer, "softness": soft, "border": yuv_of_hex(style.colour)}
        surface.flat.use()
        self._gl.quad(self._wipe, [incoming.texture, self._ramps[key].texture], blend=True, uniforms=uniforms)

    def stretch(self, surface: Target, other: Target, rect: Rect) -> None:
        x0, y0, x1, y1 = snapped(rect, self._size)
        w, h = self._size
        other.texture.filter = moderngl.LINEAR, moderngl.LINEAR
        surface.flat.use()
        dst = Rect(x0 / w, y0 / h, (x1 - x0) / w, (y1 - y0) / h)
        self._gl.quad(self._graphic, [other.texture], dst=dst, uniforms={"fade": 1.0})

    def fade(self, surface: Target, codes: Codes, share: float) -> None:
        surface.flat.use()
        self._gl.quad(self._colour, [], blend=True, uniforms={"codes": codes, "share": share})

    def film(self, surface: Target, film: Film) -> None:
        if self._film is None:
            self._film = self._gl.texture(self._stack, self._size, 4, nearest=True)
        y, u, v = film.planes
        self._film.write(cv2.merge((y, cv2.resize(u, self._size), cv2.resize(v, self._size), film.alpha)))
        surface.flat.use()
        self._gl.quad(self._graphic, [self._film], blend=True, uniforms={"fade": 1.0})

    def graphic(self, surface: Target, view: GraphicView) -> None:
        key = (view.template, view.fields)
        graphic = self._graphics.get(key) or _Graphic(self._gl, art_of(view, self._size))
        self._graphics[key] = graphic
        self._graphics.move_to_end(key)
        if len(self._graphics) > _GRAPHICS:
            self._graphics.popitem(last=False)[1].close()
        surface.flat.use()
        art, (width, height) = graphic.art, self._size
        for p in parts(art, view.amount):
            w, h = p.x1 - p.x0, p.y1 - p.y0
            dst = Rect((art.x + p.x0) / width, (art.y + p.y0) / height, w / width, h / height)
            src = Rect(p.x0 / art.size[0], p.y0 / art.size[1], w / art.size[0], h / art.size[1])
            self._gl.quad(self._graphic, [graphic.textures[p.layer]], dst=dst, src=src, blend=True, uniforms={"fade": p.fade})

    def sweep(self) -> None:
        self._sources.sweep()

    def close(self) -> None:
        for graphic in self._graphics.values():
            graphic.close()
        self._graphics.clear()
        for ramp in self._ramps.values():
            ramp.close()
        self._ramps.clear()
        self._stack.close()
