"""Where a key stands in a TOML file, however it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.paths import shipped
from live.config.lines import Place, line_of, places

TEXT = '''title = "A = [b]"   # a comment with [brackets] and = signs
note = """
[not.a.table]
name = "inside a string"
"""
[picture]
width = 1280
size.height = 720
[[sources]]
name = "a"
clips = [
  { path = "one.mp4", cues = [{ name = "go", at_s = 1.5 }] },   # the first
  { path = 'C:\\two.mp4' },
]
[sources.keyer]
core = 0.5
[[sources.keyer.masks]]
points = [
  [0.1, 0.2],
  [3],
]
[[sources]]
"name" = "b"
when = 2026-01-01 10:00:00
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 1),
        (("note",), 2),
        (("picture",), 6),
        (("picture", "width"), 7),
        (("picture", "size", "height"), 8),
        (("picture", "rate_hz"), 6),
        (("sources", 0), 9),
        (("sources", 0, "clips", 0, "path"), 12),
        (("sources", 0, "clips", 0, "cues", 0, "at_s"), 12),
        (("sources", 0, "clips", 1, "path"), 13),
        (("sources", 0, "keyer", "core"), 16),
        (("sources", 0, "keyer", "masks", 0, "points", 1), 20),
        (("sources", 1, "name"), 23),
        (("sources", 1, "when"), 24),
        (("sources", 1, "path"), 22),
        (("nowhere", 3), 0),
    ],
)
def test_every_key_has_its_line(place: Place, line: int) -> None:
    assert line_of(places(TEXT), place) == line


def inner(value: Any, place: Place = ()) -> set[Place]:
    """Every place in what tomllib made of a file."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place for place in [place] if place}.union(*(inner(v, (*place, k)) for k, v in items))


@pytest.mark.parametrize(
    "file", sorted(shipped("rigs").parent.rglob("*.toml")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_every_place_of_what_ships_is_found(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    known = places(text)
    for place in inner(tomllib.loads(text)):
        assert place in known or any(place == k[: len(place)] for k in known), place


_KEYS = st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True)
_STRINGS = st.sampled_from(['"[x]"', "'#'", '"""\n[t]\na = 1\n"""', "'''\n\"'''", '"\\" = "'])
_SCALARS = st.sampled_from(["1", "-2.5e3", "true", "2026-01-01T10:00:00Z"]) | _STRINGS


def _written(value: object, draw: Any) -> str:
    gap = draw(st.sampled_from(["", " ", "\n", " # [c] = {\n"]))
    if isinstance(value, list):
        return f"[{gap}" + f",{gap}".join(_written(v, draw) for v in value) + f"{gap}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_written(v, draw)}" for k, v in value.items()) + " }"
    return str(value)


@given(st.data())
def test_values_of_any_shape_hide_no_key_behind_them(data: st.DataObject) -> None:
    flat = st.dictionaries(_KEYS, _SCALARS, max_size=3)  # inline tables stay on their line
    values = st.recursive(_SCALARS, lambda inside: st.lists(inside, max_size=3), max_leaves=6) | flat
    tables = data.draw(st.dictionaries(_KEYS, st.dictionaries(_KEYS, values, max_size=4), max_size=4))
    lines: list[str] = []
    expected: dict[Place, int] = {}
    for table, keys in tables.items():
        expected[(table,)] = len(lines) + 1
        lines.append(f"[{table}]")
        for key, value in keys.items():
            expected[(table, key)] = len(lines) + 1
            lines += f"{key} = {_written(value, data.draw)}".split("\n")
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    known = places(text)
    assert {place: known.get(place) for place in expected} == expected
