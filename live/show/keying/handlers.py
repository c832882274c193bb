"""Keyers, by hand: new orders for the vision worker that keys the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.keying import MOST_MASKS, KeyerOrders
from live.control.registry import Command, to_message
from live.show.handling import carries_out
from live.show.keying import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


def _orders(state: ShowState, command: Command, source: str) -> KeyerOrders:
    orders = state.keyers.orders.get(source)
    if orders is None:
        raise CommandError(
            to_message(command)[0], "nothing keys it", 'set key = "ai" or another keyer for it in the rig'
        )
    return orders


def _keep(state: ShowState, command: Command, source: str, **changes: Any) -> None:
    """Orders with some keys of theirs, or of their keyer, changed; checked as the rig is. CommandError when they don't
    go together.
    """
    orders = _orders(state, command, source)
    keyer = {k: v for k, v in changes.items() if k not in type(orders).model_fields}
    own = {k: v for k, v in changes.items() if k not in keyer}
    try:
        settings = type(orders.keyer).model_validate(orders.keyer.model_dump() | keyer)
    except ValidationError as error:
        cause, _, action = error.errors()[0]["msg"].removeprefix("Value error, ").partition("; ")
        raise CommandError(to_message(command)[0], cause, action or "see docs/keying.md") from None
    state.keyers.orders[source] = orders.model_copy(update={**own, "keyer": settings})


@carries_out(c.KeyingKey)
def _key(state: ShowState, command: c.KeyingKey, hand: Hand, now_s: float) -> None:
    if "external" in (command.key, command.also) and _orders(state, command, command.source).keyer.external is None:
        raise CommandError(
            to_message(command)[0], "the rig names no source for its matte", "set keyer.external in the rig"
        )
    _keep(state, command, command.source, key=command.key, also=command.also, combine=command.combine)


@carries_out(c.KeyingSet)
def _set(state: ShowState, command: c.KeyingSet, hand: Hand, now_s: float) -> None:
    value = command.value >= 0.5 if command.name == "clean" else command.value
    _keep(state, command, command.source, **{command.name: value})


@carries_out(c.KeyingPick)
def _pick(state: ShowState, command: c.KeyingPick, hand: Hand, now_s: float) -> None:
    picks = _orders(state, command, command.source).picks
    _keep(state, command, command.source, pick=(command.x, command.y), picks=picks + 1)


@carries_out(c.KeyingFind)
def _find(state: ShowState, command: c.KeyingFind, hand: Hand, now_s: float) -> None:
    _keep(
        state, command, command.source, finds=_orders(state, command, command.source).finds + 1, picks=0, screen="auto"
    )


@carries_out(c.KeyingPlate)
def _plate(state: ShowState, command: c.KeyingPlate, hand: Hand, now_s: float) -> None:
    _keep(state, command, command.source, plates=_orders(state, command, command.source).plates + 1)


@carries_out(c.KeyingMask)
def _mask(state: ShowState, command: c.KeyingMask, hand: Hand, now_s: float) -> None:
    try:
        points = [tuple(float(v) for v in pair.split(",")) for pair in command.points.split()]
    except ValueError:
        points = []
    if len(points) < 3 or any(len(point) != 2 or not all(0 <= v <= 1 for v in point) for point in points):
        raise CommandError(
            to_message(command)[0],
            f"points are {command.points!r:.60}",
            "write three or more as x,y x,y x,y, each from 0 to 1",
        )
    mask = {"kind": command.kind, "points": points, "feather": command.feather, "inverted": command.inverted}
    masks = [m.model_dump() for m in _orders(state, command, command.source).keyer.masks]
    if len(masks) >= MOST_MASKS:
        raise CommandError(
            to_message(command)[0], f"{command.source} has {MOST_MASKS} masks, which is all there may be", "unmask one"
        )
    _keep(state, command, command.source, masks=[*masks, mask])


@carries_out(c.KeyingUnmask)
def _unmask(state: ShowState, command: c.KeyingUnmask, hand: Hand, now_s: float) -> None:
    masks = [] if command.which == "all" else _orders(state, command, command.source).keyer.masks[:-1]
    _keep(state, command, command.source, masks=[m.model_dump() for m in masks])
