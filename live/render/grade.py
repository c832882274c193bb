"""What is done to a source's colours, in the program's codes (BT.709 limited): a matrix for all that is linear, a baked
table for the rest.

White balance, lift, gain, and saturation as long as no gamma or look stands before it, are linear in R'G'B', so in
Y'CbCr: they are multiplied into the matrix that every source goes through anyway. Gamma and looks are baked into a
table in the program's codes. Formulas: white of a temperature from the CIE daylight locus (CIE 15:2004, 3.1), under
4000 K from the Planckian one (Kim et al. 2002); the gain of a channel is taken on gamma-coded values as gain ** (1 /
2.2), which is exact for a pure power law.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from live.config.keying import ColourConfig
from live.picture.codes import F64, codes_from_rgb
from live.picture.colour import program_from
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.planes import nudged
from live.picture.values import Grade, Look
from live.render.cube import Cube, read_cube

_GRID = 65  # entries a side of the table that a GPU samples
_Y_BITS, _C_BITS = 5, 7  # of a code, by which the table of the CPU is looked up
_LUMA = np.array([0.2126, 0.7152, 0.0722])
F32 = npt.NDArray[np.float32]

NEUTRAL = ColourConfig()


def matrix_of(config: ColourConfig) -> tuple[F64, F64]:
    """(3x3, 3): codes / 255 after = m @ codes / 255 + o. White balance, lift and gain, and saturation if it may come so
    early.
    """
    m, o = np.diag(_balance(config.kelvin, config.tint)), np.zeros(3)
    m, o = (1 - config.lift) * m, o + config.lift
    m, o = config.gain * m, config.gain * o
    if not needs_table(config):
        s = _saturation(config.saturation)
        m, o = s @ m, s @ o
    return _in_codes(m, o)


def needs_table(config: ColourConfig) -> bool:
    return config.gamma != 1 or config.look is not None


def _in_codes(m: F64, o: F64) -> tuple[F64, F64]:
    """An affine map of R'G'B' as one of codes / 255."""
    to, to_o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    whole = to @ m @ np.linalg.inv(to)
    return whole, to_o + to @ o - whole @ to_o


def _saturation(amount: float) -> F64:
    return amount * np.eye(3) + (1 - amount) * np.outer(np.ones(3), _LUMA)


@cache
def _balance(kelvin: float, tint: float) -> F64:
    """Gains of R', G', B' that make the white of a light of this temperature neutral; luma of white stays."""
    gains = (_white(6500.0) / _white(kelvin)) * np.array([1 + 0.15 * tint, 1 - 0.15 * tint, 1 + 0.15 * tint])
    gains = gains ** (1 / 2.2)
    even: F64 = gains / (_LUMA @ gains)
    return even


def _white(kelvin: float) -> F64:
    """Linear R, G, B (BT.709 primaries) of a light, from its chromaticity."""
    t = 1e3 / kelvin
    if kelvin >= 4000:
        x = (
            0.244063 + 0.09911 * t + 2.9678 * t**2 - 4.6070 * t**3
            if kelvin <= 7000
            else 0.237040 + 0.24748 * t + 1.9018 * t**2 - 2.0064 * t**3
        )
        y = -3.0 * x**2 + 2.870 * x - 0.275
    else:
        x = 0.179910 + 0.8776956 * t - 0.2343589 * t**2 - 0.2661239 * t**3
        a, b, c, d = (
            (-0.9549476, -1.37418593, 2.09137015, -0.16748867)
            if kelvin >= 2222
            else (-1.1063814, -1.34811020, 2.18555832, -0.20219683)
        )
        y = a * x**3 + b * x**2 + c * x + d
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    rgb = (
        np.array(
            [
                [3.2404542, -1.5371385, -0.4985314],
                [-0.9692660, 1.8760108, 0.0415560],
                [0.0556434, -0.2040259, 1.0572252],
            ]
        )
        @ xyz
    )
    white: F64 = np.maximum(rgb, 0.02)
    return white


# -- the table --------------------------------------------------------------------------------------------------------


def bake(config: ColourConfig) -> Look:
    """Gamma, saturation and look as tables. 0.3 s of CPU: never on the render thread. Raises SceneError for a broken
    look.
    """
    cube = read_cube(config.look) if config.look is not None else None
    table = _through(_grid(_GRID, _GRID), config, cube)
    greys = np.stack([np.arange(256) / 255, np.full(256, 128 / 255), np.full(256, 128 / 255)], -1).astype(np.float32)
    curve = np.rint(255 * np.clip(_through(greys, config, cube)[:, 0], 0, 1)).astype(np.uint8)
    coarse = _grid(1 << _Y_BITS, 1 << _C_BITS, centred=True)
    after = 255 * _through(coarse, config, cube)
    before = 255 * coarse
    luma = np.interp(before[..., 0], np.arange(256), curve)
    changes = np.stack(
        [after[..., 0] - luma, after[..., 1] - before[..., 1], after[..., 2] - before[..., 2], 0 * luma], -1
    )
    packed = np.clip(np.rint(changes), -128, 127).astype(np.int8).reshape(-1).view("<u4")
    return Look(table.astype(np.float16), curve, packed)


