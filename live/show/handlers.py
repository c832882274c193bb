"""Carrying out commands: for each command a function `(state, command, by, now_s)`, in the folder its definition is in.
Engine thread only.

A function may return the authority keys the hand touched; None means those of the command's domain. It raises
CommandError before it has changed anything.
"""

from __future__ import annotations

from live.show.features import load
from live.show.handling import HANDS, carry_out

load("handlers")

__all__ = ["HANDS", "carry_out"]
