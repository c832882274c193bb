"""OSC over UDP: commands in, state out.

The socket is bound by the engine and read here, in a process of its own: a flood, or thirty consoles that want the
whole state, cost the frame nothing. The loop reads before it does anything else, and never more than a part of what a
flood sends before it looks at its subscribers again. What the kernel drops is counted (Linux tells).
"""

from __future__ import annotations

import errno
import select
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from live.base.errors import CommandError, DeviceError
from live.base.hand import Hand, Role
from live.config.kinds import SURFACES
from live.config.surface import Port, SurfaceConfig
from live.control.osc import decode, encode, state_bundles
from live.control.registry import Command, find, to_message
from live.control.subscriptions import Address, Subscriptions

if TYPE_CHECKING:
    from live.control.worker import Changes, Desk, SurfaceSpec
    from live.workers import WorkerContext

BURST = 4_096  # datagrams that are read before anything else is done
BURST_BYTES = 1 << 20
KNOWN = 1_024  # addresses of which is remembered whether they are faders
_ALWAYS = (b"#bundle\0", b"/show/", b"/subscribe", b"/unsubscribe")  # looked at though its sender's queue is full
_WAIT_S = 0.004  # for a datagram, before the state is looked at again
_BUFFER = 8 << 20  # bytes of socket buffer: half a second of a flood; the system may allow less
_RXQ_OVFL = getattr(socket, "SO_RXQ_OVFL", 40)
_RCVBUFFORCE = getattr(socket, "SO_RCVBUFFORCE", 33)
_IP_RECVERR, _IPV6_RECVERR = 11, 25
_MSG_ERRQUEUE = getattr(socket, "MSG_ERRQUEUE", 0)


@SURFACES.register
class OscConfig(SurfaceConfig):
    """OSC over UDP, another port of it: on another network, or for those who may only watch. The first one is always
    there, where `[control]` says (docs/surfaces.md)."""

    kind: Literal["osc"]
    port: Port

    def bind(self) -> socket.socket:
        return bind(self.host, self.port, "give the surface another port")


