"""The newest picture of each source as one texture: Y', Cb, Cr codes as they came, 4:4:4, and the matte as A.

One fetch in the shader gives colour and key, whatever the source's matrix and range: they are an affine map on the
texel. The planes are uploaded as they are and packed by a pass.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np

from live.picture.format import U8
from live.picture.values import Grade, Look, SourceInput
from live.render.gl import Gl
from live.render.grade import conversion

_CONVERSIONS = 64  # kept at most: a grade that moves has a new one every frame
_IDLE_FRAMES = 300  # a texture nobody drew for this many drawings is given back


@dataclass(frozen=True)
class SourceTexture:
    """A source ready to be drawn. conversion: the uniforms that bring its codes to the program's, with the linear part
    of its grade; look: the table of the rest, sampled after it (switch LOOK), None for none."""

    texture: moderngl.Texture
    conversion: dict[str, Any]
    look: moderngl.Texture3D | None
    aspect: float  # width / height


class _Packed:
    """A source's texture: planes up as they are, one pass packs them. Another framebuffer is in use afterwards."""

    def __init__(self, gl: Gl, size: tuple[int, int]) -> None:
        self.size = size
        self.stack = ExitStack()
        self.texture = gl.texture(self.stack, size, 4)
        self.key: tuple[int, int] | None = None
        self.used = 0
        self._gl = gl
        self._planes: dict[tuple[int, tuple[int, int]], moderngl.Texture] = {}
        self._target = gl.own(self.stack, gl.ctx.framebuffer([self.texture]))
        self._program = gl.shaders.program("pack").bind("y_plane", "u_plane", "v_plane", "matte")

    def fill(self, planes: tuple[U8, ...], matte: U8 | None) -> None:
        up = [self._upload(i, p) for i, p in enumerate((*planes, planes[0] if matte is None else matte))]
        self._target.use()
        self._gl.quad(self._program, up, uniforms={"keyed": float(matte is not None)})
        self.texture.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
        self.texture.build_mipmaps()

    def _upload(self, index: int, plane: U8) -> moderngl.Texture:
        size = (plane.shape[1], plane.shape[0])
        if (index, size) not in self._planes:
            self._planes[index, size] = self._gl.texture(self.stack, size, 1)
        self._planes[index, size].write(np.ascontiguousarray(plane), alignment=1)
        return self._planes[index, size]


class Sources:
    """Textures of the sources that pictures show, by name, size, and whether keyed. Uploads only what is drawn and has
    changed."""

    def __init__(self, gl: Gl) -> None:
        self._gl = gl
        self._packed: dict[tuple[str, bool], _Packed] = {}
        self._conversions: dict[Any, dict[str, Any]] = {}
        self._looks: dict[Look, tuple[moderngl.Texture3D, int]] = {}
        self._drawings = 0
        self.uploads = 0

    def get(self, source: SourceInput, shown_px: float, *, keyed: bool = False) -> SourceTexture:
        """The texture of a source whose whole height is drawn `shown_px` pixels high. Bind the target after this, not
        before.

        keyed: with its matte, and the colours that belong to it.
        """
        height, width = source.planes[0].shape
        size = (width, height)
        keyed = keyed and source.matte is not None
        packed = self._packed.get((source.name, keyed))
        if packed is None or packed.size != size:
            if packed is not None:
                packed.stack.close()
            packed = self._packed[source.name, keyed] = _Packed(self._gl, size)
        packed.used = self._drawings
        key = (source.seq, source.capture_ns)  # a source started again counts from one again
        if packed.key != key:
            packed.fill((source.fill or source.planes) if keyed else source.planes, source.matte if keyed else None)
            packed.key = key
            self.uploads += 1
        return SourceTexture(packed.texture, self._conversion(source), self._look(source.grade), width / height)

    def _conversion(self, source: SourceInput) -> dict[str, Any]:
        key = (source.format.matrix, source.format.range, source.grade)
        if key not in self._conversions:
            if len(self._conversions) > _CONVERSIONS:
                self._conversions.clear()
            m, o = conversion(source.format, source.grade)
            self._conversions[key] = {"to_program": tuple(m.T.ravel()), "offset": tuple(o)}  # GL wants columns
        return self._conversions[key]

    def _look(self, grade: Grade | None) -> moderngl.Texture3D | None:
        """The table of a look as a texture, red Y', green Cb, blue Cr; kept while something shows it."""
        if grade is None or grade.look is None:
            return None
        texture, _ = self._looks.get(grade.look, (None, 0))
        if texture is None:
            table = grade.look.table
            texture = self._gl.ctx.texture3d(
                (len(table),) * 3, 3, np.ascontiguousarray(table).tobytes(), alignment=2, dtype="f2"
            )
            texture.repeat_x = texture.repeat_y = texture.repeat_z = False
            texture.filter = moderngl.LINEAR, moderngl.LINEAR
        self._looks[grade.look] = texture, self._drawings
        return texture

    def sweep(self) -> None:
        """Once a drawing: give back what has not been used for long."""
        self._drawings += 1
        for key in [k for k, p in self._packed.items() if self._drawings - p.used > _IDLE_FRAMES]:
            self._packed.pop(key).stack.close()
        for look in [k for k, (_, used) in self._looks.items() if self._drawings - used > _IDLE_FRAMES]:
            self._looks.pop(look)[0].release()

    def close(self) -> None:
        for packed in self._packed.values():
            packed.stack.close()
        self._packed.clear()
        for texture, _ in self._looks.values():
            texture.release()
        self._looks.clear()
