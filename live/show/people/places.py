"""Places of a layout that are filled by who speaks. Pure; times in seconds, rising."""

from __future__ import annotations

from collections.abc import Collection, Sequence

HOLDS_S = 1.5  # who has spoken for so long has the floor: a word thrown in changes no layout
PAUSE_S = 0.5  # within a turn


class SpeakerPlaces:
    """Who stands in each of some places: those who had the floor last. Whoever stands there stays where they are."""

    def __init__(self, count: int) -> None:
        self.who: list[str] = [""] * count
        self._since_s: dict[str, float] = {}
        self._heard_s: dict[str, float] = {}

    def step(self, now_s: float, speaking: Collection[str], people: Collection[str]) -> Sequence[str]:
        """Who stands where now; "" for nobody yet. people: those who may."""
        for person in speaking:
            if now_s - self._heard_s.get(person, float("-inf")) > PAUSE_S:
                self._since_s[person] = now_s
            self._heard_s[person] = now_s
        self.who = [person if person in people else "" for person in self.who]
        for person in sorted(speaking, key=lambda p: self._since_s[p]):
            if person in people and person not in self.who and now_s - self._since_s[person] >= HOLDS_S:
                self.who[self._freest()] = person
        return self.who

    def _freest(self) -> int:
        """The place of who has been silent for longest; an empty one first."""
        return min(range(len(self.who)), key=lambda n: self._heard_s.get(self.who[n], float("-inf")))
