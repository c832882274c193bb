"""The chroma keyer: how much of the screen's colour is in a pixel, as alpha, and that much of it taken off.

In the plane of Cb and Cr the screen's hue is an axis. What of a pixel lies along it, less what lies across, is the
share of screen light in it (Jack: Video Demystified, "Chroma keying"; the colour difference of Vlahos in other
coordinates): 1 on the screen, 0 for greys and for other hues, in between at edges and where the screen shines on the
foreground. Both answers depend on Cb and Cr only, so they are one table of 65536 entries, looked up once a pixel of
chroma.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from live.config.keying import KeyerConfig
from live.picture.codes import codes_from_rgb, rgb_of_hex
from live.picture.format import U8, PictureFormat, Range
from live.vision.refine import F32

_ACROSS = 0.6  # how much a hue may lie beside the screen's before a pixel of it is no screen at all: tan(31 degrees)
# the same before none of the screen's light is taken off it: tan(14 degrees); a yellow shirt stays yellow before green
_SPILL_ACROSS = 0.25
_BORDER = 0.12  # of the picture's width and height, where a screen is looked for
_SATURATED = 20.0  # codes of chroma from grey: less is no screen
_DIM = 15  # percentile of the screen's saturation along the border that still is all screen
_COVERED = 0.3  # of the border that must be of one colour
_BIN = 12  # codes of chroma
_EVEN = 0.05  # of its brightness, by which a screen may be darker in places without that being a shadow


@dataclass(frozen=True)
class Screen:
    """The screen's colour in the source's own codes. saturation: codes from grey of its dimmer parts; what is as
    saturated as those is screen."""

    y: float
    u: float
    v: float
    saturation: float


def screen_of_hex(colour: str, fmt: PictureFormat) -> Screen:
    """The screen that a rig names, "#rrggbb"."""
    m, o = codes_from_rgb(fmt.matrix, fmt.range)
    y, u, v = (float(c) for c in 255 * (m @ rgb_of_hex(colour) + o))
    return Screen(y, u, v, float(np.hypot(u - 128, v - 128)))


def hex_of_screen(screen: Screen, fmt: PictureFormat) -> str:
    m, o = codes_from_rgb(fmt.matrix, fmt.range)
    rgb = np.linalg.inv(m) @ (np.array([screen.y, screen.u, screen.v]) / 255 - o)
    return "#" + "".join(f"{round(255 * float(c)):02x}" for c in np.clip(rgb, 0, 1))


def pick(planes: tuple[U8, ...], x: float, y: float) -> Screen:
    """The colour at a point (shares of the picture): the medians of a patch of a thirtieth of its height."""
    height, width = planes[1].shape
    r = max(1, height // 60)
    row, column = min(max(round(y * height), r), height - r), min(max(round(x * width), r), width - r)
    rows, columns = slice(row - r, row + r), slice(column - r, column + r)
    luma = planes[0][2 * rows.start : 2 * rows.stop, 2 * columns.start : 2 * columns.stop]
    y, u, v = (float(np.median(p)) for p in (luma, planes[1][rows, columns], planes[2][rows, columns]))
    return Screen(y, u, v, _dim(*_border(planes)[1:], u, v))


def find(planes: tuple[U8, ...]) -> Screen | None:
    """The one saturated colour that holds most of the left, right and upper border; None when none does."""
    y, u, v = _border(planes)
    coloured = np.hypot(u - 128, v - 128) > _SATURATED
    if not coloured.any():
        return None
    bins = (u // _BIN).astype(int) * 32 + (v // _BIN).astype(int)
    top_bin = np.bincount(bins[coloured]).argmax()
    centre = [c[bins == top_bin].mean() for c in (u, v)]
    near = np.hypot(u - centre[0], v - centre[1]) < 1.5 * _BIN  # its neighbours in the table, too
    if near.mean() < _COVERED:
        return None
    found = [float(np.median(c[near])) for c in (y, u, v)]
    return Screen(found[0], found[1], found[2], _dim(u, v, found[1], found[2]))


def _border(planes: tuple[U8, ...]) -> tuple[F32, F32, F32]:
    """Codes along the left, right and upper border of a small copy of the picture."""
    size = (64, 36)
    border = np.zeros((size[1], size[0]), bool)
    side, top = round(_BORDER * size[0]), round(_BORDER * size[1])
    border[:top], border[:, :side], border[:, -side:] = True, True, True
    y, u, v = (cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float32)[border] for p in planes)
    return y, u, v


def _dim(border_u: F32, border_v: F32, u: float, v: float) -> float:
    """How saturated the dimmer parts of a screen of this hue are, as its border tells; the colour's own saturation if
    it doesn't."""
    own = float(np.hypot(u - 128, v - 128))
    if own < 1:
        return own
    eu, ev = (u - 128) / own, (v - 128) / own
    along, across = (border_u - 128) * eu + (border_v - 128) * ev, np.abs((border_u - 128) * ev - (border_v - 128) * eu)
    light = (along - _ACROSS * across)[(along > _SATURATED / 2) & (across < along / 2)]
    return min(own, float(np.percentile(light, _DIM))) if len(light) > _COVERED * len(along) else own


