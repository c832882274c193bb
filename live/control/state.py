"""The state of the show as one tree of paths: what is on which bus, who holds what, what comes next.

Features put what they publish (live/control/published.py); each control surface gets every change once, with the frame
it belongs to. Engine thread only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live.control.published import Published, Values, spec_of


class StateTree:
    """Paths under /state to tuples of values."""

    def __init__(self) -> None:
        self._put: dict[type[Published], dict[Any, tuple[Published, tuple[str, ...]]]] = {}
        self._values: dict[str, Values] = {}
        self._changed: dict[str, Values] = {}

    def put(self, value: Published) -> None:
        """Publish a value; nothing happens if that is what it was already."""
        cls = type(value)
        spec = spec_of(cls)
        key, known = spec.key(value), self._put.setdefault(cls, {})
        before, paths = known.get(key) or (None, spec.paths(value))
        if before == value:
            return
        known[key] = value, paths
        for path, part in zip(paths, spec.parts, strict=True):
            values = part.values(value)
            if self._values.get(path) != values:
                self._values[path] = self._changed[path] = values

    def take_changes(self) -> dict[str, Values]:
        """What changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    def items(self) -> Iterable[tuple[str, Values]]:
        return self._values.items()
