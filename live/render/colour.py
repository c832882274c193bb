"""Codes of one Y'CbCr system to those of another. Everything in the renderer is BT.709 limited range."""

from __future__ import annotations

from functools import cache

import numpy as np

from live.codes import F64, codes_from_rgb, rgb_of_hex
from live.frames import U8, Matrix, Range


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
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    y, u, v = (float(c) for c in m @ rgb_of_hex(colour) + o)
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
