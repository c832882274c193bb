"""What pictures are made of at this instant, and what may not be put into which: nothing is seen within itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.config.within import BUSES, Made, howl, way

if TYPE_CHECKING:
    from live.show import ShowState


def made_now(state: ShowState) -> Made:
    """By the rig, and by hand since."""

    def made(name: str) -> Collection[str]:
        if name in state.show.source_names:
            return ()
        if (standing := state.mix.standing.get(name)) is not None:
            return standing
        if (aux := state.feeds.auxes.get(name)) is not None:
            return (aux.shows,)
        return state.multiviews.shown(name)

    return made


def must_not_howl(state: ShowState, address: str, outer: str, inner: str) -> None:
    """May a picture be shown in another one? outer: a scene, an auxiliary or a multiview. Raises CommandError."""
    made = made_now(state)
    scenes = [id for id, shot in state.mix.shots.items() if shot.scene is not None]
    own = {shot for shot in scenes if state.mix.shots[shot].scene == outer}
    in_a_scene = own or any(way(shot, {outer}, made) for shot in scenes)
    if path := way(inner, own | {outer} | (BUSES if in_a_scene else set()), made):
        raise CommandError(address, howl(path), "give another picture")
