"""The sound devices of this machine, by name: what a rig's `device` means, on every system.

On Linux names come from the sound server (PulseAudio, or PipeWire in its place), because PortAudio sees only one door
to it; where there is no server, and on macOS and Windows, from PortAudio. Looking opens nothing.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from live.base.advice import advice
from live.base.channels import MOST
from live.base.errors import DeviceError, ManyDevicesError

Way = Literal["in", "out"]
TO_RECORD = "close what else uses it, or allow this program to record (`live doctor`)"
TO_PLAY = "close what else uses it"
SERVER_HZ = 48_000.0  # a sound server gives every device at the rate that is asked for, whatever the card runs at


@dataclass(frozen=True)
class Device:
    """id: what the system knows it by, the same at the next start; name: what people call it. monitor: no microphone,
    but what another device plays. default: the system's own choice. server: the sound server has it; PortAudio has it
    otherwise, at `index`."""

    id: str
    name: str
    way: Way
    channels: int
    rate_hz: float
    default: bool = False
    monitor: bool = False
    server: bool = False
    index: int = -1
    places: tuple[int, ...] = ()


def devices(way: Way) -> list[Device]:
    """Those that sound comes in by, or goes out by, in an order that stays. Raises DeviceError where none can be asked
    for."""
    if sys.platform == "linux" and (found := _of_server(way)) is not None:
        return found
    return _of_portaudio(way)


def find(wanted: str | None, among: Sequence[Device], subject: str) -> Device:
    """The device that a rig means: by its id, its name, a part of its name ("scarlett"), or the n-th of several that
    are called the same ("scarlett #2"); the system's default for None. Raises DeviceError in words that name what there
    is."""
    if wanted is None:
        chosen = next((d for d in among if d.default), None) or next((d for d in among if not d.monitor), None)
        if chosen is None:
            raise DeviceError(subject, "this machine has no sound device", "plug one in, or see `live devices`")
        return chosen
    name, number = _numbered(wanted)
    fits = [d for d in among if d.id == wanted] or _called(wanted, among)
    if not fits and number is not None:
        fits = _called(name, among)
        if len(fits) < number:
            cause = f"no device {number} is called {name!r:.60}, there are {len(fits)}"
            raise DeviceError(subject, cause, f"one of: {_names(among)}")
        return fits[number - 1]
    if not fits:
        raise DeviceError(subject, f"no sound device is called {wanted!r:.60}", f"one of: {_names(among)}")
    if len(fits) > 1:
        ways = ", ".join(f"{d.id} ({name} #{n})" for n, d in enumerate(fits, 1))
        raise ManyDevicesError(
            subject, f"{len(fits)} devices are called {wanted!r:.60}", f"tell them apart: {ways:.300}"
        )
    return fits[0]


def _numbered(wanted: str) -> tuple[str, int | None]:
    name, mark, number = wanted.rpartition("#")
    return (name.strip(), int(number)) if mark and number.isdigit() and int(number) > 0 else (wanted, None)


def _called(name: str, among: Sequence[Device]) -> list[Device]:
    """Those of exactly this name, else those with it in theirs; what only listens to an output comes last."""
    low = name.casefold()
    found = [d for d in among if d.name.casefold() == low] or [d for d in among if low in d.name.casefold()]
    return [d for d in found if not d.monitor] or found


def _names(among: Sequence[Device]) -> str:
    return ", ".join(dict.fromkeys(d.name for d in among if not d.monitor)) or "none"


# -- the sound server of Linux ----------------------------------------------------------------------------------------


def _of_server(way: Way) -> list[Device] | None:
    """None where no server answers."""
    try:
        import pulsectl
    except (ImportError, OSError):  # not installed; or libpulse is not there
        return None
    try:
        with pulsectl.Pulse("live devices", connect=False) as pulse:
            pulse.connect(autospawn=False)  # with a timeout it waits for all of it, answer or not
            server = pulse.server_info()
            rows = pulse.source_list() if way == "in" else pulse.sink_list()
    except (pulsectl.PulseError, OSError):
        return None
    default = server.default_source_name if way == "in" else server.default_sink_name
    found = [
        Device(
            row.name,
            row.description or row.name,
            way,
            min(MOST, int(row.channel_count)),
            SERVER_HZ,
            default=row.name == default,
            monitor=way == "in" and row.proplist.get("device.class") == "monitor",
            server=True,
            places=tuple(int(place) for place in row.channel_list_raw),
        )
        for row in rows
    ]
    return sorted(found, key=lambda d: (d.monitor, d.id))


def connected(pid: int, way: Way) -> set[str] | None:
    """The ids of the devices that a process records from, or plays to, by the sound server, which moves a stream to
    another device when its own goes; None when it can't be asked."""
    try:
        import pulsectl

        with pulsectl.Pulse("live watch", connect=False) as pulse:
            pulse.connect(autospawn=False)  # with a timeout it waits for all of it, answer or not
            rows = pulse.source_list() if way == "in" else pulse.sink_list()
            names = {row.index: str(row.name) for row in rows}
            streams = pulse.source_output_list() if way == "in" else pulse.sink_input_list()
    except (ImportError, OSError, pulsectl.PulseError):
        return None
    own = [row for row in streams if row.proplist.get("application.process.id") == str(pid)]
    numbers = [row.source if way == "in" else row.sink for row in own]
    return {names[n] for n in numbers if n in names} if own else None


