"""A lamp for each kind of output, which says the worst that is true of any of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from live.config.kinds import lamp_of
from live.show.outputs.published import ASLEEP, OutputStatus

ALWAYS = ("REC", "ON AIR")  # also in a show without any: nothing is recorded, nobody sees it
_WORST = ("failed", "retrying", "connecting")  # first


@dataclass(frozen=True)
class Lamp:
    """word: the kind's. text: what it says. lit: some of them run. trouble: the state of the worst that should run and
    doesn't; "" for none.
    """

    word: str
    text: str
    lit: bool = False
    trouble: str = ""


def lamps(outputs: Sequence[OutputStatus]) -> list[Lamp]:
    """Recordings first, then streams, then what else there is, in the rig's order."""
    return [_lamp(word, [o.state for o in group]) for word, group in by_lamp(outputs).items()]


def by_lamp(outputs: Sequence[OutputStatus]) -> dict[str, list[OutputStatus]]:
    """The outputs of each lamp, in the lamps' order."""
    groups: dict[str, list[OutputStatus]] = {word: [] for word in ALWAYS}
    for output in outputs:
        groups.setdefault(lamp_of(output.kind), []).append(output)
    return groups


def _lamp(word: str, states: list[str]) -> Lamp:
    count, live = len(states), states.count("live")
    worst = next((state for state in _WORST if state in states), "")
    if worst:
        share = f" {states.count(worst)} of {count}" if count > 1 else ""
        return Lamp(word, f"{word}{share} {worst}", live > 0, worst)
    if not live:
        return Lamp(word, f"{word} off")
    asleep = sum(state in ASLEEP for state in states)
    share = f" {live} of {count}" if asleep else f" {count}" if count > 1 else ""
    return Lamp(word, word + share, True)
