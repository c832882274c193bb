"""Kinds of names that commands take. `of` says which; the engine, which knows the show, checks them."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from live.control.registry import Arg, Command, of_commands
from live.picture.transitions import BUILT_IN

FIRST_MIX = "program"  # the name of the mix that every show has
OF_A_MIX = "/mixes/<mix>"  # before the addresses of any other

LEVELS = ("off", "suggest", "armed", "auto")

ShotId = Annotated[str, Arg("a shot: scene/shot, or the name of a source", of="shot")]
SourceName = Annotated[str, Arg("the name of a source", of="source")]
TransitionName = Annotated[
    str | None,
    Arg(
        f"one of {', '.join(BUILT_IN)}, or a transition of the rig; as set by /program/transition when left out",
        of="transition",
    ),
]
CameraName = Annotated[
    str, Arg("a camera: the name of a source, or scene.shot for a shot of a set that has a size", of="camera")
]
MicrophoneName = Annotated[str, Arg("the name of a microphone", of="microphone")]
GraphicName = Annotated[str, Arg("the name of a graphic", of="graphic")]


@of_commands
class MixCommand(Command):
    """What is meant for one mix: the first, where none is named."""

    mix: Annotated[str, Arg("which mix, where there are several", of="mix")] = field(default=FIRST_MIX, kw_only=True)
