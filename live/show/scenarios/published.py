"""What is published of scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("scenarios/<name>")
@dataclass(frozen=True)
class ScenarioStatus(Published):
    """A scenario of the rig."""

    name: str
    title: Annotated[str, Field("for people", at="title")] = ""
    picked: Annotated[bool, Field("it is the one that was picked last", at="picked")] = False


def scenarios(state: ShowState, now_s: float) -> Iterator[Published]:
    desk = state.scenarios
    for name, scenario in desk.all.items():
        yield ScenarioStatus(name, scenario.title or name, name == desk.picked)


def scenarios_go_by(state: ShowState, now_s: float) -> object:
    return state.scenarios.picked
