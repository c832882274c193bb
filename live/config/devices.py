"""What a rig says of sound devices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from live.base.channels import MOST
from live.base.errors import DeviceError, ManyDevicesError
from live.config.base import Wrong
from live.sound.devices import Way, devices, find


@dataclass(frozen=True)
class DeviceUse:
    """A sound device that a line of a rig takes: its way, how the rig calls it (None: the system's default), and how
    many channels of it."""

    way: Way
    wanted: str | None
    channels: int = 1


DeviceName = Annotated[str, Field(min_length=1, max_length=200)]
_Channel = Annotated[int, Field(ge=1, le=MOST)]
Pair = tuple[_Channel, _Channel]


def lacking(use: DeviceUse) -> Iterator[Wrong]:
    """What is wrong with a device that a table of a rig names by its key `device`. One that isn't there is worth a word
    alone, since it may be plugged in later."""
    try:
        device = find(use.wanted, devices(use.way), "device")
    except DeviceError as error:
        yield Wrong("device", error.cause, error.action, mild=not isinstance(error, ManyDevicesError))
        return
    if device.channels < use.channels:
        have = f"{device.channels} channel{'s' * (device.channels != 1)}"
        cause, key = f"{device.name} has {have}, and {use.channels} are asked for", "channels"
        yield Wrong(key, cause, "what it doesn't have isn't heard", mild=True)


@dataclass(frozen=True)
class CameraUse:
    """A camera that a line of a rig means, and how it is to give its pictures: see live.sources.kinds.camera."""

    wanted: int | str | None
    width: int
    height: int
    rate_hz: float | None = None
    form: str | None = None
