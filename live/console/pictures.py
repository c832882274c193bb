"""The pictures of the multiview: frame rings in, textures out, as cheaply as a small picture can be had.

A ring's newest frame is halved on the CPU until it is less than twice the size it is shown at (OpenCV's 2:1 area filter
is
vectorised: 0.1 ms for 1280x720, where any other ratio costs 2 to 4 ms), brought to the very size, and uploaded as three
planes; the shader makes RGB of them. At the very size they are sampled without a filter, which is what software GL can
do cheaply: filtering three planes in it took 12 ms a frame for the whole multiview.
"""

from __future__ import annotations

from functools import lru_cache

import moderngl
import numpy as np
import numpy.typing as npt

from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.planes import small_planes
from live.picture.tiling import Rect, fit
from live.shm.follow import Fits, Follower, newest_fit

_LUMA = {Matrix.BT601: (0.299, 0.114), Matrix.BT709: (0.2126, 0.0722)}  # Kr, Kb of ITU-R BT.601 and BT.709


@lru_cache(16)
def rgb_from_yuv(fmt: PictureFormat) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """(matrix 3x3, offset 3): rgb = matrix @ (yuv - offset), codes and RGB as shares of 255 (BT.601/709, 8 bit)."""
    kr, kb = _LUMA[fmt.matrix]
    kg = 1 - kr - kb
    limited = fmt.range is Range.LIMITED
    sy, sc = (255 / 219, 255 / 224) if limited else (1.0, 1.0)
    red, blue = 2 * (1 - kr) * sc, 2 * (1 - kb) * sc
    rows = [[sy, 0, red], [sy, -blue * kb / kg, -red * kr / kg], [sy, blue, 0]]
    offset = [16 / 255 if limited else 0.0, 128 / 255, 128 / 255]
    return np.array(rows, np.float32), np.array(offset, np.float32)


class Painter:
    """The shader that draws planar YUV into a rectangle of the window. smooth: colour is filtered between its samples,
    from where they lie (BT.709
    4:2:0: on every second column), at the picture's own size, too: for a screen, where a GPU does it for nothing."""

    def __init__(self, gl: moderngl.Context, *, smooth: bool = False) -> None:
        self.gl, self._smooth = gl, smooth
        self._program = gl.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._array = gl.vertex_array(self._program, [])
        for unit, name in enumerate(("luma", "cb", "cr")):
            self._program[name] = unit

    def draw(
        self,
        textures: tuple[moderngl.Texture, ...],
        fmt: PictureFormat,
        area: Rect,
        window_px: tuple[int, int],
        gain: float,
    ) -> None:
        """The picture in a rectangle of the window (pixels, origin top left), times `gain`."""
        width, height = window_px
        matrix, offset = rgb_from_yuv(fmt)
        self._program["rgb_from_yuv"] = tuple((matrix * gain).T.ravel().tolist())  # GL wants columns
        self._program["offset"] = tuple(offset.tolist())
        self._program["clip"] = (
            2 * area.x / width - 1,
            1 - 2 * area.y / height,
            2 * area.w / width,
            -2 * area.h / height,
        )
        same = textures[0].size == (area.w, area.h)
        self._program["shift"] = 0.25 / textures[1].width if self._smooth else 0.0
        for unit, texture in enumerate(textures):
            plain = same and (unit == 0 or not self._smooth)
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST) if plain else (moderngl.LINEAR, moderngl.LINEAR)
            texture.use(unit)
        self._array.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def release(self) -> None:
        self._array.release()
        self._program.release()


_VERTEX = """#version 330
uniform vec4 clip; out vec2 uv;
void main() { uv = vec2(gl_VertexID & 1, gl_VertexID >> 1); gl_Position = vec4(clip.xy + uv * clip.zw, 0.0, 1.0); }
"""
_FRAGMENT = """#version 330
uniform sampler2D luma, cb, cr; uniform mat3 rgb_from_yuv; uniform vec3 offset; uniform float shift;
in vec2 uv; out vec4 o;
void main() {
    vec2 at = uv + vec2(shift, 0.0);
    o = vec4(rgb_from_yuv * (vec3(texture(luma, uv).r, texture(cb, at).r, texture(cr, at).r) - offset), 1.0);
}
"""


class Feed:
    """One picture of the multiview: the ring it follows, and the last picture that came from it.

    It follows a name; while there is no ring of that name (the engine is elsewhere, or gone) it keeps what it has.
    """

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._follower = Follower()
        self._index = self._seq = 0
        self._next_ns = 0
        self._area: Rect | None = None
        self._textures: tuple[moderngl.Texture, ...] = ()
        self._format: PictureFormat | None = None

    @property
    def has_picture(self) -> bool:
        return self._format is not None

    def follow(self, name: str, now_ns: int) -> None:
        """Take pictures from the ring of this name; "" for none: the last one stays."""
        if self._follower.follow(name, now_ns):
            self._index = 0

    def refresh(self, area: Rect, now_ns: int, every_ns: int, delay_ns: int = 0, fits: Fits | None = None) -> bool:
        """Upload the newest frame for this area, if there is a new one and the last was `every_ns` ago; True when it
        did.
        delay_ns: of a camera, by as much as program is delayed, so that a hand's cut lands on the picture it saw. fits:
        which of the ring's pictures are of what is shown, when not all are."""
        ring = self._follower.ring
        if ring is None or now_ns < self._next_ns or (ring.count == self._index and area == self._area):
            return False
        frame = (
            ring.before(now_ns - delay_ns)
            if delay_ns
            else ring.newest()
            if fits is None
            else newest_fit(ring, fits, self._seq)
        )
        if frame is None or (frame.index == self._index and area == self._area):
            return False
        shown = fit(area, frame.format.width / frame.format.height)
        planes = small_planes(frame, int(shown.w), int(shown.h))
        if planes is None:
            return False
        self._next_ns, self._index, self._area, self._format = now_ns + every_ns, frame.index, area, frame.format
        self._seq = frame.seq
        self._upload(planes)
        return True

    def _upload(self, planes: tuple[U8, U8, U8]) -> None:
        sizes = [(p.shape[1], p.shape[0]) for p in planes]
        if [t.size for t in self._textures] != sizes:
            self._drop_textures()
            self._textures = tuple(self._painter.gl.texture(size, 1, alignment=1) for size in sizes)
            for texture in self._textures:
                texture.repeat_x = texture.repeat_y = False
        for texture, plane in zip(self._textures, planes, strict=True):
            texture.write(plane)

    def draw(self, area: Rect, window_px: tuple[int, int], gain: float = 1.0) -> bool:
        """Draw the picture; False when there is none yet."""
        if self._format is None:
            return False
        shown = fit(area, self._format.width / self._format.height)
        self._painter.draw(self._textures, self._format, shown, window_px, gain)
        return True

    def _drop_textures(self) -> None:
        for texture in self._textures:
            texture.release()
        self._textures = ()

    def clear(self) -> None:
        """Forget the picture: it belongs to a show that is over."""
        self._follower.close()
        self._drop_textures()
        self._index, self._seq, self._format = 0, 0, None

    close = clear
