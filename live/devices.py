"""The cameras and sound devices of this machine. Looking never opens a camera that somebody else may be using."""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from live.base.errors import DeviceError


@dataclass(frozen=True)
class Webcam:
    """A camera by the number that a rig's `device` takes."""

    device: int
    name: str
    state: str = ""  # why it can't be used, if so


@dataclass(frozen=True)
class SoundDevice:
    name: str
    inputs: int
    outputs: int
    rate_hz: float
    default: str  # input, output, both or nothing


# Linux: struct v4l2_capability of <linux/videodev2.h>: driver[16], card[32], bus_info[32], version, capabilities,
# device_caps.
_VIDIOC_QUERYCAP = 0x80685600
_CAPABILITY = struct.Struct("16s32s32sIII12x")
_VIDEO_CAPTURE = 0x1 | 0x1000  # one plane, or several
_DEVICE_CAPS = 0x8000_0000


def webcams() -> list[Webcam]:
    """Cameras, in the order of their numbers. On Linux the driver is asked, which takes no time and lights no lamp."""
    if sys.platform == "linux":
        numbers = sorted(int(p.name[5:]) for p in Path("/dev").glob("video*") if p.name[5:].isdigit())
        return [cam for n in numbers if (cam := _linux_webcam(n)) is not None]
    return _probed_webcams()


def _linux_webcam(number: int) -> Webcam | None:
    """None for what is no camera: a decoder, the metadata node of a camera."""
    import fcntl

    answer = bytearray(_CAPABILITY.size)
    try:
        with open(f"/dev/video{number}", "rb", buffering=0) as device:
            fcntl.ioctl(device, _VIDIOC_QUERYCAP, answer)
    except OSError as error:
        return Webcam(number, f"/dev/video{number}", f"{error.strerror}; is this user in the group video?")
    _, card, _, _, capabilities, own = _CAPABILITY.unpack(answer)
    if not (own if capabilities & _DEVICE_CAPS else capabilities) & _VIDEO_CAPTURE:
        return None
    return Webcam(number, card.split(b"\0")[0].decode("utf-8", "replace"))


def _probed_webcams() -> list[Webcam]:
    """Where the system can't be asked, the first few numbers are tried, until one fails."""
    import cv2

    found = []
    for number in range(8):
        camera = cv2.VideoCapture(number)
        opened = camera.isOpened()
        camera.release()
        if not opened:
            break
        found.append(Webcam(number, f"camera {number}"))
    return found


def sound_devices() -> list[SoundDevice]:
    """What PortAudio finds. Raises DeviceError when PortAudio itself is missing (its Python wheel for Linux has none)
    or fails.
    """
    try:
        import sounddevice
    except OSError as error:  # the module loads the library when it is imported
        raise DeviceError(
            "sound", f"PortAudio can't be loaded ({error})", "Debian and Ubuntu: apt-get install libportaudio2"
        ) from error
    try:
        default_in, default_out = sounddevice.default.device
        rows = list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise DeviceError("sound", f"PortAudio fails ({error})", "check the sound system") from error
    return [
        SoundDevice(
            str(row["name"]),
            int(row["max_input_channels"]),
            int(row["max_output_channels"]),
            float(row["default_samplerate"]),
            {(True, True): "both", (True, False): "input", (False, True): "output"}.get(
                (n == default_in, n == default_out), ""
            ),
        )
        for n, row in enumerate(rows)
    ]


def main() -> int:
    """`live devices`: print them. Nothing there is no error."""
    print("Cameras")
    cameras = webcams()
    for cam in cameras:
        print(f"  device = {cam.device:<3} {cam.name}{f'  ({cam.state})' if cam.state else ''}")
    if not cameras:
        print("  none")
    print("Sound")
    try:
        sounds = sound_devices()
    except DeviceError as error:
        print(f"  {error}")
        return 0
    for sound in sounds:
        default = f"  (default {sound.default})" if sound.default else ""
        print(f"  {sound.name}: {sound.inputs} in, {sound.outputs} out, {sound.rate_hz:g} Hz{default}")
    if not sounds:
        print("  none: the mix goes to recordings and streams all the same")
    return 0
