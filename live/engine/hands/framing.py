"""The operator's cameras, by hand. What a command touches is held, axis by axis; the rest goes on by itself."""

from __future__ import annotations

from live.control.commands import framing as c
from live.director.authority import Key, Level
from live.engine.cameras import axis_keys
from live.engine.hands.table import carries_out
from live.engine.show import ShowState
from live.errors import CommandError
from live.picture import Crop


@carries_out(c.FramingLevel)
def _level(state: ShowState, command: c.FramingLevel, by: str, now_s: float) -> None:
    if command.level == "auto" and not state.rig.source(command.source).faces:
        raise CommandError(f"/framing/{command.source}/level", "nobody looks for faces there", "set faces = true in the rig")
    for key in axis_keys(command.source):
        state.authority.set_level(key, Level(command.level), now_s=now_s)


@carries_out(c.FramingCrop)
def _crop(state: ShowState, command: c.FramingCrop, by: str, now_s: float) -> list[Key]:
    crop = Crop(command.x, command.y, command.zoom)
    state.cameras.operators[command.source].set_by_hand(crop)
    state.crops[command.source] = crop
    return axis_keys(command.source)


@carries_out(c.FramingNudge)
def _nudge(state: ShowState, command: c.FramingNudge, by: str, now_s: float) -> list[Key]:
    crop, operator = state.crops.get(command.source, Crop()), state.cameras.operators[command.source]
    zoom = min(max(crop.zoom * command.zoom, 1.0), 8.0)
    operator.set_by_hand(Crop(crop.x + command.x / zoom, crop.y + command.y / zoom, zoom))
    state.crops[command.source] = operator.crop  # kept inside the picture
    moved = {"pan": command.x != 0, "tilt": command.y != 0, "zoom": command.zoom != 1}
    return axis_keys(command.source, [axis for axis, is_moved in moved.items() if is_moved])


@carries_out(c.FramingRelease)
def _release(state: ShowState, command: c.FramingRelease, by: str, now_s: float) -> None:
    for key in axis_keys(command.source):
        state.authority.release(key, now_s=now_s)


@carries_out(c.FramingLock)
def _lock(state: ShowState, command: c.FramingLock, by: str, now_s: float) -> None:
    for key in axis_keys(command.source):
        state.authority.lock(key)


@carries_out(c.FramingUnlock)
def _unlock(state: ShowState, command: c.FramingUnlock, by: str, now_s: float) -> None:
    for key in axis_keys(command.source):
        state.authority.unlock(key)
