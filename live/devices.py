"""The cameras and sound devices of this machine. Looking never opens a camera that somebody else may be using."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from live.base.advice import advice
from live.base.errors import DeviceError
from live.sound.devices import Device, Way, devices, find
from live.sources.cameras import Camera, cameras, mode_of
from live.sources.cameras import find as find_camera

if TYPE_CHECKING:
    from live.config.devices import CameraUse, DeviceUse
    from live.config.rig import Rig


def allowed(kind: Literal["camera", "microphone"]) -> bool | None:
    """May this program use cameras, or microphones? None where the system has no such thing (Linux), or asks when one
    is first used. It calls the system's own library, so ask in a process that may crash."""
    if sys.platform == "win32":
        import winreg

        store = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
        of_all = store + ("\\webcam" if kind == "camera" else "\\microphone")
        words: list[str] = []
        for path in (of_all, of_all + r"\NonPackaged"):  # the user's apps, and those that aren't from the store
            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                words.append(str(winreg.QueryValueEx(key, "Value")[0]))
        return consent_of(words)
    if sys.platform == "darwin":
        objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
        media = ctypes.CDLL("/System/Library/Frameworks/AVFoundation.framework/AVFoundation")
        objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
        pointer = ctypes.c_void_p
        send = ctypes.cast(objc.objc_msgSend, ctypes.CFUNCTYPE(ctypes.c_long, pointer, pointer, pointer))
        what = pointer.in_dll(media, "AVMediaTypeVideo" if kind == "camera" else "AVMediaTypeAudio")
        ask = objc.sel_registerName(b"authorizationStatusForMediaType:")
        return authorised_of(send(objc.objc_getClass(b"AVCaptureDevice"), ask, what))
    return None


def consent_of(words: Sequence[str]) -> bool | None:
    """What Windows' privacy settings come to: one that denies is enough."""
    if "Deny" in words:
        return False
    return True if words and all(word == "Allow" for word in words) else None


def authorised_of(status: int) -> bool | None:
    """AVAuthorizationStatus: not determined, restricted, denied, authorised."""
    return {1: False, 2: False, 3: True}.get(status)


Found = Mapping[Way, Sequence[Device] | DeviceError]


def what_is_there() -> Found:
    """The sound devices, both ways; or why they can't be asked for."""
    return {"in": _found("in"), "out": _found("out")}


def rig_lines(rig: Rig, found: Found, among: Sequence[Camera] = ()) -> tuple[list[str], dict[tuple[str, int], str]]:
    """What each line of a rig takes, in words, with who sits where: names by the device's id and channel from 1 on."""
    lines, names = list[str](), dict[tuple[str, int], str]()
    for source in rig.sources:
        if source.camera_use is not None:
            lines.append(f"source {source.name}: {_camera_of(source.camera_use, among)}")
        if source.device_use is None:
            continue
        device, words = _taken(source.device_use, found)
        lines.append(f"source {source.name}: {words}")
        for who, channels in _who(rig, source.name, device.channels if device else 2):
            lines.append(f"  {who}: channel {' and '.join(map(str, channels))}")
            if device is not None:
                names |= {(device.id, n): who for n in channels}
                lines[-1] += _beyond(device, max(channels))
    uses = [(f"output {o.name}", o.device_use) for o in rig.outputs]
    uses += [("listening", rig.listening.device_use)] if rig.listening else []
    for what, use in uses:
        if use is not None:
            device, words = _taken(use, found)
            lines.append(f"{what}: {words}{'' if device is None else _beyond(device, use.channels)}")
    return lines or ["no line of it takes a device"], names


def _camera_of(use: CameraUse, among: Sequence[Camera]) -> str:
    """The camera that is meant, and how it is opened."""
    try:
        camera = find_camera(use.wanted, among, "device")
        return f"{camera.name}, {mode_of(use, camera, 'device') or 'as it comes'}  [{camera.stable or camera.path}]"
    except DeviceError as error:
        return f"{error.cause}; {error.action}"


def _found(way: Way) -> list[Device] | DeviceError:
    try:
        return devices(way)
    except DeviceError as error:
        return error


def _taken(use: DeviceUse, found: Found) -> tuple[Device | None, str]:
    """The device that is meant, and what to say of it."""
    among = found[use.way]
    try:
        if isinstance(among, DeviceError):
            raise among
        device = find(use.wanted, among, "device")
    except DeviceError as error:
        return None, f"{error.cause}; {error.action}" if error.action else error.cause
    return device, f"{device.name}, {_channels(device)}  [{device.id}]"


def _who(rig: Rig, source: str, channels: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(who, on which channels) of a source that has so many."""
    for mic in rig.microphones:
        if mic.source == source:
            yield mic.name, mic.picks or ((1,) if channels == 1 else (1, 2))
    if rig.talkback is not None and rig.talkback.source == source:
        yield "talkback", (rig.talkback.channel,)


def _beyond(device: Device, channel: int) -> str:
    return f", which it doesn't have: it has {device.channels}" if channel > device.channels else ""


def _channels(device: Device) -> str:
    return f"{device.channels} {'channel' if device.channels == 1 else 'channels'}"


def main() -> int:
    """`live devices`: print them. Nothing there is no error."""
    print("Cameras")
    if allowed("camera") is False:
        print(f"  refused by the system; {advice('camera')}")
    for line in camera_lines(cameras()):
        print(f"  {line}")
    ways: tuple[tuple[Way, str], ...] = (("in", 'Sound in: [[sources]] kind = "audio"'), ("out", "Sound out"))
    for way, title in ways:
        print(title)
        if way == "in" and allowed("microphone") is False:
            print(f"  refused by the system; {advice('microphone')}")
        try:
            found = devices(way)
        except DeviceError as error:
            print(f"  {error}")
            continue
        for line in sound_lines(found):
            print(f"  {line}")
    return 0


def camera_lines(found: Sequence[Camera]) -> list[str]:
    """A line a camera: what a rig's `device` may say for it; below it, how it gives its pictures: by format and size,
    the rates."""
    lines, names = [], [c.name for c in found]
    for n, cam in enumerate(found):
        word = f"{cam.name} #{names[: n + 1].count(cam.name)}" if names.count(cam.name) > 1 else cam.name
        lines.append(f'device = "{word}"{f"  [{cam.stable or cam.path}]" if cam.path else ""}')
        if cam.state:
            lines.append(f"    {cam.state}")
        rates: dict[tuple[str, int, int], list[str]] = {}
        for mode in cam.modes:
            rates.setdefault((mode.form, mode.width, mode.height), []).append(f"{mode.rate_hz:.4g}")
        lines += [f"    {form} {w}x{h} at {', '.join(at)} Hz" for (form, w, h), at in rates.items()]
    return lines or ["none"]


def sound_lines(found: Sequence[Device]) -> list[str]:
    """A line a device: what a rig's `device` may say for it. Two of one name are told apart by their numbers."""
    names = [d.name for d in found]
    lines = []
    for n, device in enumerate(found):
        twin = names.count(device.name) > 1
        word = f"{device.name} #{names[: n + 1].count(device.name)}" if twin else device.name
        more = [w for w, on in (("the default", device.default), ("what an output plays", device.monitor)) if on]
        lines.append(f'device = "{word}"  {_channels(device)}{"".join(f", {w}" for w in more)}  [{device.id}]')
    return lines or ["none: the mix goes to recordings and streams all the same"]
