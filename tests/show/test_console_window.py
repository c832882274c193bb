"""The console in a real window on a virtual display, driven by a real keyboard and mouse, with a peer that publishes a show.

The peer is a UDP socket and frame rings, as the engine has them. The window runs as the engine runs it: a worker.
"""

import select
import shutil
import socket
import struct
import subprocess
import sys
import threading

import numpy as np
import pytest

from live.clock import NS, MonotonicClock
from live.console.spec import ConsoleSpec
from live.control.client import encode, parse_datagram
from live.frames import FrameRing, PictureFormat, WorkerState, ring_name
from live.workers import Supervisor, Worker

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool (Debian packages of these names)"
)

FORMAT = PictureFormat(1280, 720)
CLOCK = MonotonicClock()
PATIENCE_NS = 60 * NS  # a machine that is busy with other tests
# Y, U, V in BT.709 limited range, and their RGB, worked out by hand
ORANGE, ORANGE_RGB = (139, 60, 186), (247, 127, 0)
TEAL, TEAL_RGB = (101, 142, 78), (9, 123, 129)


class Display:
    """A virtual screen whose pixels lie in a file (an X window dump), and a hand on its keyboard and mouse."""

    def __init__(self, folder):
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-fbdir", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert select.select([self.process.stdout], [], [], 30)[0], "Xvfb says nothing"
        self.name = f":{self.process.stdout.readline().decode().strip()}"
        self._file = folder / "Xvfb_screen0"

    def pixel(self, x, y):
        """(R, G, B) of the screen."""
        data = np.memmap(self._file, np.uint8, "r")
        header = struct.unpack(">25I", bytes(data[:100]))
        start, stride, colours = header[0] + header[19] * 12, header[12], header[11]
        assert colours == 32
        at = start + y * stride + 4 * x
        return tuple(int(v) for v in data[at : at + 3][::-1])

    def do(self, *words):
        subprocess.run(["xdotool", *words], check=True, timeout=30, env={"DISPLAY": self.name, "PATH": "/usr/bin:/bin"})

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


class ShowPeer:
    """What a console sees of an engine: a socket, and rings with moving pictures, in a thread of their own."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.03)
        self.port = self.socket.getsockname()[1]
        self.rings = {name: FrameRing(ring_name(name), capacity=FORMAT.size, slots=4) for name in ("program", "preview")}
        self.subscribers, self.heard, self.state = set(), [], {
            "/state/show/title": ("A test",),
            "/state/shots/1": ("set/wide", "Wide", ""),
            "/state/shots/2": ("set/left", "Left", ""),
            "/state/program/shot": ("set/wide",),
            "/state/preview/shot": ("set/left",),
            "/state/program/transition": ("cut", 0.0),
            "/state/director/level": ("auto",),
            "/state/graphics/title/visible": (0,),
            "/state/graphics/title/field/title": ("Anna",),
            "/state/sources/cam1/status": ("retrying", 0.0, "connection refused"),
            "/state/rings/program": (self.rings["program"].name,),
            "/state/rings/preview": (self.rings["preview"].name,),
        }  # fmt: skip
        self._arrived = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        frame = 0
        while not self._stop.is_set():
            frame += 1
            self._push("program", ORANGE)
            self._push("preview", TEAL)
            self._send({"/state/frame": (frame,), "/state/show/time": (frame / 30,)}, self.subscribers)
            try:
                data, sender = self.socket.recvfrom(65535)
            except TimeoutError:
                continue
            for address, args in parse_datagram(data):
                if address == "/subscribe":
                    self.subscribers.add((sender[0], args[0]))
                    self._send(self.state, [(sender[0], args[0])])
                with self._arrived:
                    self.heard.append((address, args))
                    self._arrived.notify_all()

    def _push(self, name, yuv):
        ring = self.rings[name]
        data = ring.slot(FORMAT.size)
        for plane, value in zip(FORMAT.planes(data), yuv, strict=True):
            plane[:] = value
        ring.commit(FORMAT, capture_ns=CLOCK.now_ns())

    def _send(self, paths, subscribers):
        for address in subscribers:
            for path, args in paths.items():
                self.socket.sendto(encode(path, *args), address)

    def expect(self, *message):
        """Wait until this message has come; forget everything up to it."""
        wanted = (message[0], tuple(message[1:]))
        with self._arrived:
            there = self._arrived.wait_for(lambda: wanted in self.heard, PATIENCE_NS / NS)
            assert there, f"no {wanted}; heard {[m for m in self.heard if m[0] != '/multiview/want']}"
            before = self.heard[: self.heard.index(wanted)]
            del self.heard[: len(before) + 1]
            return before

    def close(self):
        self._stop.set()
        self._thread.join()
        self.socket.close()
        for ring in self.rings.values():
            ring.close()


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
    worker = supervisor.add(Worker("console", "live.console.app:main", ConsoleSpec("127.0.0.1", peer.port), essential=False))
    supervisor.start()
    peer.expect("/multiview/want", 3.0)  # it asks for pictures once it has state
    display.do("mousemove", "640", "20")  # the keyboard follows the mouse where no window manager is
    yield worker
    supervisor.stop(20)


def until(condition, what):
    """Spin on something that another process does; its pixels make no noise to wait on."""
    end = CLOCK.now_ns() + PATIENCE_NS
    tick = threading.Event()
    while not condition():
        assert CLOCK.now_ns() < end, what
        tick.wait(0.02)


def near(pixel, colour):
    return all(abs(a - b) <= 6 for a, b in zip(pixel, colour, strict=True))


def test_pictures_keys_mouse_and_typing(console, display, peer):
    until(lambda: near(display.pixel(960, 200), ORANGE_RGB), "the program picture is on the right, in its colour")
    until(lambda: near(display.pixel(320, 200), TEAL_RGB), "the preview picture is on the left, in its colour")
    assert console.status.get("state") == WorkerState.RUNNING

    display.do("key", "2")
    peer.expect("/preview/set", "set/left")
    display.do("key", "shift+2")
    peer.expect("/program/cut", "set/left")
    display.do("key", "F1")
    peer.expect("/program/cut", "set/wide")
    display.do("key", "Return")
    peer.expect("/program/auto", "mix", 1.0)
    display.do("key", "Escape", "space")  # Escape closes nothing
    peer.expect("/program/cut")
    display.do("key", "BackSpace")
    peer.expect("/show/panic")

    display.do("mousemove", "100", "470", "click", "1")  # the first tile
    peer.expect("/preview/set", "set/wide")
    display.do("mousemove", "700", "605", "click", "1")  # CUT
    peer.expect("/program/cut")

    display.do("key", "e")  # the titles; the first field has the keyboard
    until(lambda: not near(display.pixel(420, 300), TEAL_RGB), "the titles are open")
    # A letter within the same drawn frame as Ctrl counts as typed with it: the peer's hands take a second, as a person's do.
    display.do("key", "ctrl+a", "sleep", "1.5", "type", "--delay", "60", "Bo 2 h")
    display.do("key", "Return")
    before = peer.expect("/graphics/title/set", "title", "Bo 2 h")
    assert {address for address, _ in before} <= {"/multiview/want", "/subscribe"}, "what is typed is no command"
    display.do("key", "F12")
    peer.expect("/show/panic")


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
        ["xdotool", "search", "--name", "Live console"], capture_output=True, text=True, env={"DISPLAY": display.name, "PATH": "/usr/bin:/bin"}
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
