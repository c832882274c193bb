"""On which line of a TOML file a key stands: for messages to a person who is mending it.

tomllib, which reads the file, keeps no lines, and neither does tomlkit. This looks only for where keys and items are;
what they say is tomllib's business, which has found the file whole before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[int | str, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # strings of several lines; two quotes may stand before the end's three
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|\n"
    r"|[\[\]{},=.]"
    r"|[^\s\[\]{},=.#\"']+",
    re.DOTALL,
)
_ENDS_SCALAR = {",", "]", "}", "\n"}


def line_of(known: Mapping[Place, int], place: Place) -> int:
    """The line (from 1) of a key or an item, by its path: ("parts", 2, "size"). Of its table when it is not there; 0
    when nothing is. known: all lines of the file, see `places`.
    """
    while place:
        if place in known:
            return known[place]
        place = place[:-1]
    return 0


def places(text: str) -> dict[Place, int]:
    """The line of every table, key and item in a TOML file that tomllib can read."""
    tokens, line = [], 1
    for match in _TOKEN.finditer(text):
        tokens.append((match[0], line))
        line += match[0].count("\n")
    return _Scan(tokens).run()


@dataclass
class _Scan:
    tokens: list[tuple[str, int]]
    at: int = 0
    found: dict[Place, int] = field(default_factory=dict)
    counts: dict[Place, int] = field(default_factory=dict)  # of each array of tables, the number of its newest item

    def run(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip():
            line = self.tokens[self.at][1]
            if self._peek() == "[":
                table = self._header()
                self.found.setdefault(table, line)
            else:
                self._pair(table)
        return self.found

    def _peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][0]

    def _skip(self, more: str = "") -> bool:
        """Past comments and ends of lines; False at the end."""
        while (token := self._peek()) and (token in ("\n", more) or token.startswith("#")):
            self.at += 1
        return bool(token)

    def _name(self, end: str) -> list[str]:
        """A key, dotted or not, up to what ends it."""
        parts = []
        while (token := self._take()) != end:
            if token != ".":
                parts.append(token[1:-1] if token[0] in "\"'" else token)
        return parts

    def _header(self) -> Place:
        self._take()
        array = self._peek() == "["
        self.at += array
        names = self._name("]")
        self.at += array
        if not array:
            return self._resolved(names)
        place = (*self._resolved(names[:-1]), names[-1])
        self.found.setdefault(place, self.tokens[self.at - 1][1])
        self.counts[place] = self.counts.get(place, -1) + 1
        return (*place, self.counts[place])

    def _resolved(self, names: list[str]) -> Place:
        """A table's path, with the number of the newest item where a name is an array of tables."""
        path: Place = ()
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _pair(self, table: Place) -> None:
        line = self.tokens[self.at][1]
        names = self._name("=")
        for n in range(len(names)):
            self.found.setdefault((*table, *names[: n + 1]), line)
        self._value((*table, *names))

    def _value(self, place: Place) -> None:
        token = self._take()
        if token == "[":
            number = 0
            while self._skip(",") and self._peek() != "]":
                self.found[(*place, number)] = self.tokens[self.at][1]
                self._value((*place, number))
                number += 1
            self.at += 1
        elif token == "{":
            while self._skip(",") and self._peek() != "}":
                self._pair(place)
            self.at += 1
        else:
            while (rest := self._peek()) and rest not in _ENDS_SCALAR and not rest.startswith("#"):
                self.at += 1
