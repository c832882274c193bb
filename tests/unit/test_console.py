"""The console without its window: keys, state, layout, pictures, and the client over a real socket."""

import re
import select
import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from live.base.clock import NS
from live.base.errors import DeviceError
from live.console import faders, faults, keys, layout, paint, pictures
from live.console.pressed import Press, Pressed
from live.console.sound import strips_of
from live.control.client import LOST_NS, REFRESH_NS, RETRY_NS, Client
from live.control.osc import decode, encode
from live.control.published import Replica
from live.control.registry import parse
from live.control.view import CountDown, View
from live.picture.format import Layout, Matrix, PictureFormat, Range
from live.picture.planes import small_planes
from live.picture.tiling import Rect, fit
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.show import commands as c
from live.show.authority.published import DomainOwner
from live.show.captions.published import CaptionStatus
from live.show.cuts.published import NextMove, ProgramBlack, ShotOnKey
from live.show.dsk.published import KeyStatus
from live.show.graphics.published import GraphicField, GraphicStatus
from live.show.people.published import PersonSpeaking
from live.show.session.published import FrameNumber
from live.show.sound.published import MicrophoneStatus
from live.show.styles.published import StyleNames
from tests.support.surfaces import Engine

STATE = {
    "/state/frame": (300,),
    "/state/show/title": ("The Evening Table",),
    "/state/show/time": (10.0,),
    "/state/shots/1": ("studio/wide", "Studio wide", ""),
    "/state/shots/2": ("cam1", "Camera 1", "cam1"),
    "/state/program/shot": ("studio/wide",),
    "/state/preview/shot": ("cam1",),
    "/state/director/level": ("auto",),
    "/state/director/hold": (0.0,),
    "/state/director/next": ("cam1", "Anna speaks", 12.0, 0.4, "studio/wide", 0.7),
    "/state/sources/cam1/status": ("live", 30.0, ""),
    "/state/sources/cam2/status": ("retrying", 0.0, "connection refused"),
    "/state/sources/cam2/label": ("Camera 2",),
    "/state/sources/voice/status": ("live", 0.0, ""),
    "/state/sources/cam3/status": ("live", 25.0, ""),
    "/state/rings/source/cam1": ("live-cam1-00",),
    "/state/rings/source/voice": ("live-voice-00",),
    "/state/graphics/title/visible": (1,),
    "/state/graphics/title/field/title": ("Anna",),
    "/state/microphones/mic1/level": (-21.5, 1),
    "/state/people/anna/speaking": (1,),
    "/state/people/bo/speaking": (0,),
}


def read(state):
    return View(Replica(state))


# Keys


def test_every_key_names_a_command():
    found = keys.check()
    assert len(found) == sum(len(k.steps) for k in keys.KEYS)
    assert c.ProgramAuto("wipe", 1.0) in found and c.ShowPanic() in found


def test_no_two_keys_are_the_same_press():
    presses = [(name, key.shift) for key in keys.KEYS for name in key.keys]
    assert len(set(presses)) == len(presses)
    assert not {"escape", "tab"} & {name for name, _ in presses}, "a key that belongs to the window"


@pytest.mark.parametrize(
    ("press", "shift", "command"),
    [
        ("1", False, c.PreviewSet("studio/wide")),
        ("pad_2", False, c.PreviewSet("cam1")),
        ("2", True, c.ProgramCut("cam1")),
        ("f1", False, c.ProgramCut("studio/wide")),
        ("space", False, c.ProgramCut()),
        ("space", True, c.ProgramCut()),  # a finger still on Shift
        ("enter", False, c.ProgramAuto("mix", 1.0)),
        ("w", False, c.ProgramAuto("wipe", 1.0)),
        ("h", False, c.DirectorHold()),
        ("r", False, c.DirectorRelease()),
        ("t", False, c.DirectorTake()),
        ("v", False, c.DirectorVeto()),
        ("d", False, c.DirectorLevel("off")),
        ("l", False, c.GraphicHide("title")),
        ("backspace", False, c.ShowPanic()),
        ("backspace", True, c.ShowPanic()),
        ("f12", False, c.ShowPanic()),
    ],
)
def test_a_press_is_a_command(press, shift, command):
    message = keys.message_for(Press(press, shift), read(STATE), "auto")
    assert message is not None
    assert parse(*message) == command


