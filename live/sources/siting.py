"""Where chroma lies between the pixels of luma. The program has it as H.264 and BT.709 do: on every second column,
between two lines.

JPEG and MPEG-1 have it between two columns (so has what libav makes of R'G'B'): half a pixel of luma beside. Such
pictures are shifted once, as they come in; everything after may rely on it. (ITU-T T.871 section 8; ISO/IEC 11172-2;
ITU-T H.264 figure 6-1.)
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Matrix, Range

_BETWEEN = {"mpeg1video", "mjpeg", "mjpegb", "ljpeg", "theora", "vp3", "h261", "h263", "flv", "flv1"}
# Libav knows that theirs is left, and keeps to it.
_SAID = {"h264", "hevc", "mpeg2video", "mpeg4", "vp9", "av1", "libdav1d", "prores"}

_M, _O = codes_from_rgb(Matrix.BT601, Range.LIMITED)
_CHROMA = np.hstack([_M[1:, ::-1], 255 * _O[1:, None]]).astype(np.float32)  # Cb, Cr of B', G', R'

# A quarter of a chroma pixel to the left: Catmull-Rom, whose loss of sharpness is a tenth of a linear filter's.
_QUARTER = np.array([[-0.0234375, 0.2265625, 0.8671875, -0.0703125]], np.float32)


def between_columns(codec: str, frame: Any) -> bool:
    """Does the 4:2:0 that comes of a decoded frame (as the decoder gives it) have its chroma between two columns?"""
    if codec in _BETWEEN:
        return True
    made_here = frame.format.is_rgb or "444" in frame.format.name or frame.format.has_palette
    return bool(made_here and codec not in _SAID)


def onto_columns(plane: U8) -> None:
    """Shift a chroma plane that lies between columns, in place."""
    plane[:] = cv2.filter2D(plane, -1, _QUARTER, anchor=(2, 0), borderType=cv2.BORDER_REPLICATE)


def i420_of_bgr(image: U8) -> U8:
    """B'G'R' (even height, even width, 3) as flat I420: BT.601, limited range, chroma on every second column and
    between two lines.

    OpenCV's own conversion takes chroma from one pixel in four, which shifts it by half a line and lets fine patterns
    flicker.
    """
    height, width = image.shape[:2]
    out: U8 = cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).reshape(-1)
    y_size, c_size = width * height, width * height // 4
    half = (width // 2, height // 2)
    left = np.empty_like(image)
    left[:, 1:], left[:, 0] = image[:, :-1], image[:, 0]
    here = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    before = cv2.resize(left, half, interpolation=cv2.INTER_AREA)
    packed = cv2.transform(cv2.addWeighted(here, 0.5, before, 0.5, 0), _CHROMA)
    cv2.mixChannels(
        [packed],
        [p.reshape(half[1], half[0]) for p in (out[y_size : y_size + c_size], out[y_size + c_size :])],
        [0, 0, 1, 1],
    )
    return out
