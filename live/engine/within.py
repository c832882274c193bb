"""Pictures that stand in scenes and are no source: shots of other scenes, auxiliaries, multiviews. Each is there as if
it were a source, before the picture is drawn that shows it.

A shot is drawn in the same frame, at half the program's size where that is all of it that is seen. A multiview is drawn
elsewhere, at its own rate: what there is of it is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from live.engine.feeds import FeedSinks
from live.picture.format import U8, PictureFormat
from live.picture.values import SourceInput
from live.render import Renderer
from live.show import ShowState


@dataclass(frozen=True)
class _Within:
    """A picture that is needed. shot: what is to be drawn, and since when (show time); feed: or whose ring has it."""

    name: str
    shot: str = ""
    since_s: float = 0.0
    feed: str = ""
    whole: bool = False  # is it seen at more than half of the frame's size?


class PicturesWithin:
    """Engine thread only. What fails stays as it was made last."""

    def __init__(self, state: ShowState, renderer: Renderer, fmt: PictureFormat, feeds: FeedSinks | None) -> None:
        self._state, self._renderer, self._format, self._feeds = state, renderer, fmt, feeds
        self._half = fmt
        if fmt.width % 16 == 0 and fmt.height % 4 == 0:
            self._half = PictureFormat(fmt.width // 2, fmt.height // 2)
        self._needed: dict[str, _Within] = {}
        self._slots: dict[str, U8] = {}
        self._made: dict[str, SourceInput] = {}

    def choose(self, shots: Iterable[str], now_s: float) -> None:
        """What this frame needs to show these shots: what stands in another comes first."""
        self._needed = {}
        for shot in shots:
            self._look_into(shot, now_s, (shot,))

    def _look_into(self, shot: str, now_s: float, path: tuple[str, ...]) -> None:
        state = self._state
        scene = state.mix.shots[shot].scene
        if scene is None:
            return
        for name in state.mix.standing[shot]:
            if name in state.show.source_names or not state.layers.share(shot, name):
                continue
            needed = self._within(name, scene, now_s)
            if needed.shot and needed.shot in path:  # hands can't, but a rig that was changed under a resumed show may
                continue
            if needed.shot:
                self._look_into(needed.shot, now_s, (*path, needed.shot))
            before = self._needed.get(name)
            if before is None or (needed.whole and not before.whole):
                self._needed[name] = needed

    def _within(self, name: str, scene: str, now_s: float) -> _Within:
        state = self._state
        whole = state.layers.reach(scene, name, now_s) > 0.5
        if name in state.mix.shots:  # it moves from when the shot around it was taken
            return _Within(name, name, now_s - state.layers.since_s(scene, now_s), whole=whole)
        aux = state.feeds.auxes.get(name)
        if aux is not None and aux.shows in state.mix.shots:
            return _Within(name, aux.shows, aux.since_s, whole=whole)
        return _Within(name, feed=name if aux is None else aux.shows)

    @property
    def shots(self) -> list[str]:
        """The shots that are to be drawn."""
        return [needed.shot for needed in self._needed.values() if needed.shot]

    @property
    def feeds(self) -> set[str]:
        """The feeds that are wanted for it."""
        return {needed.feed for needed in self._needed.values() if needed.feed}

    def make(self, number: int, now_s: float, inputs: Mapping[str, SourceInput]) -> dict[str, SourceInput]:
        """The inputs of frame `number`, with what is needed within it."""
        found = dict(inputs)
        for name, needed in self._needed.items():
            with self._state.guard(f"picture {name}"):
                made = self._drawn(needed, number, now_s, found) if needed.shot else self._taken(needed)
                if made is not None:
                    self._made[name] = made
            if name in self._made:
                found[name] = self._made[name]
        for name in [n for n in self._made if n not in self._needed]:
            del self._made[name]
        return found

    def _drawn(self, needed: _Within, number: int, now_s: float, inputs: Mapping[str, SourceInput]) -> SourceInput:
        fmt = self._format if needed.whole else self._half
        slot = self._slots.get(needed.name)
        if slot is None or slot.size != fmt.size:
            slot = self._slots[needed.name] = np.empty(fmt.size, np.uint8)
        picture = self._state.mix.picture_of(needed.shot, needed.since_s, now_s)
        self._renderer.draw_small(picture, inputs, slot, fmt)
        return SourceInput(needed.name, number, fmt, fmt.planes(slot))

    def _taken(self, needed: _Within) -> SourceInput | None:
        frame = None if self._feeds is None else self._feeds.sink(needed.feed).newest()
        if frame is None:
            return None
        return SourceInput(
            needed.name, frame.index, frame.format, frame.planes, capture_ns=frame.capture_ns, frame=frame
        )
