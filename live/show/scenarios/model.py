"""The rig's scenarios: what each does, and which was picked last. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import Command, to_message
from live.control.typed import typed
from live.show.feature import Feature
from live.show.handling import HANDLERS
from live.show.scenarios.commands import ScenarioPick

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptScenario:
    """The one that was picked last; "" for none."""

    picked: str


@dataclass(frozen=True)
class BadLine:
    """What is wrong with one line of a scenario."""

    number: int  # from 1 on
    error: CommandError


class Scenarios(Feature[KeptScenario]):
    """all: by name, as the rig has them."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.all = state.rig.scenarios
        self.picked = ""

    @classmethod
    def build(cls, state: ShowState) -> Scenarios:
        return cls(state)

    def save(self, now_s: float) -> KeptScenario:
        return KeptScenario(self.picked)

    def restore(self, kept: KeptScenario, now_s: float) -> None:
        self.picked = kept.picked if kept.picked in self.all else ""

    def known(self) -> Mapping[str, Collection[str]]:
        return {"scenario": self.all}

    def commands(self, name: str) -> list[Command]:
        """What a scenario does. Raises CommandError for the first line that can't be done whenever it is tried."""
        bad = next(self.unreadable(name), None)
        if bad is not None:
            raise CommandError(f"/scenario/{name}", f"line {bad.number}: {bad.error.cause}", bad.error.action)
        return [typed(line) for line in self.all[name].do]

    def unreadable(self, name: str) -> Iterator[BadLine]:
        """Lines that are no command, or name what isn't there."""
        for number, line in enumerate(self.all[name].do, 1):
            try:
                command = typed(line)
                if isinstance(command, ScenarioPick) or type(command) not in HANDLERS:
                    raise CommandError(line[:40], "is nothing that a scenario can do", "give another command")
                self._state.check(command)
            except CommandError as error:
                yield BadLine(number, error)

    def pick(self, name: str, hand: Hand, now_s: float) -> None:
        """Do it. Raises CommandError: before anything has changed where a line is wrong; afterwards where one could not
        be carried out now, which the others were all the same: those are logged, since a command that fails isn't.
        """
        failed: list[CommandError] = []
        done: list[Command] = []
        for command in self.commands(name):
            try:
                self._state.apply(command, hand, now_s)
                done.append(command)
            except CommandError as error:
                failed.append(error)
        self.picked = name
        if failed:
            for address, args in map(to_message, done):
                self._state.log("command", hand.who, address=address, args=args)
            first = failed[0]
            cause = f"{len(failed)} of {len(self.all[name].do)} lines were not done: {first.subject}: {first.cause}"
            raise CommandError(f"/scenario/{name}", cause, first.action)
