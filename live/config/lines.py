"""On which line of a TOML file a key stands: for messages to a person who is mending it."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-\" ]+?)\s*\]")
_KEY = re.compile(r'^\s*([\w\-.]+|"[^"]+")\s*=')

Place = tuple[int | str, ...]


def line_of(text: str, place: Place) -> int:
    """The line (from 1) of a key, by its path: ("parts", 2, "size"). Of its table when the key is not there; 0 when
    nothing is.
    """
    known = _lines(text)
    while place:
        if place in known:
            return known[place]
        place = place[:-1]
    return 0


def _lines(text: str) -> dict[Place, int]:
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = [n.strip().strip('"') for n in header[2].split(".")]
            if header[1] == "[[":
                array = (*_resolved(names[:-1], counts), names[-1])
                counts[array] = counts.get(array, -1) + 1
                table = (*array, counts[array])
            else:
                table = _resolved(names, counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *key[1].strip('"').split(".")), number)
    return found


def _resolved(names: list[str], counts: dict[Place, int]) -> Place:
    """A table's path, with the number of the newest item where a name is an array of tables."""
    path: Place = ()
    for name in names:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return path
