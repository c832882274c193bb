"""Taking back what a hand has set. It goes by what features keep of themselves, and says nothing of any of them.

What is on air by itself (the buses, keys, graphics that are on, players) is never taken back: a feature says which
parts of what it keeps may be (`Feature.undoes`), and which values in them may not (`Feature.stays`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from live.base.errors import CommandError
from live.base.hand import Hand

MOST = 100  # changes that are remembered
ONE_S = 1.0  # what one address says within so long of the time before is one change: a fader's way

Path = tuple[Any, ...]
_NOTHING: Any = object()  # there was no such entry


@dataclass
class Change:
    """What one command of a hand changed in a feature. before: by where it is in what the feature keeps, what stood
    there. at_s: when it was sent last, show time.
    """

    feature: str
    host: str
    who: str
    address: str
    desk: str
    before: dict[Path, Any]
    at_s: float

    def add(self, found: Mapping[Path, Any]) -> None:
        """It went on, and changed this: of what it had not changed yet, what stood there."""
        new = {
            path: was for path, was in found.items() if not any(path[:n] in self.before for n in range(len(path) + 1))
        }
        self.before = new | self.before


class Changes:
    """Those that can be taken back, the newest last. Engine thread only."""

    def __init__(self) -> None:
        self._all: list[Change] = []

    def going_on(self, hand: Hand, address: str, now_s: float) -> Change | None:
        """The change of just now that goes on with this, if there is one."""
        for change in reversed(self._all):
            if now_s - change.at_s > ONE_S:
                break
            if (change.host, change.address) == (hand.host, address):
                change.at_s = now_s
                return change
        return None

    def note(self, change: Change) -> None:
        if change.before:
            self._all.append(change)
            del self._all[:-MOST]

    def newest_of(self, hand: Hand) -> Change:
        """The last one of whoever sits where this hand does. Raises CommandError: there is none, or somebody elsewhere
        has changed the same since.
        """
        n = next((n for n in reversed(range(len(self._all))) if self._all[n].host == hand.host), None)
        if n is None:
            raise CommandError("/show/undo", "nothing that you have set can be taken back", "set it by hand")
        change = self._all[n]
        for later in self._all[n + 1 :]:
            if later.feature == change.feature and later.before.keys() & change.before.keys():
                raise CommandError("/show/undo", f"{later.who} has changed {change.address} since", "set it by hand")
        return change

    def forget(self, change: Change) -> None:
        self._all.remove(change)


def differences(before: Any, after: Any, parts: Collection[str], stays: Collection[str]) -> dict[Path, Any]:
    """What stood before in some fields of what a feature keeps, where that is another now; but for the values whose
    name is in `stays`.
    """
    return {
        path: was
        for part in parts
        for path, was in _differences(getattr(before, part), getattr(after, part), (part,), stays)
    }


def _differences(before: Any, after: Any, path: Path, stays: Collection[str]) -> Iterator[tuple[Path, Any]]:
    if before is after or before == after or path[-1] in stays:
        return
    entries = _entries(before) if type(before) is type(after) else None
    if entries is None:
        yield path, before
        return
    others = _entries(after) or {}
    for key in dict.fromkeys((*entries, *others)):
        yield from _differences(entries.get(key, _NOTHING), others.get(key, _NOTHING), (*path, key), stays)


def _entries(value: Any) -> Mapping[Any, Any] | None:
    """The parts of a value by name; None of one that is no more than itself."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple):
        return dict(enumerate(value))
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return None


def taken_back(kept: Any, change: Change) -> Any:
    """What a feature keeps now, with what the change found; of its tables only the entries that it touched."""
    tables = {path[0] for path in change.before if isinstance(getattr(kept, path[0]), Mapping)}
    for path, was in change.before.items():
        kept = _with(kept, path, was)
    touched = {path[:2] for path in change.before}
    narrowed = {t: {k: v for k, v in getattr(kept, t).items() if (t, k) in touched} for t in tables}
    return replace(kept, **narrowed)


def _with(value: Any, path: Path, was: Any) -> Any:
    if not path:
        return was
    key, *rest = path
    if isinstance(value, Mapping):
        others = {k: v for k, v in value.items() if k != key}
        inner = _with(value.get(key, _NOTHING), tuple(rest), was)
        return others if inner is _NOTHING else {**others, key: inner}
    if isinstance(value, tuple):
        found = dict(enumerate(value)) | {key: _with(value[key] if key < len(value) else _NOTHING, tuple(rest), was)}
        return tuple(v for _, v in sorted(found.items()) if v is not _NOTHING)
    inner = _with(getattr(value, key, _NOTHING), tuple(rest), was)
    if isinstance(value, BaseModel):
        return value.model_copy(update={key: inner})
    return replace(value, **{key: inner}) if is_dataclass(value) and not isinstance(value, type) else value
