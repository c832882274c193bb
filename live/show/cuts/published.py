"""What the buses and the director's cuts publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.show.names import FIRST_MIX

if TYPE_CHECKING:
    from live.show import ShowState
    from live.show.cuts.mix import Mix

WHY_LENGTH, REASON_LENGTH = 200, 160  # characters that people read


OF_A_MIX = "mixes/<mix>/"  # before the addresses of any but the first


@dataclass(frozen=True)
class OfMix(Published):
    """What there is of each mix."""

    mix: Annotated[str, Field("whose it is")] = field(default=FIRST_MIX, kw_only=True)


@published("shots/<key>")
@dataclass(frozen=True)
class ShotOnKey(Published):
    """The shot on a key of the desk: 1 for the first."""

    key: int
    id: Annotated[str, Field("its name in commands")] = ""
    label: Annotated[str, Field("for people")] = ""
    source: Annotated[str, Field('the source it shows full frame; "" for a scene\'s shot')] = ""


@published("program/shot", OF_A_MIX)
@dataclass(frozen=True)
class ProgramShot(OfMix):
    """The shot on program; during a transition the one that is coming."""

    shot: Annotated[str, Field("its id")] = ""


@published("preview/shot", OF_A_MIX)
@dataclass(frozen=True)
class PreviewShot(OfMix):
    """The shot on preview."""

    shot: Annotated[str, Field("its id")] = ""


@published("preview/by_hand", OF_A_MIX)
@dataclass(frozen=True)
class PreviewByHand(OfMix):
    """Whose preview is: a hand's from `/preview/set` on, until it is taken or `/director/release` gives it back."""

    on: Annotated[bool, Field("a hand has put there what is on it: the machine leaves it alone")] = False


@published("program/transition", OF_A_MIX)
@dataclass(frozen=True)
class ProgramTransition(OfMix):
    """The transition that runs on program."""

    kind: Annotated[str, Field("cut while none runs")] = "cut"
    progress: Annotated[float, Field("how far it has come", 0, 1)] = 0.0
    leaving: Annotated[str, Field('the shot that it takes off program; "" for none')] = ""


@published("preview/rehearsal", OF_A_MIX)
@dataclass(frozen=True)
class PreviewRehearsal(OfMix):
    """The next transition, tried out on preview."""

    on: Annotated[bool, Field("the next one is a rehearsal")] = False
    kind: Annotated[str, Field('of the one that runs; "" while none does')] = ""
    progress: Annotated[float, Field("how far it has come", 0, 1)] = 0.0


@published("program/setting", OF_A_MIX)
@dataclass(frozen=True)
class TransitionSetting(OfMix):
    """The transition that `/program/auto` and the T-bar do."""

    name: Annotated[str, Field("a kind, or one of the rig's")] = ""
    rate_s: Annotated[float, Field("how long it takes")] = 0.0


@published("program/transitions")
@dataclass(frozen=True)
class RigTransitions(Published):
    """The transitions that the rig made ready, besides the kinds."""

    names: Annotated[tuple[str, ...], Field("their names")] = ()


@published("program/tbar", OF_A_MIX)
@dataclass(frozen=True)
class TBarPosition(OfMix):
    """The T-bar."""

    position: Annotated[float, Field("where it is", 0, 1)] = 0.0


@published("program/ftb", OF_A_MIX)
@dataclass(frozen=True)
class ProgramBlack(OfMix):
    """Fade to black."""

    on: Annotated[bool, Field("going to black, or there")] = False
    amount: Annotated[float, Field("how far it is faded", 0, 1)] = 0.0


@published("director/next", OF_A_MIX)
@dataclass(frozen=True)
class NextMove(OfMix):
    """The machine's next move."""

    shot: Annotated[str, Field('"" for none')] = ""
    reason: Annotated[str, Field("in one line")] = ""
    due_s: Annotated[float, Field("show time at which it will be done, if the machine may act")] = 0.0
    cost: Annotated[float, Field("what it costs: the least wins")] = 0.0
    runner_up: Annotated[str, Field('the shot that came second; "" for none')] = ""
    runner_up_cost: Annotated[float, Field("what that one would cost")] = 0.0


@published("director/why", OF_A_MIX)
@dataclass(frozen=True)
class LastCut(OfMix):
    """Why the last cut was made."""

    why: Annotated[str, Field("in one line, and whose it was")] = ""


@published("director/silence", OF_A_MIX)
@dataclass(frozen=True)
class SilenceShot(OfMix):
    """The shot for when nobody speaks."""

    shot: Annotated[str, Field('its id; "" for the style\'s own way')] = ""


@published("director/never", OF_A_MIX)
@dataclass(frozen=True)
class NeverShots(OfMix):
    """What the director leaves alone for now."""

    shots: Annotated[tuple[str, ...], Field("their ids")] = ()


def buses(state: ShowState, now_s: float) -> Iterator[Published]:
    """What program and preview show."""
    for name, mix in state.mixes.items():
        switcher = mix.switcher
        yield ProgramShot(switcher.heading(), mix=name)
        yield PreviewShot(switcher.preview, mix=name)
        yield PreviewByHand(switcher.preview_by_hand, mix=name)
        _, to, kind, progress = switcher.views(now_s)
        leaving = switcher.program if to else ""
        yield ProgramTransition(kind if to else "cut", round(progress, 2), leaving, mix=name)
        _, tried, kind, progress = switcher.views(now_s, rehearsed=True)
        yield PreviewRehearsal(switcher.rehearsing, kind if tried else "", round(progress, 2), mix=name)
        yield TBarPosition(round(switcher.bar.position, 3), mix=name)
        yield ProgramBlack(mix.black.on, round(mix.black.amount, 3), mix=name)


def buses_go_by(state: ShowState, now_s: float) -> object:
    """The time, too, while a transition runs."""
    return [_goes_by(mix, now_s) for mix in state.mixes.values()]


def _goes_by(mix: Mix, now_s: float) -> object:
    switcher, black = mix.switcher, mix.black
    runs = switcher.transition is not None or switcher.rehearsal is not None
    at = (switcher.bar.position, black.on, black.amount, now_s if runs else None)
    return switcher.program, switcher.preview, switcher.preview_by_hand, switcher.rehearsing, *at


def move(state: ShowState, now_s: float) -> Iterator[Published]:
    """What the directors are about to do."""
    for name, mix in state.mixes.items():
        p = mix.proposal
        if p is None:
            yield NextMove(mix=name)
            continue
        runner_up = (p.runner_up or "", round(p.runner_up_cost or 0.0, 2))
        reason = f"{mix.waits}; {p.reason}" if mix.waits else p.reason
        yield NextMove(p.shot, reason[:REASON_LENGTH], round(p.due_s, 2), round(p.cost, 2), *runner_up, mix=name)


def move_goes_by(state: ShowState, now_s: float) -> object:
    return [(mix.proposal, mix.waits) for mix in state.mixes.values()]


def cuts_go_by(state: ShowState, now_s: float) -> object:
    return [(mix.switcher.setting, mix.why, list(mix.banned), mix.silence) for mix in state.mixes.values()]


def cuts(state: ShowState, now_s: float) -> Iterator[Published]:
    """What is set for the next cut, and what was said of the last."""
    for name, mix in state.mixes.items():
        _, rate_s = mix.switcher.chosen()
        yield TransitionSetting(mix.switcher.setting.name, rate_s, mix=name)
        yield LastCut(mix.why[:WHY_LENGTH], mix=name)
        yield SilenceShot(mix.silence or "", mix=name)
        yield NeverShots(tuple(sorted(mix.banned)), mix=name)