class ChromaKey:
    """Tables for one screen. Owned by one thread."""

    def __init__(self, screen: Screen, config: KeyerConfig, fmt: PictureFormat) -> None:
        self.screen = screen
        self._shadows = config.shadows
        self._black = 16.0 if fmt.range is Range.LIMITED else 0.0
        self._table = _table(screen, config)

    def key(self, u: U8, v: U8) -> tuple[U8, U8, U8]:
        """Alpha, and the planes without the screen's light, at chroma's size."""
        packed = self._table.take(cv2.merge((v, u)).view("<u2")[..., 0])
        cleaned_u, cleaned_v, alpha, _ = cv2.split(packed.view(np.uint8).reshape(*u.shape, 4))
        _trim(alpha)
        return alpha, cleaned_u, cleaned_v

    def shade(self, y: U8, alpha: U8) -> U8 | None:
        """How dark the screen is under its own brightness, at chroma's size, as opacity of black; None when shadows
        aren't kept."""
        if not self._shadows:
            return None
        luma = cv2.resize(y, alpha.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
        dark = np.clip((self.screen.y - luma) / max(self.screen.y - self._black, 1.0) - _EVEN, 0, 1) * self._shadows
        return np.rint(dark * (255 - alpha)).astype(np.uint8)


def _trim(alpha: U8) -> None:
    """A hundredth at the top and the sides is no more opaque than what is inside of it: many a camera has a dark or a
    light line there, which is no screen. Who reaches beyond the picture does so inside of it, too; the lower border,
    where people are cut off, is left alone.
    """
    edge = max(1, alpha.shape[0] // 100)
    for border, inside in (
        (alpha[:edge], alpha[edge : edge + 1]),
        (alpha[:, :edge], alpha[:, edge : edge + 1]),
        (alpha[:, -edge:], alpha[:, -edge - 1 : -edge]),
    ):
        np.minimum(border, inside, out=border)


def _table(screen: Screen, config: KeyerConfig) -> np.ndarray:
    """uint32 by Cb * 256 + Cr: Cb, Cr without the screen's light, alpha, 0, in this order of bytes."""
    u, v = np.meshgrid(np.arange(256.0) - 128, np.arange(256.0) - 128, indexing="ij")
    saturation = max(screen.saturation, 1.0)
    own = max(float(np.hypot(screen.u - 128, screen.v - 128)), 1.0)
    eu, ev = (screen.u - 128) / own, (screen.v - 128) / own
    along, across = u * eu + v * ev, np.abs(u * ev - v * eu)
    light = np.maximum(along - _ACROSS * across, 0)
    share = light / saturation
    t = np.clip((config.core - share) / (config.core - config.edge), 0, 1)
    off = config.spill * np.maximum(along - _SPILL_ACROSS * across, 0)
    planes = np.stack([u + 128 - off * eu, v + 128 - off * ev, 255 * t, np.zeros_like(u)], -1)
    return np.clip(np.rint(planes), 0, 255).astype(np.uint8).reshape(-1).view("<u4")
