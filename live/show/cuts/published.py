"""What the buses and the director's cuts publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

WHY_LENGTH, REASON_LENGTH = 200, 160  # characters that people read


@published("shots/<key>")
@dataclass(frozen=True)
class ShotOnKey(Published):
    """The shot on a key of the desk: 1 for the first."""

    key: int
    id: Annotated[str, Field("its name in commands")] = ""
    label: Annotated[str, Field("for people")] = ""
    source: Annotated[str, Field('the source it shows full frame; "" for a scene\'s shot')] = ""


@published("program/shot")
@dataclass(frozen=True)
class ProgramShot(Published):
    """The shot on program; during a transition the one that is coming."""

    shot: Annotated[str, Field("its id")] = ""


@published("preview/shot")
@dataclass(frozen=True)
class PreviewShot(Published):
    """The shot on preview."""

    shot: Annotated[str, Field("its id")] = ""


@published("program/transition")
@dataclass(frozen=True)
class ProgramTransition(Published):
    """The transition that runs on program."""

    kind: Annotated[str, Field("cut while none runs")] = "cut"
    progress: Annotated[float, Field("how far it has come", 0, 1)] = 0.0
    leaving: Annotated[str, Field('the shot that it takes off program; "" for none')] = ""


@published("preview/rehearsal")
@dataclass(frozen=True)
class PreviewRehearsal(Published):
    """The next transition, tried out on preview."""

    on: Annotated[bool, Field("the next one is a rehearsal")] = False
    kind: Annotated[str, Field('of the one that runs; "" while none does')] = ""
    progress: Annotated[float, Field("how far it has come", 0, 1)] = 0.0


@published("program/setting")
@dataclass(frozen=True)
class TransitionSetting(Published):
    """The transition that `/program/auto` and the T-bar do."""

    name: Annotated[str, Field("a kind, or one of the rig's")] = ""
    rate_s: Annotated[float, Field("how long it takes")] = 0.0


@published("program/transitions")
@dataclass(frozen=True)
class RigTransitions(Published):
    """The transitions that the rig made ready, besides the kinds."""

    names: Annotated[tuple[str, ...], Field("their names")] = ()


@published("program/tbar")
@dataclass(frozen=True)
class TBarPosition(Published):
    """The T-bar."""

    position: Annotated[float, Field("where it is", 0, 1)] = 0.0


@published("program/ftb")
@dataclass(frozen=True)
class ProgramBlack(Published):
    """Fade to black."""

    on: Annotated[bool, Field("going to black, or there")] = False
    amount: Annotated[float, Field("how far it is faded", 0, 1)] = 0.0


@published("director/next")
@dataclass(frozen=True)
class NextMove(Published):
    """The machine's next move."""

    shot: Annotated[str, Field('"" for none')] = ""
    reason: Annotated[str, Field("in one line")] = ""
    due_s: Annotated[float, Field("show time at which it will be done, if the machine may act")] = 0.0
    cost: Annotated[float, Field("what it costs: the least wins")] = 0.0
    runner_up: Annotated[str, Field('the shot that came second; "" for none')] = ""
    runner_up_cost: Annotated[float, Field("what that one would cost")] = 0.0


@published("director/why")
@dataclass(frozen=True)
class LastCut(Published):
    """Why the last cut was made."""

    why: Annotated[str, Field("in one line, and whose it was")] = ""


@published("director/never")
@dataclass(frozen=True)
class NeverShots(Published):
    """What the director leaves alone for now."""

    shots: Annotated[tuple[str, ...], Field("their ids")] = ()


def buses(state: ShowState, now_s: float) -> Iterator[Published]:
    """What program and preview show."""
    switcher = state.mix.switcher
    yield ProgramShot(switcher.heading())
    yield PreviewShot(switcher.preview)
    _, to, kind, progress = switcher.views(now_s)
    yield ProgramTransition(kind if to else "cut", round(progress, 2), switcher.program if to else "")
    _, tried, kind, progress = switcher.views(now_s, rehearsed=True)
    yield PreviewRehearsal(switcher.rehearsing, kind if tried else "", round(progress, 2))
    yield TBarPosition(round(switcher.bar.position, 3))
    yield ProgramBlack(state.mix.black.on, round(state.mix.black.amount, 3))


def buses_go_by(state: ShowState, now_s: float) -> object:
    """The time, too, while a transition runs."""
    switcher, black = state.mix.switcher, state.mix.black
    runs = switcher.transition is not None or switcher.rehearsal is not None
    at = (switcher.bar.position, black.on, black.amount, now_s if runs else None)
    return switcher.program, switcher.preview, switcher.rehearsing, *at


def move(state: ShowState, now_s: float) -> Iterator[Published]:
    """What the director is about to do."""
    p = state.mix.proposal
    if p is None:
        yield NextMove()
        return
    runner_up = (p.runner_up or "", round(p.runner_up_cost or 0.0, 2))
    yield NextMove(p.shot, p.reason[:REASON_LENGTH], round(p.due_s, 2), round(p.cost, 2), *runner_up)


def move_goes_by(state: ShowState, now_s: float) -> object:
    return state.mix.proposal


def cuts_go_by(state: ShowState, now_s: float) -> object:
    return state.mix.switcher.setting, state.mix.why, list(state.mix.banned)


def cuts(state: ShowState, now_s: float) -> Iterator[Published]:
    """What is set for the next cut, and what was said of the last."""
    _, (_, rate_s) = state.mix.switcher.setting, state.mix.switcher.chosen()
    yield TransitionSetting(state.mix.switcher.setting.name, rate_s)
    yield LastCut(state.mix.why[:WHY_LENGTH])
    yield NeverShots(tuple(sorted(state.mix.banned)))
