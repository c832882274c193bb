"""The layers of scenes, by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import Command, to_message
from live.show.handling import carries_out
from live.show.layers import commands as c
from live.show.layers.model import CROP, MOST_POSITIONS, RECT, SceneLayers, Way
from live.show.within import must_not_howl

if TYPE_CHECKING:
    from live.show import ShowState


_SCALES = (0.02, 20.0)


def _of(state: ShowState, command: Any) -> SceneLayers:
    """The layers of the command's scene, of which it must name one."""
    layers = state.layers[command.scene]
    if command.layer not in layers.names:
        names = ", ".join(layers.names) or "none"
        raise CommandError(
            to_message(command)[0], f"{command.scene} has no layer {command.layer!r:.60}", f"one of: {names}"
        )
    return layers


def _bounded(command: Command, name: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise CommandError(to_message(command)[0], f"{name} is {value:g}", f"give {low:g} to {high:g}")
    return value


def _way(name: str) -> Way:
    way: Way = name  # type: ignore[assignment]  # one of the command's choices, which are the same words
    return way


@carries_out(c.LayerShow)
def _show(state: ShowState, command: c.LayerShow, hand: Hand, now_s: float) -> None:
    _of(state, command).show(command.layer, True, now_s=now_s, seconds=command.seconds, way=_way(command.way))


@carries_out(c.LayerHide)
def _hide(state: ShowState, command: c.LayerHide, hand: Hand, now_s: float) -> None:
    _of(state, command).show(command.layer, False, now_s=now_s, seconds=command.seconds, way=_way(command.way))


@carries_out(c.LayerSet)
def _set(state: ShowState, command: c.LayerSet, hand: Hand, now_s: float) -> None:
    layers, name, value = _of(state, command), command.name, command.value
    when = {"t_s": state.layers.since_s(command.scene, now_s), "now_s": now_s, "seconds": command.seconds}
    if name == "scale":
        layers.scale(command.layer, _bounded(command, name, value, *_SCALES), **when)
        return
    if name == "rotation" and value and layers.layer(command.layer).keyed:
        raise CommandError(to_message(command)[0], "the layer is keyed, which can't be turned", "turn another")
    if name in CROP or name == "opacity":
        _bounded(command, name, value, 0.0, 1.0)
    elif name in RECT:
        _bounded(command, name, value, -4.0 if name in "xy" else 0.01, 8.0)
    layers.set(command.layer, {name: value}, **when)


@carries_out(c.LayerMove)
def _move(state: ShowState, command: c.LayerMove, hand: Hand, now_s: float) -> None:
    to = dict(zip(RECT, (command.x, command.y, command.width, command.height), strict=True))
    t_s = state.layers.since_s(command.scene, now_s)
    _of(state, command).set(command.layer, to, t_s=t_s, now_s=now_s, seconds=command.seconds)


@carries_out(c.LayerCrop)
def _crop(state: ShowState, command: c.LayerCrop, hand: Hand, now_s: float) -> None:
    if (
        command.width <= 0
        or command.height <= 0
        or command.x + command.width > 1.0001
        or command.y + command.height > 1.0001
    ):
        raise CommandError(
            to_message(command)[0], "the crop reaches beyond the source", "give x, y, width, height within 0 to 1"
        )
    to = dict(zip(CROP, (command.x, command.y, command.width, command.height), strict=True))
    t_s = state.layers.since_s(command.scene, now_s)
    _of(state, command).set(command.layer, to, t_s=t_s, now_s=now_s, seconds=command.seconds)


@carries_out(c.LayerSource)
def _source(state: ShowState, command: c.LayerSource, hand: Hand, now_s: float) -> None:
    layers = _of(state, command)
    must_not_howl(state, to_message(command)[0], command.scene, command.source)
    layers.fill(command.layer, command.source)
    state.mix.refilled(command.scene)


@carries_out(c.LayerOrder)
def _order(state: ShowState, command: c.LayerOrder, hand: Hand, now_s: float) -> None:
    _of(state, command).order(command.layer, command.place)


@carries_out(c.LayerReset)
def _reset(state: ShowState, command: c.LayerReset, hand: Hand, now_s: float) -> None:
    t_s = state.layers.since_s(command.scene, now_s)
    _of(state, command).reset(command.layer, t_s=t_s, now_s=now_s, seconds=command.seconds)
    state.mix.refilled(command.scene)


@carries_out(c.LayersSave)
def _save(state: ShowState, command: c.LayersSave, hand: Hand, now_s: float) -> None:
    if not re.fullmatch(r"[\w\- ]{1,40}", command.name):
        raise CommandError(
            to_message(command)[0], f"{command.name!r:.60} is no name for a position", "use letters, digits, - and _"
        )
    layers = state.layers[command.scene]
    if command.name not in layers.kept and len(layers.kept) >= MOST_POSITIONS:
        raise CommandError(
            to_message(command)[0],
            f"{command.scene} has {MOST_POSITIONS} positions, which is all there may be",
            "save over one of them",
        )
    layers.keep(command.name)


@carries_out(c.LayersRecall)
def _recall(state: ShowState, command: c.LayersRecall, hand: Hand, now_s: float) -> None:
    layers = state.layers[command.scene]
    if command.name not in layers.kept:
        raise CommandError(
            to_message(command)[0],
            f"no position is called {command.name!r:.60}",
            f"one of: {', '.join(layers.kept) or 'none'}",
        )
    layers.recall(command.name, t_s=state.layers.since_s(command.scene, now_s), now_s=now_s, seconds=command.seconds)
