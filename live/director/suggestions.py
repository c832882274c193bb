"""What the machine would do if somebody said yes: a short queue of suggestions, each with its reason.

A suggestion is never carried out by itself. A human takes it or drops it, for good or for some minutes; what nobody
wants in time goes away, and so does what isn't true any more: that is asked on every frame, and when it is taken.
Pure: time comes as an argument, in seconds. Owner: the engine's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from live.base.errors import CommandError

LIMIT = 6  # more than a person can weigh during a show is noise
STANDS_S = 20.0

Still = Callable[[], str]  # what speaks against a suggestion by now, in words; "" while it is true


def _always() -> str:
    return ""


Message = tuple[str, tuple[str | float | int, ...]]  # an address and its arguments, as a hand would send them


@dataclass(frozen=True)
class Suggestion:
    """One line for a human. domain, target: as of authority. does: the commands that taking it carries out, in
    order. still: is it true yet?
    """

    id: int
    domain: str
    target: str
    text: str
    reason: str
    does: tuple[Message, ...]
    until_s: float
    still: Still = field(default=_always, compare=False, repr=False)


class Suggestions:
    """The queue, oldest first. One suggestion for each domain, target and text."""

    def __init__(self) -> None:
        self._queue: list[Suggestion] = []
        self._quiet_until_s: dict[tuple[str, str, str], float] = {}
        self._next_id = 1

    @property
    def standing(self) -> tuple[Suggestion, ...]:
        return tuple(self._queue)

    def offer(
        self,
        now_s: float,
        *,
        domain: str,
        target: str,
        text: str,
        reason: str,
        does: tuple[Message, ...],
        stands_s: float = STANDS_S,
        still: Still = _always,
    ) -> Suggestion | None:
        """Put one in the queue; None when it stands there already or was dropped lately, or isn't true. The oldest
        makes room for it.
        """
        key = (domain, target, text)
        if now_s < self._quiet_until_s.get(key, -1.0) or any((s.domain, s.target, s.text) == key for s in self._queue):
            return None
        if still():
            return None
        made = Suggestion(self._next_id, domain, target, text, reason, does, now_s + stands_s, still)
        self._next_id += 1
        self._queue = [*self._queue[-(LIMIT - 1) :], made]
        return made

    def save(self, now_s: float) -> tuple[tuple[str, str, str, float], ...]:
        """What was dropped: (domain, target, text, for how many seconds it isn't offered again)."""
        return tuple((*key, until_s - now_s) for key, until_s in self._quiet_until_s.items())

    def restore(self, dropped: Iterable[tuple[str, str, str, float]], now_s: float) -> None:
        self._quiet_until_s = {(domain, target, text): now_s + left_s for domain, target, text, left_s in dropped}

    def step(self, now_s: float) -> None:
        """What nobody took in time goes."""
        self._queue = [s for s in self._queue if now_s < s.until_s]
        self._quiet_until_s = {k: until_s for k, until_s in self._quiet_until_s.items() if now_s < until_s}

    def untrue(self) -> list[tuple[Suggestion, str]]:
        """Those that aren't true any more, with what speaks against them: they are taken back."""
        found = [(s, why) for s in self._queue if (why := s.still())]
        self._queue = [s for s in self._queue if all(s is not gone for gone, _ in found)]
        return found

    def withdraw(self, domain: str, target: str) -> None:
        """Its reason is gone."""
        self._queue = [s for s in self._queue if (s.domain, s.target) != (domain, target)]

    def take(self, suggestion_id: int, address: str) -> Suggestion:
        """Take one out of the queue, to be carried out; 0 is the oldest. Raises CommandError when it isn't there any
        more, or isn't true any more.
        """
        found = self._find(suggestion_id, address)
        self._queue.remove(found)
        if why := found.still():
            raise CommandError(address, f'"{found.text}" is not true any more: {why}', "nothing was done")
        return found

    def drop(self, suggestion_id: int, address: str, *, now_s: float, quiet_s: float) -> Suggestion:
        """Take one out of the queue; the same isn't offered again for so long."""
        found = self._find(suggestion_id, address)
        self._queue.remove(found)
        self._quiet_until_s[found.domain, found.target, found.text] = now_s + quiet_s
        return found

    def _find(self, suggestion_id: int, address: str) -> Suggestion:
        for suggestion in self._queue:
            if suggestion_id in (0, suggestion.id):
                return suggestion
        if not self._queue:
            raise CommandError(address, "nothing is suggested now", "wait for a suggestion, or do it by hand")
        known = ", ".join(str(s.id) for s in self._queue)
        raise CommandError(address, f"no suggestion {suggestion_id} stands", f"one of: {known}; 0 for the oldest")
