"""The OSC way in and out, over real sockets on loopback."""

import random
import shutil
import socket
import struct
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from live.base.errors import CommandError, DeviceError
from live.control.osc import Message, decode, encode
from live.control.state import StateTree
from live.control.surfaces.osc import BUDGET, MAX_SUBSCRIBERS, OscServer
from live.show import commands as c
from live.show.cuts.published import ProgramShot
from live.show.session.published import LateFrames


@pytest.fixture
def server():
    server = OscServer("127.0.0.1", 0)
    yield server
    server.close()


@pytest.fixture
def peer():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(2)
    yield sock
    sock.close()


def message(address, *args):
    builder = OscMessageBuilder(address)
    for arg in args:
        builder.add_arg(arg)
    return builder.build()


def send(peer, server, data):
    peer.sendto(data, ("127.0.0.1", server.port))


def drain(server):
    """Loopback delivers before sendto returns: what was sent is there."""
    return [command for command, _ in server.poll()]


def test_messages_become_commands_and_say_who_sent_them(server, peer):
    send(peer, server, message("/program/cut", "cam1").dgram)
    ((command, by),) = server.poll()
    assert command == c.ProgramCut("cam1")
    assert by == f"osc 127.0.0.1:{peer.getsockname()[1]}"


def test_bundles_act_now_even_with_a_time_tag_in_the_future(server, peer):
    import time

    builder = OscBundleBuilder(time.time() + 30)
    builder.add_content(message("/program/cut", "cam1"))
    builder.add_content(message("/show/panic"))
    send(peer, server, builder.build().dgram)
    assert drain(server) == [c.ProgramCut("cam1"), c.ShowPanic()]


def raw(address, tags, *parts):
    def text(word):
        data = word if isinstance(word, bytes) else word.encode()
        return data + b"\0" * (4 - len(data) % 4)

    return text(address) + text("," + tags) + b"".join(text(p) if isinstance(p, str) else p for p in parts)


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        (raw("/program/cut", "S", "cam1"), c.ProgramCut("cam1")),  # a symbol is a text
        (raw("/program/cut", "I"), c.ProgramCut()),  # an impulse is a button
        (raw("/players/vt/play", "c", struct.pack(">i", ord("2"))), c.PlayerPlay("vt", "2")),
        (raw("/program/tbar", "d", struct.pack(">d", 0.5)), c.ProgramTbar(0.5)),
        (raw("/suggestions/take", "h", struct.pack(">q", 7)), c.SuggestionTake(7)),
        (raw("/program/cut", "T"), c.ProgramCut()),
        (raw("/dsk/1/on", "F"), c.DskOff("1")),
        (raw("/program/cut", "f", struct.pack(">f", 1.0)), c.ProgramCut()),
        (b"/show/panic\0", c.ShowPanic()),  # older than type tags
    ],
)
def test_every_type_that_surfaces_send(server, peer, data, meant):
    send(peer, server, data)
    assert drain(server) == [meant]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (raw("/program/cut", "N"), "argument 1 is nil"),
        (raw("/program/cut", "b", struct.pack(">i", 4) + b"cam1"), "argument 1 is a blob"),
        (raw("/program/cut", "t", bytes(8)), "a time tag"),
        (raw("/program/cut", "[s]", "cam1"), "an array"),
        (raw("/program/cut", "sQ", "cam1"), "argument 2 is of a type that nobody knows ('Q')"),
        (raw("/program/cut", "s", b"cam\xe9\0\0\0\0"), "is no UTF-8"),
    ],
)
def test_a_message_that_is_not_understood_is_refused_as_a_whole(server, peer, data, words):
    send(peer, server, data)
    (error,) = drain(server)
    assert isinstance(error, CommandError) and words in str(error) and "/program/cut" in str(error)


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30),
    st.lists(
        st.one_of(
            st.booleans(),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(width=32, allow_nan=False),
            st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30),
        ),
        max_size=6,
    ),
)
def test_bytes_are_those_of_python_osc_and_come_back(address, args):
    builder = OscMessageBuilder(f"/{address}")
    for arg in args:
        big = isinstance(arg, int) and not isinstance(arg, bool) and not -(2**31) <= arg < 2**31
        builder.add_arg(arg, "h" if big else None)
    data = encode(f"/{address}", *args)
    assert data == builder.build().dgram
    assert decode(data) == [(f"/{address}", tuple(args))]


