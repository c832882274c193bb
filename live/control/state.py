"""The state of the show as one tree of paths: what is on which bus, who holds what, what comes next.

The engine sets values; each control surface gets every change once, with the frame it belongs to. Engine thread only.
"""

from __future__ import annotations

from collections.abc import Iterable

Value = str | int | float
Values = tuple[Value, ...]


class StateTree:
    """Paths under /state to tuples of values."""

    def __init__(self) -> None:
        self._values: dict[str, Values] = {}
        self._changed: dict[str, Values] = {}

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
