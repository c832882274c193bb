"""The process of one ceiling array: what it says of who talks goes to the show as commands, as any surface's do.

Somebody who talks in a zone is its person, who speaks; said again twice a second, because it is leased, and taken back
when it is over. An array that is gone says nothing, and the show goes by its own ears.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import live.show.commands  # noqa: F401  (registers all there are)
from live.base.clock import NS
from live.base.errors import CommandError, DeviceError
from live.base.hand import Hand
from live.config.arrays import ArrayConfig
from live.control.link import LinkSpec
from live.control.worker import Desk
from live.shm.status import WorkerState
from live.show.people.commands import PersonSpeaks
from live.workers import WorkerContext

AGAIN_NS = NS // 2  # that somebody speaks is said again
PAUSES_NS = (NS, 2 * NS, 5 * NS)  # before it is tried again
_TURN_NS = NS // 50


@dataclass(frozen=True)
class ArraySpec:
    link: LinkSpec
    config: ArrayConfig


class Talk(Protocol):
    """What is connected to an array. Nothing in it waits for longer than a second."""

    bad: int  # messages that were none

    def turn(self, now_ns: int) -> Iterable[str]:
        """The people in whose zones somebody talks now. Raises DeviceError when it is gone, or isn't there."""
        ...

    def close(self) -> None: ...


class ArrayEar:
    """One owner."""

    def __init__(self, desk: Desk, config: ArrayConfig) -> None:
        self._desk, self._config = desk, config
        self._hand = Hand(f"array {config.name}")
        self._talk: Talk | None = None
        self._said: dict[str, int] = {}  # who speaks, and when that was said last
        self._failures = 0
        self._retry_ns = 0
        self.connected = False

    def turn(self, now_ns: int) -> None:
        """Everything there is to do at this moment."""
        self._desk.pump(now_ns)
        for _ in self._desk.listen(now_ns):
            pass  # nothing of the show's state is wanted
        try:
            self._say(frozenset(self._listen(now_ns)), now_ns)
        except DeviceError as error:
            self._lost(error, now_ns)
        bad = self._talk.bad if self._talk is not None else 0
        self._desk.count({"clients": int(self.connected), "bad": bad}, now_ns)

    def _listen(self, now_ns: int) -> Iterable[str]:
        if self._talk is None:
            if now_ns < self._retry_ns:
                return ()
            self._talk = importlib.import_module(type(self._config).__module__).talk(self._config)
        assert self._talk is not None
        people = self._talk.turn(now_ns)
        self.connected, self._failures = True, 0
        return people

    def _say(self, people: frozenset[str], now_ns: int) -> None:
        for person in sorted(self._said.keys() - people):
            del self._said[person]
            self._send(PersonSpeaks(person, False), now_ns)
        for person in sorted(people):
            if now_ns - self._said.get(person, now_ns - AGAIN_NS) >= AGAIN_NS:
                self._said[person] = now_ns
                self._send(PersonSpeaks(person), now_ns)

    def _send(self, command: PersonSpeaks, now_ns: int) -> None:
        try:
            self._desk.take("array", self._hand, command, now_ns)
        except CommandError:  # told already; it is said again
            self._said.pop(command.name, None)

    def _lost(self, error: DeviceError, now_ns: int) -> None:
        if self.connected or not self._failures:
            self._desk.mistake(CommandError(error.subject, error.cause, error.action), self._hand, now_ns)
        self._say(frozenset(), now_ns)
        self.close()
        self.connected = False
        self._retry_ns = now_ns + PAUSES_NS[min(self._failures, len(PAUSES_NS) - 1)]
        self._failures += 1

    def close(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None


def main(spec: ArraySpec, ctx: WorkerContext) -> None:
    """The worker."""
    desk = Desk(spec.link, ctx.clock.now_ns())
    ear = ArrayEar(desk, spec.config)
    ctx.status.set(state=WorkerState.RUNNING)
    try:
        while not ctx.stopping():
            now_ns = ctx.clock.now_ns()
            ear.turn(now_ns)
            ctx.clock.wait_until(now_ns + _TURN_NS)
    finally:
        ear.close()
        desk.close()
