"""What a rig says of sound devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from live.base.channels import MOST
from live.base.errors import DeviceError
from live.config.base import Wrong
from live.sound.devices import Way, devices, find

DeviceName = Annotated[str, Field(min_length=1, max_length=200)]
_Channel = Annotated[int, Field(ge=1, le=MOST)]
Pair = tuple[_Channel, _Channel]


def lacking(key: str, wanted: str | None, way: Way, channels: int) -> Iterator[Wrong]:
    """What is wrong with a device that a rig names by this key, and that is to have so many channels: worth a word
    alone, since it may be plugged in later."""
    try:
        device = find(wanted, devices(way), "device")
    except DeviceError as error:
        yield Wrong(key, error.cause, error.action, mild=True)
        return
    if device.channels < channels:
        cause = (
            f"{device.name} has {device.channels} channel{'s' * (device.channels != 1)}, and {channels} are asked for"
        )
        yield Wrong(key, cause, "what it doesn't have isn't heard", mild=True)
