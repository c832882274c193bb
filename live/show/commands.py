"""Every command of the program, by the name of its class: those of all features. Each is defined in its feature's
`commands.py` and carried out in the `handlers.py` beside it.
"""

from __future__ import annotations

import importlib

from live.control.registry import Command
from live.show import ShowState

for _kind in ShowState.kinds.values():
    _module = importlib.import_module(f"live.show.{_kind.room}.commands")
    globals().update({n: v for n, v in vars(_module).items() if isinstance(v, type) and issubclass(v, Command)})
