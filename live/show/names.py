"""Kinds of names that commands take. `of` says which; the engine, which knows the show, checks them."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg
from live.picture.transitions import BUILT_IN

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
