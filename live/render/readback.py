"""From a finished surface to I420 in the caller's memory: BT.709 limited, planar, 4:2:0.

Beside software GL the surface is I420 already. On a GPU two passes make the planes, their readback into a pixel buffer
is started, and the buffer of the frame before is fetched. `finish` gives what is ready; `take` that of one frame, or
nothing: so a feed that comes and goes stays in step with the program.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack

import moderngl
import numpy as np

from live.picture.format import U8
from live.picture.values import SourceInput
from live.render.gl import Gl, Target
from live.render.i420 import Surface


def copy_planes(source: SourceInput, out: U8) -> None:
    """A source's picture into a flat I420 buffer of its size: one copy where its planes lie together, as in a ring."""
    if source.frame is not None:
        np.copyto(out, source.frame.data)
        return
    for plane, target in zip(source.planes, source.format.planes(out), strict=True):
        np.copyto(target, plane)


class CopyOut:
    """Depth 0: `finish` gives the frame that was just drawn."""

    def __init__(self) -> None:
        self._waiting: tuple[U8 | SourceInput, int] | None = None
        self._passed: tuple[tuple[str, int, int, int], U8] | None = (
            None  # the source that the frame before passed on, and where to
        )

    def stage(self, surface: Surface, tag: int) -> None:
        """The surface must stay as it is until it has been fetched."""
        self._waiting = (surface.data, tag)

    def keep(self, surface: Surface, tag: int, into: U8) -> None:
        """Stage a surface that is drawn on after this: copied now, where it is to be."""
        np.copyto(into, surface.data)
        self._waiting = (into, tag)

    def pass_on(self, source: SourceInput, tag: int) -> None:
        """Stage a source as it is. It is copied by `finish`, within the frame, before its ring comes round."""
        self._waiting = (source, tag)

    def finish(self, out: U8) -> int | None:
        if self._waiting is None:
            return None
        (staged, tag), self._waiting = self._waiting, None
        if isinstance(staged, SourceInput):
            of = staged.name, staged.seq, staged.capture_ns
            if self._passed is not None and self._passed[0] == (
                *of,
                tag - 1,
            ):  # it stands still: its ring may have gone on meanwhile
                np.copyto(out, self._passed[1])
            else:  # where it was passed on to earlier, another picture may be by now
                copy_planes(staged, out)
            self._passed = (*of, tag), out
        else:
            self._passed = None
            if not np.may_share_memory(out, staged):  # it may be there already
                np.copyto(out, staged)
        return tag

    def take(self, tag: int, out: U8) -> bool:
        """Fetch the frame of a tag; False when it was not staged."""
        if self._waiting is None or self._waiting[1] != tag:
            return False
        self.finish(out)
        return True

    def close(self) -> None:
        self._waiting = None


class GpuReadback:
    """depth 1: a frame comes back with the next one; depth 0: at once. light: do the surfaces hold light? As the others
    do when left out.
    """

    def __init__(self, gl: Gl, size: tuple[int, int], depth: int = 1, *, light: bool | None = None) -> None:
        self._gl = gl
        self._depth = depth
        self._stack = ExitStack()
        w, h = size
        self._luma_bytes = w * h
        self._y = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 4, h), 4, nearest=True)]))
        self._uv = gl.own(self._stack, gl.ctx.framebuffer([gl.texture(self._stack, (w // 8, h), 4, nearest=True)]))
        self._free = [gl.own(self._stack, gl.ctx.buffer(reserve=w * h * 3 // 2)) for _ in range(depth + 1)]
        self._busy: deque[tuple[moderngl.Buffer | U8, int]] = deque()
        self._size = w * h * 3 // 2
        self._passed: tuple[tuple[str, int, int], U8] | None = (
            None  # the source that was passed on last, and a copy of it
        )
        self._copies: deque[U8] = deque()  # memory for such copies, in turn: one more than are ever on their way
        of = ("OF_LIGHT",) if (gl.light if light is None else light) else ()
        self._luma = gl.shaders.program("planes", *of).bind("finished")
        self._chroma = gl.shaders.program("planes", "CHROMA", *of).bind("finished")

    def stage(self, surface: Target, tag: int) -> None:
        """Start the way of a target to the CPU. A frame nobody fetched in time makes room."""
        while not self._free:
            self._reuse(self._busy.popleft()[0])
        buffer = self._free.pop()
        for planes, program, offset in ((self._y, self._luma, 0), (self._uv, self._chroma, self._luma_bytes)):
            planes.use()
            self._gl.quad(program, [surface.texture])
            planes.read_into(buffer, components=4, alignment=1, write_offset=offset)
        self._busy.append((buffer, tag))

    def keep(self, surface: Target, tag: int, into: U8) -> None:
        """Stage a surface that is drawn on after this: its planes are made now."""
        self.stage(surface, tag)

    def pass_on(self, source: SourceInput, tag: int) -> None:
        """Stage a source as it is, copied now: it comes back as late as a drawn frame would, and by then its ring has
        gone on.
        """
        key = (source.name, source.seq, source.capture_ns)
        if self._passed is None or self._passed[0] != key:
            kept = np.empty(self._size, np.uint8) if len(self._copies) < self._depth + 3 else self._copies.popleft()
            self._copies.append(kept)
            copy_planes(source, kept)
            self._passed = key, kept
        while len(self._busy) > self._depth:
            self._reuse(self._busy.popleft()[0])
        self._busy.append((self._passed[1], tag))

    def finish(self, out: U8) -> int | None:
        if len(self._busy) <= self._depth:
            return None
        return self._fetch(out)

    def take(self, tag: int, out: U8) -> bool:
        """Fetch the frame of a tag, and let those before it go; False when it was not staged."""
        while self._busy and self._busy[0][1] < tag:
            self._reuse(self._busy.popleft()[0])
        return bool(self._busy) and self._busy[0][1] == tag and self._fetch(out) == tag

    def _fetch(self, out: U8) -> int:
        buffer, tag = self._busy.popleft()
        if isinstance(buffer, np.ndarray):
            np.copyto(out, buffer)
        else:
            buffer.read_into(out)
        self._reuse(buffer)
        return tag

    def _reuse(self, buffer: moderngl.Buffer | U8) -> None:
        if not isinstance(buffer, np.ndarray):
            self._free.append(buffer)

    def close(self) -> None:
        self._stack.close()
