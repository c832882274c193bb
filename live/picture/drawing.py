"""Drawings (SVG) and pictures that move (WebP), which neither libav nor OpenCV reads, by Skia."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import skia

from live.base.errors import SceneError
from live.picture.format import U8

_MOST_BYTES = 8_000_000
_MOST_PIXELS = 400_000_000  # of all pictures of an animation
# What Skia leaves out without a word: text for want of fonts, style sheets, pictures of other files.
_LEFT_OUT = {
    b"text": ("text", "turn text into paths"),
    b"style": ("a style sheet", "save it with presentation attributes"),
    b"image": ("pictures", "save it as PNG"),
    b"foreignobject": ("foreign objects", "save it as PNG"),
    b"animate": ("animation", "save it as a film"),
}


def unfit_drawing(data: bytes) -> tuple[str, str] | None:
    """Why a drawing isn't drawn, and what to do; None when nothing speaks against it."""
    if len(data) > _MOST_BYTES or b"<!ENTITY" in data:
        return "is a drawing (SVG) that is too large, or has entities", "save it as PNG"
    low = data.lower()
    for tag, (what, action) in _LEFT_OUT.items():
        if re.search(rb"<(?:\w+:)?" + tag + rb"[\s>/a-z]", low):
            return f"is a drawing (SVG) with {what}, which would be left out", action
    return None


def drawn(subject: str, data: bytes, within: tuple[int, int]) -> U8:
    """R'G'B'A (h, w, 4), not premultiplied, of a drawing, as large as it fits into (width, height). Raises
    SceneError."""
    if fault := unfit_drawing(data):
        raise SceneError(subject, *fault)
    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream(data))
    if dom is None:
        raise SceneError(subject, "is a drawing (SVG) that can't be read", "save it again, or as PNG")
    width, height = _size(dom, data)
    if not width * height:
        raise SceneError(subject, "is a drawing (SVG) that says neither its size nor its viewBox", "save it as PNG")
    scale = min(within[0] / width, within[1] / height)
    size = max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
    surface = skia.Surface(*size)
    with surface as canvas:
        canvas.scale(size[0] / width, size[1] / height)
        dom.setContainerSize(skia.Size(width, height))
        dom.render(canvas)
    return _pixels(surface.makeImageSnapshot())


def _size(dom: skia.SVGDOM, data: bytes) -> tuple[float, float]:
    """Width and height in a drawing's own units: its size, or what it says to be seen of it; 0 for neither."""
    size = dom.containerSize()
    if size.width() > 0 and size.height() > 0:
        return size.width(), size.height()
    said = re.search(rb"viewBox\s*=\s*[\"']\s*([-\d.eE+\s,]+)[\"']", data)
    numbers = [float(n) for n in re.findall(rb"-?\d*\.?\d+(?:[eE][-+]?\d+)?", said[1])] if said else []
    if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
        return numbers[2], numbers[3]
    return 0.0, 0.0


def _pixels(image: skia.Image) -> U8:
    out = np.zeros((image.height(), image.width(), 4), np.uint8)
    info = skia.ImageInfo.Make(image.width(), image.height(), skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    image.readPixels(info, out, out.strides[0], 0, 0)
    return out


def moving_pictures(data: bytes) -> Iterator[tuple[float, U8]]:
    """(how long it is shown in s, R'G'B'A) of each picture of an animation. Raises ValueError, in words."""
    held = skia.Data.MakeWithoutCopy(data)  # the codec of skia-python doesn't hold it
    codec = skia.Codec.MakeFromData(held)
    if codec is None:
        raise ValueError("is no animation that can be read")
    size = codec.dimensions()
    frames = codec.getFrameInfo()
    if size.width() * size.height() * len(frames) > _MOST_PIXELS:
        raise ValueError(f"is an animation of {len(frames)} pictures, too many of that size; save it as a film")
    info = skia.ImageInfo.Make(size.width(), size.height(), skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    for number, frame in enumerate(frames):
        out = np.zeros((size.height(), size.width(), 4), np.uint8)
        options = skia.Codec.Options()
        options.fFrameIndex = number
        done = codec.getPixels(info, out, out.strides[0], options)
        if done not in (skia.Codec.kSuccess, skia.Codec.kIncompleteInput):
            raise ValueError(f"is an animation whose picture {number + 1} can't be read")
        yield max(frame.fDuration, 20) / 1000, out  # some say 0
    del held
