"""The operator's cameras, by hand. What a command touches is held, axis by axis; the rest goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.director.authority import Key, Level
from live.picture.values import Crop
from live.show.framing import commands as c
from live.show.framing.cameras import axis_keys
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.FramingLevel)
def _level(state: ShowState, command: c.FramingLevel, hand: Hand, now_s: float) -> None:
    if command.level == "auto" and not state.rig.source(state.cameras.source_of(command.camera)).faces:
        raise CommandError(
            f"/framing/{command.camera}/level", "nobody looks for faces there", "set faces = true in the rig"
        )
    for key in axis_keys(command.camera):
        state.authority.set_level(key, Level(command.level), now_s=now_s)


@carries_out(c.FramingSize)
def _size(state: ShowState, command: c.FramingSize, hand: Hand, now_s: float) -> list[Key]:
    operator = state.cameras.operators[command.camera]
    before = operator.size
    operator.set_size(command.size)
    return _instructed(state, command.camera, ("zoom",), now_s, undo=lambda: operator.set_size(before))


@carries_out(c.FramingSubject)
def _subject(state: ShowState, command: c.FramingSubject, hand: Hand, now_s: float) -> list[Key]:
    operator = state.cameras.operators[command.camera]
    before = operator.wanted
    operator.set_subject(int(command.who) if command.who.isdecimal() else command.who)
    return _instructed(state, command.camera, ("pan", "tilt"), now_s, undo=lambda: operator.set_subject(before))


def _instructed(
    state: ShowState, camera: str, axes: tuple[str, ...], now_s: float, *, undo: Callable[[], None]
) -> list[Key]:
    """A hand told the operator what to frame: the machine does it, on the axes that the hand gives back for it. Where
    the machine may not, the operator frames once for the hand."""
    views = [state.authority.view(key, now_s=now_s) for key in axis_keys(camera)]
    if all(view.level is Level.AUTO and not view.locked for view in views):
        for key in axis_keys(camera, axes):
            state.authority.release(key, now_s=now_s)
        return []
    operator = state.cameras.operators[camera]
    if not operator.frame_now():
        undo()
        raise CommandError(
            f"/framing/{camera}", "nobody is seen there", "wait for a face, or frame it with /framing/<camera>/crop"
        )
    state.cameras.show_hand(camera)
    return axis_keys(camera)


@carries_out(c.FramingCrop)
def _crop(state: ShowState, command: c.FramingCrop, hand: Hand, now_s: float) -> list[Key]:
    state.cameras.hand(command.camera, Crop(command.x, command.y, command.zoom))
    return axis_keys(command.camera)


@carries_out(c.FramingNudge)
def _nudge(state: ShowState, command: c.FramingNudge, hand: Hand, now_s: float) -> list[Key]:
    crop = state.cameras.operators[command.camera].crop
    zoom = crop.zoom * command.zoom
    # Kept inside the picture.
    state.cameras.hand(command.camera, Crop(crop.x + command.x / zoom, crop.y + command.y / zoom, zoom))
    moved = {"pan": command.x != 0, "tilt": command.y != 0, "zoom": command.zoom != 1}
    return axis_keys(command.camera, [axis for axis, is_moved in moved.items() if is_moved])


@carries_out(c.FramingRelease)
def _release(state: ShowState, command: c.FramingRelease, hand: Hand, now_s: float) -> None:
    for key in axis_keys(command.camera):
        state.authority.release(key, now_s=now_s)


@carries_out(c.FramingLock)
def _lock(state: ShowState, command: c.FramingLock, hand: Hand, now_s: float) -> None:
    for key in axis_keys(command.camera):
        state.authority.lock(key)


@carries_out(c.FramingUnlock)
def _unlock(state: ShowState, command: c.FramingUnlock, hand: Hand, now_s: float) -> None:
    for key in axis_keys(command.camera):
        state.authority.unlock(key)
