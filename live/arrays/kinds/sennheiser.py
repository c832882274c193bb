"""Sennheiser's TeamConnect Ceiling 2, by its Sound Control protocol: JSON over UDP (port 45). It is asked where its
beam looks, and how loud it is there: `{"m":{"beam":{"azimuth":null,"elevation":null}}}`.

Source: Sennheiser, SSC developer's guide for TeamConnect Ceiling 2 (TI 1245). Tried against what was made after it, on
loopback; it has met no array yet.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from live.base.clock import NS
from live.base.errors import DeviceError
from live.config.arrays import ArrayConfig
from live.config.kinds import ARRAYS
from live.config.surface import Port

ASK_NS = NS // 5
SILENT_NS = 3 * NS
STAYS_NS = 6 * NS // 10  # between words
QUESTIONS = (b'{"m":{"beam":{"azimuth":null,"elevation":null}}}', b'{"m":{"in1":{"peak":null}}}')


@ARRAYS.register
class SennheiserConfig(ArrayConfig):
    """Sennheiser TeamConnect Ceiling 2, by its Sound Control protocol over UDP."""

    zone_needs: ClassVar[Literal["azimuth_deg"]] = "azimuth_deg"

    kind: Literal["sennheiser"]
    port: Port = 45
    level_db: Annotated[float, Field(ge=-90, le=0)] = Field(
        -45.0, description="from so loud on somebody talks; its own meter (in1 peak) says how loud the room is"
    )


class SscAnswers:
    """What an array has answered. Pure; times in ns."""

    def __init__(self) -> None:
        self.azimuth_deg: float | None = None
        self.peak_db: float | None = None
        self.bad = 0

    def take(self, datagram: bytes) -> None:
        try:
            told = json.loads(datagram)
        except (ValueError, RecursionError):
            self.bad += 1
            return
        measured = _within(told, "m")
        azimuth, peak = _within(measured, "beam", "azimuth"), _within(measured, "in1", "peak")
        if _is_number(azimuth):
            self.azimuth_deg = float(azimuth) % 360
        if _is_number(peak):
            self.peak_db = float(peak)
        if not isinstance(told, dict):
            self.bad += 1


def _within(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


class SscTalk:
    """Asks one array."""

    def __init__(self, config: SennheiserConfig) -> None:
        self._config, self._answers = config, SscAnswers()
        self._socket: socket.socket | None = None
        self._heard_ns = self._asked_ns = 0
        self._talked_ns: dict[str, int] = {}

    @property
    def bad(self) -> int:
        return self._answers.bad

    def turn(self, now_ns: int) -> Iterable[str]:
        try:
            if self._socket is None:
                where = socket.getaddrinfo(self._config.host, self._config.port, type=socket.SOCK_DGRAM)[0]
                self._socket = socket.socket(where[0], socket.SOCK_DGRAM)
                self._socket.setblocking(False)
                self._socket.connect(where[4])
                self._heard_ns, self._asked_ns = now_ns, now_ns - ASK_NS
            self._ask(self._socket, now_ns)
        except OSError as error:
            raise self._gone(error.strerror or "can't be reached") from None
        if now_ns - self._heard_ns > SILENT_NS:
            raise self._gone("it doesn't answer")
        return [person for person, talked_ns in self._talked_ns.items() if now_ns - talked_ns <= STAYS_NS]

    def _ask(self, sock: socket.socket, now_ns: int) -> None:
        with suppress(BlockingIOError, ConnectionRefusedError):
            for _ in range(32):
                self._answers.take(sock.recv(65_536))
                self._heard_ns = now_ns
                self._judge(now_ns)
        if now_ns - self._asked_ns >= ASK_NS:
            self._asked_ns = now_ns
            with suppress(BlockingIOError, ConnectionRefusedError):  # silence says it
                for question in QUESTIONS:
                    sock.send(question)

    def _judge(self, now_ns: int) -> None:
        azimuth_deg, peak_db = self._answers.azimuth_deg, self._answers.peak_db
        if azimuth_deg is None or peak_db is None or peak_db < self._config.level_db:
            return
        person = next((zone.person for zone in self._config.zones if zone.holds(azimuth_deg)), None)
        if person is not None:
            self._talked_ns = {person: now_ns}  # one beam, one talker

    def _gone(self, cause: str) -> DeviceError:
        where = f"array {self._config.name} at {self._config.host}:{self._config.port}"
        return DeviceError(where, cause, "see that it is on and in this network; it is tried again")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def talk(config: SennheiserConfig) -> SscTalk:
    return SscTalk(config)
