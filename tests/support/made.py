"""Files as cameras, phones and other programs write them, made with ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from live.base.clock import NS
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.sources.develop import Developer, decoder_of, pictures_of

FFMPEG = shutil.which("ffmpeg")
with_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="needs ffmpeg")

SIZE = W, H = 160, 96
STRIPS = (
    (191, 191, 191),
    (191, 191, 0),
    (0, 191, 191),
    (0, 191, 0),
    (191, 0, 191),
    (191, 0, 0),
    (0, 0, 191),
    (20, 20, 20),
)


def bars() -> U8:
    """R'G'B' of SIZE: eight strips."""
    return np.ascontiguousarray(np.repeat(np.tile(np.array(STRIPS, np.uint8), (H, 1, 1)), W // len(STRIPS), axis=1))


def make(path: Path, *how: str, pictures: Sequence[U8] = (), pixels: str = "rgb24", rate: int = 25) -> Path:
    """A file made of these pictures (all of one size), or of what `how` says; skips where there is no ffmpeg."""
    if FFMPEG is None:
        pytest.skip("needs ffmpeg")
    raw = []
    if pictures:
        height, width = pictures[0].shape[:2]
        raw = ["-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{width}x{height}", "-r", str(rate), "-i", "-"]
    data = b"".join(p.tobytes() for p in pictures)
    command = [FFMPEG, "-nostdin", "-v", "error", "-y", "-threads", "1", *raw, *how, str(path)]
    if pictures:
        command.remove("-nostdin")
    subprocess.run(command, input=data, check=True)
    return path


def developed(path: Path, rate_hz: float = 25.0, **more: Any) -> list[tuple[float, PictureFormat, U8]]:
    """(seconds, format, data) of every picture of a file, as a source would have it."""
    found = []
    with av.open(str(path)) as container:
        stream = pictures_of(container)[0]
        made, decode = Developer(stream, (1920, 1088), rate_hz, **more), decoder_of(stream)
        for packet in container.demux(stream):
            for frame in decode(packet):
                found += [(t, made.develop(f)) for t, f in made.arrive(frame, round((frame.time or 0.0) * NS))]
        found += [(t, made.develop(f)) for t, f in made.rest()]
    out = []
    for at_ns, picture in found:
        data = np.empty(picture.format.size, np.uint8)
        picture.write(data)
        out.append((at_ns / NS, picture.format, data))
    return out


def rgb(fmt: PictureFormat, data: U8) -> np.ndarray:
    """R'G'B' (h / 2, w / 2, 3), 0 to 255, of a 4:2:0 picture's codes, as its format says they mean."""
    y, u, v = (p.astype(float) for p in fmt.planes(data))
    y = y.reshape(fmt.height // 2, 2, fmt.width // 2, 2).mean(axis=(1, 3))
    kr, kb = (0.299, 0.114) if fmt.matrix is Matrix.BT601 else (0.2126, 0.0722)
    luma, chroma = ((y - 16) / 219, 224) if fmt.range is Range.LIMITED else (y / 255, 255)
    r, b = luma + 2 * (1 - kr) * (v - 128) / chroma, luma + 2 * (1 - kb) * (u - 128) / chroma
    g = (luma - kr * r - kb * b) / (1 - kr - kb)
    return 255 * np.clip(np.stack([r, g, b], -1), 0, 1)


def strips(image: np.ndarray) -> np.ndarray:
    """The colours of the eight strips (8, 3), each in its middle."""
    h, w = image.shape[:2]
    return np.array([image[h // 2, int((n + 0.5) * w / len(STRIPS))] for n in range(len(STRIPS))])