@given(st.binary(max_size=80))
def test_whatever_bytes_come_they_are_messages_or_no_osc(data):
    for begin in (b"", b"/a", b"#bundle\0", b"/a\0\0,"):
        try:
            messages = decode(begin + data)
        except ValueError:
            continue
        assert all(isinstance(m, (Message, CommandError)) for m in messages)


def test_what_is_no_osc_is_counted_and_answered_by_an_error(server, peer):
    send(peer, server, b"\xff\xfe nonsense")
    (error,) = drain(server)
    assert isinstance(error, CommandError) and "is no OSC" in str(error) and server.bad == 1


def test_a_bundle_with_a_negative_size_is_refused(server, peer):
    send(peer, server, b"#bundle\0" + b"\0" * 7 + b"\x01" + b"\xff\xff\xff\xec" + message("/show/panic").dgram)
    (error,) = drain(server)
    assert isinstance(error, CommandError) and server.bad == 1


def test_twenty_thousand_hostile_datagrams_leave_it_alive(server, peer):
    rng = random.Random(1)
    seeds = [
        message("/program/auto", "mix", 1.0).dgram,
        b"#bundle\0" + b"\0" * 7 + b"\x01" + b"\0\0\0\x10" + message("/a", 1).dgram,
    ]
    for n in range(20_000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        send(peer, server, bytes(data))
        if n % BUDGET == BUDGET - 1:
            server.poll()
    while server.poll():
        continue
    send(peer, server, message("/show/panic").dgram)
    assert drain(server) == [c.ShowPanic()]


def test_a_flood_is_taken_in_portions(server, peer):
    for _ in range(BUDGET + 10):
        send(peer, server, message("/show/panic").dgram)
    assert len(server.poll()) == BUDGET and len(server.poll()) == 10 and server.poll() == []


def test_a_subscriber_gets_everything_once_and_then_the_changes(server, peer):
    tree = StateTree()
    tree.put(ProgramShot("cam1"))
    tree.put(LateFrames(0))
    server.subscribe("osc 127.0.0.1:1", peer.getsockname()[1])
    server.publish(7, tree.take_changes(), list(tree.items()))
    assert paths(peer) == {"/state/frame": [7], "/state/program/shot": ["cam1"], "/state/late": [0]}
    tree.put(LateFrames(1))
    tree.put(ProgramShot("cam1"))
    server.publish(8, tree.take_changes(), [])
    assert paths(peer) == {"/state/frame": [8], "/state/late": [1]}


def test_a_large_state_comes_in_datagrams_that_fit_a_network(server, peer):
    items = [(f"/state/x/{i}", ("text " * 10, i, 0.5)) for i in range(200)]
    server.subscribe("osc 127.0.0.1:1", peer.getsockname()[1])
    server.publish(1, {}, items)
    seen = {}
    while len(seen) < 201:
        data = peer.recv(65535)
        assert len(data) <= 1500
        seen |= {m.message.address: m.message.params for m in OscPacket(data).messages}
    assert seen["/state/x/199"] == ["text " * 10, 199, 0.5]


def paths(peer):
    return {m.message.address: list(m.message.params) for m in OscPacket(peer.recv(65535)).messages}


def test_there_are_only_so_many_subscribers(server):
    for port in range(1000, 1000 + MAX_SUBSCRIBERS):
        server.subscribe("osc 127.0.0.1:1", port)
    with pytest.raises(CommandError, match="subscribers already"):
        server.subscribe("osc 127.0.0.1:1", 5)
    server.unsubscribe("osc 127.0.0.1:1", 1000)
    server.subscribe("osc 127.0.0.1:1", 5)


def test_a_port_in_use_is_a_clear_error(server):
    with pytest.raises(DeviceError, match="control.osc_port"):
        OscServer("127.0.0.1", server.port)


@pytest.mark.skipif(not shutil.which("oscsend"), reason="oscsend (liblo-tools) is not installed")
def test_a_real_client_is_understood(server):
    subprocess.run(
        ["oscsend", "127.0.0.1", str(server.port), "/program/auto", "sf", "wipe", "0.5"], check=True, timeout=10
    )
    assert drain(server) == [c.ProgramAuto("wipe", 0.5)]
