"""What surfaces bring, carried out; and the state, given back to them. Engine thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.mistakes import Mistake, Mistakes
from live.control.registry import Command, to_message
from live.control.state import StateTree
from live.control.surface import Incoming, Surface
from live.show.feeds.commands import FeedsWant
from live.show.session.commands import MultiviewWant, Subscribe, Unsubscribe

Apply = Callable[[Command, Hand, float], None]


class Intake:
    """Between the surfaces and the show.

    apply: carries a command out, or raises CommandError. log: (kind, by, **fields). tell: shows a mistake; (text, by,
    how often, whether it is a new one).
    """

    def __init__(
        self,
        surfaces: Sequence[Surface],
        *,
        apply: Apply,
        log: Callable[..., Any],
        tell: Callable[[str, str, int, bool], None],
    ) -> None:
        self._surfaces, self._apply = surfaces, apply
        self._log, self._tell = log, tell
        self._mistakes = Mistakes()

    def take(self, frame: int, now_s: float, now_ns: int) -> list[int]:
        """Carry out what has come; returns when what was done had been received (ns), for the figures."""
        done = []
        for surface in self._surfaces:
            for incoming in surface.poll(frame, now_ns):
                error = self._carry_out(incoming, now_s)
                if error is not None:
                    surface.answer(incoming, error)
                    self._mistake(self._mistakes.add(error, incoming.hand, now_ns, incoming.times))
                elif not isinstance(incoming.command, MultiviewWant | FeedsWant):
                    done.append(incoming.received_ns)
        for told in self._mistakes.due(now_ns):
            self._mistake(told)
        return done

    def _carry_out(self, incoming: Incoming, now_s: float) -> CommandError | None:
        command, hand = incoming.command, incoming.hand
        if isinstance(command, CommandError):
            return command
        if isinstance(command, Subscribe | Unsubscribe):
            return CommandError(to_message(command)[0], "is for those who speak OSC", "send it to the OSC port")
        try:
            self._apply(command, hand, now_s)
        except CommandError as error:
            return error
        if not isinstance(command, MultiviewWant | FeedsWant):  # who looks is no news
            address, args = to_message(command)
            self._log("command", hand.who, address=address, args=args)
        return None

    def _mistake(self, told: Mistake | None) -> None:
        if told is not None:
            self._tell(str(told.error), told.hand.who, told.times, not told.again)

    def publish(self, frame: int, tree: StateTree) -> None:
        """Give every surface what has changed."""
        changes = tree.take_changes()
        for surface in self._surfaces:
            surface.publish(frame, changes, tree)
