"""The cameras of this machine: what they are called, what they can do, and which a rig means. Looking opens none."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from live.base.advice import advice
from live.base.errors import DeviceError, ManyDevicesError
from live.config.devices import CameraUse

# The nearer to what the program wants, the less there is to do: planes as they are, one to unpack, one to decode.
_EASE = ("nv12", "yuv420p", "yuyv422", "uyvy422", "mjpeg", "h264")
_CLOSE_HZ = 0.5


@dataclass(frozen=True, order=True)
class Mode:
    """A way in which a camera gives its pictures: format (libav's word), px, pictures a second."""

    form: str
    width: int
    height: int
    rate_hz: float

    def __str__(self) -> str:
        return f"{self.width}x{self.height} {self.rate_hz:.4g} Hz {self.form}".rstrip()


@dataclass(frozen=True)
class Camera:
    """number: the system's, which another port changes. path: what it is opened by. stable: a path that stays. modes:
    as far as the system says; none: it doesn't. controls: of exposure, focus, white_balance those it has. state: why it
    can't be used, if so."""

    number: int
    name: str
    path: str = ""
    stable: str = ""
    modes: tuple[Mode, ...] = ()
    controls: tuple[str, ...] = ()
    state: str = ""


def cameras(*, ask: bool = True) -> list[Camera]:
    """Those of this machine, in an order that stays. ask: each for its modes, too, which on macOS and Windows can take
    as long as its driver likes."""
    if sys.platform == "linux":
        from live.sources.v4l2 import cameras as of_linux

        return of_linux()
    import av.device  # macOS and Windows: as libav lists them
    import av.error

    try:
        found = av.device.enumerate_input_devices(_system())
    except (av.error.FFmpegError, ValueError, OSError):
        return []
    seen = [d for d in found if not d.media_types or "video" in d.media_types]
    known = [Camera(n, d.description or d.name, d.name) for n, d in enumerate(seen)]
    return [asked(camera) for camera in known] if ask else known


def asked(camera: Camera) -> Camera:
    """With its modes, where it is one that wasn't asked for them."""
    if camera.modes or sys.platform == "linux":
        return camera
    return replace(camera, modes=tuple(modes_in(_printed_modes(_system(), camera.path))))


def _system() -> str:
    return "avfoundation" if sys.platform == "darwin" else "dshow"


def _printed_modes(system: str, name: str) -> str:
    """What libav prints when a camera is asked for its modes. None is started by that."""
    import av
    import av.logging

    where, options = f"video={name}", {"list_options": "true"}
    if system == "avfoundation":
        where, options = f"{name}:none", {"video_size": "2x2"}
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        with av.logging.Capture() as printed, suppress(av.error.FFmpegError, OSError, ValueError):
            av.open(where, format=system, options=options).close()
        return "\n".join(text for _, _, text in printed)
    finally:
        av.logging.set_level(level)


def find(wanted: int | str | None, among: Sequence[Camera], subject: str) -> Camera:
    """The camera that a rig means: by its path (/dev/v4l/by-id/...), its name or a part of it, the n-th of several that
    are called the same ("C920 #2"), or its number; the first for None. Raises DeviceError in words that name what there
    is."""
    if wanted is None or isinstance(wanted, int):
        number = wanted or 0
        found = next((c for c in among if c.number == number), among[0] if among and wanted is None else None)
        if found is None:
            raise DeviceError(subject, f"no camera number {number}", advice("camera"))
        return found
    fits = [c for c in among if wanted in (c.path, c.stable)] or _called(wanted, among)
    name, mark, count = wanted.rpartition("#")
    if not fits and mark and count.isdigit() and int(count) > 0:
        fits = _called(name.strip(), among)[int(count) - 1 : int(count)]
    if not fits:
        names = ", ".join(dict.fromkeys(c.name for c in among)) or "none"
        raise DeviceError(subject, f"no camera is called {wanted!r:.80}", f"plug it in; there are: {names:.200}")
    if len(fits) > 1:
        ways = ", ".join(c.stable or f'"{wanted} #{n}"' for n, c in enumerate(fits, 1))
        raise ManyDevicesError(subject, f"{len(fits)} cameras are called {wanted!r:.60}", f"say which: {ways:.300}")
    return fits[0]


def _called(name: str, among: Sequence[Camera]) -> list[Camera]:
    low = name.casefold()
    return [c for c in among if c.name.casefold() == low] or [c for c in among if low in c.name.casefold()]


def choose(
    modes: Iterable[Mode], width: int, height: int, rate_hz: float | None, form: str | None = None
) -> Mode | None:
    """The mode that is nearest to what is wanted: its size, then its rate (the fastest up to 60 Hz for None), then the
    format that is the least to do. None where the system says nothing, or there is none of this format."""

    def far(mode: Mode) -> tuple[float, ...]:
        smaller = max(0, width - mode.width) + max(0, height - mode.height)
        larger = max(0, mode.width - width) + max(0, mode.height - height)
        wanted_hz = 60.0 if rate_hz is None else rate_hz
        slower = max(0.0, wanted_hz - mode.rate_hz)
        faster = max(0.0, mode.rate_hz - wanted_hz)
        return (
            2 * smaller + larger,
            slower if slower > _CLOSE_HZ else 0.0,
            faster if faster > _CLOSE_HZ else 0.0,
            _EASE.index(mode.form) if mode.form in _EASE else len(_EASE),
        )

    return min((m for m in modes if form in (None, m.form)), key=far, default=None)


def mode_of(use: CameraUse, camera: Camera, subject: str) -> Mode | None:
    """How a camera will be opened; None: as it comes. Raises DeviceError when it has not the format that is wanted."""
    mode = choose(camera.modes, use.width, use.height, use.rate_hz, use.form)
    if mode is None and camera.modes:
        forms = ", ".join(dict.fromkeys(m.form for m in camera.modes))
        raise DeviceError(subject, f"{camera.name} gives no {use.form}", f"it gives {forms}")
    return mode


_SHOWN = re.compile(
    r"(?:pixel_format=(?P<pixels>\w+)|vcodec=(?P<codec>\w+)).*max s=(?P<width>\d+)x(?P<height>\d+) fps=(?P<rate>[\d.]+)"
)
_SUPPORTED = re.compile(r"(?P<width>\d+)x(?P<height>\d+)@\[[\d.]+ (?P<rate>[\d.]+)\]fps")


def modes_in(printed: str) -> list[Mode]:
    """What libav prints of a camera's modes: DirectShow's with list_options, AVFoundation's when it is asked for one
    that there isn't (its formats are not among it)."""
    found = [
        Mode(m["pixels"] or m["codec"], int(m["width"]), int(m["height"]), float(m["rate"]))
        for m in _SHOWN.finditer(printed)
    ]
    found += [Mode("", int(m["width"]), int(m["height"]), float(m["rate"])) for m in _SUPPORTED.finditer(printed)]
    return sorted(set(found))
