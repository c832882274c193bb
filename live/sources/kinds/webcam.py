"""A camera of this machine, through OpenCV (which MediaPipe brings along)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.base.advice import advice
from live.base.clock import MonotonicClock
from live.base.errors import SourceError
from live.base.quiet import quiet_opencv
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.sources.reader import Event, PictureEvent, Readable, Reader


@SOURCES.register
class WebcamSource(Source, Readable):
    """A camera of this machine, by number (0 is the first). Its microphone is a source of its own, of kind `audio`."""

    may_freeze: ClassVar[bool] = True
    sound_advice: ClassVar[str] = (
        'the microphone of a webcam is a source of its own: kind = "audio", device = "a part of its name"'
    )

    kind: Literal["webcam"]
    device: Annotated[int, Field(ge=0)] = 0
    width: Annotated[int, Field(ge=64, le=3840)] = 1280
    height: Annotated[int, Field(ge=64, le=2160)] = 720

    def channels_found(self) -> int | None:
        return 0

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return WebcamReader(self)


class WebcamReader:
    """Pictures as the camera gives them, stamped when they arrive (webcams carry no clock of their own)."""

    realtime = True
    loop = False
    stamped = False

    def __init__(self, config: WebcamSource) -> None:
        self._config = config
        self._clock = MonotonicClock()

    def events(self) -> Iterator[Event]:
        import cv2

        quiet_opencv()  # ten lines at each try to open a camera that isn't there
        camera = cv2.VideoCapture(self._config.device)
        try:
            if not camera.isOpened():
                raise SourceError(self._config.name, f"no camera number {self._config.device}", advice("camera"))
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
        from live.sources.siting import i420_of_bgr

        height, width = (n & ~1 for n in image.shape[:2])
        flat = i420_of_bgr(image[:height, :width])
        fmt = PictureFormat(width, height, Matrix.BT601, Range.LIMITED)
        return PictureEvent(pts_ns, fmt, lambda out: out.__setitem__(slice(None), flat))
