"""What the director remembers of who spoke when."""

from __future__ import annotations

from collections import deque

from live.director.cost import Moment

SAME_TURN_S = 0.3  # a pause no longer than this is inside a turn
DEAF_AFTER_S = 1.0


class Ear:
    """Moments of the last keep_s seconds, and beyond the last one the guess that it goes on. Pure; times in seconds, rising."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._past: deque[tuple[float, Moment]] = deque()
        self._turn: dict[str, tuple[float, float]] = {}  # person -> when their turn began, when they were last heard
        self._same_since_s = 0.0
        self.last_speaker: str | None = None

    def hear(self, now_s: float, speakers: frozenset[str]) -> None:
        """Who speaks now. What was before a gap in the hearing (the director was off) is forgotten."""
        if self._past and now_s - self._past[-1][0] > DEAF_AFTER_S:
            self._past.clear()
            self._turn.clear()
        for person in speakers:
            began_s, heard_s = self._turn.get(person, (now_s, now_s))
            self._turn[person] = (began_s if now_s - heard_s <= SAME_TURN_S + 1e-6 else now_s, now_s)
        if not self._past or self._past[-1][1].speakers != speakers:
            self._same_since_s = now_s
        since_s = self._same_since_s
        if len(speakers) == 1:
            (self.last_speaker,) = speakers
            since_s = self._turn[self.last_speaker][0]
        self._past.append((now_s, Moment(speakers, now_s - since_s)))
        while len(self._past) > 1 and self._past[1][0] <= now_s - self._keep_s:
            self._past.popleft()

    def at(self, t_s: float) -> Moment:
        """The moment at t_s. After the last one heard: the same people, longer."""
        last_s, last = self._past[-1]
        if t_s >= last_s:
            return Moment(last.speakers, last.run_s + t_s - last_s)
        return next((m for at_s, m in reversed(self._past) if at_s <= t_s), self._past[0][1])
