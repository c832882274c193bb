"""What the director remembers of what was on air. Pure; times in seconds, rising. Owner: the engine's thread."""

from __future__ import annotations

import math
from collections import deque

from live.director.cost import Candidate

MINUTE_S = 60.0


class Memory:
    """Which shots were on air until when, by whosever hand, and how often it was cut."""

    def __init__(self) -> None:
        self._last: tuple[Candidate, float] | None = None
        self._seen_s: dict[str, float] = {}  # shot -> when it was last on air
        self._cuts: deque[float] = deque()
        self._wide_s = -math.inf
        self._reaction_s = -math.inf
        self.is_reaction = False  # is what is on air a look at somebody who listens?

    def see(self, now_s: float, on_air: Candidate, since_s: float, *, meant_as_reaction: bool) -> None:
        """What is on air at this instant. meant_as_reaction: the director had it in mind as one."""
        is_cut = self._last is not None and self._last != (on_air, since_s)
        if is_cut:
            self._cuts.append(now_s)
            self.is_reaction = meant_as_reaction
        while self._cuts and self._cuts[0] <= now_s - MINUTE_S:
            self._cuts.popleft()
        self._last = (on_air, since_s)
        self._seen_s[on_air.shot] = now_s
        if on_air.role == "wide":
            self._wide_s = now_s
        if self.is_reaction:
            self._reaction_s = now_s

    def hear(self, speakers: frozenset[str]) -> None:
        """Who listens no longer, once they are on, is no reaction any more."""
        if self._last is not None and speakers and speakers <= self._last[0].people:
            self.is_reaction = False

    @property
    def cuts_in_a_minute(self) -> int:
        return len(self._cuts)

    def since_wide_s(self, now_s: float) -> float:
        """Infinite before the first one."""
        return now_s - self._wide_s

    def since_reaction_s(self, now_s: float) -> float:
        """Infinite before the first one."""
        return now_s - self._reaction_s

    def longest_unseen(self, shots: list[Candidate]) -> Candidate | None:
        """The one that was on air longest ago; the earlier one of equals."""
        return min(shots, key=lambda c: self._seen_s.get(c.shot, -math.inf), default=None)
