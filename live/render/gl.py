"""The context, and the few things every pass needs: programs, rectangles, targets. Owner: the render thread."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Any

import moderngl
import numpy as np

from live.base.advice import advice
from live.base.errors import DeviceError
from live.picture.colour import light_of
from live.picture.format import U8
from live.render.files import Files
from live.render.shaders import Pass, Shaders
from live.stage.geometry import WHOLE, Rect

_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "microsoft basic render")


def open_context() -> moderngl.Context:
    """A context without a window. Raises DeviceError when the machine has no OpenGL 3.3."""
    try:
        if sys.platform == "linux":
            return moderngl.create_context(standalone=True, backend="egl", require=330)
        return moderngl.create_context(standalone=True, require=330)
    except Exception as error:  # moderngl and glcontext raise plain Exception
        raise DeviceError("render", f"no OpenGL 3.3 context ({error})", advice("OpenGL")) from None


class Target:
    """An RGBA8 picture of the program's codes, or a half-float one of linear light (Gl.light), that can be drawn into;
    row 0 is the top row.

    `flat` has no depth. `deep`, made when first asked for, draws into the same colour with a depth buffer.
    """

    def __init__(self, gl: Gl, size: tuple[int, int], *, light: bool | None = None) -> None:
        """light: False for one of codes where the others hold light."""
        self.size = size
        self.light = gl.light if light is None else light
        self._gl = gl
        self._stack = ExitStack()
        self.texture = gl.texture(self._stack, size, 4, nearest=True, half_float=self.light)
        self.flat = gl.own(self._stack, gl.ctx.framebuffer([self.texture]))
        self._deep: moderngl.Framebuffer | None = None

    @property
    def deep(self) -> moderngl.Framebuffer:
        if self._deep is None:
            depth = self._gl.own(self._stack, self._gl.ctx.depth_renderbuffer(self.size))
            self._deep = self._gl.own(self._stack, self._gl.ctx.framebuffer([self.texture], depth))
        return self._deep

    def fill(self, codes: tuple[float, float, float], rect: Rect | None = None) -> None:
        """One colour, without a shader: the cheapest thing there is."""
        if self.light:
            codes = light_of(codes)
        if rect is None:
            self.flat.clear(*codes, 1.0)
            return
        w, h = self.size
        x0, y0 = round(rect.x * w), round(rect.y * h)
        x1, y1 = round((rect.x + rect.w) * w), round((rect.y + rect.h) * h)
        if x1 > x0 and y1 > y0:
            self.flat.clear(*codes, 1.0, viewport=(max(x0, 0), max(y0, 0), x1 - max(x0, 0), y1 - max(y0, 0)))

    def close(self) -> None:
        self._stack.close()


class Gl:
    """What the passes draw with. One per Renderer; `close` gives everything back in reverse order."""

    def __init__(self, files: Files | None = None, *, software: bool | None = None, light: bool | None = None) -> None:
        """software: take the cheap paths of software GL; light: compose in linear light, in half float, which software
        GL can't afford. Both are found out from the driver's name when None."""
        self._stack = ExitStack()
        self.ctx = open_context()
        self._stack.callback(self.ctx.release)
        self.name = str(self.ctx.info["GL_RENDERER"])
        slow = any(s in self.name.lower() for s in _SOFTWARE)
        self.software = slow if software is None else software
        self.light = not slow if light is None else light
        self.shaders = Shaders(self.ctx, self._stack)
        self.files = Files() if files is None else files
        self._quads: dict[Pass, tuple[int, moderngl.VertexArray]] = {}  # which version of the pass it is of
        self.quads_drawn = 0
        self.ctx.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        self.ctx.depth_func = "<="

    def activate(self) -> None:
        """Make this context the thread's: another renderer may have been at work in it. 12 us; the last one that was
        activated stays.
        """
        self.ctx.__enter__()

    def own(self, stack: ExitStack, thing: Any) -> Any:
        """Register a GL object with the scope it ends with."""
        stack.callback(thing.release)
        return thing

    def texture(
        self,
        stack: ExitStack,
        size: tuple[int, int],
        components: int,
        data: U8 | None = None,
        *,
        nearest: bool = False,
        half_float: bool = False,
    ) -> Any:
        """A texture of 8-bit components, or half floats, clamped at its edges."""
        kind = "f2" if half_float else "f1"
        texture = self.ctx.texture(
            size, components, None if data is None else np.ascontiguousarray(data), alignment=1, dtype=kind
        )
        stack.callback(texture.release)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.NEAREST,) * 2 if nearest else (moderngl.LINEAR,) * 2
        return texture

    def quad(
        self,
        program: Pass,
        textures: Iterable[moderngl.Texture],
        *,
        dst: Rect = WHOLE,
        src: Rect = WHOLE,
        depth: float = 0.0,
        blend: bool = False,
        uniforms: Mapping[str, Any] | None = None,
    ) -> None:
        """Draw a rectangle into the framebuffer in use. Samplers are named in the order of the program's header."""
        for unit, texture in enumerate(textures):
            texture.use(unit)
        for name, value in (("dst", dst.tuple), ("src", src.tuple), ("depth", depth), *(uniforms or {}).items()):
            if name in program:
                program[name] = value
        if blend:
            self.ctx.enable(moderngl.BLEND)
        else:
            self.ctx.disable(moderngl.BLEND)
        self._vao(program).render(moderngl.TRIANGLE_STRIP, vertices=4)
        self.quads_drawn += 1

    def _vao(self, program: Pass) -> moderngl.VertexArray:
        """The (empty) vertex array of a pass."""
        version, vao = self._quads.get(program, (-1, None))
        if version != program.version:
            if vao is not None:
                vao.release()
            self._quads[program] = program.version, self.own(self._stack, self.ctx.vertex_array(program.program, []))
        return self._quads[program][1]

    def close(self) -> None:
        self._stack.close()
