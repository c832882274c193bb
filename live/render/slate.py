"""What is shown in place of a source that has no picture: its name, and that there is no signal."""

from __future__ import annotations

import cv2
import numpy as np
import skia

from live.picture.colour import yuva_from_rgba
from live.picture.format import PictureFormat
from live.picture.text import fitted
from live.picture.values import SourceInput
from live.render.i420 import from_packed

_SIZE = (640, 360)


def slate(name: str, label: str) -> SourceInput:
    """A slate as if it were the source's picture: BT.709 limited I420, so that it takes the same way to the screen."""
    fmt = PictureFormat(*_SIZE)
    planes = fmt.planes(np.empty(fmt.size, np.uint8))
    from_packed(yuva_from_rgba(_card(label)), planes)
    return SourceInput(name, -1, fmt, planes)


def _card(label: str) -> np.ndarray:
    """RGBA (h, w, 4), opaque."""
    width, height = _SIZE
    rgba = np.zeros((height, width, 4), np.uint8)
    for x in range(-height, width, 48):  # quiet diagonal stripes: never mistaken for a camera that sees black
        stripe = np.array([(x, height), (x + 24, height), (x + 24 + height, 0), (x + height, 0)], np.int32)
        cv2.fillPoly(rgba, [stripe], (16, 18, 21, 0), cv2.LINE_AA)
    rgba += np.array([18, 21, 26, 255], np.uint8)
    with skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType) as canvas:
        canvas.drawRect(skia.Rect(0, height / 2 - 54, width, height / 2 + 56), skia.Paint(Color=skia.Color(18, 21, 26)))
        title = fitted(label, 40, width * 0.8, bold=True, colour="#e8ecf0")
        title.paint(canvas, (width - title.width) / 2, height / 2 - 48)
        note = fitted("no signal", 24, width * 0.8, bold=False, colour="#f0a030")
        note.paint(canvas, (width - note.width) / 2, height / 2 + 10)
    return rgba
