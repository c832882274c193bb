"""A camera of this machine, through OpenCV (which MediaPipe brings along)."""

from __future__ import annotations

from collections.abc import Iterator

import cv2

from live.base.clock import MonotonicClock
from live.base.errors import SourceError
from live.base.quiet import quiet_opencv
from live.config.rig import WebcamSource
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.sources.reader import Event, PictureEvent
from live.sources.siting import i420_of_bgr

quiet_opencv()  # ten lines at each try to open a camera that isn't there


class WebcamReader:
    """Pictures as the camera gives them, stamped when they arrive (webcams carry no clock of their own)."""

    realtime = True
    loop = False
    hold_s = 0.0

    def __init__(self, config: WebcamSource) -> None:
        self._config = config
        self._clock = MonotonicClock()

    def events(self) -> Iterator[Event]:
        camera = cv2.VideoCapture(self._config.device)
        try:
            if not camera.isOpened():
                raise SourceError(
                    self._config.name, f"no camera number {self._config.device}", "plug it in, or see `live devices`"
                )
            camera.set(cv2.CAP_PROP_FRAME_WIDTH, self._config.width)
            camera.set(cv2.CAP_PROP_FRAME_HEIGHT, self._config.height)
            start_ns = self._clock.now_ns()
            while True:
                good, image = camera.read()
                if not good:
                    raise SourceError(self._config.name, "the camera gives no picture", "check its cable; trying again")
                yield self._picture(image, self._clock.now_ns() - start_ns)
        finally:
            camera.release()

    @staticmethod
    def _picture(image: U8, pts_ns: int) -> PictureEvent:
        height, width = (n & ~1 for n in image.shape[:2])
        flat = i420_of_bgr(image[:height, :width])
        fmt = PictureFormat(width, height, Matrix.BT601, Range.LIMITED)
        return PictureEvent(pts_ns, fmt, lambda out: out.__setitem__(slice(None), flat))
