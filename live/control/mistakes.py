"""Mistakes that are made again and again are told once, and counted. Pure; time is an argument.

A tablet that sends its accelerometer makes sixty mistakes a second, all the same one; told each time, they hide the one
that somebody has to know about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from live.base.clock import NS
from live.base.errors import CommandError
from live.base.hand import Hand

AGAIN_NS = 10 * NS  # the same mistake is told again no sooner
KINDS = 64  # different ones that are told apart at a time; what comes beyond is counted together
_NUMBER = re.compile(r"(?<![\w'-])-?\d+(\.\d+)?(e[+-]?\d+)?\b")
_OTHERS = CommandError("control", "other mistakes", "look at what the control surfaces send")


@dataclass(frozen=True)
class Mistake:
    """times: how often it was made since it was told last. again: it was told before."""

    error: CommandError
    hand: Hand
    times: int
    again: bool


@dataclass
class _Kind:
    error: CommandError
    hand: Hand
    told_ns: int
    times: int = 0  # since then


class Mistakes:
    """What of the mistakes is to be told now. One owner."""

    def __init__(self, again_ns: int = AGAIN_NS) -> None:
        self._again_ns = again_ns
        self._kinds: dict[str, _Kind] = {}
        self._looked_ns = 0

    def add(self, error: CommandError, hand: Hand, now_ns: int, times: int = 1) -> Mistake | None:
        """Count a mistake; what is to be told when it is a new one. Only its numbers differing makes it no other."""
        key = f"{error.subject} {_NUMBER.sub('#', error.cause)}"
        kind = self._kinds.get(key)
        if kind is None and len(self._kinds) >= KINDS:
            error, key = _OTHERS, ""
            kind = self._kinds.get(key)
        if kind is not None:
            kind.times += times
            return None
        self._kinds[key] = _Kind(error, hand, now_ns)
        return Mistake(error, hand, times, False)

    def due(self, now_ns: int) -> list[Mistake]:
        """Those that were made again, now that they may be told again. One that was not is forgotten: it is new when it
        comes again. Call it now and then.
        """
        if now_ns - self._looked_ns < self._again_ns // 10:
            return []
        self._looked_ns = now_ns
        told = []
        for key, kind in list(self._kinds.items()):
            if now_ns - kind.told_ns < self._again_ns:
                continue
            if not kind.times:
                del self._kinds[key]
                continue
            told.append(Mistake(kind.error, kind.hand, kind.times, True))
            kind.told_ns, kind.times = now_ns, 0
        return told