def test_a_key_that_is_held_cuts_once_and_moves_a_camera_on():
    for name in ("space", "enter", "1", "f1", "t", "f10", "l"):
        assert keys.message_for(Press(name, again=True), read(STATE), "auto") is None
    for name in ("left_arrow", "up_arrow", "plus", "minus"):
        once = keys.message_for(Press(name), read(STATE), "auto")
        assert keys.message_for(Press(name, again=True), read(STATE), "auto") == once is not None


def test_the_second_press_of_a_switch_counts_before_the_first_is_heard_back():
    pressed, view = Pressed(), read(STATE)
    sent = [keys.message_for(Press("l"), view, "auto", pressed, now_s)[0] for now_s in (1.0, 1.1, 1.2, 9.0)]
    assert [address.rsplit("/", 1)[1] for address in sent] == ["hide", "show", "hide", "hide"]


@given(st.lists(st.tuples(st.floats(0, 0.6), st.booleans()), min_size=1, max_size=20), st.booleans())
def test_quick_presses_take_turns_whatever_is_heard_of_them_meanwhile(presses, on):
    pressed, now_s, asked = Pressed(), 0.0, []
    for pause_s, heard in presses:
        now_s += pause_s
        asked.append(pressed.turn("mute", (asked[-1] if asked and heard else on), now_s))
    assert asked[0] is not on
    assert all(a is not b for a, b in zip(asked, asked[1:], strict=False))


@given(st.lists(st.sampled_from([1.0, -1.0, 0.5, -0.1]), min_size=1, max_size=30), st.floats(-20, 5))
def test_no_step_of_a_fader_is_lost_before_it_is_heard_back(steps, gain_db):
    pressed = Pressed()
    for n, step in enumerate(steps):
        moved = pressed.step("anna", gain_db, step, -60.0, 24.0, 0.02 * n)
    assert moved == pytest.approx(gain_db + sum(steps), abs=0.06 * len(steps))


@pytest.mark.parametrize("press", ["9", "f3", "escape", "q", "pad_0", ""])
def test_a_press_that_means_nothing_sends_nothing(press):
    assert keys.message_for(Press(press), read(STATE), "auto") is None


def test_the_director_comes_back_at_the_level_it_had():
    off = read(STATE | {"/state/director/level": ("off",)})
    assert keys.message_for(Press("d"), off, "armed") == ("/director/level", ("armed",))


def test_the_arrows_move_the_camera_of_preview_a_set_s_too():
    assert keys.message_for(Press("left_arrow"), read(STATE), "auto") == ("/framing/cam1/nudge", (-0.03, 0.0))
    posed = STATE | {"/state/preview/shot": ("studio/wide",), "/state/framing/studio.wide/level": ("auto",)}
    assert keys.message_for(Press("left_arrow"), read(posed), "auto") == (
        "/framing/studio.wide/nudge",
        (-0.03, 0.0),
    )


def test_lower_third_key_without_a_graphic_and_with_a_hidden_one():
    no_graphic = {p: v for p, v in STATE.items() if "graphics" not in p}
    assert keys.message_for(Press("l"), read(no_graphic), "auto") is None
    hidden = read(STATE | {"/state/graphics/title/visible": (0,)})
    assert keys.message_for(Press("l"), hidden, "auto") == ("/graphics/title/show", ())


# What is shown


