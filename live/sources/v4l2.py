"""What Linux says of its cameras (Video4Linux2): asked by ioctl, which opens no stream and lights no lamp.

The numbers and structures are those of <linux/videodev2.h>.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from live.sources.cameras import Camera, Mode

Ask = Callable[[int, bytearray], None]  # (request, structure that is asked with and filled in); raises OSError

_QUERYCAP, _ENUM_FMT, _ENUM_SIZES, _ENUM_INTERVALS = 0x80685600, 0xC0405602, 0xC02C564A, 0xC034564B
_QUERYCTRL, _S_CTRL = 0xC0445624, 0xC008561C
_CAPABILITY = struct.Struct("16s32s32sIII12x")
_FORMAT = struct.Struct("III32sII12x")
_SIZE = struct.Struct("III6I8x")
_INTERVAL = struct.Struct("5I6I8x")
_CONTROL = struct.Struct("II32siiiiI8x")
_VALUE = struct.Struct("Ii")
_CAPTURE = 1
_VIDEO_CAPTURE = 0x1 | 0x1000  # one plane, or several
_DEVICE_CAPS = 0x8000_0000
_DISCRETE = 1
_DISABLED = 0x1
_MOST = 64  # of anything: a driver that never says that this was the last one
_USUAL = ((640, 360), (640, 480), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
_USUAL_HZ = (25, 30, 50, 60)

# What libav calls the driver's four letters.
FORMATS = {
    "MJPG": "mjpeg",
    "JPEG": "mjpeg",
    "NV12": "nv12",
    "YU12": "yuv420p",
    "YUYV": "yuyv422",
    "UYVY": "uyvy422",
    "H264": "h264",
}

_EXPOSURE_AUTO, _EXPOSURE, _FOCUS, _FOCUS_AUTO = 0x009A0901, 0x009A0902, 0x009A090A, 0x009A090C
_WHITE_AUTO, _WHITE_K = 0x0098090C, 0x0098091A
_EXPOSURE_BY_HAND, _EXPOSURE_BY_ITSELF = 1, 3  # of a UVC camera: manual; aperture priority


@contextmanager
def asking(path: str) -> Iterator[Ask]:
    """A device to ask. Raises OSError."""
    if sys.platform == "win32":
        raise OSError("this system has no V4L2")
    import fcntl

    with open(path, "rb", buffering=0) as device:

        def ask(request: int, told: bytearray) -> None:
            fcntl.ioctl(device, request, told)

        yield ask


def cameras(root: Path = Path("/dev"), opened: Callable[[str], object] = asking) -> list[Camera]:
    """In the order of their numbers."""
    numbers = sorted(int(p.name[5:]) for p in root.glob("video*") if p.name[5:].isdigit())
    stable = stable_paths(root / "v4l" / "by-id")
    return [cam for n in numbers if (cam := _camera(n, str(root / f"video{n}"), stable, opened)) is not None]


def stable_paths(folder: Path) -> dict[str, str]:
    """By the device's own path: one that stays the same at whatever port it is plugged in, and at the next start."""
    if not folder.is_dir():
        return {}
    return {str(link.resolve()): str(link) for link in sorted(folder.iterdir(), reverse=True)}


def _camera(number: int, path: str, stable: dict[str, str], opened: Callable[[str], object]) -> Camera | None:
    """None for what is no camera: a decoder, the metadata node of a camera."""
    by_id = stable.get(str(Path(path).resolve()), "")
    try:
        with opened(path) as ask:  # type: ignore[attr-defined]
            said = bytearray(_CAPABILITY.size)
            ask(_QUERYCAP, said)
            _, card, _, _, capabilities, own = _CAPABILITY.unpack(said)
            if not (own if capabilities & _DEVICE_CAPS else capabilities) & _VIDEO_CAPTURE:
                return None
            name = card.split(b"\0")[0].decode("utf-8", "replace")
            return Camera(number, name, path, by_id, tuple(modes(ask)), tuple(sorted(controls(ask))))
    except OSError as error:
        return Camera(number, path, path, by_id, state=f"{error.strerror}; is this user in the group video?")


