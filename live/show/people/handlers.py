"""The people, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.enrolled import path_of
from live.base.errors import CommandError, PeopleError
from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.people import commands as c
from live.show.people.model import MOST_ASKED

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.PersonEnrol)
def _enrol(state: ShowState, command: c.PersonEnrol, hand: Hand, now_s: float) -> None:
    try:
        path_of(command.name)
    except PeopleError as error:
        raise CommandError(f"/people/{command.name[:40]}/enrol", error.cause, error.action) from None
    if len(state.people.asked) >= MOST_ASKED:
        raise CommandError(
            f"/people/{command.name}/enrol", f"{MOST_ASKED} people are waiting to be enrolled", "ask again in a moment"
        )
    state.people.asked.append((command.name, command.source))


@carries_out(c.PersonSeat)
def _seat(state: ShowState, command: c.PersonSeat, hand: Hand, now_s: float) -> None:
    state.people.sit(command.name, command.seat or "")


@carries_out(c.PersonWeight)
def _weight(state: ShowState, command: c.PersonWeight, hand: Hand, now_s: float) -> None:
    state.people.weights[command.name] = command.weight


@carries_out(c.PersonSpeaks)
def _speaks(state: ShowState, command: c.PersonSpeaks, hand: Hand, now_s: float) -> None:
    state.people.tell(command.name, command.on, now_s)
