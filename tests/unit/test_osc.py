"""The OSC way in and out, over real sockets on loopback."""

import random
import re
import shutil
import socket
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from live.base.clock import NS
from live.base.errors import CommandError, DeviceError
from live.base.hand import Hand
from live.control.client import Client
from live.control.osc import Message, decode, encode
from live.control.queues import LIMIT
from live.control.subscriptions import LEASE_NS
from live.control.surfaces.osc import bind
from live.show import commands as c
from tests.support.surfaces import Engine


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


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


def send(peer, engine, data):
    peer.sendto(data, ("127.0.0.1", engine.port))


def drain(engine):
    """Loopback delivers before sendto returns: what was sent is there."""
    return engine.commands()


def test_messages_become_commands_and_say_who_sent_them(engine, peer):
    send(peer, engine, message("/program/cut", "cam1").dgram)
    (came,) = engine.turn()
    assert came.command == c.ProgramCut("cam1")
    assert came.hand == Hand(f"osc 127.0.0.1:{peer.getsockname()[1]}", "127.0.0.1") and came.hand.local


def test_bundles_act_now_even_with_a_time_tag_in_the_future(engine, peer):
    import time

    builder = OscBundleBuilder(time.time() + 30)
    builder.add_content(message("/program/cut", "cam1"))
    builder.add_content(message("/show/panic"))
    send(peer, engine, builder.build().dgram)
    assert drain(engine) == [c.ProgramCut("cam1"), c.ShowPanic()]


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
def test_every_type_that_surfaces_send(engine, peer, data, meant):
    send(peer, engine, data)
    assert drain(engine) == [meant]


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
def test_a_message_that_is_not_understood_is_refused_as_a_whole(engine, peer, data, words):
    send(peer, engine, data)
    (error,) = drain(engine)
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


def test_what_is_no_osc_is_counted_and_answered_by_an_error(engine, peer):
    send(peer, engine, b"\xff\xfe nonsense")
    (error,) = drain(engine)
    assert isinstance(error, CommandError) and "is no OSC" in str(error) and engine.surface.bad == 1


def test_a_bundle_with_a_negative_size_is_refused(engine, peer):
    send(peer, engine, b"#bundle\0" + b"\0" * 7 + b"\x01" + b"\xff\xff\xff\xec" + message("/show/panic").dgram)
    (error,) = drain(engine)
    assert isinstance(error, CommandError) and engine.surface.bad == 1


