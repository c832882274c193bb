"""A window for tests: a virtual display with a hand on its keyboard and mouse, and a peer that publishes a show as an
engine does."""

import select
import socket
import struct
import subprocess
import threading

import numpy as np

from live.base.clock import NS, MonotonicClock
from live.control.osc import decode, encode
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name

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

    def __init__(self, port=0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.socket.settimeout(0.03)
        self.port = self.socket.getsockname()[1]
        self.rings = {
            name: FrameRing(ring_name(name), capacity=FORMAT.size, slots=4) for name in ("program", "preview")
        }
        self.subscribers, self.heard, self.state = (
            set(),
            [],
            {
                "/state/show/title": ("A test",),
                "/state/shots/1": ("set/wide", "Wide", ""),
                "/state/shots/2": ("set/left", "Left", ""),
                "/state/program/shot": ("set/wide",),
                "/state/preview/shot": ("set/left",),
                "/state/program/transition": ("cut", 0.0),
                "/state/director/level": ("auto",),
                "/state/strips/anna": (1, "microphone", "Anna"),
                "/state/strips/ben": (2, "microphone", "Ben"),
                "/state/strips/ben/gain": (-12.0,),
                "/state/framing/set.left/level": ("auto",),
                "/state/graphics/title/visible": (0,),
                "/state/graphics/title/field/title": ("Anna",),
                "/state/graphics/title/field/title/written": ("Anna",),
                "/state/graphics/title/field/subtitle": ("Hydrologist",),
                "/state/graphics/title/field/subtitle/written": ("Hydrologist",),
                "/state/sources/cam1/status": ("retrying", 0.0, "connection refused"),
                "/state/rings/program": (self.rings["program"].name,),
                "/state/rings/preview": (self.rings["preview"].name,),
                "/state/rings/feed/clean": (self.rings["preview"].name, FORMAT.width, FORMAT.height, 30.0),
            },
        )
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
            for address, args in decode(data):
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

    def say(self, path, *args):
        """The state is another now."""
        self.state[path] = args
        self._send({path: args}, self.subscribers)

    def expect(self, *message):
        """Wait until this message has come; forget everything up to it."""
        wanted = (message[0], tuple(message[1:]))
        with self._arrived:
            there = self._arrived.wait_for(lambda: wanted in self.heard, PATIENCE_NS / NS)
            assert there, f"no {wanted}; heard {[m for m in self.heard if m[0] != '/multiview/want']}"
            before = self.heard[: self.heard.index(wanted)]
            del self.heard[: len(before) + 1]
            return before

    def expect_like(self, address):
        """Wait until a message of this address has come; the last one of it."""
        with self._arrived:
            there = self._arrived.wait_for(lambda: any(a == address for a, _ in self.heard), PATIENCE_NS / NS)
            assert there, f"no {address}"
            return [m for m in self.heard if m[0] == address][-1:]

    def close(self):
        self._stop.set()
        self._thread.join()
        self.socket.close()
        for ring in self.rings.values():
            ring.close()


def until(condition, what):
    """Spin on something that another process does; its pixels make no noise to wait on."""
    end = CLOCK.now_ns() + PATIENCE_NS
    tick = threading.Event()
    while not condition():
        assert CLOCK.now_ns() < end, what
        tick.wait(0.02)


def near(pixel, colour):
    return all(abs(a - b) <= 6 for a, b in zip(pixel, colour, strict=True))
