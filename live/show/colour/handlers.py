"""The colours of sources, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.faults import in_words
from live.config.keying import ColourConfig
from live.control.registry import Command, to_message
from live.show.colour import commands as c
from live.show.colour.model import SET, SourceColours
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


def _colours(state: ShowState, command: Command, source: str) -> SourceColours:
    colours = state.colours.all.get(source)
    if colours is None:
        raise CommandError(
            to_message(command)[0], f"no source is called {source!r:.60}", f"one of: {', '.join(state.colours.all)}"
        )
    return colours


def _grade(state: ShowState, command: Command, source: str, **changes: Any) -> None:
    """Change a source's settings, checked as the rig is; from now on they are the hand's, and no machine's."""
    colours = _colours(state, command, source)
    wanted = colours.config.model_dump(exclude={"look"}) | changes
    try:
        config = ColourConfig.model_validate(wanted)
    except ValidationError as error:
        raise CommandError(to_message(command)[0], *in_words(error, wanted)) from None
    colours.config, colours.locked = config.model_copy(update={"look": colours.config.look}), True


@carries_out(c.ColourSet)
def _set(state: ShowState, command: c.ColourSet, hand: Hand, now_s: float) -> None:
    _grade(state, command, command.source, **{command.name: command.value})


@carries_out(c.ColourLook)
def _look(state: ShowState, command: c.ColourLook, hand: Hand, now_s: float) -> None:
    colours, address = _colours(state, command, command.source), to_message(command)[0]

    def take(path: Path | None) -> None:
        colours.config, colours.locked = colours.config.model_copy(update={"look": path}), True

    if command.path:
        state.asks.ask("look", address, address, (command.path,), take)
    else:
        state.asks.drop(address)
        take(None)


@carries_out(c.ColourReset)
def _reset(state: ShowState, command: c.ColourReset, hand: Hand, now_s: float) -> None:
    colours = _colours(state, command, command.source)
    state.asks.drop(f"/colour/{command.source}/look")
    colours.config = state.rig.source(command.source).colour
    colours.reference, colours.follow, colours.locked = (
        colours.config.match or "",
        colours.config.match is not None,
        False,
    )
    colours.orders += 1


@carries_out(c.ColourMatch)
def _match(state: ShowState, command: c.ColourMatch, hand: Hand, now_s: float) -> None:
    colours = _colours(state, command, command.source)
    reference = "" if command.reference == "none" else command.reference
    if reference and reference != SET and (reference not in state.show.pictures or reference == command.source):
        names = ", ".join([SET, "none", *(n for n in state.show.pictures if n != command.source)])
        raise CommandError(to_message(command)[0], f"{reference!r:.60} is no reference", f"one of: {names}")
    colours.reference, colours.follow, colours.locked = reference, command.follow, False
    colours.orders += 1


@carries_out(c.ColourUnlock)
def _unlock(state: ShowState, command: c.ColourUnlock, hand: Hand, now_s: float) -> None:
    _colours(state, command, command.source).locked = False
