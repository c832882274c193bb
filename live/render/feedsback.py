"""The feeds beside program, from where they are drawn to the caller's memory, each in step with the program's frames.

What can be had of the program's own drawing is: `clean` and `unfaded` are its stages, copied on the way; while nothing
lies over them they are program's own picture, copied once it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Generic

import numpy as np

from live.picture.format import U8
from live.picture.values import Picture, SourceInput
from live.render.canvas import Canvas
from live.render.overlay import Inputs, Overlay
from live.render.painter import Readback, S

_IN_FLIGHT = 3  # frames drawn and not fetched yet, at most
TAPS = ("clean", "unfaded")  # the feeds that are stages of program
Bypass = Callable[[Picture, Inputs], SourceInput | None]  # the source that a picture is and no more; None otherwise


class FeedsBack(Generic[S]):
    """Owner: the render thread. bypass: see bypass.untouched."""

    def __init__(self, canvas: Canvas[S], bypass: Bypass) -> None:
        self._canvas, self._bypass = canvas, bypass
        self._ways: dict[str, Readback[S]] = {}
        self._same: dict[int, frozenset[str]] = {}  # by tag: the taps that are program's own picture
        self._keyed: tuple[Overlay[S], S] | None = None

    def taps(
        self, picture: Picture, inputs: Inputs, tag: int, wanted: Mapping[str, U8]
    ) -> Mapping[str, Callable[[S], None]]:
        """What program's drawing of this frame is to be asked for, for the taps that are wanted (each with the place it
        will be taken to); the others of them are had without."""
        covered = {"clean": bool(picture.keys or picture.graphics or picture.black), "unfaded": picture.black > 0}
        self._same[tag] = frozenset(name for name in wanted if not covered[name])
        while len(self._same) > _IN_FLIGHT:
            del self._same[next(iter(self._same))]
        drawn: dict[str, Callable[[S], None]] = {}
        for name in wanted:
            if not covered[name]:
                continue
            way = self._way(name)
            stage = (
                replace(picture, black=0.0) if name == "unfaded" else replace(picture, keys=(), graphics=(), black=0.0)
            )
            if (source := self._bypass(stage, inputs)) is not None:
                way.pass_on(source, tag)
            else:
                drawn[name] = partial(way.keep, tag=tag, into=wanted[name])
        return drawn

    def draw(self, name: str, picture: Picture, inputs: Inputs, tag: int) -> None:
        """Draw a feed that is a picture of its own; `fill` and `key`: what is keyed over this one. On a GPU it comes
        back a frame later."""
        if name in ("fill", "key"):
            overlay, surface = self._overlay()
            (overlay.fill if name == "fill" else overlay.key)(surface, picture, inputs)
            self._way(name).stage(surface, tag)
            return
        if (source := self._bypass(picture, inputs)) is not None:
            self._way(name).pass_on(source, tag)
            return
        mean = self._canvas.plates.shown_mean  # of program's set: this picture's is none of its business
        self._way(name).stage(self._canvas.compose(picture, inputs), tag)
        self._canvas.plates.shown_mean = mean

    def take(self, name: str, tag: int, out: U8, program: U8) -> bool:
        """Fill out with the feed of a frame; False when it wasn't drawn for it. program: that frame's program
        picture."""
        if name in self._same.get(tag, ()):
            np.copyto(out, program)
            return True
        return name in self._ways and self._ways[name].take(tag, out)

    def _overlay(self) -> tuple[Overlay[S], S]:
        """What draws fill and key: in codes, because that is what a mixer outside blends."""
        if self._keyed is None:
            canvas, painter = self._canvas, self._canvas.painter.in_codes()
            same = painter is canvas.painter
            overlay = canvas.overlay if same else Overlay(painter, canvas.artwork, canvas.size[0] / canvas.size[1])
            self._keyed = overlay, painter.surface()
        return self._keyed

    def _way(self, name: str) -> Readback[S]:
        if name not in self._ways:
            painter = self._canvas.painter
            self._ways[name] = (painter.in_codes() if name in ("fill", "key") else painter).readback()
        return self._ways[name]
