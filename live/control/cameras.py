"""How sources are graded and keyed, as the console shows it: read from the state tree. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, tuple[Any, ...]]
_COLOUR, _KEYING = "/state/colour/", "/state/keying/"


@dataclass(frozen=True)
class Camera:
    """grade: kelvin, tint, lift, gamma, gain, saturation. look: a file's name, "" for none; match: what it is matched
    to, "" for nothing.
    key: its keyer, "" when the rig doesn't key it; screen: #rrggbb, "" for none; keyer: its numbers by name."""

    name: str
    grade: tuple[float, ...]
    look: str = ""
    match: str = ""
    key: str = ""
    screen: str = ""
    keyer: Mapping[str, float] | None = None


def cameras(state: State) -> tuple[Camera, ...]:
    """In the order of arrival: the rig's."""
    ends = "/grade"
    return tuple(
        _camera(state, path[len(_COLOUR) : -len(ends)])
        for path in state
        if path.startswith(_COLOUR) and path.endswith(ends)
    )


def _camera(state: State, name: str) -> Camera:
    def word(path: str) -> str:
        return str(next(iter(state.get(path, ())), ""))

    numbers = state.get(f"{_KEYING}{name}/numbers", ())
    return Camera(
        name,
        tuple(float(v) for v in state[f"{_COLOUR}{name}/grade"]),
        word(f"{_COLOUR}{name}/look"),
        word(f"{_COLOUR}{name}/match"),
        word(f"{_KEYING}{name}/key"),
        word(f"{_KEYING}{name}/screen"),
        dict(zip(numbers[::2], map(float, numbers[1::2]), strict=False)),
    )
