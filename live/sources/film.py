"""A film with alpha, frame by frame in the program's codes and at its rate: what a stinger is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from live.base.errors import SourceError
from live.picture.format import U8
from live.sources.container import turns_of

_LONGEST_S = 10.0
# The decoders that come with libav leave out the alpha of these two; libvpx gives it.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_FROM_LIMITED = np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class FilmFrame:
    """Y, U, V of the program's codes premultiplied with alpha, alpha (h, w), and alpha at chroma's size."""

    planes: tuple[U8, U8, U8]
    alpha: U8
    alpha_half: U8


class FilmReader:
    """Reads one film, and a second one for its key if it has no alpha. Raises SourceError when it can't be read."""

    def __init__(self, path: Path, key: Path | None, size: tuple[int, int], rate: Fraction) -> None:
        self._path, self._key, self._size, self._rate = path, key, size, rate
        self.frames = max(1, round(min(self._length_s(), _LONGEST_S) * rate))

    def _length_s(self) -> float:
        with _opened(self._path) as container:
            if container.duration:
                return float(container.duration / av.time_base)
            pts = [p.pts * p.time_base for p in container.demux(video=0) if p.pts is not None]
        if not pts:
            raise SourceError(self._path.name, "holds no picture", "give another film")
        return float(max(pts) + 1 / self._rate)

    def play(self) -> Iterator[FilmFrame]:
        """Every frame of it, once; exactly `frames` of them."""
        fills = self._paced(self._path)
        keys = self._paced(self._key) if self._key is not None else None
        for fill in fills:
            key = next(keys, None) if keys is not None else None
            alpha = (
                fill[3]
                if keys is None
                else cv2.LUT(key[0] if key is not None else np.zeros_like(fill[0]), _FROM_LIMITED)
            )
            half = cv2.resize(alpha, (fill[1].shape[1], fill[1].shape[0]), interpolation=cv2.INTER_AREA)
            y, u, v = (cv2.multiply(p, a, scale=1 / 255) for p, a in zip(fill[:3], (alpha, half, half), strict=True))
            yield FilmFrame((y, u, v), alpha, half)

    def _paced(self, path: Path) -> Iterator[tuple[U8, ...]]:
        """At the program's rate: of every instant the newest frame; the last one stays to the end."""
        shown: tuple[U8, ...] | None = None
        due = 0
        try:
            for frame in _decoded(path):
                at = round(float((frame.pts or 0) * (frame.time_base or 0)) * float(self._rate))
                while shown is not None and due < min(at, self.frames):
                    yield shown
                    due += 1
                shown = self._planes(frame)
                if due >= self.frames:
                    return
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(
                path.name, f"broke off ({error.strerror or type(error).__name__})", "give another film"
            ) from None
        while shown is not None and due < self.frames:
            yield shown
            due += 1

    def _planes(self, frame: av.VideoFrame) -> tuple[U8, ...]:
        quarter = turns_of(frame)
        width, height = self._size[::-1] if quarter % 2 else self._size
        scaled = frame.reformat(
            width, height, "yuva420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2), (width, height))
        return tuple(
            np.ascontiguousarray(np.rot90(np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:h, :w], quarter))
            for plane, (w, h) in zip(scaled.planes, sizes, strict=True)
        )


def _opened(path: Path) -> Any:
    try:
        return av.open(str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError(
            path.name, f"can't be read ({error.strerror or type(error).__name__})", "give another film"
        ) from None


def _decoded(path: Path) -> Iterator[av.VideoFrame]:
    with _opened(path) as container:
        if not container.streams.video:
            raise SourceError(path.name, "holds no picture", "give another film")
        stream = container.streams.video[0]
        name = _ALPHA_DECODERS.get(stream.codec_context.name) if stream.metadata.get("alpha_mode") == "1" else None
        if name is None:
            yield from container.decode(stream)
            return
        decoder = av.CodecContext.create(name, "r")
        for packet in container.demux(stream):
            for frame in decoder.decode(packet if packet.size else None):
                frame.time_base = stream.time_base
                yield frame
