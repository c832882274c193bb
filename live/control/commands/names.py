"""Kinds of names that commands take. `of` says which; the engine, which knows the show, checks them."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg

LEVELS = ("off", "suggest", "armed", "auto")
TRANSITIONS = ("cut", "mix", "wipe")

ShotId = Annotated[str, Arg("a shot: scene/shot, or the name of a source", of="shot")]
SourceName = Annotated[str, Arg("the name of a source", of="source")]
GraphicName = Annotated[str, Arg("the name of a graphic", of="graphic")]
