"""The process of one surface: commands in from whoever speaks its protocol, the state out to them.

The engine knows nothing of them: it reads rings (live/control/link.py). Here is what all surfaces share: their queues,
a copy of the state tree from which new ones are served, and what is told of mistakes.
"""

from __future__ import annotations

import importlib
import socket
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import live.show.commands  # noqa: F401  (registers all there are)
from live.base.clock import NS
from live.base.errors import CommandError
from live.base.hand import Hand, Role
from live.base.priority import go_early
from live.config.surface import SurfaceConfig
from live.control.link import AHEAD_BYTES, LinkSpec, pack_command, pack_error, pack_figures, pack_whole, unpacked
from live.control.mistakes import Mistakes
from live.control.published import Values
from live.control.queues import LIMIT, Queues
from live.control.registry import Command, heard, spec_of, to_message
from live.shm.broadcast import BroadcastRing
from live.shm.message_ring import RecordRing
from live.shm.status import WorkerState
from live.show.session.commands import ShowPanic
from live.workers import WorkerContext

FIGURES_NS = NS // 2  # between what a surface tells of itself
ASK_NS = NS  # the whole tree is asked for again when it hasn't come by then


@dataclass(frozen=True)
class SurfaceSpec:
    """socket: where it listens; it belongs to the engine, so that it outlives this process and what comes meanwhile
    waits in it.
    """

    link: LinkSpec
    socket: socket.socket
    config: SurfaceConfig


@dataclass(frozen=True)
class Changes:
    """What is new: in which frame, and which values."""

    frame: int
    values: Mapping[str, Values]


