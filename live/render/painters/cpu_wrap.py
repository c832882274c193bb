"""Light wrap on planes: what is behind a talent, out of focus, shines around the inside of its edge."""

from __future__ import annotations

import cv2

from live.picture.format import U8
from live.render.i420 import times
from live.render.painter import WRAP_BEHIND, WRAP_LIMIT, WRAP_REACH


def wrapped(below: U8, above: U8, alpha: U8, shape: U8, strength: float, card_px: float) -> U8:
    """A premultiplied plane of a talent with the light of what is below it.

    shape: alpha before anything hid parts of it, so that a desk's edge wraps nothing. card_px: height of the card in
    pixels of this plane.
    """
    height, width = below.shape
    radius = max(1, round(WRAP_REACH * card_px))
    inside = cv2.blur(shape, (2 * radius + 1, 2 * radius + 1), borderType=cv2.BORDER_REPLICATE)
    share = cv2.min(
        cv2.convertScaleAbs(cv2.bitwise_not(inside), alpha=2 * strength), round(255 * WRAP_LIMIT * strength)
    )
    step = max(1, round(WRAP_BEHIND * card_px))
    small = cv2.resize(below, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    light = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    lit: U8 = cv2.add(times(above, cv2.bitwise_not(share)), times(light, times(alpha, share)))
    return lit
