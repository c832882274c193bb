"""Every command of the program. Add one here, carry it out in live/engine/show.py; nothing else needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.registry import Arg, Command, command

LEVELS = ("off", "suggest", "armed", "auto")
TRANSITIONS = ("cut", "mix", "wipe")

ShotId = Annotated[str, Arg("a shot: scene/shot, or the name of a source", of="shot")]
SourceName = Annotated[str, Arg("the name of a source", of="source")]
GraphicName = Annotated[str, Arg("the name of a graphic", of="graphic")]


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


@command("/framing/<source>/level")
@dataclass(frozen=True)
class FramingLevel(Command):
    """Whether the automatic operator frames this source."""

    source: SourceName
    level: Annotated[str, Arg("the level", choices=("off", "auto"))]


@command("/framing/<source>/crop", domain="framing")
@dataclass(frozen=True)
class FramingCrop(Command):
    """Frame a source by hand."""

    source: SourceName
    x: Annotated[float, Arg("centre of the crop, share of the picture's width from the left", 0.0, 1.0)]
    y: Annotated[float, Arg("centre of the crop, share of the picture's height from the top", 0.0, 1.0)]
    zoom: Annotated[float, Arg("1 shows the whole picture, 2 half its height", 1.0, 8.0)]


@command("/framing/<source>/nudge", domain="framing")
@dataclass(frozen=True)
class FramingNudge(Command):
    """Move the crop of a source a little, from where it is."""

    source: SourceName
    x: Annotated[float, Arg("to the right, share of the crop's width", -1.0, 1.0)]
    y: Annotated[float, Arg("down, share of the crop's height", -1.0, 1.0)]
    zoom: Annotated[float, Arg("times the zoom: over 1 goes closer", 0.25, 4.0)] = 1.0


@command("/framing/<source>/release")
@dataclass(frozen=True)
class FramingRelease(Command):
    """End a hold on a source's framing."""

    source: SourceName


@command("/graphics/<name>/show", domain="graphics")
@dataclass(frozen=True)
class GraphicShow(Command):
    """Key a graphic over program."""

    name: GraphicName


@command("/graphics/<name>/hide", domain="graphics")
@dataclass(frozen=True)
class GraphicHide(Command):
    """Take a graphic off program."""

    name: GraphicName


@command("/graphics/<name>/set", domain="graphics")
@dataclass(frozen=True)
class GraphicSet(Command):
    """Write a field of a graphic. On air it changes on the next frame."""

    name: GraphicName
    field: Annotated[str, Arg("the field, for a lower third: title or subtitle")]
    text: Annotated[str, Arg("what it says, in any script")]


@command("/show/panic")
@dataclass(frozen=True)
class ShowPanic(Command):
    """Freeze all automation at once; the picture on air stays. A level set by hand starts it again."""


@command("/show/end")
@dataclass(frozen=True)
class ShowEnd(Command):
    """End the show: close the recordings and leave."""


@command("/multiview/want")
@dataclass(frozen=True)
class MultiviewWant(Command):
    """Draw the preview picture for a while: a console sends this once a second while it shows it."""

    seconds: Annotated[float, Arg("for how long, seconds", 0.0, 60.0)] = 3.0


@command("/subscribe")
@dataclass(frozen=True)
class Subscribe(Command):
    """Send the whole state, then every change, to this UDP port of the sender."""

    port: Annotated[int, Arg("UDP port", 1, 65535)]


@command("/unsubscribe")
@dataclass(frozen=True)
class Unsubscribe(Command):
    """Stop sending state to this port."""

    port: Annotated[int, Arg("UDP port", 1, 65535)]
