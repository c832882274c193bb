"""What is shown in place of a source that has no picture: its name, and that there is no signal. Made once per source."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import skia

from live.config.rig import Rig
from live.frames import Matrix, Range
from live.render.colour import program_from, yuva_from_rgba
from live.render.gl import Gl
from live.render.sources import SourceTexture
from live.render.text import fitted

_SIZE = (640, 360)


class Slates:
    """Slates by source name. Owner: the render thread."""

    def __init__(self, gl: Gl, rig: Rig) -> None:
        self._gl = gl
        self._labels = {s.name: s.label for s in rig.sources}
        self._stack = ExitStack()
        self._made: dict[str, SourceTexture] = {}

    def get(self, name: str) -> SourceTexture:
        if name not in self._made:
            m, o = program_from(Matrix.BT709, Range.LIMITED)
            texture = self._gl.texture(self._stack, _SIZE, 4, yuva_from_rgba(_card(self._labels.get(name, name))))
            self._made[name] = SourceTexture(texture, {"to_program": tuple(m.T.ravel()), "offset": tuple(o)}, _SIZE[0] / _SIZE[1])
        return self._made[name]

    def close(self) -> None:
        self._stack.close()
        self._made.clear()


def _card(label: str) -> np.ndarray:
    """RGBA (h, w, 4), opaque."""
    width, height = _SIZE
    rgba = np.zeros((height, width, 4), np.uint8)
    surface = skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
    with surface as canvas:
        canvas.clear(skia.Color(18, 21, 26))
        paint = skia.Paint(AntiAlias=True, Color=skia.Color(34, 39, 47))
        for x in range(-height, width, 48):  # quiet diagonal stripes: never mistaken for a camera that sees black
            path = skia.Path()
            path.addPoly([skia.Point(x, height), skia.Point(x + 24, height), skia.Point(x + 24 + height, 0), skia.Point(x + height, 0)], True)
            canvas.drawPath(path, paint)
        canvas.drawRect(skia.Rect(0, height / 2 - 52, width, height / 2 + 56), skia.Paint(Color=skia.Color(18, 21, 26)))
        title = fitted(label, 40, width * 0.8, bold=True, colour="#e8ecf0")
        title.paint(canvas, (width - title.width) / 2, height / 2 - 46)
        note = fitted("no signal", 24, width * 0.8, bold=False, colour="#f0a030")
        note.paint(canvas, (width - note.width) / 2, height / 2 + 12)
    return rgba
