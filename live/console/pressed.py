"""What a hand presses, and what it has pressed that the state doesn't say yet. Pure; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass

HEARD_S = 0.7  # by then the state says it, or it was refused


@dataclass(frozen=True)
class Press:
    """A key that went down. again: it is held, and the system repeats it."""

    name: str
    shift: bool = False
    other: bool = False  # Ctrl, Alt or the like is down
    again: bool = False

    @property
    def types(self) -> bool:
        """A function key means the same in the middle of a word."""
        return not (self.name[:1] == "f" and self.name[1:].isdigit())


class Pressed:
    """What a hand did a moment ago. On a slow console, or by a quick hand, the second press comes before the answer to
    the first: it counts from what the first one asked for.
    """

    def __init__(self) -> None:
        self._turned: dict[str, tuple[bool, float]] = {}
        self._moved: dict[str, tuple[float, float]] = {}

    def turn(self, name: str, on: bool, now_s: float) -> bool:
        """What a press of a switch asks for. on: what the state says of it."""
        before, pressed_s = self._turned.get(name, (on, -HEARD_S))
        wanted = not (before if now_s - pressed_s < HEARD_S else on)
        self._turned[name] = wanted, now_s
        return wanted

    def step(self, name: str, value: float, by: float, low: float, high: float, now_s: float) -> float:
        """Where a step takes something. value: where the state says that it is."""
        before, pressed_s = self._moved.get(name, (value, -HEARD_S))
        value = before if now_s - pressed_s < HEARD_S else value
        value = round(min(high, max(low, value + by)), 1)
        self._moved[name] = value, now_s
        return value
