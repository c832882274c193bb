"""The state of the show as one tree of paths: what is on which bus, who holds what, what comes next.

Features put what they publish (live/control/published.py); each control surface gets every change once, with the frame
it belongs to. Engine thread only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live.control.published import Published, Value, Values, spec_of


class StateTree:
    """Paths under /state to tuples of values."""

    def __init__(self) -> None:
        self._put: dict[tuple[Any, ...], Published] = {}
        self._values: dict[str, Values] = {}
        self._changed: dict[str, Values] = {}

    def put(self, value: Published) -> None:
        """Publish a value; nothing happens if that is what it was already."""
        spec = spec_of(type(value))
        key = (spec.cls, *spec.key(value))
        if self._put.get(key) == value:
            return
        self._put[key] = value
        for path, part in zip(spec.paths(value), spec.parts, strict=True):
            values = part.values(value)
            if self._values.get(path) != values:
                self._values[path] = self._changed[path] = values

    def set(self, path: str, *values: Value) -> None:
        """Set a path such as "program/shot"; nothing happens if it has that value already."""
        path = f"/state/{path}"
        if self._values.get(path) != values:
            self._values[path] = self._changed[path] = values

    def get(self, path: str) -> Values:
        return self._values.get(f"/state/{path}", ())

    def take_changes(self) -> dict[str, Values]:
        """What changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    def items(self) -> Iterable[tuple[str, Values]]:
        return self._values.items()
