"""A small OSC client: sends commands, keeps the state that the engine publishes. The console and the tests stand on it.

It is a peer like any other (`oscsend`, a control surface): one UDP socket, no thread, nothing that waits. Whoever owns
it calls `poll()` often enough; the socket's buffer holds what arrives in between.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from typing import Any

from live.base.clock import NS
from live.base.errors import DeviceError
from live.control.osc import Message, decode, encode
from live.control.published import Replica

log = logging.getLogger(__name__)

# An engine that listens everywhere is asked where this machine is.
_HERE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}
LOST_NS = 2 * NS  # the engine publishes its time ten times a second: two seconds of silence mean that it is gone
RETRY_NS = NS  # while no state comes, subscribe again this often: one small datagram
# Ask for the whole tree now and then: a datagram may be lost, and an engine may forget its subscribers.
REFRESH_NS = 20 * NS
_BUFFER = 1 << 20  # bytes of socket buffer: a whole state tree and a second of changes


class Client:
    """Commands out, state in. Not thread-safe: one owner.

    state: path -> arguments, as last published; replica: the same by name. connected: state has come and has not
    stopped coming. The local socket is bound to the address that reaches the host: loopback for an engine on this
    machine.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 9000) -> None:
        """Raises DeviceError when the host has no address."""
        host = _HERE.get(host, host)
        self.host, self.port = host, port
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            family, self._peer = found[0], found[4]
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            self._socket.bind((_local_address(family, self._peer), 0))
        except (OSError, UnicodeError) as error:  # a name with a part too long for a name is a UnicodeError
            raise DeviceError(f"{host}:{port}", f"no way there ({error})", "give the host the engine runs on") from None
        self._socket.setblocking(False)
        self.local_port: int = self._socket.getsockname()[1]
        self.replica = Replica()
        self.state: Mapping[str, tuple[Any, ...]] = self.replica.paths
        self.bad = 0  # datagrams that were not OSC, or came from somewhere else
        self.connected = False
        self._heard_ns: int | None = None
        self._asked_ns: int | None = None
        self._fresh = True  # the next state belongs to a new show: forget the old one first

    def send(self, address: str, *args: Any) -> None:
        """One message to the engine. It may be lost, as any datagram; what came of it shows in the state."""
        try:
            self._socket.sendto(encode(address, *args), self._peer)
        except OSError as error:  # nobody listens, the network is down: the same as a lost datagram
            log.debug("%s:%d: %s not sent: %s", self.host, self.port, address, error)

    def fileno(self) -> int:
        """The socket, for select."""
        return self._socket.fileno()

    def subscribe(self) -> None:
        """Ask for the whole state, then every change."""
        self.send("/subscribe", self.local_port)

    def poll(self) -> list[Message]:
        """Everything that has arrived, in order; state paths are also put in `state`."""
        messages: list[Message] = []
        while True:
            try:
                data, sender = self._socket.recvfrom(65535)
            except BlockingIOError:
                break
            except ConnectionError:  # Windows reports an unreachable port here; keep() tries again
                continue
            messages += self._accept(data, sender[0])
        return messages

    def _accept(self, data: bytes, sender: str) -> list[Message]:
        try:
            if sender != self._peer[0]:
                raise ValueError(f"from {sender}, not from {self._peer[0]}")
            messages = [m for m in decode(data) if isinstance(m, Message)]
        except ValueError as error:
            self.bad += 1
            log.debug("dropped a datagram: %s", error)
            return []
        if self._fresh and any(address.startswith("/state/") for address, _ in messages):
            self.replica.clear()
            self._fresh = False
        self.replica.update((address, args) for address, args in messages if address.startswith("/state/"))
        return messages

    def keep(self, now_ns: int) -> list[Message]:
        """Poll, notice when the engine goes or comes, and (re)subscribe when that is due. Call it often."""
        messages = self.poll()
        if any(address.startswith("/state/") for address, _ in messages):
            self._heard_ns, self.connected = now_ns, True
        elif self.connected and now_ns - (self._heard_ns or 0) > LOST_NS:
            self.connected, self._fresh = False, True
        every_ns = REFRESH_NS if self.connected else RETRY_NS
        if self._asked_ns is None or now_ns - self._asked_ns >= every_ns:
            self._asked_ns = now_ns
            self.subscribe()
        return messages

    def close(self) -> None:
        """Unsubscribe and close the socket."""
        self.send("/unsubscribe", self.local_port)
        self._socket.close()


def _local_address(family: int, peer: tuple[Any, ...]) -> str:
    """The address of this machine that the peer can answer to; no datagram is sent to find it."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        return str(probe.getsockname()[0])
