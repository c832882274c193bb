"""Between the engine and the processes in which surfaces live: what crosses, and the engine's end of it.

Commands come through two rings for each surface: one for what is urgent (the buses, the director, panic) and one for
everything else, so that no flood of the one delays the other. State goes out once a frame, into one ring that all
surfaces read, encoded once whoever listens. A surface that has missed something, or was started again, asks for the
whole tree and gets it a piece in each frame, between the changes.

Records are JSON. They come from processes that strangers talk to, so nothing is taken for granted here: what is no
record is counted and left out, and a command is parsed by the registry once more.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from live.base.errors import CommandError
from live.base.hand import Hand, Role
from live.control.published import Values
from live.control.registry import Command, parse, to_message
from live.control.state import StateTree
from live.control.surface import Incoming
from live.shm.broadcast import BroadcastRing
from live.shm.memory import ring_name
from live.shm.message_ring import RecordRing

TOLD = 1_000  # characters of each part of what is told of a mistake
# A command takes the engine 45 us: a flood costs a frame 4 ms at most.
URGENT_A_FRAME = 48  # of each surface; more than AHEAD_BYTES lets through
ORDINARY_A_FRAME = 48  # of all surfaces
WHOLE_A_FRAME = 48  # values of the whole tree that go out beside the changes, when somebody asked for it
_A_RECORD = 128  # values of one record of changes
AHEAD_BYTES = 4_096  # that may be on their way through a ring: what comes beyond waits in the surface, in each
# sender's own queue


@dataclass(frozen=True)
class LinkSpec:
    """What a surface's process needs to find its rings. name: of the surface."""

    name: str
    urgent: str
    ordinary: str
    state: str


# -- records --


def pack_command(number: int, received_ns: int, hand: Hand, command: Command) -> bytes:
    address, args = to_message(command)
    return _packed("command", number, received_ns, _told(hand), address, args)


def pack_error(number: int, received_ns: int, hand: Hand, error: CommandError, times: int) -> bytes:
    return _packed(
        "error",
        number,
        received_ns,
        _told(hand),
        [text[:TOLD] for text in (error.subject, error.cause, error.action)],
        times,
    )


def pack_figures(figures: Mapping[str, int]) -> bytes:
    return _packed("figures", dict(figures))


def pack_whole(number: int) -> bytes:
    """Asks for the whole tree. The number comes back when it has gone out."""
    return _packed("whole", number)


def pack_state(frame: int, changes: Mapping[str, Values], complete: Mapping[str, int]) -> bytes:
    """complete: by surface, the number of the request that is fulfilled with this."""
    return _packed("state", frame, changes, complete)


def pack_answer(of: tuple[str, int], error: CommandError) -> bytes:
    return _packed("answer", *of, str(error)[:TOLD])


def unpacked(record: bytes) -> list[Any]:
    """Raises ValueError for what is no record."""
    row = json.loads(record)
    if not isinstance(row, list) or not row:
        raise ValueError("no record")
    return row


def _packed(*row: Any) -> bytes:
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def _told(hand: Hand) -> list[str]:
    return [hand.who, hand.host, hand.role]


# -- the engine's end --


class _Line:
    """One surface, seen from the engine."""

    def __init__(self, name: str, state: str) -> None:
        self.name = name
        self.urgent = RecordRing(ring_name("cmd"), create=True)
        self.ordinary = RecordRing(ring_name("cmd"), create=True)
        self.spec = LinkSpec(name, self.urgent.name, self.ordinary.name, state)
        self.figures: dict[str, int] = {}
        self.asked = 0  # the number of its request for the whole tree

    def close(self) -> None:
        self.urgent.close()
        self.ordinary.close()


class Links:
    """All surfaces that live in processes of their own. Engine thread only; the surface of those, to the engine."""

    def __init__(self) -> None:
        self._state = BroadcastRing(ring_name("sta"), create=True)
        self._lines: list[_Line] = []
        self._whole: deque[str] = deque()  # paths that are still to go out
        self._asking: dict[str, int] = {}  # for whom
        self.broken = 0  # records that were none
        self.too_long = 0  # records of state that no ring holds

    def add(self, name: str) -> LinkSpec:
        """A surface more; what its process is to be given."""
        self._lines.append(_Line(name, self._state.name))
        return self._lines[-1].spec

    def figures(self, name: str) -> Mapping[str, int]:
        """What a surface counts."""
        return next((line.figures for line in self._lines if line.name == name), {})

    def poll(self, frame: int, now_ns: int) -> list[Incoming]:
        found: list[Incoming] = []
        share = ORDINARY_A_FRAME // max(1, len(self._lines))
        for line in self._lines:
            # In this order: whatever was sent before an urgent one that is here, is here by then, too.
            records = line.urgent.take(URGENT_A_FRAME) + line.ordinary.take(share)
            for record in records:
                try:
                    if (incoming := self._read(line, unpacked(record), now_ns)) is not None:
                        found.append(incoming)
                except (ValueError, TypeError, KeyError, RecursionError):
                    self.broken += 1
        return sorted(found, key=lambda i: (i.received_ns, i.of))

    def _read(self, line: _Line, row: Sequence[Any], now_ns: int) -> Incoming | None:
        match row:
            case ["command", int(number), int(received_ns), [who, host, role], str(address), list(args)]:
                hand = Hand(str(who), str(host), Role(role))
                try:
                    command: Command | CommandError = parse(address, args)
                except CommandError as error:
                    command = error
                return Incoming(command, hand, min(received_ns, now_ns), (line.name, number))
            case ["error", int(number), int(received_ns), [who, host, role], [subject, cause, action], int(times)]:
                mistake = CommandError(str(subject), str(cause), str(action))
                hand = Hand(str(who), str(host), Role(role))
                return Incoming(mistake, hand, min(received_ns, now_ns), (line.name, number), times)
            case ["figures", dict(figures)]:
                line.figures = {str(k): int(v) for k, v in figures.items()}
            case ["whole", int(number)]:
                line.asked = number
            case _:
                raise ValueError("no record that is known")
        return None

    def answer(self, incoming: Incoming, error: CommandError) -> None:
        self._state.put(pack_answer(incoming.of, error))

    def publish(self, frame: int, changes: Mapping[str, Values], tree: StateTree) -> None:
        """Once a frame, whoever listens."""
        going = dict(changes)
        if not self._whole and (asking := {line.name: line.asked for line in self._lines if line.asked}):
            self._whole.extend(path for path, _ in tree.items())
            self._asking = asking
            for line in self._lines:
                line.asked = 0
        values = dict(tree.items()) if self._whole else {}  # as they are now: they may have changed since it began
        for _ in range(min(len(self._whole), WHOLE_A_FRAME)):
            path = self._whole.popleft()
            going[path] = values[path]
        complete: dict[str, int] = {}
        if not self._whole:
            complete, self._asking = self._asking, {}
        self._put(frame, list(going.items()), complete)

    def _put(self, frame: int, items: list[tuple[str, Values]], complete: Mapping[str, int]) -> None:
        rest = items[_A_RECORD:]
        record = pack_state(frame, dict(items[:_A_RECORD]), {} if rest else complete)
        if len(record) <= self._state.longest:
            self._state.put(record)
        else:
            self.too_long += 1
        if rest:
            self._put(frame, rest, complete)

    def close(self) -> None:
        for line in self._lines:
            line.close()
        self._state.close()
