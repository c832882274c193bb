"""The engine's end of surfaces and an OSC surface, in one process: over real rings and real sockets on loopback."""

from __future__ import annotations

from contextlib import ExitStack

from live.base.clock import NS
from live.base.errors import CommandError
from live.control.link import Links
from live.control.registry import Command
from live.control.state import StateTree
from live.control.surface import Incoming
from live.control.surfaces import osc
from live.control.worker import Desk


class Paths(StateTree):
    """A tree of any paths and values."""

    def set(self, path: str, *values: str | int | float) -> None:
        path = f"/state/{path}"
        if self._values.get(path) != values:
            self._values[path] = self._changed[path] = values


class Engine:
    """Frames on a clock that is stepped: 30 a second. Use as a context manager."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host, self._wanted = host, port

    def __enter__(self) -> Engine:
        self.links, self.tree = Links(), Paths()
        self.frame, self.now_ns = 0, NS
        with ExitStack() as stack:
            stack.callback(self.links.close)
            self.socket = osc.bind(self.host, self._wanted)
            stack.callback(self.socket.close)
            self.port: int = self.socket.getsockname()[1]
            self.spec = self.links.add("osc")
            self.start()
            stack.callback(lambda: self.desk.close())
            self._stack = stack.pop_all()
        self.turn(12)  # the surface has the whole tree
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self) -> None:
        """The surface's process, anew."""
        self.desk = Desk(self.spec, self.now_ns)
        self.surface = osc.OscSurface(self.socket, self.desk)

    def turn(self, frames: int = 1) -> list[Incoming]:
        """Some frames; what came for them."""
        came: list[Incoming] = []
        for _ in range(frames):
            self.frame += 1
            self.now_ns += NS // 30
            self.surface.turn(self.now_ns)
            came += self.links.poll(self.frame, self.now_ns)
            self.links.publish(self.frame, self.tree.take_changes(), self.tree)
            self.surface.turn(self.now_ns)
        return came

    def commands(self, frames: int = 1) -> list[Command | CommandError]:
        return [incoming.command for incoming in self.turn(frames)]
