"""Codes of one Y'CbCr system to those of another. Everything in the renderer is BT.709 limited range."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from live.picture.codes import F64, codes_from_rgb, rgb_of_hex
from live.picture.format import U8, Matrix, Range


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
    """Premultiplied R'G'B'A (h, w, 4) to premultiplied program codes + A, for graphics. The offset is premultiplied
    too."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    whole = np.eye(4, dtype=np.float32)
    whole[:3, :3], whole[:3, 3] = m, o
    return np.asarray(cv2.transform(rgba, whole), np.uint8)  # a fifth of what the same costs in numpy


def light_of(codes: tuple[float, float, float]) -> tuple[float, float, float]:
    """Linear R, G, B of program codes / 255, as shaders/include/light.glsl has it (ITU-R BT.1886)."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    rgb = np.linalg.inv(m) @ (np.array(codes) - o)
    red, green, blue = (float(np.sign(c) * abs(c) ** 2.4) for c in rgb)
    return red, green, blue
