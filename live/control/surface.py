"""What a control surface is to the engine: where commands come from, and where the state goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.published import Values
from live.control.registry import Command
from live.control.state import StateTree


@dataclass(frozen=True)
class Incoming:
    """A command that has come, or what was wrong with one. received_ns: when the surface got it. of: which surface, and
    the number that the surface gave it: where an answer goes. times: how often it came, of an error.
    """

    command: Command | CommandError
    hand: Hand
    received_ns: int
    of: tuple[str, int] = ("", 0)
    times: int = 1


class Surface(Protocol):
    """One way in and out, seen from the engine's thread. Nothing here waits."""

    def poll(self, frame: int, now_ns: int) -> list[Incoming]:
        """What is to be done on this frame."""
        ...

    def answer(self, incoming: Incoming, error: CommandError) -> None:
        """Tell whoever sent it that it was not carried out."""
        ...

    def publish(self, frame: int, changes: Mapping[str, Values], tree: StateTree) -> None:
        """The changes of a frame. What else is wanted of the tree is taken a little at a time."""
        ...