def test_twenty_thousand_hostile_datagrams_leave_it_alive(engine, peer):
    rng = random.Random(1)
    seeds = [
        message("/program/auto", "mix", 1.0).dgram,
        b"#bundle\0" + b"\0" * 7 + b"\x01" + b"\0\0\0\x10" + message("/a", 1).dgram,
    ]
    for n in range(20_000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        send(peer, engine, bytes(data))
        if n % 64 == 63:
            engine.turn()
    engine.turn(30)
    send(peer, engine, message("/show/panic").dgram)
    assert drain(engine) == [c.ShowPanic()]


def test_what_a_flood_sends_is_carried_out_in_its_order(engine, peer):
    for n in range(400):
        send(peer, engine, message("/show/marker", str(n)).dgram)
    came = engine.commands(12)
    assert came == [c.ShowMarker(str(n)) for n in range(400)]


def test_a_panic_does_not_wait_behind_a_flood(engine, peer):
    for n in range(500):
        send(peer, engine, message("/graphics/lower/row", 1 + n % 2).dgram)
    send(peer, engine, message("/show/panic").dgram)
    assert c.ShowPanic() in engine.commands()


def test_of_a_faders_moves_in_a_row_the_last_good_one_counts(engine, peer):
    address = "/microphones/mic1/gain"
    for value in (-9.0, -6.0, 999.0, "loud"):
        send(peer, engine, message(address, value).dgram)
    send(peer, engine, message("/show/marker", "between").dgram)
    for value in (-5.0, -4.0):
        send(peer, engine, message(address, value).dgram)
    came = engine.turn()
    good = [i.command for i in came if not isinstance(i.command, CommandError)]
    assert good == [c.MicrophoneGain("mic1", -6.0), c.ShowMarker("between"), c.MicrophoneGain("mic1", -4.0)]
    assert len(came) - len(good) == 2, "what was no move is told"


def test_who_is_behind_is_refused_but_for_a_panic(engine, peer):
    for n in range(LIMIT + 200):
        send(peer, engine, message("/show/marker", str(n)).dgram)
    for _ in range(100):
        send(peer, engine, message("/program/cut", "cam1").dgram)
    send(peer, engine, message("/Show/Panic", 1.0).dgram)
    came = engine.turn()
    assert c.ShowPanic() in [i.command for i in came]
    assert any("sends faster than a show can follow" in str(i.command) for i in came + engine.turn(60))
    assert engine.desk._queues.refused >= 300


def test_what_a_panic_leaves_out_is_told_in_one_line(engine, peer):
    for n in range(500):
        send(peer, engine, message("/show/marker", str(n)).dgram)
    send(peer, engine, message("/show/panic").dgram)
    told = [str(i.command) for i in engine.turn(12) if isinstance(i.command, CommandError)]
    assert len(told) == 1 and re.fullmatch(
        r"/show/panic: 500 commands of yours that waited were left out; send again what is still wanted", told[0]
    )


def test_what_was_sent_before_a_cut_is_done_before_it(engine, peer):
    send(peer, engine, message("/dsk/1/tie", 1).dgram)
    send(peer, engine, message("/program/cut").dgram)
    send(peer, engine, message("/dsk/1/tie", 0).dgram)
    assert engine.commands() == [c.DskTie("1", True), c.ProgramCut(), c.DskTie("1", False)]


def test_a_subscriber_gets_everything_once_and_then_the_changes(engine, peer):
    engine.tree.set("program/shot", "cam1")
    engine.tree.set("late", 0)
    engine.turn()
    send(peer, engine, message("/subscribe", peer.getsockname()[1]).dgram)
    engine.turn()
    frame = engine.frame - 1
    assert paths(peer) == {"/state/frame": [frame], "/state/program/shot": ["cam1"], "/state/late": [0]}
    engine.tree.set("late", 1)
    engine.tree.set("program/shot", "cam1")
    engine.turn(2)
    assert paths(peer) == {"/state/frame": [frame + 2], "/state/late": [1]}
    peer.setblocking(False)
    with pytest.raises(BlockingIOError):
        peer.recv(65535)


def test_a_large_state_comes_in_datagrams_that_fit_a_network(engine, peer):
    for i in range(200):
        engine.tree.set(f"x/{i}", "text " * 10, i, 0.5)
    engine.turn()
    send(peer, engine, message("/subscribe", peer.getsockname()[1]).dgram)
    engine.turn()
    seen = {}
    while len(seen) < 201:
        data = peer.recv(65535)
        assert len(data) <= 1500
        seen |= {m.message.address: m.message.params for m in OscPacket(data).messages}
    assert seen["/state/x/199"] == ["text " * 10, 199, 0.5]


def paths(peer):
    return {m.message.address: list(m.message.params) for m in OscPacket(peer.recv(65535)).messages}


def test_who_unsubscribes_gets_no_more(engine, peer):
    port = peer.getsockname()[1]
    send(peer, engine, message("/subscribe", port).dgram)
    engine.turn()
    send(peer, engine, message("/unsubscribe", port).dgram)
    engine.turn()
    assert not len(engine.surface.subscriptions)


def test_a_subscription_that_is_not_renewed_ends(engine, peer):
    send(peer, engine, message("/subscribe", peer.getsockname()[1]).dgram)
    engine.turn()
    assert len(engine.surface.subscriptions) == 1
    engine.now_ns += LEASE_NS
    engine.tree.set("late", 1)
    engine.turn()
    assert not len(engine.surface.subscriptions)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who isn't there")
def test_a_console_that_was_killed_is_dropped_at_once(engine, peer):
    gone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    gone.bind(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    send(peer, engine, message("/subscribe", port).dgram)
    send(peer, engine, message("/subscribe", peer.getsockname()[1]).dgram)
    engine.turn(3)
    engine.tree.set("late", 1)
    engine.turn()
    assert len(engine.surface.subscriptions) == 1
    assert paths(peer) and paths(peer)["/state/late"] == [1]


def test_a_surface_that_was_killed_comes_back_and_knows_the_whole_tree(engine, peer):
    for i in range(300):
        engine.tree.set(f"x/{i}", i)
    engine.turn()
    send(peer, engine, message("/program/cut", "cam2").dgram)  # nobody reads it yet
    engine.desk.close()
    engine.start()
    assert not engine.desk.whole
    assert engine.commands() == [c.ProgramCut("cam2")]
    engine.turn(10)
    assert engine.desk.whole and engine.desk.state == dict(engine.tree.items())


def test_a_surface_that_slept_through_a_lot_asks_for_the_whole_tree_again(engine):
    engine.tree.set("late", 1)
    engine.turn()
    for n in range(40):  # more than the ring holds, and nobody listens
        engine.links.publish(n, {f"/state/long/{i}": ("x" * 400,) for i in range(100)}, engine.tree)
    engine.tree.set("late", 2)
    asked = engine.desk._request
    engine.turn()
    assert engine.desk._request != asked and engine.desk.whole and engine.desk.state["/state/late"] == (2,)


def test_the_same_mistake_many_times_is_told_a_few_times_with_its_count(engine, peer):
    told = []
    for n in range(1200):
        send(peer, engine, message("/accxyz", 0.1, n % 7 / 10, 0.9).dgram)
        told += engine.turn()
    send(peer, engine, message("/program/cut", "cam1", "cam2").dgram)
    told += engine.turn()
    engine.now_ns += 2 * NS
    told += engine.turn(2)
    same = [i for i in told if str(i.command).startswith("/accxyz")]
    assert sum(i.times for i in same) == 1200 and len(same) < 50
    assert any("/program/cut: 2 arguments" in str(i.command) for i in told)


def test_a_port_in_use_is_a_clear_error(engine):
    with pytest.raises(DeviceError, match="control.osc_port"):
        bind("127.0.0.1", engine.port)


def test_an_engine_on_ipv6_is_steered_and_watched_by_a_client():
    try:
        engine = Engine("::1").__enter__()
    except DeviceError:
        pytest.skip("this machine has no ::1")
    try:
        client = Client("::1", engine.port)
        engine.tree.set("late", 3)
        client.subscribe()
        client.send("/program/cut", "cam1")
        (came,) = engine.turn(3)
        client.poll()
        assert came.command == c.ProgramCut("cam1") and came.hand.local
        assert client.state["/state/late"] == (3,) and not client.bad
        client.close()
    finally:
        engine.__exit__()


@pytest.mark.skipif(not shutil.which("oscsend"), reason="oscsend (liblo-tools) is not installed")
def test_a_real_client_is_understood(engine):
    subprocess.run(
        ["oscsend", "127.0.0.1", str(engine.port), "/program/auto", "sf", "wipe", "0.5"], check=True, timeout=10
    )
    assert drain(engine) == [c.ProgramAuto("wipe", 0.5)]
