"""Whom a graphic belongs to: which people it names, and whether a picture shows them so. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from live.config.template import Template
from live.show.graphics.whom import Shown

Label = Callable[[str], str]


@dataclass(frozen=True)
class Named:
    """slots: the people whom a graphic names, by their places from left to right; None where it names nobody of the
    people. of: how many people the picture is of that it goes under.
    """

    slots: tuple[str | None, ...] = ()
    of: int = 1

    @property
    def people(self) -> list[str]:
        return [person for person in self.slots if person]

    def words(self, label: Label) -> str:
        return " and ".join(label(person) for person in self.people)

    def against(self, shown: Shown, label: Label) -> str:
        """Why it is not to stand under a picture, in words; "" where it may."""
        seen = shown.people
        if not self.people or self._fits(seen):
            return ""
        names = f"it names {self.words(label)}"
        if not seen:
            return f"{names}, and nobody is seen in the picture"
        there = " and ".join(label(person) for person in seen)
        if len(self.people) == len(seen) and set(self.people) == set(seen):
            return f"{names}, and from left to right there are {there}"
        alone = " alone" if set(self.people) < set(seen) else ""
        return f"{names}{alone}, and the picture shows {there}"

    def _fits(self, seen: Sequence[str]) -> bool:
        return len(seen) == self.of and all(p is None or p == q for p, q in zip(self.slots, seen, strict=False))


def named_by(template: Template | None, says: Mapping[str, str], tie: str | None, people: Mapping[str, str]) -> Named:
    """Whom a graphic names that says this. tie: whom it belongs to by a hand or the rig: "" for nobody, None for by its
    words. people: who there is, by their labels as `folded`.
    """
    of = template.people if template is not None else None
    if tie is not None:
        return Named((tie,) if tie else (), of or 1)
    if template is not None and template.says_whom:
        order = sorted(template.names_people.items(), key=lambda item: item[1])
        places = max((n for _, n in order), default=0)
        slots: list[str | None] = [None] * places
        for field, n in order:
            slots[n - 1] = _within(folded(says.get(field, "")), people)
        return Named(tuple(slots), of or places)
    found = [person for text in says.values() if (person := people.get(folded(text)))]
    return Named(tuple(found), of or len(found))


def _within(text: str, people: Mapping[str, str]) -> str | None:
    """Whose name stands in a line that is for one: "Dr Anna Berg", "Anna Berg, Mayor"; the longest of several."""
    if text in people:
        return people[text]
    found = [label for label in people if label and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text)]
    return people[max(found, key=len)] if found else None


def folded(text: str) -> str:
    """A name as it is compared: in either Unicode form, whatever its capitals and spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
