"""Which function carries out which command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from live.control.registry import Command
from live.director.authority import Key

if TYPE_CHECKING:
    from live.show.state import ShowState

C = TypeVar("C", bound=Command)
Hand = Callable[["ShowState", C, str, float], Sequence[Key] | None]

HANDS: dict[type[Command], Hand] = {}


def carries_out(cls: type[C]) -> Callable[[Hand[C]], Hand[C]]:
    """Register the function that carries out a command."""

    def register(hand: Hand[C]) -> Hand[C]:
        assert cls not in HANDS, f"{cls.__name__} is carried out twice"
        HANDS[cls] = hand
        return hand

    return register


def carry_out(state: ShowState, command: Command, by: str, now_s: float) -> Sequence[Key] | None:
    """Do it, now; returns the authority keys that were touched, None for those of the command's domain."""
    return HANDS[type(command)](state, command, by, now_s)
