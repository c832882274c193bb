"""From a finished surface on the GPU to I420 in the caller's memory: BT.709 limited, planar, 4:2:0.

Two passes make the planes, their readback into a pixel buffer is started, and the buffer of the frame before is
fetched. `finish` gives what is ready; `take` that of one frame, or nothing: so a feed that comes and goes stays in step
with the program.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack

import moderngl
import numpy as np

from live.picture.format import U8
from live.picture.values import SourceInput
from live.render.gl import Gl, Target
from live.render.painter import copy_planes


class GpuReadback:
    """depth 1: a frame comes back with the next one; depth 0: at once. light: do the surfaces hold light?"""

    def __init__(self, gl: Gl, size: tuple[int, int], depth: int = 1, *, light: bool) -> None:
        self._gl = gl
        self.depth = depth
        self._stack = ExitStack()
        w, h = size
        self._luma_bytes = w * h
        self._y = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 4, h), 4, nearest=True)]))
        self._uv = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 8, h), 4, nearest=True)]))
        self._free = [gl.own(self._stack, gl.ctx.buffer(reserve=w * h * 3 // 2)) for _ in range(depth + 1)]
        self._busy: deque[tuple[moderngl.Buffer | U8 | None, int]] = deque()
        self._size = w * h * 3 // 2
        self._passed: tuple[tuple[str, int, int], U8] | None = (
            None  # the source that was passed on last, and a copy of it
        )
        self._copies: deque[U8] = deque()  # memory for such copies, in turn: one more than are ever on their way
        of = ("OF_LIGHT",) if light else ()
        self._luma = gl.shaders.program("planes", *of).bind("finished")
        self._chroma = gl.shaders.program("planes", "CHROMA", *of).bind("finished")

    def stage(self, surface: Target, tag: int) -> None:
        self._make_room(tag)
        buffer = self._free.pop()
        try:
            for planes, program, offset in ((self._y, self._luma, 0), (self._uv, self._chroma, self._luma_bytes)):
                planes.use()
                self._gl.quad(program, [surface.texture])
                planes.read_into(buffer, components=4, alignment=1, write_offset=offset)
        except BaseException:
            self._free.append(buffer)
            raise
        self._busy.append((buffer, tag))

    def keep(self, surface: Target, tag: int, into: U8) -> None:
        self.stage(surface, tag)

    def pass_on(self, source: SourceInput, tag: int) -> None:
        """It is copied now: it comes back as late as a drawn frame would, and by then its ring has gone on."""
        key = (source.name, source.seq, source.capture_ns)
        if self._passed is None or self._passed[0] != key:
            kept = np.empty(self._size, np.uint8) if len(self._copies) < self.depth + 3 else self._copies.popleft()
            self._copies.append(kept)
            self._passed = None
            copy_planes(source, kept)
            self._passed = key, kept
        self._make_room(tag)
        self._busy.append((self._passed[1], tag))

    def lose(self, tag: int) -> None:
        self._make_room(tag)
        self._busy.append((None, tag))

    def _make_room(self, tag: int) -> None:
        """For one more frame; what nobody fetched in time goes, and what had its tag before."""
        while self._busy and self._busy[-1][1] == tag:
            self._reuse(self._busy.pop()[0])
        while len(self._busy) > self.depth:
            self._reuse(self._busy.popleft()[0])

    def finish(self, out: U8) -> int | None:
        if len(self._busy) <= self.depth:
            return None
        return self._fetch(out)

    def take(self, tag: int, out: U8) -> bool:
        while self._busy and self._busy[0][1] < tag:
            self._reuse(self._busy.popleft()[0])
        if not self._busy or self._busy[0][1] != tag or self._busy[0][0] is None:
            return False
        self._fetch(out)
        return True

    def _fetch(self, out: U8) -> int:
        buffer, tag = self._busy.popleft()
        try:
            if isinstance(buffer, np.ndarray):
                np.copyto(out, buffer)
            elif buffer is not None:
                buffer.read_into(out)
        finally:
            self._reuse(buffer)
        return tag

    def _reuse(self, buffer: moderngl.Buffer | U8 | None) -> None:
        if isinstance(buffer, moderngl.Buffer):
            self._free.append(buffer)

    def close(self) -> None:
        self._stack.close()
