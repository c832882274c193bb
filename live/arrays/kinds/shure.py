"""Shure's MXA920 and its sisters, by their command strings over TCP (port 2202): `< REP 1 AUTOMIX_GATE_OUT_CA ON >`,
`< SAMPLE TALKER_POSITIONS 1 2 -15 321 914 0 >`.

Source: Shure, MXA920 command strings (pubs.shure.com/command-strings/MXA920). Tried against what was made after them,
on loopback; it has met no array yet.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.base.clock import NS
from live.base.errors import DeviceError
from live.config.arrays import ArrayConfig
from live.config.kinds import ARRAYS
from live.config.surface import Port

CONNECT_S = 1.0
ASK_NS = 5 * NS  # the gates are asked for again: what is silent for longer than SILENT_NS is gone
SILENT_NS = 12 * NS
_LONGEST = 10_000  # characters without an end
_FIELDS = 6  # of one talker: lobe, coverage area, x, y, z, one that is reserved
_GATES = ("AUTOMIX_GATE_OUT_CA", "AUTOMIX_GATE_OUT_EXT_SIG")  # of coverage areas, of lobes
_STRING = re.compile(r"<([^<>]*)>")


@ARRAYS.register
class ShureConfig(ArrayConfig):
    """Shure MXA920, MXA902, MXA910 and MXA710, by their command strings over TCP."""

    zone_needs: ClassVar[Literal["area"]] = "area"

    kind: Literal["shure"]
    port: Port = 2202
    by: Literal["talkers", "gates"] = Field(
        "talkers",
        description=(
            "talkers: it says where somebody talks (MXA920, MXA902); gates: which channel of its automixer is open, "
            'whose "last mic on" has to be off'
        ),
    )
    position_ms: Annotated[int, Field(ge=100, le=2000)] = Field(
        200, description="talkers: how often it says so; it is set in the array, and stays there"
    )


class ShureStrings:
    """What an array has said. areas: where somebody talks, numbers of coverage areas, or of lobes where it has none.
    Pure; times in ns.
    """

    def __init__(self, config: ShureConfig) -> None:
        self._config = config
        self._rest = ""
        self._gates: dict[tuple[str, int], bool] = {}
        self._heard_ns: dict[int, int] = {}
        self.bad = 0

    @property
    def greeting(self) -> str:
        if self._config.by == "talkers":
            return f"< SET TALKER_POSITION_RATE {self._config.position_ms} >\r\n"
        return ""

    @property
    def question(self) -> str:
        """Asked now and then: the answer says that it is there, and what the gates are."""
        if self._config.by == "talkers":
            return "< GET TALKER_POSITION_RATE >\r\n"
        return "< GET 0 AUTOMIX_GATE_OUT_CA >\r\n< GET 0 AUTOMIX_GATE_OUT_EXT_SIG >\r\n"

    def take(self, text: str, now_ns: int) -> None:
        """Some more of what comes, wherever it breaks off."""
        self._rest += text
        end = 0
        for found in _STRING.finditer(self._rest):
            end = found.end()
            self._read(found[1].split(), now_ns)
        self._rest = self._rest[end:]
        if len(self._rest) > _LONGEST:
            self.bad, self._rest = self.bad + 1, ""

    def _read(self, words: list[str], now_ns: int) -> None:
        match words:
            case ["REP", number, what, state] if what in _GATES and number.isdecimal():
                self._gates[what, int(number)] = state.upper() == "ON"
            case ["SAMPLE", "TALKER_POSITIONS", *fields]:
                for area in self._areas(fields):
                    self._heard_ns[area] = now_ns
            case ["REP" | "SAMPLE" | "REPORT", *_]:
                pass  # something else of it
            case _:
                self.bad += 1

    def _areas(self, fields: list[str]) -> Iterator[int]:
        for at in range(0, len(fields) - _FIELDS + 1, _FIELDS):
            with suppress(ValueError):
                lobe, area = int(fields[at]), int(fields[at + 1])
                yield area or lobe

    def areas(self, now_ns: int) -> set[int]:
        if self._config.by == "talkers":
            stays_ns = round(2.5 * self._config.position_ms * 1e6)
            return {area for area, heard_ns in self._heard_ns.items() if now_ns - heard_ns <= stays_ns}
        areas = {number for (what, number), on in self._gates.items() if on and what.endswith("_CA")}
        has_areas = any(what.endswith("_CA") for what, _ in self._gates)
        return areas if has_areas else {number for (_, number), on in self._gates.items() if on}


class ShureTalk:
    """One connection."""

    def __init__(self, config: ShureConfig) -> None:
        self._config, self._strings = config, ShureStrings(config)
        self._socket: socket.socket | None = None
        self._heard_ns = self._asked_ns = 0

    @property
    def bad(self) -> int:
        return self._strings.bad

    def turn(self, now_ns: int) -> Iterable[str]:
        try:
            if self._socket is None:
                self._socket = socket.create_connection((self._config.host, self._config.port), CONNECT_S)
                self._socket.setblocking(False)
                self._socket.sendall(self._strings.greeting.encode("ascii"))
                self._heard_ns, self._asked_ns = now_ns, now_ns - ASK_NS
            if now_ns - self._asked_ns >= ASK_NS:
                self._asked_ns = now_ns
                self._socket.sendall(self._strings.question.encode("ascii"))
            with suppress(BlockingIOError):
                while data := self._socket.recv(4096):
                    self._heard_ns = now_ns
                    self._strings.take(data.decode("ascii", "replace"), now_ns)
                raise self._gone("it has hung up")
        except OSError as error:
            raise self._gone(error.strerror or str(error) or "can't be reached") from None
        if now_ns - self._heard_ns > SILENT_NS:
            raise self._gone("it has fallen silent")
        areas = self._strings.areas(now_ns)
        return [zone.person for zone in self._config.zones if zone.area in areas]

    def _gone(self, cause: str) -> DeviceError:
        where = f"array {self._config.name} at {self._config.host}:{self._config.port}"
        return DeviceError(where, cause, "see that it is on and in this network; it is tried again")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def talk(config: ShureConfig) -> ShureTalk:
    return ShureTalk(config)