class Desk:
    """What a surface's process has of the show. One owner.

    state: path -> values, as far as they are known. whole: all of it is.
    """

    def __init__(self, link: LinkSpec, now_ns: int) -> None:
        self.name = link.name
        self.frame = 0
        self.state: dict[str, Values] = {}
        self.whole = False
        self._urgent, self._ordinary = RecordRing(link.urgent), RecordRing(link.ordinary)
        self._ring = BroadcastRing(link.state)
        self._queues: Queues[Callable[[], bytes]] = Queues()  # records, packed when it is their turn
        self._mistakes = Mistakes(again_ns=NS)
        self._number = 0
        self._answers: list[tuple[int, str]] = []
        self._at = self._ring.written
        self._told_ns = now_ns
        self._ask(now_ns)

    def close(self) -> None:
        for ring in (self._urgent, self._ordinary, self._ring):
            ring.close()

    # -- in --

    def hear(self, hand: Hand, address: str, args: Sequence[Any], now_ns: int) -> Command | None:
        """What a message means; None for nothing. Raises CommandError; the engine is told already."""
        try:
            return heard(address, args)
        except CommandError as error:
            self.mistake(error, hand, now_ns)
            raise

    def take(self, who: Hashable, hand: Hand, command: Command, now_ns: int) -> int:
        """Queue a command of somebody; returns its number, which an answer to it has. Raises CommandError when it isn't
        taken; the engine is told already.
        """
        try:
            return self._queue(who, hand, command, now_ns)
        except CommandError as error:
            self.mistake(error, hand, now_ns)
            raise

    def _queue(self, who: Hashable, hand: Hand, command: Command, now_ns: int) -> int:
        spec = spec_of(command)
        if hand.role is not Role.OPERATOR:
            raise CommandError(spec.address, "nobody steers from here", "give this surface the role operator")
        self._number += 1
        urgent, panic = spec.urgent, isinstance(command, ShowPanic)
        fader = _moved(command) if spec.fader else None
        record = partial(pack_command, self._number, now_ns, hand, command)
        refused = self._queues.refused
        if not self._queues.put(who, record, urgent=urgent, fader=fader, panic=panic):
            raise _too_fast(hand)
        if panic and (left_out := self._queues.refused - refused):
            cause = f"{left_out} commands of yours that waited were left out"
            self.mistake(CommandError(spec.address, cause, "send again what is still wanted"), hand, now_ns)
        return self._number

    def is_full(self, who: Hashable) -> bool:
        """Would anything but a panic of theirs be refused?"""
        return self._queues.is_full(who)

    def refuse(self, hand: Hand, now_ns: int) -> None:
        """Something came of somebody whose queue is full."""
        self._queues.refused += 1
        self.mistake(_too_fast(hand), hand, now_ns)

    def mistake(self, error: CommandError, hand: Hand, now_ns: int) -> None:
        """Tell the engine of it; the same one many times only now and then, with its count."""
        if (told := self._mistakes.add(error, hand, now_ns)) is not None:
            self._tell(told.error, told.hand, now_ns, told.times)

    def _tell(self, error: CommandError, hand: Hand, now_ns: int, times: int) -> None:
        self._number += 1
        self._queues.put("", partial(pack_error, self._number, now_ns, hand, error, times))

    def pump(self, now_ns: int) -> None:
        """Hand on to the engine what it has room for."""
        for told in self._mistakes.due(now_ns):
            self._tell(told.error, told.hand, now_ns, told.times)
        if len(self._queues):
            self._queues.drain(_into(self._ordinary), _into(self._urgent))

    def count(self, figures: Mapping[str, int], now_ns: int) -> None:
        """What this surface counts, for the state; told twice a second."""
        if now_ns - self._told_ns < FIGURES_NS:
            return
        self._told_ns = now_ns
        own = {"refused": self._queues.refused, "merged": self._queues.merged}
        self._ordinary.put(pack_figures({**figures, **own}))

    # -- out --

    def listen(self, now_ns: int) -> list[Changes]:
        """What has changed since the last call, each value once."""
        found = self._ring.after(self._at)
        if found is None:  # it was away for so long that something has gone by
            self._at = self._ring.written
            self.whole = False
            self._ask(now_ns)
            return []
        records, self._at = found
        changes = [c for record in records if (c := self._read(unpacked(record))) is not None]
        if not self.whole and now_ns - self._asked_ns > ASK_NS:
            self._ask(now_ns)
        return changes

    def _read(self, row: list[Any]) -> Changes | None:
        match row:
            case ["state", int(frame), dict(values), dict(complete)]:
                self.frame = frame
                self.whole = self.whole or complete.get(self.name) == self._request
                new = {p: tuple(v) for p, v in values.items() if self.state.get(p) != tuple(v)}
                self.state.update(new)
                return Changes(frame, new)
            case ["answer", self.name, int(number), str(text)]:
                self._answers.append((number, text))
        return None

    def answers(self) -> Iterator[tuple[int, str]]:
        """(number of the message, what was wrong with it), each once."""
        while self._answers:
            yield self._answers.pop(0)

    def _ask(self, now_ns: int) -> None:
        self._asked_ns, self._request = now_ns, now_ns + 1  # no other request has that number, nor is it 0
        self._ordinary.put(pack_whole(self._request))


def _moved(command: Command) -> Hashable:
    """Which fader a command moves: its address, and what it says in words."""
    address, args = to_message(command)
    return (address, *(a for a in args if isinstance(a, str)))


def _too_fast(hand: Hand) -> CommandError:
    return CommandError(hand.who, f"sends faster than a show can follow: {LIMIT} commands wait", "send less")


def _into(ring: RecordRing) -> Callable[[Callable[[], bytes]], bool]:
    return lambda record: ring.waiting < AHEAD_BYTES and ring.put(record())


def main(spec: SurfaceSpec, ctx: WorkerContext) -> None:
    """The worker."""
    go_early()
    desk = Desk(spec.link, ctx.clock.now_ns())
    ctx.status.set(state=WorkerState.RUNNING)
    try:
        importlib.import_module(type(spec.config).__module__).serve(desk, spec, ctx)
    finally:
        desk.close()
