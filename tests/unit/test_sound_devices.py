"""What a rig's `device` means, among listings as systems give them."""

from __future__ import annotations

import pytest

from live.base.errors import DeviceError
from live.device_levels import FALL_DB_S, Levels, bar, table
from live.devices import rig_lines, sound_lines
from live.sound.devices import Device, find
from tests.support.shows import SMALL, small_show

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


RIG = """
[[sources]]
name = "desk"
kind = "audio"
device = "Scarlett"
[[sources]]
name = "room"
kind = "audio"
device = "usb pnp"
[[microphones]]
name = "anna"
source = "desk"
channel = 3
[[microphones]]
name = "piano"
source = "desk"
channels = [7, 9]
[[outputs]]
name = "hall"
kind = "audio"
device = "Monitors"
channels = [3, 4]
[listening]
device = "Phones"
[talkback]
source = "desk"
channel = 8
"""


def test_what_each_line_of_a_rig_takes_is_said(tmp_path):
    ins = [
        Device("alsa_scarlett", "Scarlett 18i8", "in", 8, 48_000.0, server=True),
        Device("alsa_one", "USB PnP", "in", 1, 48_000.0, server=True),
        Device("alsa_two", "USB PnP", "in", 1, 48_000.0, server=True),
    ]
    outs = [Device("alsa_mon", "Monitors", "out", 2, 48_000.0, server=True)]
    lines, names = rig_lines(small_show(tmp_path, SMALL + RIG).rig, {"in": ins, "out": outs})
    assert lines == [
        "source desk: Scarlett 18i8, 8 channels  [alsa_scarlett]",
        "  anna: channel 3",
        "  piano: channel 7 and 9, which it doesn't have: it has 8",
        "  talkback: channel 8",
        "source room: 2 devices are called 'usb pnp'; tell them apart: alsa_one (usb pnp #1), alsa_two (usb pnp #2)",
        "output hall: Monitors, 2 channels  [alsa_mon], which it doesn't have: it has 2",
        "listening: no sound device is called 'Phones'; one of: Monitors",
    ]
    assert names["alsa_scarlett", 3] == "anna" and names["alsa_scarlett", 8] == "talkback"
    refused = DeviceError("sound", "nothing answers")
    lines, names = rig_lines(small_show(tmp_path, SMALL + RIG).rig, {"in": refused, "out": outs})
    assert lines[0] == "source desk: nothing answers" and not names


def test_levels_fall_slowly_and_keep_their_most():
    levels = Levels(Device("a", "Desk", "in", 2, 48_000.0))
    levels.take([-10.0, -50.0], 0.1)
    levels.take([-60.0, -40.0], 0.1)
    assert levels.now_db == [-10.0 - FALL_DB_S / 10, -40.0] and levels.most_db == [-10.0, -40.0]
    assert bar(0.0).count("█") == 30 and bar(-90.0).count("█") == 0 and bar(-30.0).count("█") == 15
    assert table([levels], {("a", 2): "anna"}).row_count == 2
    levels.take("has gone", 0.1)
    assert table([levels], {}).row_count == 1
