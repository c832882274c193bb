"""The downstream keys and the still store, by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.show.dsk import commands as c
from live.show.dsk.model import MOST_GRABS
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


def _target(number: str) -> str:
    return f"/dsk/{number}"


def _ready(state: ShowState, number: str) -> None:
    if not state.keys.all[number].holds() and not state.asks.waiting(_target(number)):
        raise CommandError(
            _target(number),
            "the key holds nothing",
            f"give it something: /dsk/{number}/still or /source, or [[keys]] in the rig",
        )


@carries_out(c.DskOn)
def _on(state: ShowState, command: c.DskOn, hand: Hand, now_s: float) -> None:
    _ready(state, command.number)
    state.keys.switch(command.number, True, 0.0)


@carries_out(c.DskOff)
def _off(state: ShowState, command: c.DskOff, hand: Hand, now_s: float) -> None:
    state.keys.switch(command.number, False, 0.0)


@carries_out(c.DskAuto)
def _auto(state: ShowState, command: c.DskAuto, hand: Hand, now_s: float) -> None:
    _ready(state, command.number)
    dsk = state.keys.all[command.number]
    state.keys.switch(command.number, not dsk.on, dsk.seconds if command.seconds is None else command.seconds)


@carries_out(c.DskTie)
def _tie(state: ShowState, command: c.DskTie, hand: Hand, now_s: float) -> None:
    state.keys.all[command.number].tied = command.tied


@carries_out(c.DskStill)
def _still(state: ShowState, command: c.DskStill, hand: Hand, now_s: float) -> None:
    """It is there once it has been read; until then the key holds what it held."""
    dsk = state.keys.all[command.number]

    def hold(path: Path) -> None:
        dsk.graphic, dsk.source, dsk.key, dsk.still = None, None, None, path

    def leave() -> None:
        dsk.on = dsk.on and bool(dsk.holds())

    target = _target(command.number)
    names, beside = (f"{command.still}.png", command.still), (state.show.stills_dir,)
    state.asks.ask("picture", target, f"{target}/still", names, hold, beside=beside, otherwise=leave)


@carries_out(c.DskSource)
def _source(state: ShowState, command: c.DskSource, hand: Hand, now_s: float) -> None:
    state.asks.drop(_target(command.number))
    dsk = state.keys.all[command.number]
    dsk.graphic, dsk.still, dsk.source, dsk.key = None, None, command.source, command.key


@carries_out(c.StillsGrab)
def _grab(state: ShowState, command: c.StillsGrab, hand: Hand, now_s: float) -> None:
    name = command.name if command.name is not None else f"still-{now_s:09.2f}".replace(".", "-")
    if not re.fullmatch(r"[\w\- ]{1,60}", name):
        raise CommandError("/stills/grab", f"{name!r:.60} is no name for a file", "use letters, digits, - and _")
    if len(state.keys.grabs) >= MOST_GRABS:
        raise CommandError("/stills/grab", f"{MOST_GRABS} stills are waiting for the next picture", "grab it again")
    state.keys.grabs.append(name)
