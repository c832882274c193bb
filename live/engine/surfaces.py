"""The surfaces of a show on air: their sockets, which outlive their processes, and the processes."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from live.arrays.worker import ArraySpec
from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.config.rig import Rig
from live.config.surface import SurfaceConfig
from live.control.link import Links
from live.control.state import StateTree
from live.control.surfaces.osc import OscConfig
from live.control.worker import SurfaceSpec
from live.show.session.published import ArrayStatus, SurfaceState
from live.workers import Supervisor, Worker

LEFT_BEHIND_NS = 2 * NS  # a port that is taken for longer is somebody's
OSC = "osc"  # the surface that is always there: consoles and multiviews stand on it


def _bound(config: SurfaceConfig) -> socket.socket:
    """The processes of a show that was killed a moment ago hold its port for up to a second. Raises DeviceError."""
    clock = MonotonicClock()
    until_ns = clock.now_ns() + LEFT_BEHIND_NS
    while True:
        try:
            return config.bind()
        except DeviceError:
            if clock.now_ns() >= until_ns:
                raise
        clock.wait_until(clock.now_ns() + NS // 10)


class LiveSurfaces:
    """Made before the show begins. Engine thread only."""

    def __init__(self, rig: Rig, osc_port: int | None) -> None:
        """osc_port: instead of the rig's. Raises DeviceError when OSC can't have its port; what else can't listen is
        `lacking`, and the show begins without it.
        """
        self.links = Links()
        self.lacking: list[DeviceError] = []
        self._specs: list[SurfaceSpec] = []
        with ExitStack() as stack:
            stack.callback(self.links.close)
            port = rig.control.osc_port if osc_port is None else osc_port
            first = OscConfig(kind="osc", name=OSC, host=rig.control.host, port=port)
            self._listen(first, stack)
            for config in rig.surfaces:
                try:
                    self._listen(config, stack)
                except DeviceError as error:
                    self.lacking.append(error)
            self._arrays = [ArraySpec(self.links.add(config.name), config) for config in rig.arrays]
            self._stack = stack.pop_all()
        self.osc_port: int = self._specs[0].socket.getsockname()[1]

    def _listen(self, config: SurfaceConfig, stack: ExitStack) -> None:
        sock = _bound(config)
        stack.callback(sock.close)
        self._specs.append(SurfaceSpec(self.links.add(config.name), sock, config))

    def add_workers(self, supervisor: Supervisor) -> None:
        for spec in self._specs:
            supervisor.add(Worker(f"{spec.link.name} surface", "live.control.worker:main", spec))
        for array in self._arrays:
            supervisor.add(Worker(f"{array.link.name} array", "live.arrays.worker:main", array))

    @property
    def lost(self) -> tuple[int, int]:
        """Datagrams of OSC that came too fast, and that were no OSC."""
        figures = self.links.figures(OSC)
        return figures.get("dropped", 0), figures.get("bad", 0)

    def publish(self, tree: StateTree) -> None:
        """What they say of themselves, into the state."""
        for spec in self._specs:
            said = self.links.figures(spec.link.name)
            counts = (said.get(key, 0) for key in ("clients", "refused", "dropped", "bad"))
            tree.put(SurfaceState(spec.link.name, *counts))
        for array in self._arrays:
            said = self.links.figures(array.link.name)
            tree.put(ArrayStatus(array.link.name, bool(said.get("clients", 0)), said.get("bad", 0)))

    def close(self) -> None:
        self._stack.close()
