"""What captions look like: two lines of text at the bottom of the title-safe area, each on a dark box, as long as what
it says.

The lines begin at one place and grow to the right, so that no word moves while the next ones come; text that runs right
to left begins at the right. When a graphic needs the bottom of the frame, the captions stand above it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import skia

from live.picture.format import U8
from live.picture.text import fitted, is_rtl

TEMPLATE = "captions"
_SIZE, _LINE = 4.5, 6.4  # per cent of the frame's height: the letters, and from line to line
_BOTTOM, _RAISED = 0.935, 0.745  # where the lower line's box ends; above a lower third
_LEFT, _WIDTH = 0.22, 0.7  # of the frame: where lines begin, and how long one may be
_COLUMN = 0.6  # of the frame: where lines that run right to left begin, from the left edge of the others
_BOX = skia.Color(0, 0, 0, 200)


def _even(x: float) -> int:
    return 2 * round(x / 2)


def caption_picture(fields: Mapping[str, str], size: tuple[int, int]) -> tuple[int, int, U8]:
    """Paint the fields line1 (above), line2 and raised ("1": above a lower third): x, y and the picture (h, w, 4),
    R'G'B'A premultiplied, everything even."""
    width, unit = size[0], size[1] / 100
    pad, line_px = 1.5 * unit, _even(_LINE * unit)
    lines = [text for text in (fields.get("line1", ""), fields.get("line2", "")) if text.strip()]
    w, h = _even(_WIDTH * width), max(2, line_px * len(lines))
    rgba = np.zeros((h, w, 4), np.uint8)
    canvas = skia.Surface(rgba, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType).getCanvas()
    longest = 2
    for row, text in enumerate(lines):
        line = fitted(text, _SIZE * unit, w - 2 * pad, bold=False, colour="#ffffff")
        box = min(w, _even(line.width + 2 * pad))
        left = max(0, min(_even(_COLUMN * width), w) - box) if is_rtl(text) else 0
        canvas.drawRect(skia.Rect(left, row * line_px, left + box, (row + 1) * line_px), skia.Paint(Color=_BOX))
        line.paint(canvas, left + pad, row * line_px + (line_px - line.height) / 2)
        longest = max(longest, left + box)
    bottom = _even((_RAISED if fields.get("raised") == "1" else _BOTTOM) * size[1])
    del canvas
    return _even(_LEFT * width), bottom - h, np.ascontiguousarray(rgba[:, :longest])
