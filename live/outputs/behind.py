"""An encoder that can't keep up, said when it begins and when it is over, not for every picture: a pure core that is
told how many were lost.
"""

from __future__ import annotations

from live.base.clock import NS

FROM = 5  # pictures of a spell: fewer are counted and shown, but no news
LOST_IN_ALL = "lost in all"
QUIET_NS = 10 * NS  # without a loss for so long, the spell is over


class Behind:
    """Spells of lost pictures, on the caller's clock. lost: how many were by the time it begins."""

    def __init__(self, lost: int = 0) -> None:
        self._start = self._lost = lost
        self._before = lost  # this spell
        self._last_ns = 0  # of the spell's last loss
        self._told = False

    def step(self, lost: int, now_ns: int) -> str:
        """What there is to say now that so many were lost since the start; "" for nothing."""
        said = ""
        if self._before < self._lost and now_ns - self._last_ns >= QUIET_NS:  # the spell is over
            said = f"keeps up again: {self._lost - self._before} pictures lost" if self._told else ""
            self._told, self._before = False, self._lost
        if lost > self._lost:
            self._lost, self._last_ns = lost, now_ns
            if not self._told and lost - self._before >= FROM:
                self._told = True
                said = "can't keep up: pictures are lost, the one before is repeated"
        return said

    @property
    def lagging(self) -> bool:
        """Is there a spell that was told of?"""
        return self._told

    def total(self, lost: int) -> str:
        """At the end; "" when none was lost."""
        count = lost - self._start
        return (
            f"{count} {'picture' if count == 1 else 'pictures'} {LOST_IN_ALL}, the one before repeated" if count else ""
        )
