"""The operator's cameras, by hand."""

from __future__ import annotations

from live.control.commands import framing as c
from live.director.authority import Level
from live.engine.hands.table import carries_out
from live.engine.show import ShowState
from live.errors import CommandError
from live.picture import Crop


@carries_out(c.FramingLevel)
def _level(state: ShowState, command: c.FramingLevel, by: str, now_s: float) -> None:
    if command.level == "auto" and not state.rig.source(command.source).faces:
        raise CommandError(f"/framing/{command.source}/level", "nobody looks for faces there", "set faces = true in the rig")
    state.authority.set_level(("framing", command.source), Level(command.level), now_s=now_s)


@carries_out(c.FramingCrop)
def _crop(state: ShowState, command: c.FramingCrop, by: str, now_s: float) -> None:
    crop = Crop(command.x, command.y, command.zoom)
    state.operators[command.source].set_by_hand(crop)
    state.crops[command.source] = crop


@carries_out(c.FramingNudge)
def _nudge(state: ShowState, command: c.FramingNudge, by: str, now_s: float) -> None:
    crop, operator = state.crops.get(command.source, Crop()), state.operators[command.source]
    zoom = min(max(crop.zoom * command.zoom, 1.0), 8.0)
    operator.set_by_hand(Crop(crop.x + command.x / zoom, crop.y + command.y / zoom, zoom))
    state.crops[command.source] = operator.crop  # kept inside the picture


@carries_out(c.FramingRelease)
def _release(state: ShowState, command: c.FramingRelease, by: str, now_s: float) -> None:
    state.authority.release(("framing", command.source), now_s=now_s)
