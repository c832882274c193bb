"""Commands on the buses and on the automatic director."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, command
from live.show.names import LEVELS, OF_A_MIX, MixCommand, ShotId, TransitionName


@command("/preview/set", domain="cuts", prefix=OF_A_MIX)
class PreviewSet(MixCommand):
    """Put a shot on preview."""

    shot: ShotId


@command("/preview/transition", domain="cuts", prefix=OF_A_MIX)
class PreviewTransition(MixCommand):
    """Try the next transition out on preview: /program/auto and the T-bar run it there, program stays as it is. Over
    once it has been seen to its end; a cut ends it, too."""

    on: Annotated[bool | None, Arg("1 try out, 0 no longer; the other of what it is when left out", 0.0, 1.0)] = None


@command("/program/cut", domain="cuts", prefix=OF_A_MIX)
class ProgramCut(MixCommand):
    """Cut to a shot now; without one, to what is on preview. What was on program goes to preview."""

    shot: Annotated[
        str | None, Arg("a shot: scene/shot, or the name of a source; preview when left out", of="shot")
    ] = None


@command("/program/auto", domain="cuts", prefix=OF_A_MIX)
class ProgramAuto(MixCommand):
    """Bring preview to program with a transition. While one runs, it is carried on, not started again."""

    transition: TransitionName = None
    seconds: Annotated[float | None, Arg("how long it takes, seconds; its own rate when left out", 0.0, 10.0)] = None


@command("/program/transition", desk="cuts", prefix=OF_A_MIX)
class ProgramTransition(MixCommand):
    """Set what /program/auto does when it is not told, and what the T-bar does."""

    transition: Annotated[str, Arg("the name of a transition", of="transition")]
    seconds: Annotated[float | None, Arg("how long it takes, seconds; its own rate when left out", 0.0, 10.0)] = None


@command("/program/wipe", desk="cuts", prefix=OF_A_MIX)
class ProgramWipe(MixCommand):
    """Set the edge of every built-in wipe, from the next one on."""

    softness: Annotated[float, Arg("of the edge, share of the way", 0.0, 0.5)]
    border: Annotated[float, Arg("of the edge, share of the way", 0.0, 0.5)] = 0.0
    colour: Annotated[str, Arg("of the border, #rrggbb")] = "#000000"
    reverse: Annotated[bool, Arg("1: the shape runs the other way", 0.0, 1.0)] = False


@command("/program/dip", desk="cuts", prefix=OF_A_MIX)
class ProgramDip(MixCommand):
    """Set what a dip goes through, from the next one on."""

    colour: Annotated[str, Arg("#rrggbb")] = "#000000"


@command("/program/tbar", domain="cuts", prefix=OF_A_MIX)
class ProgramTbar(MixCommand):
    """The T-bar: a transition by hand, to preview. From either end to the other; back to where it began takes it
    back."""

    position: Annotated[float, Arg("where the bar is", 0.0, 1.0)]


@command("/program/ftb", desk="cuts", prefix=OF_A_MIX)
class ProgramFtb(MixCommand):
    """Fade program to black, picture and sound, or back from it."""

    on: Annotated[bool | None, Arg("1 to black, 0 back; the other of what it is when left out", 0.0, 1.0)] = None
    seconds: Annotated[float | None, Arg("how long it takes, seconds; as the last time when left out", 0.0, 10.0)] = (
        None
    )


@command("/director/level", desk="cuts", prefix=OF_A_MIX)
class DirectorLevel(MixCommand):
    """How far the automatic director may go: off; suggest (shows its next move); armed (acts after a time to veto);
    auto."""

    level: Annotated[str, Arg("the level", choices=LEVELS)]


@command("/director/silence", desk="cuts", prefix=OF_A_MIX)
class DirectorSilence(MixCommand):
    """The shot for when nobody has spoken for the style's silence_s: a wide shot, the room, a slate."""

    shot: Annotated[
        str | None, Arg("a shot; the wide shot or a reaction, as the style has it, when left out", of="shot")
    ] = None


@command("/director/hold", domain="cuts", release="/director/release", prefix=OF_A_MIX)
class DirectorHold(MixCommand):
    """Keep the automatic director off the cuts: for some seconds, or until /director/release."""

    seconds: Annotated[float | None, Arg("how long, seconds; until released when left out", 0.0, 36000.0)] = None


@command("/director/release", desk="cuts", prefix=OF_A_MIX)
class DirectorRelease(MixCommand):
    """End a hold: the director may act again at the level that is set."""


@command("/director/take", desk="cuts", prefix=OF_A_MIX)
class DirectorTake(MixCommand):
    """Do what the director proposes, now."""


@command("/director/veto", domain="cuts", prefix=OF_A_MIX)
class DirectorVeto(MixCommand):
    """Drop what the director proposes."""
