"""Are the scenarios of a show fit to be picked? Each is tried out on a show that nobody sees."""

from __future__ import annotations

from dataclasses import replace

from live.base.errors import CommandError, Fault
from live.base.hand import Hand
from live.config.faults import read_toml
from live.config.load import Show
from live.control.typed import typed
from live.show import ShowState


def scenario_faults(show: Show) -> tuple[list[Fault], list[Fault]]:
    """What is wrong whenever one is picked, and what can't be carried out as the show begins, which may be as it should
    be.
    """
    faults: list[Fault] = []
    doubts: list[Fault] = []
    document = read_toml(show.path, faults)
    for name, scenario in show.rig.scenarios.items() if document is not None else ():
        assert document is not None
        state = ShowState(replace(show), lambda kind, by, **fields: None)
        wrong = {bad.number: bad.error for bad in state.scenarios.unreadable(name)}
        for number, line in enumerate(scenario.do, 1):
            error, told = wrong.get(number), faults
            if error is None:
                try:
                    state.apply(typed(line), Hand("check"), 0.0)
                    continue
                except CommandError as failed:
                    error, told = failed, doubts
            place = document.place(f"scenarios.{name}.do[{number}]")
            told.append(document.fault(place, f"{line[:60]}: {error.cause}", error.action))
    return faults, doubts
