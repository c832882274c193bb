"""Colour lies where brightness does, whatever a source comes as: the middle of an edge is at the same column in all
three planes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from live.config.picture import PictureConfig
from live.picture.format import U8, PictureFormat
from live.sources import open_reader
from live.sources.kinds.media import MediaSource
from live.sources.kinds.still import StillReader, StillSource
from live.sources.reader import PictureEvent, Reader
from live.sources.siting import i420_of_bgr

SIZE = W, H = 320, 240
EDGE = 159.5  # column of the middle of the edge
BOUND = 0.15  # of a pixel, of 8 bit and a coder's own loss


def rgb_at(columns: np.ndarray) -> np.ndarray:
    """A soft edge from orange to blue."""
    share = np.clip(0.5 - (columns - EDGE) / 16, 0, 1)[:, None]
    return share * np.array([0.95, 0.6, 0.0]) + (1 - share) * np.array([0.0, 0.1, 0.8])


def planes_at(across: int, down: int, offset: float) -> list[U8]:
    """Limited range, BT.601, chroma subsampled so; offset: where its columns are beside those of luma."""
    kr, kg, kb = 0.299, 0.587, 0.114

    def codes(columns: np.ndarray) -> np.ndarray:
        r, g, b = rgb_at(columns).T
        y = kr * r + kg * g + kb * b
        return np.rint([16 + 219 * y, 128 + 224 * (b - y) / 1.772, 128 + 224 * (r - y) / 1.402]).astype(np.uint8)

    luma, chroma = codes(np.arange(W)), codes(np.arange(0, W, across) + offset)
    return [np.tile(luma[0], (H, 1)), *(np.tile(chroma[i], (H // down, 1)) for i in (1, 2))]


def place(line: np.ndarray, step: int, offset: float = 0.0) -> float:
    """Where an edge is along a line of codes that lie `step` pixels of luma apart, from `offset` on: its integral
    says."""
    codes = line.astype(float)
    return float(((codes - codes[-1]) / (codes[0] - codes[-1])).sum() * step - step / 2 + offset)


def middles(planes: tuple[U8, ...]) -> list[float]:
    """Where the edge is, by plane, in columns of luma."""
    return [place(plane[len(plane) // 2], step) for plane, step in zip(planes, (1, 2, 2), strict=True)]


def first(reader: Reader) -> list[float]:
    event = next(e for e in reader.events() if isinstance(e, PictureEvent))
    out = np.zeros(event.format.size, np.uint8)
    event.write(out)
    return middles(event.format.planes(out))


PICTURE = PictureConfig(width=W, height=H)
CODERS = {
    "h264 left.mp4": ("libx264", "yuv420p", (2, 2, 0.0), {"qp": "2"}),
    "mpeg-2 left.mpg": ("mpeg2video", "yuv420p", (2, 2, 0.0), {"b": "20M", "qmax": "2"}),
    "mpeg-1 centre.mpg": ("mpeg1video", "yuv420p", (2, 2, 0.5), {"b": "20M", "qmax": "2"}),
    "mjpeg centre.avi": ("mjpeg", "yuvj420p", (2, 2, 0.5), {"qmin": "1", "qmax": "1"}),
    "lossless 444.mkv": ("ffv1", "yuv444p", (1, 1, 0.0), {}),
    "lossless left.mkv": ("ffv1", "yuv420p", (2, 2, 0.0), {}),
    "h264 422.mp4": ("libx264", "yuv422p", (2, 1, 0.0), {"qp": "2"}),
}


@pytest.mark.parametrize("name", CODERS)
def test_a_file(name: str, tmp_path: Path) -> None:
    coder, pixels, (across, down, offset), options = CODERS[name]
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream(coder, 25, options=options)
        stream.width, stream.height, stream.pix_fmt = W, H, pixels
        for n in range(6):
            frame = av.VideoFrame(W, H, pixels)
            for plane, codes in zip(frame.planes, planes_at(across, down, offset), strict=True):
                padded = np.zeros((plane.height, plane.line_size), np.uint8)
                padded[:, : plane.width] = codes
                plane.update(padded.tobytes())
            frame.pts, frame.time_base = n, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    # type: ignore[arg-type]
    luma, cb, cr = first(open_reader(MediaSource(name="a", kind="media", path=str(tmp_path / name)), PICTURE, 1))
    assert abs(cb - luma) < BOUND and abs(cr - luma) < BOUND, (luma, cb, cr)


@pytest.mark.parametrize("zoom", [1.0, 1.5, 3.0])
@pytest.mark.parametrize("kind", ["still", "media"])
def test_a_picture_file(kind: str, zoom: float, tmp_path: Path) -> None:
    path = tmp_path / "edge.png"
    row = np.rint(255 * rgb_at(np.arange(W))[None, :, ::-1]).astype(np.uint8)
    cv2.imwrite(str(path), np.tile(row, (H, 1, 1)))
    if kind == "still":
        # type: ignore[arg-type]
        reader: Reader = StillReader(StillSource(name="a", kind="still", path=str(path), zoom=zoom), PICTURE, 1)
    else:
        reader = open_reader(MediaSource(name="a", kind="media", path=str(path)), PICTURE, 1)  # type: ignore[arg-type]
    luma, cb, cr = first(reader)
    assert abs(cb - luma) < BOUND * zoom and abs(cr - luma) < BOUND * zoom, (luma, cb, cr)


def test_a_webcam_s_picture_keeps_its_colour_on_its_lines_too() -> None:
    """An edge across: chroma's lines lie between two of luma."""
    column = np.rint(255 * rgb_at(np.arange(W))[:, None, ::-1]).astype(np.uint8)
    planes = PictureFormat(H, W).planes(i420_of_bgr(np.tile(column, (1, H, 1))))
    at = [
        place(plane[:, H // 4], step, offset)
        for plane, step, offset in zip(planes, (1, 2, 2), (0.0, 0.5, 0.5), strict=True)
    ]
    assert max(at) - min(at) < BOUND, at


def test_bars_from_bgr_are_as_published() -> None:
    """BT.601, limited range: yellow, cyan, magenta of 100 %."""
    for bgr, codes in (
        ((0, 255, 255), (210, 16, 146)),
        ((255, 255, 0), (170, 166, 16)),
        ((255, 0, 255), (106, 202, 222)),
    ):
        image = np.full((4, 4, 3), bgr, np.uint8)
        got = [int(p[0, 0]) for p in PictureFormat(4, 4).planes(i420_of_bgr(image))]
        assert max(abs(g - c) for g, c in zip(got, codes, strict=True)) <= 1, (bgr, got)
