"""Which function carries out which command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from live.base.hand import Hand
from live.control.registry import Command
from live.director.authority import Key

if TYPE_CHECKING:
    from live.show import ShowState

C = TypeVar("C", bound=Command)
# (the show, the command, whose it is, show time in seconds) -> the authority keys that were touched; None: those of the
# command's domain. It raises CommandError before it has changed anything.
Handler = Callable[["ShowState", C, Hand, float], Sequence[Key] | None]

HANDLERS: dict[type[Command], Handler[Any]] = {}


def carries_out(cls: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the function that carries out a command."""

    def register(handler: Handler[C]) -> Handler[C]:
        assert cls not in HANDLERS, f"{cls.__name__} is carried out twice"
        HANDLERS[cls] = handler
        return handler

    return register


def carry_out(state: ShowState, command: Command, hand: Hand, now_s: float) -> Sequence[Key] | None:
    """Do it, now."""
    return HANDLERS[type(command)](state, command, hand, now_s)
