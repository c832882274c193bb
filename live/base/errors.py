"""Every error the program raises on purpose, in one tree.

Each one names its subject, the cause and the next action, because the person who reads it is in the middle of a show.
An error is handled exactly once: at the fault boundary of the room it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def one_line(text: str) -> str:
    """As it can be printed in one line: a line break in a file's name, and what no terminal knows, as its escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class LiveError(Exception):
    """Base of the tree. `str()` is one line: subject: cause; action."""

    def __init__(self, subject: str, cause: str, action: str = "") -> None:
        self.subject = subject
        self.cause = cause
        self.action = action
        super().__init__(one_line(f"{subject}: {cause}; {action}" if action else f"{subject}: {cause}"))

    def __reduce__(self) -> tuple[Any, ...]:
        """As another process gets it: an exception is made anew from its one line otherwise, which isn't enough."""
        return type(self), (self.subject, self.cause, self.action)


class SourceError(LiveError):
    """A source can't be opened, or can't go on."""


class LoginError(SourceError):
    """A source wants another name or password. Many tries in a row lock cameras: whoever tries again takes its time."""


class ModelError(LiveError):
    """A model file is missing, damaged or not the one that was pinned."""


class SceneError(LiveError):
    """A scene, a set, a shader or a graphic can't be used."""


class OutputError(LiveError):
    """A recording or a stream target can't be written."""


class LogError(LiveError):
    """A show log, or what it names, can't be used afterwards."""


class CommandError(LiveError):
    """A command that can't be understood or carried out. Nothing changed."""


class PeopleError(LiveError):
    """Somebody can't be enrolled, found or removed."""


class DeviceError(LiveError):
    """The machine lacks what the show needs (an OpenGL context, shared memory, a sound card)."""


class ManyDevicesError(DeviceError):
    """Several devices are called what only one of them can be meant by."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a rig or a scene: where, what, and what would be right."""

    file: str
    key: str
    cause: str
    right: str
    line: int = 0  # of the file, from 1; 0 when it isn't known

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{place}: {self.key}: {self.cause}; {self.right}")


class ConfigError(LiveError):
    """A rig or a scene that is not valid. `faults` holds every fault, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("configuration", f"{len(faults)} fault(s)", "run `live check RIG`")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

    def __str__(self) -> str:
        return "\n".join(str(f) for f in self.faults)