def test_the_view_of_a_state_tree():
    shown = read(STATE)
    assert (shown.show.title, shown.program, shown.preview) == ("The Evening Table", "studio/wide", "cam1")
    assert shown.get(FrameNumber).number == 300
    assert [s.label for s in shown.shots] == ["Studio wide", "Camera 1"]
    assert shown.shot(2) == ShotOnKey(2, "cam1", "Camera 1", "cam1") and shown.shot(3) is None and shown.shot(0) is None
    assert shown.label("cam1") == "Camera 1" and shown.label("gone/shot") == "gone/shot"
    assert shown.move == NextMove("cam1", "Anna speaks", 12.0, pytest.approx(0.4), "studio/wide", pytest.approx(0.7))
    assert shown.all(MicrophoneStatus) == (MicrophoneStatus("mic1", -21.5, True),)
    assert [p.name for p in shown.all(PersonSpeaking) if p.speaking] == ["anna"]
    (graphic,) = shown.all(GraphicStatus)
    assert graphic == GraphicStatus("title", True)
    assert shown.fields(graphic) == (GraphicField("title", "title", "Anna"),)


def test_a_source_no_key_shows_gets_a_tile_and_sound_does_not():
    assert [s.title for s in read(STATE).spare_sources] == ["Camera 2", "cam3"]


@given(
    st.dictionaries(
        st.sampled_from([*STATE, "/state/sources/x", "/state/graphics/g/field/a/b"]),
        st.lists(
            st.one_of(st.integers(-5, 5), st.floats(-5, 5), st.text(max_size=5), st.none(), st.booleans()), max_size=6
        ).map(tuple),
    )
)
def test_no_state_is_too_odd_to_be_shown(state):
    shown = read(state)
    for name in vars(View):
        getattr(shown, name)
    assert CountDown().left(shown, 0) is None or shown.move is not None


