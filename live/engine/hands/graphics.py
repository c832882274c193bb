"""Graphics, by hand."""

from __future__ import annotations

from live.control.commands import graphics as c
from live.engine.hands.table import carries_out
from live.engine.show import ShowState
from live.errors import CommandError


@carries_out(c.GraphicShow)
def _show(state: ShowState, command: c.GraphicShow, by: str, now_s: float) -> None:
    state.graphics[command.name].visible = True


@carries_out(c.GraphicHide)
def _hide(state: ShowState, command: c.GraphicHide, by: str, now_s: float) -> None:
    state.graphics[command.name].visible = False


@carries_out(c.GraphicSet)
def _set(state: ShowState, command: c.GraphicSet, by: str, now_s: float) -> None:
    fields = state.graphics[command.name].fields
    if command.field not in ("title", "subtitle"):
        raise CommandError(f"/graphics/{command.name}/set", f"no field is called {command.field!r:.40}", "one of: title, subtitle")
    fields[command.field] = command.text[:500]
