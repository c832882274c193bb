"""Tally and labels for displays, by TSL UMD: the bytes, and what is sent when, over a real socket on loopback."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import NS
from live.base.errors import ConfigError
from live.config.load import load_show
from live.control.link import Links
from live.control.surfaces.tsl import (
    AGAIN_NS,
    Display,
    TslConfig,
    TslSurface,
    ascii_of,
    message_31,
    packets_50,
)
from live.control.worker import Desk
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, write_rig
from tests.support.surfaces import Paths

FRAME_NS = NS // 25


def test_the_bytes_of_each_protocol():
    assert packets_50([Display(1, "program", "CAM 1")], 0) == [bytes.fromhex("0f00000000000100d100050043414d2031")]
    assert message_31(Display(1, "program", "CAM 1")) == b"\x81\x31CAM 1           "
    assert message_31(Display(0, "preview", "")) == b"\x80\x32" + b" " * 16
    assert message_31(Display(126, "", "x" * 40)) == b"\xfe\x30" + b"x" * 16


@pytest.mark.parametrize(
    ("text", "plain"), [("Künstlerin Zoë", "Kunstlerin Zoe"), ("日本", "??"), ("a\nb\x00", "a b?"), ("Why?", "Why?")]
)
def test_a_label_in_their_letters(text, plain):
    assert ascii_of(text) == plain


@given(st.lists(st.builds(Display, st.integers(0, 126), st.sampled_from(["program", "preview", ""]), st.text())))
def test_whatever_the_labels_a_packet_says_what_is_in_it(displays):
    read = []
    for packet in packets_50(displays, 7):
        count, version, flags, screen = struct.unpack_from("<HBBH", packet)
        assert (count, version, flags, screen) == (len(packet) - 2, 0, 0, 7) and len(packet) <= 2048
        at = 6
        while at < len(packet):
            address, control, length = struct.unpack_from("<HHH", packet, at)
            tally = {0: "", 1: "program", 2: "preview"}[control & 3]
            read.append(Display(address, tally, packet[at + 6 : at + 6 + length].decode("ascii")))
            at += 6 + length
    assert read == [Display(d.address, d.tally, ascii_of(d.text)) for d in displays]
    assert all(len(message_31(d)) == 18 for d in displays)


class Show:
    """The engine's end, the surface, and a display that listens."""

    def __init__(self, **config: object) -> None:
        self.display = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.display.bind(("127.0.0.1", 0))
        self.display.setblocking(False)
        port = self.display.getsockname()[1]
        self.config = TslConfig.model_validate({"kind": "tsl", "name": "tally", "port": port, **config})
        self.links, self.tree = Links(), Paths()
        self.frame_number, self.now_ns = 0, NS
        self.desk = Desk(self.links.add("tally"), self.now_ns)
        self.socket = self.config.bind()
        self.surface = TslSurface(self.socket, self.desk, self.config)

    def turn(self, frames: int = 1) -> list[bytes]:
        """Some frames; what the display heard."""
        heard = []
        for _ in range(frames):
            self.frame_number, self.now_ns = self.frame_number + 1, self.now_ns + FRAME_NS
            self.surface.turn(self.now_ns)
            self.links.poll(self.frame_number, self.now_ns)
            self.links.publish(self.frame_number, self.tree.take_changes(), self.tree)
            self.surface.turn(self.now_ns)
            while True:
                try:
                    heard.append(self.display.recv(4096))
                except BlockingIOError:
                    break
        return heard

    def close(self) -> None:
        self.desk.close()
        self.links.close()
        self.socket.close()
        self.display.close()


@pytest.fixture
def show() -> Iterator[Show]:
    made = Show(displays=["cam1", "cam2", "duo/duo"])
    made.tree.set("sources/cam1/label", "Camera 1")
    made.tree.set("sources/cam1/tally", "program")
    made.tree.set("sources/cam2/tally", "")
    made.tree.set("program/shot", "cam1")
    made.tree.set("preview/shot", "duo/duo")
    made.tree.set("shots/2", "duo/duo", "Side by side", "")
    yield made
    made.close()


def lamps(packet: bytes) -> tuple[int, int, str]:
    return packet[0] - 0x80, packet[1] & 0xF, packet[2:].decode("ascii").rstrip()


def test_a_change_goes_out_at_once_and_all_of_it_every_second(show):
    first = [lamps(p) for p in show.turn(12)]
    assert first == [(1, 1, "Camera 1"), (2, 0, "cam2"), (3, 2, "Side by side")]
    show.tree.set("sources/cam1/tally", "")
    show.tree.set("sources/cam2/tally", "program")
    assert [lamps(p) for p in show.turn()] == [(1, 0, "Camera 1"), (2, 1, "cam2")]
    show.tree.set("program/shot", "duo/duo")
    show.tree.set("program/transition", "mix", 0.2, "cam1")
    assert [lamps(p) for p in show.turn()] == [(3, 1, "Side by side")]
    heard = show.turn(2 * AGAIN_NS // FRAME_NS)
    assert [lamps(p)[0] for p in heard] == [1, 2, 3, 1, 2, 3]


def test_displays_that_are_not_there_harm_nobody(show):
    show.display.close()
    show.display = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # at another port
    show.display.bind(("127.0.0.1", 0))
    show.display.setblocking(False)
    assert show.turn(100) == []


def test_a_rig_says_what_each_display_is_for(tmp_path):
    table = '[[surfaces]]\nkind = "tsl"\nname = "tally"\nport = 8900\n'
    shown = load_show(write_rig(tmp_path, PATTERNS + table + 'displays = ["cam1", "duo/duo"]\n'))
    assert shown.rig.surfaces[0].displays == ["cam1", "duo/duo"]
    for more, wrong in (
        ('displays = ["cam9"]', "displays[1]: no source or shot is called cam9"),
        ('displays = ["cam1", "cam2"]\nfirst = 126', "displays: their addresses go beyond 126"),
        ("displays = []", "displays"),
    ):
        with pytest.raises(ConfigError) as error:
            load_show(write_rig(tmp_path, PATTERNS + table + more + "\n"))
        assert any(wrong in str(fault) for fault in error.value.faults)


@pytest.mark.realtime
def test_a_cut_lights_a_lamp(tmp_path):
    """A whole show, and its display: from the command to the lamp."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as display:
        display.bind(("127.0.0.1", 0))
        display.settimeout(5.0)
        table = f'[[surfaces]]\nkind = "tsl"\nname = "tally"\nport = {display.getsockname()[1]}\n'
        rig = write_rig(tmp_path, PATTERNS + table + 'displays = ["cam1", "cam2"]\n')
        with RunningShow(rig, tmp_path) as show:
            show.wait_on_air()
            assert heard_until(display, (1, 1, "cam1"))[-1] == (1, 1, "cam1")
            show.send("/program/cut", "cam2")
            assert heard_until(display, (2, 1, "cam2"))[-1] == (2, 1, "cam2")


def heard_until(display: socket.socket, shown: tuple[int, int, str]) -> list[tuple[int, int, str]]:
    """What a display heard until it showed that. TimeoutError when it never does."""
    heard = [lamps(display.recv(64))]
    while heard[-1] != shown:
        heard.append(lamps(display.recv(64)))
    return heard