def test_the_count_down_runs_between_the_ticks_of_the_state():
    count, shown = CountDown(), read(STATE)
    assert count.left(shown, 0) == pytest.approx((2.0, 1.0))
    assert count.left(shown, NS // 2) == pytest.approx((1.5, 0.75))
    later = read(STATE | {"/state/show/time": (11.0,)})
    assert count.left(later, NS) == pytest.approx((1.0, 0.5))
    assert count.left(later, 9 * NS) == pytest.approx((0.0, 0.0)), "a clock that stopped is not carried on for ever"


@pytest.mark.parametrize(
    "held", [{"/state/director/hold": (3.0,)}, {"/state/director/level": ("suggest",)}, {"/state/show/panic": (1,)}]
)
def test_nothing_counts_down_to_what_the_machine_may_not_do(held):
    assert CountDown().left(read(STATE | held), 0) is None


# Layout


@given(st.integers(640, 5000), st.integers(400, 3000), st.integers(0, 24), st.booleans())
def test_everything_has_its_place(width, height, tiles, page):
    made = layout.arrange(width, height, tiles, page=page)
    assert len(made.tiles) == tiles
    areas = [
        made.top,
        made.preview.whole,
        made.program.whole,
        *(t.whole for t in made.tiles),
        made.move,
        made.hand,
        made.sound,
        made.status,
        *([made.page] if page else []),
    ]
    for area in areas:
        assert area.w > 0 and area.h > 0
        assert area.x >= 0 and area.y >= 0 and area.x1 <= width + 1 and area.y1 <= height + 1
    inside, around = made.next, made.move
    assert around.x <= inside.x and inside.x1 <= around.x1 and around.y <= inside.y and inside.y1 <= around.y1 + 1
    for i, a in enumerate(areas):
        for b in areas[i + 1 :]:
            assert a.x1 <= b.x + 1 or b.x1 <= a.x + 1 or a.y1 <= b.y + 1 or b.y1 <= a.y + 1, (a, b)


def test_pictures_keep_their_shape():
    made = layout.arrange(1280, 720, 7)
    for tile in (made.preview, made.program, *made.tiles):
        assert tile.picture.w / tile.picture.h == pytest.approx(16 / 9, rel=0.01)
    assert made.program.picture.w > 560, "the large pictures are large"
    assert fit(Rect(0, 0, 160, 90), 4 / 3) == Rect(20, 0, 120, 90)


@given(st.floats(-60, 24))
def test_a_fader_stands_where_its_gain_is(gain_db):
    assert faders.gain(faders.place(gain_db)) == pytest.approx(gain_db, abs=1e-6)
    assert faders.place(gain_db) <= faders.place(min(24.0, gain_db + 0.1))


def test_strips_stand_in_the_order_of_the_desk_and_the_master_last():
    state = {
        "/state/strips/music": (2, "player", "Music"),
        "/state/strips/anna": (1, "microphone", ""),
        "/state/strips/anna/gain": (-3.0,),
        "/state/master/mute": (1,),
    }
    anna, music, master = strips_of(read(state))
    assert (anna.label, anna.gain_db, music.kind) == ("anna", -3.0, "player")
    assert master.name == "master" and master.muted


def test_the_last_line_says_the_worst_that_no_hand_has_seen_and_then_what_lasts():
    state = {
        "/state/faults/list/1": ("tape", "the disk is full", "air", 3.0, 2, 0, 0),
        "/state/faults/list/2": ("control", "no such command", "control", 9.0, 40, 0, 0),
        "/state/faults/list/3": ("draw", "failed", "program", 1.0, 1, 1, 0),
        "/state/faults/new": (3,),
        "/state/sources/cam2/status": ("retrying", 0.0, "connection refused"),
        "/state/outputs/tape/status": ("live", "", "file", "program"),
    }
    assert faults.line(read(state)) == ("tape: the disk is full (2 times)   (+2: F)", paint.RED)
    seen = {f"/state/faults/list/{n}": (*state[f"/state/faults/list/{n}"][:-1], 1) for n in (1, 2)}
    assert faults.line(read(state | seen)) == ("cam2 retrying: connection refused", paint.AMBER)
    assert faults.line(read({}))[0] == "no faults"


# Pictures


@pytest.mark.parametrize(
    ("fmt", "yuv", "rgb"),
    [  # code values of 100 % bars
        (PictureFormat(2, 2, Matrix.BT709, Range.LIMITED), (63, 102, 240), (255, 0, 0)),
        (PictureFormat(2, 2, Matrix.BT709, Range.LIMITED), (173, 42, 26), (0, 255, 0)),
        (PictureFormat(2, 2, Matrix.BT601, Range.LIMITED), (81, 90, 240), (255, 0, 0)),
        (PictureFormat(2, 2, Matrix.BT601, Range.FULL), (76, 85, 255), (254, 0, 0)),
        (PictureFormat(2, 2, Matrix.BT709, Range.LIMITED), (235, 128, 128), (255, 255, 255)),
        (PictureFormat(2, 2, Matrix.BT709, Range.FULL), (0, 128, 128), (0, 0, 0)),
    ],
)
def test_colours_of_every_coding(fmt, yuv, rgb):
    matrix, offset = pictures.rgb_from_yuv(fmt)
    assert 255 * (matrix @ (np.array(yuv) / 255 - offset)) == pytest.approx(rgb, abs=2.5)


@pytest.fixture
def ring():
    ring = FrameRing(ring_name("test"), capacity=1280 * 720 * 3 // 2, slots=2)
    yield ring
    ring.close()


def fill(ring, fmt, luma):
    ring.slot(fmt.size)[:] = luma
    ring.commit(fmt, capture_ns=0)


def test_a_small_picture_is_small_and_its_own(ring):
    fill(ring, PictureFormat(1280, 720), 77)
    planes = small_planes(ring.newest(), 171, 96)
    assert [p.shape for p in planes] == [(96, 171), (48, 85), (48, 85)]
    assert all((p == 77).all() for p in planes)
    big = small_planes(ring.newest(), 2560, 1440)
    assert big[0].shape == (720, 1280), "the GPU enlarges it, not the CPU"
    fill(ring, PictureFormat(1280, 720), 78)
    fill(ring, PictureFormat(1280, 720), 79)
    assert (big[0] == 77).all(), "a copy"


def test_a_picture_that_was_overwritten_meanwhile_is_not_shown(ring):
    fill(ring, PictureFormat(64, 36), 1)
    frame = ring.newest()
    fill(ring, PictureFormat(64, 36), 2)
    fill(ring, PictureFormat(64, 36), 3)
    assert small_planes(frame, 64, 36) is None


def test_a_matte_is_no_picture(ring):
    fill(ring, PictureFormat(64, 36, layout=Layout.GRAY8), 1)
    assert small_planes(ring.newest(), 64, 36) is None


# The client


class Peer:
    """An engine's socket."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2)
        self.port = self.socket.getsockname()[1]

    def next(self):
        data, _ = self.socket.recvfrom(65535)
        return decode(data)[0]

    def silent(self):
        self.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            self.socket.recvfrom(65535)
        self.socket.settimeout(2)

    def send(self, client, *messages):
        self.socket.sendto(bundle(*messages), ("127.0.0.1", client.local_port))


def bundle(*messages):
    builder = OscBundleBuilder(IMMEDIATELY)
    for address, *args in messages:
        message = OscMessageBuilder(address)
        for arg in args:
            message.add_arg(arg)
        builder.add_content(message.build())
    return builder.build().dgram


@pytest.fixture
def peer():
    peer = Peer()
    yield peer
    peer.socket.close()


@pytest.fixture
def client(peer):
    client = Client("127.0.0.1", peer.port)
    yield client
    client.close()


def test_commands_go_out_as_they_are(client, peer):
    client.send("/graphics/title/set", "title", "Åsa 李")
    assert peer.next() == ("/graphics/title/set", ("title", "Åsa 李"))
    client.send("/program/auto", "mix", 1.0)
    assert parse(*peer.next()) == c.ProgramAuto("mix", 1.0)


def test_it_subscribes_hears_and_keeps_state(client, peer):
    assert client.keep(0) == []
    assert peer.next() == ("/subscribe", (client.local_port,))
    peer.send(client, ("/state/frame", 7), ("/state/program/shot", "cam1"), ("/state/show/time", 0.5))
    assert client.keep(1)[0] == ("/state/frame", (7,))
    assert client.connected
    assert client.state == {"/state/frame": (7,), "/state/program/shot": ("cam1",), "/state/show/time": (0.5,)}
    client.keep(RETRY_NS * 3 // 2)
    peer.silent()


def test_an_engine_that_goes_away_is_noticed_and_asked_again(client, peer):
    client.keep(0)
    peer.send(client, ("/state/show/title", "old"), ("/state/late", 3))
    client.keep(1)
    peer.next()
    client.keep(LOST_NS)
    assert client.connected
    now = LOST_NS + 2
    client.keep(now)
    assert not client.connected
    assert client.state["/state/show/title"] == ("old",), "what was known stays to be looked at"
    assert peer.next()[0] == "/subscribe"
    client.keep(now + RETRY_NS // 2)
    peer.silent()
    client.keep(now + RETRY_NS)
    assert peer.next()[0] == "/subscribe"
    peer.send(client, ("/state/show/title", "new"))
    client.keep(now + RETRY_NS + 1)
    assert client.connected
    assert client.state == {"/state/show/title": ("new",)}, "nothing of the old show is left"


def test_the_whole_tree_is_asked_for_now_and_then(client, peer):
    client.keep(0)
    peer.next()
    peer.send(client, ("/state/late", 0))
    client.keep(REFRESH_NS - 1)
    peer.silent()
    peer.send(client, ("/state/late", 0))
    client.keep(REFRESH_NS)
    assert peer.next()[0] == "/subscribe"


def test_an_engine_that_is_not_there_costs_nothing():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client("127.0.0.1", port)
    for second in range(5):
        assert client.keep(second * NS) == []
    assert not client.connected
    client.close()


def test_a_host_that_does_not_exist_is_said():
    with pytest.raises(DeviceError, match="no way there"):
        Client("x" * 64, 9000)  # no name server is asked for a name that can't be one


NESTED = b"/x\0\0,\0\0\0"
for _ in range(40):
    NESTED = b"#bundle\0" + bytes(8) + len(NESTED).to_bytes(4, "big") + NESTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"/unterminated",
        b"#bundle\0",
        b"/x\0\0,i\0\0",
        b"/x\0\0,s\0\0\xff\xfe\0\0",
        b"#bundle\0" + bytes(8) + (-4).to_bytes(4, "big", signed=True),  # python-osc reads this one for ever
        b"#bundle\0" + bytes(8) + bytes(4),
        b"#bundle\0" + bytes(8) + (400).to_bytes(4, "big") + b"/x",
        NESTED,
    ],
    ids=range(10),
)
def test_what_is_no_osc_changes_nothing(client, peer, data):
    client.keep(0)
    peer.socket.sendto(data, ("127.0.0.1", client.local_port))
    peer.send(client, ("/state/late", 1))
    client.keep(1)
    assert client.state == {"/state/late": (1,)}


@given(st.binary(max_size=200), st.booleans())
def test_no_datagram_is_too_odd(data, framed):
    try:
        messages = decode((b"#bundle\0" + bytes(8) if framed else b"") + data)
    except ValueError:
        return
    assert all(address.startswith("/") for address, _ in messages)


@given(
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(-(2**31), 2**31 - 1),
)
def test_a_message_comes_back_as_it_was_sent(text, number):
    assert decode(encode("/a/b", text, number)) == [("/a/b", (text, number))]


def test_state_from_a_stranger_is_not_taken(client):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        try:
            stranger.bind(("127.0.0.2", 0))
        except OSError:
            pytest.skip("this system has one loopback address only")
        stranger.sendto(bundle(("/state/late", 9)), ("127.0.0.1", client.local_port))
    client.keep(0)
    assert client.state == {} and client.bad == 1


def test_starting_a_console_worker_does_not_load_a_window_library():
    """The engine imports the spec, and the worker beats before it imports the rest."""
    for name in ("spec", "app"):
        source = (Path(keys.__file__).parent / f"{name}.py").read_text()
        assert not re.search(
            r"^(from|import) (pyglet|imgui|moderngl|cv2|live\.console\.(gui|desk|console|pictures))", source, re.M
        )


def test_what_is_suggested_and_what_hangs_over_program():
    state = {
        "/state/suggestions/1": (7, "graphics", "Name Anna", "Anna is on air", 12),
        "/state/suggestions/2": (0, "", "", "", 0),
        "/state/dsk/1": (1, 1.0, "bug", 0, "Logo"),
        "/state/dsk/2": (0, 0.0, "", 0, ""),
        "/state/captions/visible": (0,),
        "/state/microphones/mic1/gain": (-6.0,),
        "/state/microphones/mic1/mute": (1,),
        "/state/director/styles": ("debate", "talk"),
        "/state/program/ftb": (1, 0.4),
        "/state/authority/cuts/owner": ("osc 10.0.0.5:9",),
        "/state/director/locked": (1,),
        "/state/director/level": ("auto",),
    }
    shown = read(state)
    assert [(s.id, s.text, s.left_s) for s in shown.suggestions] == [(7, "Name Anna", 12.0)]
    keys = [(k.number, k.on, k.holds, k.title) for k in shown.all(KeyStatus)]
    assert keys == [(1, True, "bug", "Logo"), (2, False, "", "")]
    assert CaptionStatus in shown.state and not shown.get(CaptionStatus).visible and shown.get(ProgramBlack).on
    assert shown.get(StyleNames).names == ("debate", "talk")
    assert shown.get(DomainOwner, "cuts").who.startswith("osc")
    (microphone,) = shown.all(MicrophoneStatus)
    assert (microphone.gain_db, microphone.muted) == (-6.0, True)
    assert not shown.machine_acts, "locked"
    assert CaptionStatus not in read({}).state


def test_an_engine_that_listens_everywhere_is_reached_on_this_machine():
    with Engine("0.0.0.0") as engine:
        client = Client("0.0.0.0", engine.port)
        client.subscribe()
        engine.tree.set("late", 3)
        engine.turn()
        select.select([client], [], [], 5.0)
        client.poll()
        assert client.state["/state/late"] == (3,) and not client.bad
        client.close()