def bind(host: str, port: int, free_it: str = "set control.osc_port, or give --osc-port") -> socket.socket:
    """The socket of an OSC surface. Raises DeviceError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, _RCVBUFFORCE, _BUFFER)  # Linux, as root: more than the system's limit
    except OSError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _RXQ_OVFL, 1)
    if _MSG_ERRQUEUE:  # Linux: who isn't there any more is said
        level, option = (socket.IPPROTO_IPV6, _IPV6_RECVERR) if ":" in host else (socket.IPPROTO_IP, _IP_RECVERR)
        with suppress(OSError):
            sock.setsockopt(level, option, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        action = "set its host to an address of this machine"
        if error.errno == errno.EADDRINUSE:
            action = f"end what uses it, {free_it}"
        raise DeviceError(f"OSC port {host}:{port}", error.strerror or "can't be opened", action) from None
    sock.setblocking(False)
    return sock


class OscSurface:
    """The OSC way in and out. One owner."""

    def __init__(self, sock: socket.socket, desk: Desk, role: Role = Role.OPERATOR) -> None:
        self._socket, self._desk, self._role = sock, desk, role
        self.subscriptions = Subscriptions()
        self.bad = 0  # datagrams that were no OSC
        self.dropped = 0  # datagrams the kernel threw away because we were flooded
        self._told_dropped: int | None = None
        self._faders: dict[bytes, bool] = {}
        self._encoded: dict[str, bytes] = {}  # the whole tree, each value a message

    def turn(self, now_ns: int) -> None:
        """Everything there is to do at this moment."""
        self._receive(now_ns)
        self._desk.pump(now_ns)
        self._forget_the_gone()
        for changes in self._desk.listen(now_ns):
            self._publish(changes, now_ns)
        self._serve_fresh(now_ns)
        self._desk.count({"dropped": self.dropped, "bad": self.bad, "clients": len(self.subscriptions)}, now_ns)

    # -- in --

    def _receive(self, now_ns: int) -> None:
        """Empty the socket first, then look at what came: the last of it may be a panic."""
        runs: list[tuple[list[bytes], Address]] = []  # datagrams in order; those of one fader in a row are one run
        last: dict[Address, list[bytes]] = {}  # the last run of each sender
        count, size = 0, 0
        while size < BURST_BYTES and count < BURST:
            try:
                data, ancillary, sender = self._datagram()
            except (BlockingIOError, InterruptedError):
                break
            except OSError:  # an ICMP answer to something we sent
                continue
            if ancillary:
                self._count_dropped(struct.unpack("I", ancillary[0][2][:4])[0], now_ns)
            count, size = count + 1, size + len(data)
            run = last.get(sender)
            if run is not None and self._moves_on(run[-1], data):
                run.append(data)
            else:
                last[sender] = run = [data]
                runs.append((run, sender))
        for run, sender in runs:
            while run and not self._take(run.pop(), sender, now_ns):  # the last move that is one: nobody needs others
                continue

    def _moves_on(self, before: bytes, data: bytes) -> bool:
        """Is this the same fader, moved once more?"""
        address, _, _ = data.partition(b"\0")
        if not before.startswith(address + b"\0"):
            return False
        known = self._faders.get(address)
        if known is None:
            known = _is_plain_fader(address)
            if len(self._faders) < KNOWN:
                self._faders[address] = known
        return known

    def _datagram(self) -> tuple[bytes, list[Any], Address]:
        if hasattr(self._socket, "recvmsg"):
            data, ancillary, _, sender = self._socket.recvmsg(65535, 64)
            return data, ancillary, sender
        data, sender = self._socket.recvfrom(65535)
        return data, [], sender

    def _take(self, data: bytes, sender: Address, now_ns: int) -> bool:
        """False when nothing of it was any good."""
        hand = Hand(f"osc {sender[0]}:{sender[1]}", str(sender[0]), self._role)
        if self._desk.is_full(hand.who) and not data.lower().startswith(_ALWAYS):
            self._desk.refuse(hand, now_ns)
            return False
        try:
            messages = decode(data)
        except ValueError:
            self.bad += 1
            what = f"a datagram from {sender[0]}"
            self._desk.mistake(CommandError(what, "is no OSC", "send OSC 1.0 messages to this port"), hand, now_ns)
            return False
        good = False
        for message in messages:
            if isinstance(message, CommandError):
                self._desk.mistake(message, hand, now_ns)
                continue
            with suppress(CommandError):  # told; OSC has no way to answer
                self._carry(self._desk.hear(hand, *message, now_ns), sender, hand, now_ns)
                good = True
        return good

    def _carry(self, command: Command | None, sender: Address, hand: Hand, now_ns: int) -> None:
        if command is None:
            return
        address, args = to_message(command)
        match address, args:
            case "/subscribe", [port]:
                self.subscriptions.subscribe((sender[0], port, *sender[2:]), now_ns)
            case "/unsubscribe", [port]:
                self.subscriptions.drop((sender[0], port, *sender[2:]))
            case _:
                self._desk.take(hand.who, hand, command, now_ns)

    def _count_dropped(self, dropped: int, now_ns: int) -> None:
        self.dropped = dropped
        before, self._told_dropped = self._told_dropped, dropped
        if before is not None and dropped > before:
            lost = CommandError("OSC", f"{dropped - before} messages came too fast and were lost", "send less")
            self._desk.mistake(lost, Hand(self._desk.name), now_ns)

    # -- out --

    def _publish(self, changes: Changes, now_ns: int) -> None:
        if not changes.values:
            return
        for path, values in changes.values.items():
            self._encoded[path] = encode(path, *(int(v) if isinstance(v, bool) else v for v in values))
        if current := self.subscriptions.current(now_ns):
            bundles = state_bundles(changes.frame, [self._encoded[path] for path in changes.values])
            for address in current:
                self._send(bundles, address)

    def _serve_fresh(self, now_ns: int) -> None:
        """One that is new, or renews, gets the whole state; the next one next time."""
        if self._desk.whole and (address := self.subscriptions.next_fresh(now_ns)) is not None:
            self._send(state_bundles(self._desk.frame, list(self._encoded.values())), address)

    def _send(self, bundles: list[bytes], address: Address) -> None:
        for data in bundles:
            try:
                self._socket.sendto(data, address)
            except BlockingIOError:  # its buffer is full: what it misses, it gets with the next whole state
                return
            except OSError:  # said of somebody else's, too: whose it is, the error queue tells
                continue

    def _forget_the_gone(self) -> None:
        """A closed port was answered with an error: that subscriber has ended without a word."""
        if sys.platform == "win32":
            return
        while _MSG_ERRQUEUE and len(self.subscriptions):
            try:
                *_, address = self._socket.recvmsg(64, 512, _MSG_ERRQUEUE)
            except OSError:
                return
            self.subscriptions.drop(tuple(address))


def _is_plain_fader(address: bytes) -> bool:
    """One that is nothing but numbers: which one is all in its address."""
    try:
        spec, _ = find(address.decode())
    except (CommandError, UnicodeDecodeError):
        return False
    return spec.fader and not any(a.type is str for a in spec.value_args)


def serve(desk: Desk, spec: SurfaceSpec, ctx: WorkerContext) -> None:
    """The worker."""
    surface = OscSurface(spec.socket, desk, Role(spec.config.role))
    while not ctx.stopping():
        select.select([spec.socket], [], [], _WAIT_S)
        surface.turn(ctx.clock.now_ns())
