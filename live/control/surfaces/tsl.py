"""Tally lights and the displays under monitors: TSL UMD 3.1 and 5.0, over UDP, out only.

What a display says is its label, and its lamps are red while it is on program and green on preview. A change goes out
at once, and everything once a second: UDP loses datagrams, and a display may be switched on later.
"""

from __future__ import annotations

import socket
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from live.base.clock import NS
from live.base.errors import DeviceError
from live.config.base import Wrong
from live.config.check import Known
from live.config.kinds import SURFACES
from live.config.surface import Port, SurfaceConfig

if TYPE_CHECKING:
    from live.control.worker import Desk, SurfaceSpec
    from live.workers import WorkerContext

MOST = 126  # displays at one port: 3.1 counts from 0 to 126
AGAIN_NS = NS  # until everything is sent again
_TURN_NS = NS // 50
_BRIGHT = 3  # of 0 to 3
_RED, _GREEN = 1, 2  # as 5.0 counts lamps' colours
_LETTERS = 16  # that a display of 3.1 has
_PACKET = 2_048  # bytes of a datagram of 5.0, at most


@SURFACES.register
class TslConfig(SurfaceConfig):
    """Tally lights and under-monitor displays, by TSL UMD: red on program, green on preview, with the label. Nothing
    comes in by it.
    """

    kind: Literal["tsl"]
    host: str = Field("127.0.0.1", description="where the displays are")
    port: Port = Field(description="UDP port that they listen at")
    protocol: Literal["3.1", "5.0"] = "3.1"
    displays: Annotated[list[str], Field(min_length=1, max_length=MOST)] = Field(
        description="what each display is for, in the order of their addresses: a source, or a shot as scene/shot"
    )
    first: Annotated[int, Field(ge=0, le=MOST)] = Field(1, description="the address of the first of them")
    screen: Annotated[int, Field(ge=0, le=65534)] = Field(0, description="5.0: the number of the screen they belong to")

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from super().cross_check(known)
        if self.protocol == "3.1" and self.first + len(self.displays) > MOST + 1:
            yield Wrong("displays", f"their addresses go beyond {MOST}", "give fewer, or another `first`")
        if known.shots is not None:
            for n, name in enumerate(self.displays, 1):
                yield from known.need(f"displays[{n}]", name, known.shots, "source or shot")

    def bind(self) -> socket.socket:
        try:
            family, _, _, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
            sock = socket.socket(family, socket.SOCK_DGRAM)
            sock.connect(address)  # nothing is sent by that
        except OSError as error:
            cause = error.strerror or "can't be reached"
            raise DeviceError(f"displays at {self.host}:{self.port}", cause, "set its host to an address") from None
        sock.setblocking(False)
        return sock


@dataclass(frozen=True)
class Display:
    """What one display shows. tally: "program", "preview" or ""."""

    address: int
    tally: str
    text: str


def ascii_of(text: str) -> str:
    """A text in the letters that such displays have: without accents, and what has no such letter as a question
    mark.
    """
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else " " if c.isspace() else "?" for c in letters)


def message_31(display: Display) -> bytes:
    """18 bytes: 0x80 + address; lamps 1 (red) and 2 (green) in bits 0 and 1, brightness in 4 and 5; 16 letters."""
    lamps = {"program": 1, "preview": 2}.get(display.tally, 0)
    text = ascii_of(display.text)[:_LETTERS].ljust(_LETTERS)
    return bytes((0x80 + display.address, lamps | _BRIGHT << 4)) + text.encode("ascii")


def packets_50(displays: Sequence[Display], screen: int) -> list[bytes]:
    """Datagrams of many displays: the count of bytes that follow, version 0, flags 0, the screen, then each display's
    address, lamps (right in bits 0 and 1, left in 4 and 5, brightness in 6 and 7), the length of its text, the text.
    """
    packets: list[bytes] = []
    body = b""
    for display in displays:
        colour = {"program": _RED, "preview": _GREEN}.get(display.tally, 0)
        text = ascii_of(display.text).encode("ascii")
        one = struct.pack("<HHH", display.address, colour | colour << 4 | _BRIGHT << 6, len(text)) + text
        if len(body) + len(one) + 6 > _PACKET:
            packets.append(_packet(body, screen))
            body = b""
        body += one
    return [*packets, _packet(body, screen)] if body else packets


def _packet(body: bytes, screen: int) -> bytes:
    return struct.pack("<HBBH", len(body) + 4, 0, 0, screen) + body


class TslSurface:
    """One owner."""

    def __init__(self, sock: socket.socket, desk: Desk, config: TslConfig) -> None:
        from live.control.published import Replica  # as below

        self._socket, self._desk, self._config = sock, desk, config
        self._state = Replica()
        self._sent: dict[int, Display] = {}
        self._all_ns: int | None = None
        self.unsent = 0  # datagrams that the system didn't take: nobody listens, or there is no way

    def turn(self, now_ns: int) -> None:
        """Everything there is to do at this moment."""
        self._desk.pump(now_ns)
        for changes in self._desk.listen(now_ns):
            self._state.update(changes.values.items())
        if self._desk.whole:
            self._send(now_ns)
        self._desk.count({"dropped": self.unsent}, now_ns)

    def _send(self, now_ns: int) -> None:
        again = self._all_ns is None or now_ns - self._all_ns >= AGAIN_NS
        if again:
            self._all_ns = now_ns
        shown = [self._display(n, name) for n, name in enumerate(self._config.displays, self._config.first)]
        due = [display for display in shown if again or self._sent.get(display.address) != display]
        self._sent |= {display.address: display for display in due}
        packets = (
            [message_31(display) for display in due]
            if self._config.protocol == "3.1"
            else packets_50(due, self._config.screen)
        )
        for packet in packets:
            self._put(packet)

    def _put(self, packet: bytes) -> None:
        try:
            self._socket.send(packet)
        except OSError:  # what was sent before met nobody; this one may
            self.unsent += 1
            with suppress(OSError):
                self._socket.send(packet)

    def _display(self, address: int, name: str) -> Display:
        # What a show says of itself knows the rig, which knows this module: not before it is asked.
        from live.show.cuts.published import PreviewShot, ProgramShot, ProgramTransition, ShotOnKey
        from live.show.sources.published import SourceStatus

        state = self._state
        if "/" not in name:
            source = state.get(SourceStatus, name)
            return Display(address, source.tally, source.title)
        on_program = {state.get(ProgramShot).shot, state.get(ProgramTransition).leaving}
        tally = "program" if name in on_program else "preview" if state.get(PreviewShot).shot == name else ""
        label = next((shot.label for shot in state.all(ShotOnKey) if shot.id == name), name)
        return Display(address, tally, label)


def serve(desk: Desk, spec: SurfaceSpec, ctx: WorkerContext) -> None:
    """The worker."""
    assert isinstance(spec.config, TslConfig)
    surface = TslSurface(spec.socket, desk, spec.config)
    while not ctx.stopping():
        now_ns = ctx.clock.now_ns()
        surface.turn(now_ns)
        ctx.clock.wait_until(now_ns + _TURN_NS)
