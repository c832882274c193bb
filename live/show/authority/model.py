"""What the machine suggests. The table of authority itself is the holder's: it is of all features' keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.load import Show
from live.director.authority import BY_HAND, KeptKeyState
from live.director.suggestions import Suggestions
from live.show.feature import Feature, Frame
from live.show.holder import AUTO

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptWheel:
    """keys: those of authority, as they stood. dropped: suggestions that aren't made again for so many seconds."""

    keys: tuple[KeptKeyState, ...]
    dropped: tuple[tuple[str, str, str, float], ...]


class Wheel(Feature[KeptWheel]):
    """What stands suggested."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.suggestions = Suggestions()

    @classmethod
    def build(cls, state: ShowState) -> Wheel:
        return cls(state)

    def save(self, now_s: float) -> KeptWheel:
        return KeptWheel(self._state.authority.save(now_s), self.suggestions.save(now_s))

    @classmethod
    def rig_keys(cls, kept: KeptWheel, show: Show) -> Iterator[RigKey]:
        """The levels that hands have set. Who holds what is on air."""
        rig, levels = show.rig, {(k.domain, k.target): k.level for k in kept.keys if k.level_why == BY_HAND}
        director = levels.get(("cuts", "program"), rig.director.level)
        yield RigKey(("director", "level"), str(director))
        seen = {s.name for s in rig.sources if s.faces}
        axes = [k for k in kept.keys if k.domain == "framing" and k.target.partition("/")[0].partition(".")[0] in seen]
        framing = {str(levels.get((k.domain, k.target), rig.framing.level)) for k in axes}
        yield RigKey(("framing", "level"), framing.pop() if len(framing) == 1 else rig.framing.level)
        several = ", ".join(sorted(framing)) if len(framing) > 1 else None
        why = "the operator's level of single cameras: a rig has one for all"
        yield RigKey(("framing", "levels"), several, cannot=why)
        follow = {
            str(levels.get(("sound", f"{n}/follow"), rig.sound.follow))
            for n, s in rig.strips.items()
            if s.follow != "off"
        }
        yield RigKey(("sound", "follow"), follow.pop() if len(follow) == 1 else rig.sound.follow)
        for graphic in rig.graphics:
            level, why = levels.get(("graphics", graphic.name)), f"whether {graphic.name} is suggested"
            yield RigKey(("graphics", Item(graphic.name), "level"), level, cannot=why)

    def restore(self, kept: KeptWheel, now_s: float) -> None:
        self._state.authority.restore(kept.keys, now_s)
        self.suggestions.restore(kept.dropped, now_s)

    def step(self, frame: Frame) -> None:
        self.suggestions.step(frame.now_s)
        for gone, why in self.suggestions.untrue():
            self._state.log("suggestion", AUTO, withdrawn=gone.text, reason=why)
