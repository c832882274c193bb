"""Carrying out commands: for each command a function `(state, command, by, now_s)`, in the file its definition is in
under live/control/commands/. Engine thread only.

A function may return the authority keys the hand touched; None means those of the command's domain. It raises
CommandError before it has changed anything.
"""

from __future__ import annotations

import importlib
import pkgutil

from live.engine.hands.table import HANDS, carry_out

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["HANDS", "carry_out"]
