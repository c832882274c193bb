"""Codes of one Y'CbCr system to those of another, and from R'G'B'. Everything in the renderer is BT.709 limited range.

Formulas: ITU-R BT.601-7 and BT.709-6 section 3 (luma coefficients, quantisation); full range is that of JFIF (ITU-T T.871).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from live.frames import U8, Matrix, Range

F64 = npt.NDArray[np.float64]

_KR_KB = {Matrix.BT601: (0.299, 0.114), Matrix.BT709: (0.2126, 0.0722)}
_SCALE = {Range.LIMITED: (219.0, 224.0, 16.0), Range.FULL: (255.0, 255.0, 0.0)}  # luma and chroma excursions, black


@cache
def codes_from_rgb(matrix: Matrix, range_: Range) -> tuple[F64, F64]:
    """(3x3, 3), not to be written to: codes / 255 = m @ R'G'B' + o, R'G'B' in 0..1."""
    kr, kb = _KR_KB[matrix]
    luma = np.array([kr, 1 - kr - kb, kb])
    cb = (np.array([0, 0, 1.0]) - luma) / (2 * (1 - kb))
    cr = (np.array([1.0, 0, 0]) - luma) / (2 * (1 - kr))
    y_span, c_span, black = _SCALE[range_]
    m = np.stack([luma * y_span, cb * c_span, cr * c_span]) / 255
    return m, np.array([black, 128.0, 128.0]) / 255


@cache
def program_from(matrix: Matrix, range_: Range) -> tuple[F64, F64]:
    """(3x3, 3): the program's codes / 255 = m @ source codes / 255 + o."""
    to, to_o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    of, of_o = codes_from_rgb(matrix, range_)
    m = to @ np.linalg.inv(of)
    return m, to_o - m @ of_o


@cache
def yuv_of_hex(colour: str) -> tuple[float, float, float]:
    """Program codes / 255 of "#rrggbb"."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    y, u, v = (float(c) for c in m @ rgb + o)
    return y, u, v


def yuva_from_rgba(rgba: U8) -> U8:
    """Premultiplied R'G'B'A (h, w, 4) to premultiplied program codes + A, for graphics. The offset is premultiplied too."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    alpha = rgba[..., 3:4].astype(np.float32)
    out = np.empty_like(rgba)
    out[..., :3] = np.rint(
        np.clip(rgba[..., :3].astype(np.float32) @ m.T.astype(np.float32) + alpha * o.astype(np.float32), 0, 255)
    )
    out[..., 3] = rgba[..., 3]
    return out
