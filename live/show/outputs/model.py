"""Which outputs are wanted. Pure; the engine's run starts and stops them accordingly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.config.load import Show
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptOutputs:
    """stopped: the outputs that don't run: by hand, or because no hand has started them."""

    stopped: tuple[str, ...] = ()


class Outputs(Feature[KeptOutputs]):
    """wanted: by name, is it to run? changes: how often that has changed."""

    def __init__(self, show: Show) -> None:
        self.wanted = {o.name: o.auto_start for o in show.rig.outputs}
        self.changes = 0

    @classmethod
    def build(cls, state: ShowState) -> Outputs:
        return cls(state.show)

    def known(self) -> Mapping[str, Collection[str]]:
        return {"output": self.wanted}

    def save(self, now_s: float) -> KeptOutputs:
        return KeptOutputs(tuple(name for name, on in self.wanted.items() if not on))

    def restore(self, kept: KeptOutputs, now_s: float) -> None:
        for name in self.wanted:
            self.want(name, name not in kept.stopped)

    def want(self, name: str, on: bool) -> None:
        """An output of the rig, or another that has come."""
        self.changes += self.wanted.get(name) != on
        self.wanted[name] = on

    def forget(self, name: str) -> None:
        """It has gone for good."""
        self.wanted.pop(name, None)
