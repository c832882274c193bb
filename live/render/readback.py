"""From a finished surface to I420 in the caller's memory: BT.709 limited, planar, 4:2:0.

Beside software GL the surface is I420 already. On a GPU two passes make the planes, their readback into a pixel buffer is
started, and the buffer of the frame before is fetched.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack

import moderngl
import numpy as np

from live.frames import U8
from live.render.gl import Gl, Target, bind_samplers
from live.render.i420 import Surface


class CopyOut:
    """Depth 0: `finish` gives the frame that was just drawn."""

    def __init__(self) -> None:
        self._waiting: tuple[Surface, int] | None = None

    def stage(self, surface: Surface, tag: int) -> None:
        self._waiting = (surface, tag)

    def finish(self, out: U8) -> int | None:
        if self._waiting is None:
            return None
        (surface, tag), self._waiting = self._waiting, None
        np.copyto(out, surface.data)
        return tag

    def close(self) -> None:
        self._waiting = None


class GpuReadback:
    """depth 1: a frame comes back with the next one; depth 0: at once."""

    def __init__(self, gl: Gl, size: tuple[int, int], depth: int = 1) -> None:
        self._gl = gl
        self._depth = depth
        self._stack = ExitStack()
        w, h = size
        self._luma_bytes = w * h
        self._y = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 4, h), 4, nearest=True)]))
        self._uv = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 8, h), 4, nearest=True)]))
        self._free = [gl.own(self._stack, gl.ctx.buffer(reserve=w * h * 3 // 2)) for _ in range(depth + 1)]
        self._busy: deque[tuple[moderngl.Buffer, int]] = deque()
        self._luma = bind_samplers(gl.shaders.program("planes"), "finished")
        self._chroma = bind_samplers(gl.shaders.program("planes", "CHROMA"), "finished")

    def stage(self, surface: Target, tag: int) -> None:
        """Start the way of a target to the CPU. A frame nobody fetched in time makes room."""
        if not self._free:
            self._free.append(self._busy.popleft()[0])
        buffer = self._free.pop()
        for planes, program, offset in ((self._y, self._luma, 0), (self._uv, self._chroma, self._luma_bytes)):
            planes.use()
            self._gl.quad(program, [surface.texture])
            planes.read_into(buffer, components=4, alignment=1, write_offset=offset)
        self._busy.append((buffer, tag))

    def finish(self, out: U8) -> int | None:
        if len(self._busy) <= self._depth:
            return None
        buffer, tag = self._busy.popleft()
        buffer.read_into(out)
        self._free.append(buffer)
        return tag

    def close(self) -> None:
        self._stack.close()
