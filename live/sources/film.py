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

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.packets import demuxed, late_start_s
from live.picture.format import U8, Layout
from live.sources.develop import Developer, decoder_of, pictures_of, rate_of
from live.sources.opening import opened
from live.sources.timing import Timing

_LONGEST_S = 10.0
_FROM_LIMITED = np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class FilmFrame:
    """Y, U, V of the program's codes premultiplied with alpha, alpha (h, w), and alpha at chroma's size."""

    planes: tuple[U8, U8, U8]
    alpha: U8
    alpha_half: U8


class FilmReader:
    """Reads one film, and a second one for its key if it has no alpha. Raises SourceError when it can't be read."""

    def __init__(
        self, path: Path, key: Path | None, size: tuple[int, int], rate: Fraction, *, premultiplied: bool = False
    ) -> None:
        """premultiplied: its colours are already multiplied by its alpha."""
        self._path, self._key, self._size, self._rate = path, key, size, rate
        self._premultiplied = premultiplied
        self.frames = max(1, round(min(self._length_s(), _LONGEST_S) * rate))

    def _length_s(self) -> float:
        with _opened(self._path) as container:
            if container.duration:
                return float(container.duration / av.time_base)
            packets = demuxed(container, container.streams.video[0]) if container.streams.video else ()
            begin_s = late_start_s(container)
            pts = [p.pts * p.time_base - begin_s for p in packets if p.pts is not None]
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
            for at_s, planes in self._developed(path):
                at = round(at_s * float(self._rate))
                while shown is not None and due < min(at, self.frames):
                    yield shown
                    due += 1
                shown = planes
                if due >= self.frames:
                    return
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(
                path.name, f"broke off ({error.strerror or type(error).__name__})", "give another film"
            ) from None
        while shown is not None and due < self.frames:
            yield shown
            due += 1

    def _developed(self, path: Path) -> Iterator[tuple[float, tuple[U8, ...]]]:
        """(seconds, (Y, U, V, A)) of every picture, at the program's size and in its codes."""
        with _opened(path) as container:
            stream = next(iter(pictures_of(container)), None)
            if stream is None:
                raise SourceError(path.name, "holds no picture", "give another film")
            made = Developer(stream, self._size, float(self._rate), premultiplied=self._premultiplied, size=self._size)
            decode, timing, begin_s = decoder_of(stream), Timing(), late_start_s(container)
            step_ns = round(NS / rate_of(stream))
            for packet in demuxed(container, stream):
                for frame in decode(packet):
                    pts_ns = None
                    if frame.pts is not None and frame.time_base:
                        pts_ns = round((float(frame.pts * frame.time_base) - begin_s) * NS)
                    for at_ns, whole in made.arrive(frame, timing.at(pts_ns, step_ns)):
                        yield at_ns / NS, _planes(made, whole)
            for at_ns, whole in made.rest():
                yield at_ns / NS, _planes(made, whole)


def _planes(made: Developer, frame: av.VideoFrame) -> tuple[U8, ...]:
    picture = made.develop(frame)
    flat = np.empty(picture.format.size, np.uint8)
    picture.write(flat)
    if picture.format.layout is Layout.CUT:
        return picture.format.cut(flat)
    return *picture.format.planes(flat), np.full((picture.format.height, picture.format.width), 255, np.uint8)


def _opened(path: Path) -> Any:
    try:
        return opened(path)
    except ValueError as error:
        raise SourceError(path.name, str(error), "give another film") from None
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError(
            path.name, f"can't be read ({error.strerror or type(error).__name__})", "give another film"
        ) from None