def _grid(ys: int, cs: int, *, centred: bool = False) -> F32:
    """Codes / 255 (ys, cs, cs, 3) of a grid over all codes; centred: the middles of equal parts of 256 codes, not the
    ends.
    """

    def axis(n: int) -> F64:
        step = 256 // n
        return (np.arange(n) * step + (step - 1) / 2) / 255 if centred else np.linspace(0, 1, n)

    return np.stack(np.meshgrid(axis(ys), axis(cs), axis(cs), indexing="ij"), -1).astype(np.float32)


def _through(codes: F32, config: ColourConfig, cube: Cube | None) -> F32:
    """Codes / 255 after gamma, saturation and look, in slices that stay in the cache."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    back, to = np.linalg.inv(m).astype(np.float32), m.astype(np.float32)
    saturation = _saturation(config.saturation).astype(np.float32)
    out = np.empty_like(codes)
    for i in range(len(codes)):
        rgb = (codes[i] - o.astype(np.float32)) @ back.T
        if config.gamma != 1:
            rgb = np.maximum(rgb, 0) ** np.float32(1 / config.gamma)
        rgb = rgb @ saturation.T
        if cube is not None:
            rgb = cube(rgb)
        out[i] = rgb @ to.T + o.astype(np.float32)
    return np.clip(out, 0, 1)


# -- on planes --------------------------------------------------------------------------------------------------------


def conversion(fmt: PictureFormat, grade: Grade | None) -> tuple[F64, F64]:
    """(3x3, 3): a source's codes / 255 to the program's, with the linear part of its grade."""
    m, o = program_from(fmt.matrix, fmt.range)
    if grade is None:
        return m, o
    g = np.array(grade.matrix).reshape(3, 3)
    return g @ m, g @ o + np.array(grade.offset)


def to_program(planes: tuple[U8, ...], fmt: PictureFormat, grade: Grade | None = None) -> tuple[U8, ...]:
    """Planes of any coding in the program's codes, graded. The very same planes when there is nothing to do."""
    if grade is None and (fmt.matrix, fmt.range) == (Matrix.BT709, Range.LIMITED):
        return planes
    m, o = conversion(fmt, grade)
    if not np.allclose(m, np.eye(3), atol=1e-9) or not np.allclose(o, 0, atol=1e-9):
        planes = _linear(planes, m, o)
    return planes if grade is None or grade.look is None else _looked(planes, grade.look)


def _linear(planes: tuple[U8, ...], m: F64, o: F64) -> tuple[U8, ...]:
    """What luma needs of chroma is worked out at chroma's size, and the other way round. Chroma lies on every second
    column of luma: a quarter of its own pixel left of where resizing takes it to be."""
    y, u, v = planes
    middle = 128 - 128 * (m[0, 1] + m[0, 2])  # so that the signed sum fits a byte
    if abs(m[1:, 0]).max() < 1e-6:
        tint = cv2.addWeighted(u, m[0, 1], v, m[0, 2], middle)
        chroma = (
            cv2.addWeighted(u, m[1, 1], v, m[1, 2], 255 * o[1]),
            cv2.addWeighted(u, m[2, 1], v, m[2, 2], 255 * o[2]),
        )
    else:
        small = cv2.resize(y, u.shape[::-1], interpolation=cv2.INTER_AREA)
        rows = np.array([[0, m[0, 1], m[0, 2], middle], [*m[1], 255 * o[1]], [*m[2], 255 * o[2]]])
        tint, *chroma = cv2.split(cv2.transform(cv2.merge((small, u, v)), rows))
    luma = cv2.addWeighted(
        y, m[0, 0], cv2.resize(nudged(tint, 0.25), (y.shape[1], y.shape[0])), 1.0, 255 * o[0] - middle
    )
    return luma, *chroma


def _looked(planes: tuple[U8, ...], look: Look) -> tuple[U8, ...]:
    """Luma by the curve of greys at its own size, and by what its colour changes at chroma's; chroma by what is added
    to it.
    """
    y, u, v = planes
    small = cv2.resize(y, u.shape[::-1], interpolation=cv2.INTER_AREA)
    index = (small >> (8 - _Y_BITS)).astype(np.intp)
    for plane in (u, v):
        index <<= _C_BITS
        index |= plane >> (8 - _C_BITS)
    changes = look.packed.take(index).view(np.int8).reshape(*u.shape, 4)
    dy, du, dv, _ = cv2.split(changes)
    luma = cv2.add(
        cv2.LUT(y, look.curve),
        cv2.resize(dy.astype(np.int16), y.shape[::-1], interpolation=cv2.INTER_LINEAR),
        dtype=cv2.CV_8U,
    )
    return luma, cv2.add(u, du, dtype=cv2.CV_8U), cv2.add(v, dv, dtype=cv2.CV_8U)


def grade_of(config: ColourConfig, look: Look | None) -> Grade | None:
    """A source's grade; None when nothing is to be done. look: what `bake` made of the same settings, or the last good
    one.
    """
    if config == NEUTRAL.model_copy(update={"match": config.match}) and look is None:
        return None
    m, o = matrix_of(config)
    return Grade(tuple(m.ravel().tolist()), tuple(o.tolist()), look)


def watched(path: Path | None) -> int:
    """When a look was last saved, ns; 0 when it isn't there."""
    try:
        return path.stat().st_mtime_ns if path is not None else 0
    except OSError:
        return 0
