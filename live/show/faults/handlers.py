"""The list of faults, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.show.faults import commands as c
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.FaultsSeen)
def _seen(state: ShowState, command: c.FaultsSeen, hand: Hand, now_s: float) -> None:
    if command.subject is not None and command.subject not in state.faults:
        known = ", ".join(fault.subject for fault in state.faults.faults) or "none"
        raise CommandError("/faults/seen", f"there is no fault of {command.subject!r:.60}", f"one of: {known:.200}")
    state.faults.see(command.subject)