# -- PortAudio --------------------------------------------------------------------------------------------------------

# Of the doors that Windows has to the same device, the one with the shortest way.
_BEST = ("Windows WASAPI", "Core Audio", "ALSA", "Windows DirectSound", "MME")


def _of_portaudio(way: Way) -> list[Device]:
    sounddevice = portaudio()
    try:
        apis = [str(api["name"]) for api in sounddevice.query_hostapis()]
        rows = [dict(row) for row in sounddevice.query_devices()]
        default = sounddevice.default.device[0 if way == "in" else 1]
    except sounddevice.PortAudioError as error:
        raise DeviceError("sound", f"PortAudio fails ({error})", advice("sound")) from error
    key = "max_input_channels" if way == "in" else "max_output_channels"
    there = [(n, row) for n, row in enumerate(rows) if int(row[key]) > 0]
    best = next((n for name in _BEST for n, api in enumerate(apis) if api == name and _has(there, n)), None)
    found, count = [], dict[str, int]()
    for n, row in there:
        if best is not None and int(row["hostapi"]) != best:
            continue
        name = str(row["name"])
        count[name] = count.get(name, 0) + 1
        id_ = name if count[name] == 1 else f"{name} #{count[name]}"
        channels, rate_hz = min(MOST, int(row[key])), float(row["default_samplerate"])
        found.append(Device(id_, name, way, channels, rate_hz, default=n == default, index=n))
    return found


def _has(rows: list[tuple[int, dict[str, object]]], api: int) -> bool:
    return any(row["hostapi"] == api for _, row in rows)


def _hush(file: bytes, line: int, function: bytes, error: int, form: bytes) -> None:
    """What ALSA would print on the operator's terminal: an x-run is counted, and what can't be opened is said."""


_HUSH = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(_hush)


def portaudio() -> Any:  # sounddevice has no types
    """The module `sounddevice`. Raises DeviceError when PortAudio is missing: its Python wheel for Linux has none."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_HUSH)
    try:
        import sounddevice
    except OSError as error:  # the module loads the library when it is imported
        raise DeviceError("sound", f"PortAudio can't be loaded ({error})", advice("PortAudio")) from error
    return sounddevice


def door(sounddevice: Any) -> int:
    """PortAudio's device that leads to the sound server. Which one of the server's it is, say the variables of the
    environment PULSE_SOURCE and PULSE_SINK, once for a process. Raises DeviceError."""
    names = [str(row["name"]) for row in sounddevice.query_devices()]
    for wanted in ("pulse", "default"):
        if wanted in names:
            return names.index(wanted)
    action = "Debian and Ubuntu: apt-get install libasound2-plugins"
    raise DeviceError("sound", "PortAudio has no way to the sound server", action)


class PortStream:
    """An open stream of PortAudio's, which calls from a thread of its own. rate_hz: as it runs."""

    def __init__(self, device: Device, channels: int, block: int, called: Callable[..., None], action: str) -> None:
        """block: samples in each call. action: what to do about one that can't be opened. Raises DeviceError."""
        if device.server:  # what PortAudio's door to the server leads to, in this process
            os.environ["PULSE_SOURCE" if device.way == "in" else "PULSE_SINK"] = device.id
        self._sounddevice = sounddevice = portaudio()
        kind = sounddevice.InputStream if device.way == "in" else sounddevice.OutputStream
        try:
            # PortAudio looks for devices once: a door that was shut then would stay so.
            sounddevice._terminate()
            sounddevice._initialize()
            self._stream = kind(
                device=door(sounddevice) if device.server else device.index,
                channels=channels,
                samplerate=device.rate_hz,
                blocksize=block,
                dtype="float32",
                latency="low",
                callback=called,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            text = str(error.args[0] if error.args else error)
            raise DeviceError(device.name, f"can't be opened ({text})", action) from error
        self.rate_hz = float(self._stream.samplerate)

    @property
    def active(self) -> bool:
        return bool(self._stream.active)

    def close(self) -> None:
        try:
            self._stream.abort()
            self._stream.close()
        except self._sounddevice.PortAudioError:  # it has gone already
            pass
