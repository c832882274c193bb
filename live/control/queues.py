"""What waits to be carried out: a queue for each sender, so that one who floods us delays nobody but themselves. Pure.

Each sender has two: what is urgent (the buses, the director, panic) never waits behind what isn't. Within each, order
is the sender's own. Queues are bounded; what finds no room is refused and counted, but for a panic.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

LIMIT = 1024  # that may wait of one sender
SENDERS = 256  # that may have something waiting
STALE = 64  # with more than this waiting a sender is behind; a panic then means now, not after all that

T = TypeVar("T")


@dataclass
class _Sender(Generic[T]):
    urgent: deque[T] = field(default_factory=deque)
    ordinary: deque[T] = field(default_factory=deque)
    fader: Hashable = None  # the fader that their last command moved, if it still waits

    def __len__(self) -> int:
        return len(self.urgent) + len(self.ordinary)


class Queues(Generic[T]):
    """The queues of all senders. One owner.

    refused: commands that found no room, ever. merged: fader moves that a later one of the same fader has replaced.
    """

    def __init__(self) -> None:
        self._senders: dict[Hashable, _Sender[T]] = {}
        self._turn: deque[Hashable] = deque()  # whose turn it is
        self.refused = 0
        self.merged = 0

    def __len__(self) -> int:
        return sum(len(s) for s in self._senders.values())

    def is_full(self, who: Hashable) -> bool:
        """Would anything of theirs be refused but a panic and one more move of the same fader?"""
        sender = self._senders.get(who)
        return len(sender) >= LIMIT if sender is not None else len(self._senders) >= SENDERS

    def put(self, who: Hashable, item: T, *, urgent: bool = False, fader: Hashable = None, panic: bool = False) -> bool:
        """Add a command; False when there is no room for it. fader: what it moves, if only the last of several moves in
        a row counts; such a move replaces the one before, unless anything else of this sender lies between.
        """
        sender = self._senders.get(who)
        if sender is None:
            if len(self._senders) >= SENDERS and not panic:
                self.refused += 1
                return False
            sender = self._senders[who] = _Sender()
            self._turn.append(who)
        if panic and len(sender) > STALE:
            self.refused += len(sender)
            sender.urgent.clear()
            sender.ordinary.clear()
        if fader is not None and fader == sender.fader:
            sender.ordinary[-1] = item
            self.merged += 1
            return True
        if len(sender) >= LIMIT and not panic:
            self.refused += 1
            return False
        sender.fader = fader
        (sender.urgent if urgent or panic else sender.ordinary).append(item)
        return True

    def drain(self, ordinary: Callable[[T], bool], urgent: Callable[[T], bool]) -> None:
        """Hand on what may go, one of each sender in turn, until it is refused (False) or nothing is left. What is not
        urgent goes first: a reader that takes the urgent ones first then finds all that was sent before them.
        """
        self._hand_on(ordinary, lambda sender: sender.ordinary)
        self._hand_on(urgent, lambda sender: sender.urgent)
        for who in [w for w in self._turn if not len(self._senders[w])]:
            self._turn.remove(who)
            del self._senders[who]

    def _hand_on(self, to: Callable[[T], bool], queue_of: Callable[[_Sender[T]], deque[T]]) -> None:
        idle = 0
        while idle < len(self._turn):
            sender = self._senders[self._turn[0]]
            queue = queue_of(sender)
            if queue:
                if not to(queue[0]):
                    return
                queue.popleft()
                if queue is sender.ordinary and not queue:
                    sender.fader = None
                idle = 0
            else:
                idle += 1
            self._turn.rotate(-1)
