"""Sound follows picture: which strips are open, by what is on program. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from live.config.strips import StripRules, shots_of

CLOSED_DB = -60.0  # turned down so far it is closed


@dataclass(frozen=True)
class Seen:
    """What is on program: the shots (both of a transition that runs), and the sources that they and the keys show."""

    shots: Collection[str]
    sources: Collection[str]


@dataclass(frozen=True)
class Wish:
    """What a rule asks for: the strip open or not, and why."""

    open: bool
    reason: str


def wish(rules: StripRules, pictures: Collection[str], seen: Seen, labels: Mapping[str, str]) -> Wish:
    """What a strip's rule asks for now. pictures: the sources that its sound belongs to. labels: of shots and sources,
    for people.
    """
    if rules.follow == "off":
        return Wish(True, "it follows no picture")
    is_source = rules.follow == "source"
    wanted, there = (pictures, seen.sources) if is_source else (shots_of(rules.follow), seen.shots)
    shown = next((name for name in wanted if name in there), None)
    if shown is not None:
        return Wish(True, f"{labels.get(shown, shown)} is on program")
    names = " nor ".join(labels.get(name, name) for name in wanted)
    return Wish(False, f"{names} is not on program")


def opening(rules: StripRules, is_open: bool) -> tuple[float, float]:
    """How far open the mixer is to have it, as a factor, and in how many seconds."""
    if is_open:
        return 1.0, rules.ramp_in_s
    return (0.0 if rules.down_db <= CLOSED_DB else 10 ** (rules.down_db / 20)), rules.ramp_out_s
