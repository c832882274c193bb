"""The console in a real window on a virtual display, driven by a real keyboard and mouse, with a peer that publishes a
show.

The peer is a UDP socket and frame rings, as the engine has them. The window runs as the engine runs it: a worker.
"""

import shutil
import subprocess
import sys

import pytest

from live.console.spec import ConsoleSpec
from live.shm.frame_ring import FrameRing
from live.shm.status import WorkerState
from live.workers import Supervisor, Worker
from tests.support.window import ORANGE_RGB, TEAL_RGB, Display, ShowPeer, near, until

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool (Debian packages of these names)",
)


@pytest.fixture(scope="module")
def display(tmp_path_factory):
    display = Display(tmp_path_factory.mktemp("screen"))
    yield display
    display.close()


@pytest.fixture
def peer():
    peer = ShowPeer()
    yield peer
    peer.close()


@pytest.fixture
def events():
    return []


@pytest.fixture
def console(display, peer, events, monkeypatch):
    """A console worker that has found the show."""
    monkeypatch.setenv("DISPLAY", display.name)
    supervisor = Supervisor(lambda name, text: events.append((name, text)))
    worker = supervisor.add(
        Worker("console", "live.console.app:main", ConsoleSpec("127.0.0.1", peer.port), essential=False, grace_s=20.0)
    )
    supervisor.start()
    peer.expect("/multiview/want", 3.0)  # it asks for pictures once it has state
    display.do("mousemove", "640", "20")  # the keyboard follows the mouse where no window manager is
    yield worker
    supervisor.stop()


def test_pictures_keys_mouse_and_typing(console, display, peer):
    until(lambda: near(display.pixel(960, 200), ORANGE_RGB), "the program picture is on the right, in its colour")
    until(lambda: near(display.pixel(320, 200), TEAL_RGB), "the preview picture is on the left, in its colour")
    assert console.status.get("state") == WorkerState.RUNNING

    display.do("key", "2")
    peer.expect("/preview/set", "set/left")
    display.do("key", "shift+2")
    peer.expect("/program/cut", "set/left")
    for key, message in (("2", ("/program/cut", "set/left")), ("equal", ("/framing/set.left/nudge", 0.0, 0.0, 1.05))):
        for _ in range(3):  # Shift is let go first, as fingers do
            display.do("keydown", "shift", "keydown", key, "keyup", "shift", "keyup", key)
            peer.expect(*(pytest.approx(m) if isinstance(m, float) else m for m in message))
    display.do("key", "--delay", "1", "plus", "plus", "plus", "plus", "plus", "F1")  # faster than it draws
    before = peer.expect("/program/cut", "set/wide")
    assert [address for address, _ in before].count("/framing/set.left/nudge") == 5
    display.do("keydown", "Left", "sleep", "1.2", "keyup", "Left", "keydown", "space", "sleep", "1.2", "keyup", "space")
    display.do("key", "F1")
    before = [address for address, _ in peer.expect("/program/cut", "set/wide")]
    assert before.count("/framing/set.left/nudge") > 3, "a camera goes on while its key is held"
    assert before.count("/program/cut") == 1, "a cut doesn't"
    display.do("key", "Return")
    peer.expect("/program/auto", "mix", 1.0)
    display.do("key", "Escape", "space")  # Escape closes nothing
    peer.expect("/program/cut")
    display.do("key", "BackSpace")
    peer.expect("/show/panic")

    display.do("mousemove", "100", "470", "click", "1")  # the first tile
    peer.expect("/preview/set", "set/wide")
    display.do("mousemove", "765", "605", "click", "1")  # CUT
    peer.expect("/program/cut")

    display.do("key", "e")  # the titles; the first field has the keyboard
    until(lambda: not near(display.pixel(420, 300), TEAL_RGB), "the titles are open")
    # A letter within the same drawn frame as Ctrl counts as typed with it: the peer's hands take a second, as a
    # person's do.
    display.do("key", "ctrl+a", "sleep", "1.5", "type", "--delay", "60", "Bo 2 h")
    display.do("key", "Return")
    before = peer.expect("/graphics/title/set", "title", "Bo 2 h")
    assert {address for address, _ in before} <= {"/multiview/want", "/subscribe"}, "what is typed is no command"
    display.do("key", "F12")
    peer.expect("/show/panic")


