"""A camera or a capture card of this machine, through libav: V4L2 on Linux, AVFoundation on macOS, DirectShow on
Windows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError, ManyDevicesError, SourceError
from live.config.base import Wrong
from live.config.devices import CameraUse
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source, Tells
from live.sources.camera_board import CameraTold
from live.sources.cameras import Camera, Mode, asked, cameras, find, mode_of
from live.sources.reader import Event, PictureEvent, Readable, Reader

OPEN_S, READ_S = 5.0, 2.0
_OLDEST_NS = NS // 2  # a driver's time of capture that is further back is none of this clock
_MOST_DAMAGED = 100
_SYSTEMS = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}

Auto = Literal["auto"]


@SOURCES.register
class CameraSource(Source, Readable):
    """A camera or a capture card of this machine (`live devices` lists them); `webcam` is an older word for it. Its
    microphone is a source of its own, of kind `audio`."""

    sound_advice: ClassVar[str] = (
        'the microphone of a camera is a source of its own: kind = "audio", device = "a part of its name"'
    )

    kind: Literal["camera", "webcam"]
    device: Annotated[int, Field(ge=0)] | Annotated[str, Field(min_length=1, max_length=300)] | None = Field(
        None,
        description=(
            "its name or a part of it, or a path that stays (/dev/v4l/by-id/...); its number, which may be another at "
            "the next start; the first camera when left out"
        ),
    )
    width: Annotated[int, Field(ge=64, le=3840)] = 1280
    height: Annotated[int, Field(ge=64, le=2160)] = 720
    rate_hz: Annotated[float, Field(ge=1, le=120)] | None = Field(
        None, description="pictures a second; as many as it gives at this size, up to 60, when left out"
    )
    pixel_format: Literal["nv12", "yuv420p", "yuyv422", "uyvy422", "mjpeg", "h264"] | None = Field(
        None, description="how it gives them; the one that costs least at this size and rate when left out"
    )
    exposure_ms: Annotated[float, Field(gt=0, le=1000)] | Auto | None = Field(
        None, description='how long each picture is exposed, or "auto"; left as it is when left out (Linux)'
    )
    focus: Annotated[float, Field(ge=0, le=1)] | Auto | None = Field(
        None, description='a share of its range, or "auto"; left as it is when left out (Linux)'
    )
    white_balance_k: Annotated[float, Field(ge=1000, le=20000)] | Auto | None = Field(
        None, description='kelvin, or "auto"; left as it is when left out (Linux)'
    )

    def channels_found(self) -> int | None:
        return 0

    @property
    def tells(self) -> Tells:
        return "camera"

    @property
    def controls(self) -> dict[str, float | str | None]:
        return {"exposure_ms": self.exposure_ms, "focus": self.focus, "white_balance_k": self.white_balance_k}

    @property
    def camera_use(self) -> CameraUse:
        return CameraUse(self.device, self.width, self.height, self.rate_hz, self.pixel_format)

    def inspect(self) -> Iterator[Wrong]:
        try:
            camera = asked(find(self.device, cameras(ask=False), self.name))
            mode = mode_of(self.camera_use, camera, self.name)
        except DeviceError as error:
            action = f"{error.action}; until it is there, a slate stands for it"
            yield Wrong("device", error.cause, action, mild=not isinstance(error, ManyDevicesError))
            return
        if camera.state:
            yield Wrong("device", f"{camera.name}: {camera.state}", "a slate stands for it", mild=True)
        if mode is not None and (mode.width, mode.height) != (self.width, self.height):
            yield Wrong(
                "width", f"{camera.name} gives no {self.width}x{self.height}", f"it is opened as {mode}", mild=True
            )
        for name, value in self.controls.items():
            has = name.removesuffix("_ms").removesuffix("_k") in camera.controls
            if value is not None and not has:
                yield Wrong(name, f"the driver of {camera.name} has no such control", "set it at the camera", mild=True)

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return CameraReader(self, picture)


class CameraReader:
    """Pictures as the camera gives them, stamped when they were captured where the driver says when (Linux), else when
    they came. found: what there is, asked each time: a camera that is plugged in again has another number."""

    realtime = True
    loop = False
    stamped = True

    def __init__(
        self,
        config: CameraSource,
        picture: PictureConfig,
        found: Callable[[], list[Camera]] = lambda: cameras(ask=False),
        opened: Callable[[Camera, Mode | None], Any] | None = None,
    ) -> None:
        self._config, self._picture = config, picture
        self._found, self._opened = found, opened or opened_by_libav
        self._clock = MonotonicClock()
        self._closed = False

    def close(self) -> None:
        """After the picture that comes next."""
        self._closed = True

    def events(self) -> Iterator[Event]:
        import av.error

        from live.sources.develop import Developer

        name = self._config.name
        try:
            camera = asked(find(self._config.device, self._found(), name))
            mode = mode_of(self._config.camera_use, camera, name)
        except DeviceError as error:
            raise SourceError(name, error.cause, error.action) from error
        if camera.state:
            raise SourceError(name, f"{camera.name}: {camera.state}", "trying again")
        refused = self._set(camera)
        try:
            with self._opened(camera, mode) as container:
                stream = container.streams.video[0]
                stream.codec_context.thread_type = "NONE"
                limit = (max(self._picture.width, 1920), max(self._picture.height, 1088))
                developer = Developer(stream, limit, float(self._picture.rate))
                size = f"{stream.codec_context.width}x{stream.codec_context.height}"
                yield CameraTold(camera.name, str(mode or size), tuple(refused))
                damaged = 0  # in a row: a picture that came cut off is ordinary over USB
                for packet in container.demux(stream):
                    if self._closed:
                        return
                    if not packet.size:  # of a driver's empty buffer; to the decoder it would be the end
                        continue
                    stamp_ns = self._stamp_ns(packet)
                    try:
                        frames, damaged = packet.decode(), 0
                    except av.error.FFmpegError:
                        damaged += 1
                        if damaged > _MOST_DAMAGED:
                            raise
                        continue
                    for frame in frames:
                        for at_ns, whole in developer.arrive(frame, stamp_ns):
                            made = developer.develop(whole)
                            yield PictureEvent(at_ns, made.format, made.write)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            words = str(getattr(error, "strerror", None) or type(error).__name__)
            action = "another program may hold it; plug it in again; it is looked for by its name"
            raise SourceError(name, f"{camera.name} gives no pictures ({words})", action) from None
        raise SourceError(name, f"{camera.name} has ended", "is it plugged in? It is looked for by its name")

    def _set(self, camera: Camera) -> list[str]:
        """Its exposure, focus and white balance; gives those that can't be set."""
        if all(value is None for value in self._config.controls.values()):
            return []
        if not sys.platform.startswith("linux"):
            return [name for name, value in self._config.controls.items() if value is not None]
        from live.sources.v4l2 import asking, set_controls

        try:
            with asking(camera.path) as ask:
                return set_controls(
                    ask,
                    exposure_ms=self._config.exposure_ms,
                    focus=self._config.focus,
                    white_balance_k=self._config.white_balance_k,
                )
        except OSError:
            return ["exposure, focus and white balance"]

    def _stamp_ns(self, packet: Any) -> int:
        """When it was captured: the driver's time is that of the machine's monotonic clock, where it is."""
        now_ns = self._clock.now_ns()
        if packet.pts is None or packet.time_base is None:
            return now_ns
        stamp_ns = int(packet.pts * packet.time_base * NS)
        return stamp_ns if 0 <= now_ns - stamp_ns < _OLDEST_NS else now_ns


def opened_by_libav(camera: Camera, mode: Mode | None) -> Any:
    """A camera's container. Raises av.error.FFmpegError, OSError and ValueError."""
    import av

    system = _SYSTEMS.get(sys.platform, "v4l2")
    where = {"v4l2": camera.path, "avfoundation": f"{camera.path}:none", "dshow": f"video={camera.path}"}[system]
    return av.open(where, format=system, options=options_of(system, mode), timeout=(OPEN_S, READ_S))


def options_of(system: str, mode: Mode | None) -> dict[str, str]:
    """What libav is told of a mode; nothing: the camera's own."""
    if mode is None:
        return {}
    options = {"video_size": f"{mode.width}x{mode.height}", "framerate": f"{mode.rate_hz:g}"}
    if system == "v4l2":
        return {**options, "input_format": mode.form, "timestamps": "default"}
    return {**options, "pixel_format": mode.form} if mode.form not in ("", "mjpeg", "h264") else options
