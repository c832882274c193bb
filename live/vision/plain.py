"""The keyers that need no model: brightness, the difference to an empty picture, another source as the matte."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from live.base.errors import SourceError
from live.picture.format import U8, PictureFormat, Range
from live.vision.refine import smoothstep

F32 = npt.NDArray[np.float32]


def _span(range_: Range) -> tuple[float, float]:
    """Luma codes of black and of white."""
    return (16.0, 235.0) if range_ is Range.LIMITED else (0.0, 255.0)


def luma_key(y: U8, range_: Range, low: float, high: float, out: U8) -> None:
    """Alpha from brightness: 0 at low, 1 at high, shares of the way from black to white. low over high keys dark things
    in."""
    black, white = _span(range_)
    brightness = (np.arange(256, dtype=np.float32) - black) / (white - black)
    t = np.clip((brightness - low) / (high - low), 0, 1)
    out[:] = cv2.LUT(cv2.resize(y, out.shape[::-1], interpolation=cv2.INTER_AREA), np.rint(255 * t).astype(np.uint8))


def external_key(y: U8, range_: Range, out: U8) -> None:
    """Another source's brightness as alpha, black 0 and white 1."""
    luma_key(y, range_, 0.0, 1.0, out)


def plate_mask(planes: tuple[U8, ...], plate: tuple[U8, ...], difference: float) -> F32:
    """What differs from the empty picture, 0 to 1, at chroma's size. A light that dims a little everywhere is no
    difference."""
    luma, empty = (
        cv2.resize(p[0], p[1].shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) for p in (planes, plate)
    )
    change = luma - empty
    away = np.abs(change - np.float32(np.clip(np.median(change[::8, ::8]), -12, 12)))
    for now, then in zip(planes[1:], plate[1:], strict=True):
        away = np.maximum(away, 1.5 * cv2.absdiff(now, then).astype(np.float32))
    away = cv2.blur(away, (3, 3)) / 255
    mask = smoothstep(away, 0.4 * difference, difference)
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))


def save_plate(path: Path, planes: tuple[U8, ...]) -> None:
    """Y over U and V as one grey picture: exact, and still to be looked at. Raises SourceError when it can't be
    written."""
    grey = np.vstack([planes[0], np.hstack([planes[1], planes[2]])])
    done, data = cv2.imencode(".png", grey)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes() if done else b"")
    except OSError as error:
        raise SourceError(
            str(path), error.strerror or "can't be written", "give another place as keyer.plate"
        ) from None


def read_plate(path: Path, fmt: PictureFormat) -> tuple[U8, ...]:
    """The planes of a plate. Raises SourceError: not there, no plate, or of another size than the source."""
    try:
        grey = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    except (OSError, cv2.error):
        grey = None
    again = "take it again with nobody in the picture: /keying/<source>/plate"
    if grey is None:
        raise SourceError(str(path), "is no empty picture of this source", again)
    if grey.shape != (fmt.height * 3 // 2, fmt.width):
        raise SourceError(
            str(path), f"is {grey.shape[1]}x{grey.shape[0] * 2 // 3}, the source {fmt.width}x{fmt.height}", again
        )
    h, w = fmt.height, fmt.width
    return tuple(np.ascontiguousarray(p) for p in (grey[:h], grey[h:, : w // 2], grey[h:, w // 2 :]))
