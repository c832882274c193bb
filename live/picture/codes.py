"""Codes of Y'CbCr from R'G'B', for any matrix and range.

Formulas: ITU-R BT.601-7 and BT.709-6 section 3 (luma coefficients, quantisation); full range is that of JFIF (ITU-T
T.871).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from live.picture.format import Matrix, Range

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


def rgb_of_hex(colour: str) -> F64:
    """R'G'B', 0..1, of "#rrggbb"."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
