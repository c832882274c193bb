"""What a rig's `device` means, among listings as systems give them."""

from __future__ import annotations

import pytest

from live.base.errors import DeviceError
from live.devices import sound_lines
from live.sound.devices import Device, find

USB = "alsa_input.usb-Focusrite_Scarlett_18i20-00.multichannel-input"
LISTED = [
    Device(USB, "Scarlett 18i20 USB", "in", 20, 48_000.0, server=True),
    Device("alsa_input.usb-C-Media-00", "USB PnP Sound Device", "in", 1, 48_000.0, server=True),
    Device("alsa_input.usb-C-Media-00.2", "USB PnP Sound Device", "in", 1, 48_000.0, server=True),
    Device("alsa_input.pci-0000_00_1f.3", "Built-in Audio", "in", 2, 48_000.0, default=True, server=True),
    Device("hdmi.monitor", "Monitor of Scarlett 18i20 USB", "in", 2, 48_000.0, monitor=True, server=True),
]


@pytest.mark.parametrize(
    ("wanted", "id_"),
    [
        (None, "alsa_input.pci-0000_00_1f.3"),
        ("scarlett", USB),
        ("Scarlett 18i20 USB", USB),
        ("Monitor of Scarlett 18i20 USB", "hdmi.monitor"),
        ("USB PnP Sound Device #2", "alsa_input.usb-C-Media-00.2"),
        ("pnp #1", "alsa_input.usb-C-Media-00"),
        ("alsa_input.usb-C-Media-00.2", "alsa_input.usb-C-Media-00.2"),
    ],
)
def test_a_device_is_found_by_a_part_of_its_name(wanted, id_):
    assert find(wanted, LISTED, "mics").id == id_


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("zoom", "no sound device is called 'zoom'; one of: Scarlett 18i20 USB, USB PnP Sound Device, Built-in Audio"),
        ("usb pnp", "2 devices are called 'usb pnp'; tell them apart: alsa_input.usb-C-Media-00 (usb pnp #1)"),
        ("pnp #3", "no device 3 is called 'pnp', there are 2"),
    ],
)
def test_what_is_not_there_or_not_clear_is_said_with_what_there_is(wanted, said):
    with pytest.raises(DeviceError) as caught:
        find(wanted, LISTED, "mics")
    assert said in str(caught.value) and str(caught.value).startswith("mics: ")


def test_no_device_at_all():
    with pytest.raises(DeviceError, match="no sound device"):
        find(None, [], "mics")


def test_twins_are_listed_with_the_word_that_finds_each():
    for device, line in zip(LISTED, sound_lines(LISTED), strict=True):
        assert find(line.split('"')[1], LISTED, "mics") == device
