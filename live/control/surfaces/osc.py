"""OSC over UDP: commands in, state out.

The socket is read by the render loop itself, at the start of each frame, without ever waiting: a command acts on the
next frame whatever reads it, so a thread would only add a queue and a fight for the interpreter. At most `BUDGET`
datagrams a frame; what a flood puts behind them waits in the kernel's buffer, and what that drops is counted (Linux
tells).
"""

from __future__ import annotations

import errno
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

from live.base.errors import CommandError, DeviceError
from live.control.osc import decode, state_bundles
from live.control.registry import Command, heard
from live.control.state import Values

BUDGET = 64
MAX_SUBSCRIBERS = 32
_RXQ_OVFL = getattr(socket, "SO_RXQ_OVFL", 40)


@dataclass
class OscServer:
    """The OSC way in and out. Engine thread only."""

    host: str
    port: int
    bad: int = 0  # datagrams that were no OSC
    dropped: int = 0  # datagrams the kernel threw away because we were flooded
    subscribers: dict[tuple[str, int], int] = field(default_factory=dict)  # address -> failed sends in a row
    fresh: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, _RXQ_OVFL, 1)
        except OSError:
            self.dropped = -1  # this system doesn't count them
        try:
            self._socket.bind((self.host, self.port))
        except OSError as error:
            self._socket.close()
            in_use = error.errno == errno.EADDRINUSE
            action = (
                "end what uses it, set control.osc_port, or give --osc-port"
                if in_use
                else "set control.host to an address of this machine"
            )
            raise DeviceError(
                f"OSC port {self.host}:{self.port}", error.strerror or "can't be opened", action
            ) from None
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()

    def poll(self) -> list[tuple[Command | CommandError, str]]:
        """The commands that have come, each with who sent it ("osc 127.0.0.1:5000"). Never waits."""
        commands: list[tuple[Command | CommandError, str]] = []
        for _ in range(BUDGET):
            try:
                data, ancillary, _, sender = self._receive()
            except (BlockingIOError, InterruptedError):
                break
            except OSError:  # an ICMP answer to something we sent
                continue
            if ancillary and self.dropped >= 0:
                self.dropped = struct.unpack("I", ancillary[0][2][:4])[0]
            commands += [(c, f"osc {sender[0]}:{sender[1]}") for c in self._commands(data, sender)]
        return commands

    def _receive(self) -> tuple[bytes, list[Any], int, Any]:
        if hasattr(self._socket, "recvmsg"):
            return self._socket.recvmsg(65535, 64)
        data, sender = self._socket.recvfrom(65535)
        return data, [], 0, sender

    def _commands(self, data: bytes, sender: tuple[str, int]) -> list[Command | CommandError]:
        try:
            messages = decode(data)
        except ValueError:
            self.bad += 1
            return [
                CommandError(
                    f"a datagram from {sender[0]}:{sender[1]}", "is no OSC", "send OSC 1.0 messages to this port"
                )
            ]
        found: list[Command | CommandError] = []
        for message in messages[:BUDGET]:
            try:
                command = message if isinstance(message, CommandError) else heard(*message)
            except CommandError as error:
                command = error
            if command is not None:
                found.append(command)
        return found

    def subscribe(self, who: str, port: int) -> None:
        """Send state to `port` of the sender. Raises CommandError when there are too many already."""
        address = (_host(who), port)
        if address not in self.subscribers and len(self.subscribers) >= MAX_SUBSCRIBERS:
            raise CommandError("/subscribe", f"{MAX_SUBSCRIBERS} subscribers already", "send /unsubscribe from one")
        self.subscribers[address] = 0
        self.fresh.append(address)

    def unsubscribe(self, who: str, port: int) -> None:
        self.subscribers.pop((_host(who), port), None)

    def publish(self, frame: int, changes: dict[str, Values], whole: list[tuple[str, Values]]) -> None:
        """Send the changes of a frame to every subscriber, and the whole tree to those that are new."""
        for address in self.fresh:
            if address in self.subscribers:
                self._send(state_bundles(frame, whole), address)
        if changes and self.subscribers:
            bundles = state_bundles(frame, list(changes.items()))
            for address in [a for a in self.subscribers if a not in self.fresh]:
                self._send(bundles, address)
        self.fresh.clear()

    def _send(self, bundles: list[bytes], address: tuple[str, int]) -> None:
        try:
            for bundle in bundles:
                self._socket.sendto(bundle, address)
            self.subscribers[address] = 0
        except OSError:  # a full buffer or a closed port: after a second of nothing but failures it is dropped
            self.subscribers[address] += 1
            if self.subscribers[address] > 30:
                del self.subscribers[address]


def _host(who: str) -> str:
    return who.removeprefix("osc ").rsplit(":", 1)[0]
