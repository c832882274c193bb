"""Files for libav, also those that it doesn't know: a drawing (SVG) is drawn first, an animated WebP made a film."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import cv2

from live.base.errors import SceneError
from live.base.files import read_file, read_start
from live.picture.decoding import as_opencv_reads
from live.picture.drawing import drawn, moving_pictures
from live.picture.sniff import is_drawing, moves

_DRAWN = 1920, 1080
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".svg"}
_MS = Fraction(1, 1000)


def opened(path: Path) -> Any:
    """A container, as av.open gives it. Raises av.error.FFmpegError, OSError and ValueError, in words."""
    try:
        start = read_start(path)
    except OSError:
        start = b""  # libav says why
    if is_drawing(start):
        return av.open(io.BytesIO(_drawing(path, path.stat().st_mtime_ns)), format="png_pipe")
    if moves(start) and start[:4] == b"RIFF":
        return av.open(io.BytesIO(_film(path, path.stat().st_mtime_ns)), format="matroska")
    return av.open(str(path), format="apng" if moves(start) and start[:4] == b"\x89PNG" else None)


def is_picture(path: Path) -> bool:
    """Is it a picture file, and none that moves?"""
    suffix = path.suffix.lower()
    if suffix not in _PICTURES:
        return False
    try:
        return not moves(read_file(path) if suffix == ".gif" else read_start(path))
    except OSError:
        return True


@lru_cache(2)
def _drawing(path: Path, saved_ns: int) -> bytes:
    """As PNG."""
    try:
        rgba = drawn(path.name, read_file(path), _DRAWN)
    except SceneError as error:
        raise ValueError(f"{error.cause}; {error.action}") from None
    return bytes(cv2.imencode(".png", as_opencv_reads(rgba, None), [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


@lru_cache(2)
def _film(path: Path, saved_ns: int) -> bytes:
    """As a film without loss, in memory."""
    out, frame = io.BytesIO(), None
    with av.open(out, "w", format="matroska") as film:
        stream: Any = None
        at = 0
        for seconds, rgba in moving_pictures(read_file(path)):
            if stream is None:
                stream = film.add_stream("ffv1", rate=50)
                stream.width, stream.height, stream.pix_fmt = rgba.shape[1], rgba.shape[0], "bgra"
                stream.codec_context.time_base = _MS
            frame = av.VideoFrame.from_ndarray(rgba, format="rgba").reformat(format="bgra")
            frame.pts, frame.time_base, frame.duration = at, _MS, round(seconds * 1000)
            at += frame.duration
            film.mux(stream.encode(frame))
        if frame is None:
            raise ValueError("is an animation without pictures")
        frame.pts = at - 20  # the last one again, so that it lasts as long as it should
        film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return out.getvalue()