def test_a_novel_typed_into_the_titles_reaches_no_key_of_the_show(console, display, peer):
    display.do("key", "e")
    until(lambda: not near(display.pixel(420, 300), TEAL_RGB), "the titles are open")
    peer.say("/state/graphics/title/field/title/written", "Ben")  # by another hand, while the line has the keyboard
    display.do("sleep", "0.5", "key", "Tab", "sleep", "0.5", "key", "shift+Tab", "sleep", "0.5")  # nothing is put in
    display.do("key", "ctrl+a", "sleep", "1.5")
    for words in ("It was 9 at night.", "Anna said: cut", "play + hold"):
        display.do("type", "--delay", "40", words)
        display.do("key", "Return", "sleep", "0.5")
    display.do("key", "BackSpace", "sleep", "0.2", "key", "Tab", "sleep", "0.3", "type", "--delay", "40", "Vetoed 2 t")
    display.do("key", "F1", "Return", "sleep", "0.3")
    display.do(
        "mousemove", "900", "300", "click", "1", "sleep", "0.3", "type", "--delay", "40", "dkn1 "
    )  # focus is gone
    # Faster than it draws, on with Tab and back.
    fast = ("--delay", "1")
    display.do("key", "ctrl+a")
    for words in (("type", *fast, "Ada"), ("key", *fast, "Tab", "shift+Tab"), ("type", *fast, "Grace")):
        display.do(*words)
    display.do("key", *fast, "Return")
    heard = peer.expect("/graphics/title/set", "subtitle", "Grace")
    titles = [args for address, args in heard if address == "/graphics/title/set"]
    display.do("key", "F12")
    heard += peer.expect("/show/panic")
    assert titles[:3] == [("title", w) for w in ("It was 9 at night.", "Anna said: cut", "play + hold")], "Enter stays"
    assert titles[3:] == [("title", ""), ("subtitle", "Vetoed 2 t"), ("subtitle", "Ada")], "Tab puts a line in"
    assert {address for address, _ in heard} <= {"/multiview/want", "/subscribe", "/graphics/title/set"}
    display.do("key", "Escape", "sleep", "0.5", "key", "2")  # closed: keys are keys again
    peer.expect("/preview/set", "set/left")


def test_the_page_of_sound_is_worked_by_keys_and_by_mouse(console, display, peer):
    display.do("key", "s")
    until(lambda: near(display.pixel(470, 130), ORANGE_RGB), "program stays in sight, smaller")
    until(lambda: near(display.pixel(150, 130), TEAL_RGB), "and preview")
    display.do("key", "Right", "sleep", "0.3", "key", "Up", "Up", "key", "shift+Down")
    for gain_db in (-11.0, -10.0, -10.1):  # every press counts, also before the first is heard back
        peer.expect("/strips/ben/gain", pytest.approx(gain_db))
    display.do("key", "u")
    peer.expect("/strips/ben/mute", 1)
    display.do("mousemove", "42", "285", "click", "1")  # MUTE of the first strip
    peer.expect("/strips/anna/mute", 1)
    display.do("mousemove", "28", "350", "mousedown", "1", "sleep", "0.5")  # its fader, upwards
    display.do("mousemove_relative", "--", "0", "-20", "sleep", "0.5", "mouseup", "1")
    [gain_db] = [args[0] for address, args in peer.expect_like("/strips/anna/gain")]
    assert 3 < gain_db < 15
    display.do("key", "2")  # all other keys stay what they are
    peer.expect("/preview/set", "set/left")
    display.do("key", "s")
    until(lambda: near(display.pixel(960, 300), ORANGE_RGB), "the pictures are large again")


def test_a_killed_console_leaves_the_show_as_it_was_and_comes_back(console, display, peer, events):
    console.process.kill()
    until(lambda: ("console", "started again") in events, "the supervisor starts it again")
    del peer.heard[:]
    peer.expect("/multiview/want", 3.0)
    again = FrameRing(peer.rings["program"].name)  # its memory is still there
    assert again.count > 0
    again.close()


def test_closing_the_window_ends_the_console_for_good(console, display, peer, events):
    # What a window manager sends when the window's close button is pressed.
    windows = subprocess.run(
        ["xdotool", "search", "--name", "Live console"],
        capture_output=True,
        text=True,
        env={"DISPLAY": display.name, "PATH": "/usr/bin:/bin"},
    )
    window = windows.stdout.split()[0]
    delete_window(display.name, int(window))
    until(lambda: not console.process.is_alive(), "the console ends")
    assert console.process.exitcode == 0
    assert ("console", "started again") not in events


def delete_window(display, window):
    """Send WM_DELETE_WINDOW, with pyglet's own binding of Xlib."""
    code = f"""
from ctypes import byref
from pyglet.libs.x11 import xlib
d = xlib.XOpenDisplay({display!r}.encode())
e = xlib.XEvent()
e.xclient.type, e.xclient.window, e.xclient.format = xlib.ClientMessage, {window}, 32
e.xclient.message_type = xlib.XInternAtom(d, b"WM_PROTOCOLS", False)
e.xclient.data.l[0] = xlib.XInternAtom(d, b"WM_DELETE_WINDOW", False)
xlib.XSendEvent(d, {window}, False, 0, byref(e))
xlib.XSync(d, False)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
