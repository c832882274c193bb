"""Picture files as numbers, whatever they are called: PNG, JPEG, WebP, TIFF and others by OpenCV, drawings by Skia."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skia

from live.base.errors import SceneError
from live.base.files import words_of
from live.base.quiet import quiet_opencv
from live.picture.drawing import drawn, unfit_drawing
from live.picture.format import U8
from live.picture.sniff import is_drawing

_MOST_PIXELS = 64_000_000  # of a picture file: 8K twice
_DRAWN = 1920, 1080  # a drawing has no size of its own
quiet_opencv()

ReadBytes = Callable[[Path], bytes]


def decoded_file(subject: str, path: Path, read: ReadBytes, *, how: int | None = None) -> Any:
    """(h, w), (h, w, 3) or (h, w, 4), blue first, 8 or 16 bit. how: OpenCV's flags. Raises SceneError."""
    try:
        data = read(path)
    except OSError as error:
        raise SceneError(subject, f"can't be read ({words_of(error)})", "save it again, as PNG or JPEG") from None
    if fault := unfit(data):
        raise SceneError(subject, *fault)
    if is_drawing(data):
        return as_opencv_reads(drawn(subject, data, _DRAWN), how)
    if how is None:  # what has no alpha is turned as its camera says: by OpenCV, which does that to no other
        how = cv2.IMREAD_COLOR if _head(data)[1] else cv2.IMREAD_UNCHANGED
    image = decoded(data, how) if whole(data) else None
    if image is None:
        raise SceneError(subject, "can't be read, or is cut off", "save it again, as PNG or JPEG")
    return image


def unfit(data: bytes) -> tuple[str, str] | None:
    """Why a picture file isn't even decoded, and what to do; None when nothing speaks against it. Nothing is made of
    its size but two numbers.
    """
    if is_drawing(data):
        return unfit_drawing(data)
    size, _ = _head(data)
    if size is None:
        return "can't be read, or is cut off", "save it again, as PNG or JPEG"
    if size[0] * size[1] > _MOST_PIXELS:
        return f"{size[0]} x {size[1]} pixels are too many", f"save it with {_MOST_PIXELS // 1_000_000} million at most"
    return None


def _head(data: bytes) -> tuple[tuple[int, int] | None, bool]:
    """(width, height) of a picture file, None when it is none, and whether it surely has no alpha. Decodes nothing."""
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithoutCopy(data)) if data else None
    if image is not None:
        return (image.width(), image.height()), image.isOpaque()
    return _size(data), False


def _size(data: bytes) -> tuple[int, int] | None:
    """Of the formats that Skia doesn't know."""
    if (match := re.match(rb"P[1-7]\s+(?:#.*\s+)*(\d{1,9})\s+(\d{1,9})\s", data[:1000])) is not None:  # PGM
        return int(match[1]), int(match[2])
    return _tiff_size(data) if data[:4] in (b"II*\0", b"MM\0*") else None


def _tiff_size(data: bytes) -> tuple[int, int] | None:
    """TIFF 6.0: tags 256 and 257 of the first directory."""
    order = "<" if data[:2] == b"II" else ">"
    found = {}
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        for n in range(count):
            tag, kind = struct.unpack_from(f"{order}HH", data, at + 2 + 12 * n)
            (found[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, at + 10 + 12 * n)
        return found[256], found[257]
    except (struct.error, KeyError):
        return None


def whole(data: bytes) -> bool:
    """Is all of it there? OpenCV fills up a JPEG that isn't; the others it refuses."""
    return b"\xff\xd9" in data[-4096:] if data.startswith(b"\xff\xd8") else True


def decoded(data: bytes, how: int) -> U8 | None:
    """What OpenCV makes of a picture file; None when it can't be read, is empty, or says that it is larger than any
    picture.
    """
    try:
        image: U8 | None = cv2.imdecode(np.frombuffer(data, np.uint8), how) if data else None
    except cv2.error:
        return None
    return image


def as_opencv_reads(rgba: U8, how: int | None) -> U8:
    """R'G'B'A as if it had been decoded with these flags: what has no alpha then is over black."""
    if how is None or how == cv2.IMREAD_UNCHANGED:
        return np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    *colours, alpha = cv2.split(rgba)
    red, green, blue = (cv2.multiply(c, alpha, scale=1 / 255) for c in colours)
    bgr = cv2.merge((blue, green, red))
    return np.asarray(bgr if how & cv2.IMREAD_COLOR else cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY))
