"""Commands on the buses and on the automatic director."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.commands.names import LEVELS, TRANSITIONS, ShotId
from live.control.registry import Arg, Command, command


@command("/preview/set", domain="cuts")
@dataclass(frozen=True)
class PreviewSet(Command):
    """Put a shot on preview."""

    shot: ShotId


@command("/program/cut", domain="cuts")
@dataclass(frozen=True)
class ProgramCut(Command):
    """Cut to a shot now; without one, to what is on preview. What was on program goes to preview."""

    shot: Annotated[str | None, Arg("a shot: scene/shot, or the name of a source; preview when left out", of="shot")] = None


@command("/program/auto", domain="cuts")
@dataclass(frozen=True)
class ProgramAuto(Command):
    """Bring preview to program with a transition. While one runs, it is carried on, not started again."""

    transition: Annotated[str, Arg("the transition", choices=TRANSITIONS)] = "mix"
    seconds: Annotated[float, Arg("how long it takes, seconds", 0.0, 10.0)] = 1.0


@command("/director/level")
@dataclass(frozen=True)
class DirectorLevel(Command):
    """How far the automatic director may go: off; suggest (shows its next move); armed (acts after a time to veto); auto."""

    level: Annotated[str, Arg("the level", choices=LEVELS)]


@command("/director/hold", domain="cuts")
@dataclass(frozen=True)
class DirectorHold(Command):
    """Keep the automatic director off the cuts: for some seconds, or until /director/release."""

    seconds: Annotated[float | None, Arg("how long, seconds; until released when left out", 0.0, 36000.0)] = None


@command("/director/release")
@dataclass(frozen=True)
class DirectorRelease(Command):
    """End a hold: the director may act again at the level that is set."""


@command("/director/take")
@dataclass(frozen=True)
class DirectorTake(Command):
    """Do what the director proposes, now."""


@command("/director/veto", domain="cuts")
@dataclass(frozen=True)
class DirectorVeto(Command):
    """Drop what the director proposes."""
