"""The people whose faces are known, by hand."""

from __future__ import annotations

from live.control.commands import people as c
from live.engine.hands.table import carries_out
from live.engine.show import ShowState
from live.errors import CommandError, PeopleError
from live.people import path_of


@carries_out(c.PersonEnrol)
def _enrol(state: ShowState, command: c.PersonEnrol, by: str, now_s: float) -> None:
    try:
        path_of(command.name)
    except PeopleError as error:
        raise CommandError(f"/people/{command.name[:40]}/enrol", error.cause, error.action) from None
    state.enrolments.append((command.name, command.source))
