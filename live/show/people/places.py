"""Places of a layout that are filled by who speaks. Pure; times in seconds, rising."""

from __future__ import annotations

from collections.abc import Collection, Mapping

HOLDS_S = 1.5  # who has spoken for so long has the floor: a word thrown in changes no layout
PAUSE_S = 0.5  # within a turn


class SpeakerPlaces:
    """Who is to come into some places: those who had the floor last. Whoever stands there stays where they are."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}
        self._heard_s: dict[str, float] = {}
        self._stood: Mapping[str, Collection[str]] = {}

    def step(
        self,
        now_s: float,
        speaking: Collection[str],
        there: Collection[str],
        free: Mapping[str, Collection[str]],
        moved: Collection[str] = (),
    ) -> Mapping[str, str]:
        """Who comes into which place now. there: whom the layout shows. free: the places that may be filled, and
        whom each shows as it is. moved: those who have just taken another seat: who stood in the layout stays in it."""
        for person in speaking:
            if now_s - self._heard_s.get(person, float("-inf")) > PAUSE_S:
                self._since_s[person] = now_s
            self._heard_s[person] = now_s
        come: dict[str, str] = {}
        for place, who in self._stood.items():
            gone = [person for person in who if person in moved and person not in there]
            if gone and place in free and set(who).isdisjoint(free[place]):
                come[place] = max(gone, key=lambda person: self._heard_s.get(person, float("-inf")))
        self._stood = dict(free)
        for person in sorted(speaking, key=lambda p: self._since_s[p]):
            left = {place: who for place, who in free.items() if place not in come}
            is_there = person in there or person in come.values()
            if left and not is_there and now_s - self._since_s[person] >= HOLDS_S:
                come[min(left, key=lambda place: self._silent_since_s(left[place]))] = person
        return come

    def _silent_since_s(self, who: Collection[str]) -> float:
        """An empty place comes first."""
        return max((self._heard_s.get(person, float("-inf")) for person in who), default=float("-inf"))
