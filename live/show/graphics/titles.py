"""The queue of names: who is to be named, one after the other. Pure. Owner: the engine's thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from live.config.people import Person

MOST = 200  # names that a hand may type, and that are taken of a file
Origin = str  # "people", "file" or "typed"


@dataclass(frozen=True)
class Title:
    """A name, what stands under it, and where it comes from."""

    title: str
    subtitle: str = ""
    origin: Origin = "typed"


@dataclass(frozen=True)
class KeptTitles:
    """typed: (title, subtitle) of those that a hand has typed. at: the number of the one in hand, 0 for none; current:
    the one in hand itself, as (title, subtitle, origin).
    """

    typed: tuple[tuple[str, str], ...] = ()
    at: int = 0
    current: tuple[str, str, str] | None = None


class Titles:
    """Those of the rig's people, then those of the file, then those that were typed. at: which is in hand, from 1 on; 0
    before the first. most: how many there have been at once.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = tuple(Title(p.label, p.line, "people") for p in people)
        self._file: tuple[Title, ...] = ()
        self._typed: tuple[Title, ...] = ()
        self.at = 0
        self.most = len(self.all)
        self._awaited: Title | None = None  # was in hand, and comes with the file

    @property
    def all(self) -> tuple[Title, ...]:
        return self._people + self._file + self._typed

    @property
    def current(self) -> Title | None:
        return self.all[self.at - 1] if 0 < self.at <= len(self.all) else None

    def heard(self, rows: Iterable[tuple[str, str]]) -> None:
        """The file says these now. The one in hand stays in hand, wherever it stands now."""
        self._keep_hold(file=tuple(Title(title, line, "file") for title, line in rows)[:MOST])
        if self._awaited is not None and self.at == 0:
            self._hold(self._awaited)
        self._awaited = None

    def add(self, title: str, subtitle: str) -> bool:
        """One more at the end; False when there are too many."""
        if len(self._typed) >= MOST:
            return False
        self._keep_hold(typed=(*self._typed, Title(title, subtitle)))
        return True

    def remove(self, number: int) -> bool:
        """Take a typed one out; False for any other."""
        n = number - 1 - len(self._people) - len(self._file)
        if not 0 <= n < len(self._typed):
            return False
        self._keep_hold(typed=self._typed[:n] + self._typed[n + 1 :])
        return True

    def _keep_hold(self, file: tuple[Title, ...] | None = None, typed: tuple[Title, ...] | None = None) -> None:
        current = self.current
        self._file, self._typed = self._file if file is None else file, self._typed if typed is None else typed
        self.most = max(self.most, len(self.all))
        if current is not None:
            self.at = self.all.index(current) + 1 if current in self.all else min(self.at - 1, len(self.all))

    def _hold(self, title: Title, near: int = 0) -> None:
        """A title is in hand, if it is there. near: the number that it had, for one that is there twice."""
        numbers = [n for n, known in enumerate(self.all, 1) if known == title]
        self.at = min(numbers, key=lambda n: abs(n - near), default=0)

    def save(self) -> KeptTitles:
        held = self.current or self._awaited
        current = None if held is None else (held.title, held.subtitle, held.origin)
        return KeptTitles(tuple((t.title, t.subtitle) for t in self._typed), self.at, current)

    def restore(self, kept: KeptTitles) -> None:
        """The file may not be read yet: a name of it is in hand as soon as it is."""
        self._keep_hold(typed=tuple(Title(*typed) for typed in kept.typed))
        held = None if kept.current is None else Title(*kept.current)
        self.at = 0
        if held is not None:
            self._hold(held, kept.at)
        self._awaited = held if self.at == 0 else None