def _each(ask: Ask, request: int, size: int, *asked: int) -> Iterator[bytes]:
    """One after the other by their index, until the driver says that there is none."""
    for index in range(_MOST):
        told = bytearray(size)
        struct.pack_into(f"{1 + len(asked)}I", told, 0, index, *asked)
        try:
            ask(request, told)
        except OSError:
            return
        yield bytes(told)


def modes(ask: Ask) -> Iterator[Mode]:
    """The formats, sizes and rates of a camera that Live can take."""
    for told in _each(ask, _ENUM_FMT, _FORMAT.size, _CAPTURE):
        fourcc = _FORMAT.unpack(told)[4]
        form = FORMATS.get(struct.pack("I", fourcc).decode("latin-1"))
        if form is None:
            continue
        for width, height in _sizes(ask, fourcc):
            for rate in _rates(ask, fourcc, width, height):
                yield Mode(form, width, height, rate)


def _sizes(ask: Ask, fourcc: int) -> Iterator[tuple[int, int]]:
    for told in _each(ask, _ENUM_SIZES, _SIZE.size, fourcc):
        _, _, kind, *numbers = _SIZE.unpack(told)
        if kind == _DISCRETE:
            yield numbers[0], numbers[1]
            continue
        least_w, most_w, _, least_h, most_h, _ = numbers
        yield from ((w, h) for w, h in _USUAL if least_w <= w <= most_w and least_h <= h <= most_h)
        return


def _rates(ask: Ask, fourcc: int, width: int, height: int) -> Iterator[float]:
    for told in _each(ask, _ENUM_INTERVALS, _INTERVAL.size, fourcc, width, height):
        _, _, _, _, kind, *numbers = _INTERVAL.unpack(told)
        if kind == _DISCRETE:
            if numbers[0]:
                yield float(Fraction(numbers[1], numbers[0]))
            continue
        shortest, longest = (Fraction(numbers[n], max(1, numbers[n + 1])) for n in (0, 2))
        yield from (float(hz) for hz in _USUAL_HZ if shortest <= Fraction(1, hz) <= longest)
        return


def controls(ask: Ask) -> set[str]:
    """Of exposure, focus and white balance those that the driver has."""
    wanted = {"exposure": _EXPOSURE, "focus": _FOCUS, "white_balance": _WHITE_K}
    return {name for name, number in wanted.items() if _range(ask, number) is not None}


def _range(ask: Ask, number: int) -> tuple[int, int] | None:
    told = bytearray(_CONTROL.size)
    struct.pack_into("I", told, 0, number)
    try:
        ask(_QUERYCTRL, told)
    except OSError:
        return None
    _, _, _, least, most, _, _, flags = _CONTROL.unpack(told)
    return None if flags & _DISABLED else (least, most)


def _put(ask: Ask, number: int, value: int) -> bool:
    try:
        ask(_S_CTRL, bytearray(_VALUE.pack(number, value)))
    except OSError:
        return False
    return True


def set_controls(
    ask: Ask,
    *,
    exposure_ms: float | str | None = None,
    focus: float | str | None = None,
    white_balance_k: float | str | None = None,
) -> list[str]:
    """Bring them to what a rig says ("auto", or a value; None leaves them). Gives those that the driver refused."""
    refused = []
    for name, value, auto, hand, by_itself, by_hand in (
        ("exposure", exposure_ms, _EXPOSURE_AUTO, _EXPOSURE, _EXPOSURE_BY_ITSELF, _EXPOSURE_BY_HAND),
        ("focus", focus, _FOCUS_AUTO, _FOCUS, 1, 0),
        ("white balance", white_balance_k, _WHITE_AUTO, _WHITE_K, 1, 0),
    ):
        if value is None:
            continue
        if isinstance(value, str):
            done = _put(ask, auto, by_itself)
        else:
            _put(ask, auto, by_hand)  # a camera without an automatic refuses it, and is by hand
            done = (span := _range(ask, hand)) is not None and _put(ask, hand, _scaled(name, value, span))
        if not done:
            refused.append(name)
    return refused


def _scaled(name: str, value: float, span: tuple[int, int]) -> int:
    """In the driver's units: exposure in 100 us, focus over its whole range, white balance in kelvin."""
    least, most = span
    wanted = value * 10 if name == "exposure" else least + value * (most - least) if name == "focus" else value
    return min(max(round(wanted), least), most)
