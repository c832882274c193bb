"""How each family of transitions is made of what a painter can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

from live.base.errors import LiveError
from live.picture.colour import yuv_of_hex
from live.picture.transitions import KINDS
from live.picture.values import Picture
from live.render.files import NotYet
from live.render.painter import Painter, S
from live.stage.geometry import Rect

# Which way the old picture goes, in frames.
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Transitions(Generic[S]):
    """Draws what is between two shots. Owner: the render thread. on_fault is told once of what can't be drawn; a mix
    stands in.
    """

    def __init__(self, painter: Painter[S], on_fault: Callable[[LiveError], None]) -> None:
        self._painter = painter
        self._on_fault = on_fault
        self._told: set[str] = set()
        self._surfaces: list[S] = []

    def draw(self, picture: Picture, surface: S, leaving: Callable[[S], None], coming: Callable[[S], None]) -> None:
        """Onto a surface. leaving, coming: draw one of the two shots onto one."""
        family = KINDS[picture.transition].family
        if family in ("dip", "stinger"):  # one shot at a time
            self._one(picture, surface, leaving, coming)
            return
        moves = family in ("push", "squeeze")
        below, above = self._surface(1) if moves else surface, self._surface(0)
        leaving(below)
        coming(above)
        if moves:
            self._moved(picture, family, surface, below, above)
            return
        if family == "wipe":
            try:
                self._painter.wipe(surface, above, picture.transition, picture.style, picture.progress)
                return
            except NotYet:
                pass  # its picture is being read
            except LiveError as error:
                if str(error) not in self._told:
                    self._told.add(str(error))
                    self._on_fault(error)
        self._painter.mix(surface, above, picture.progress)

    def _one(self, picture: Picture, surface: S, leaving: Callable[[S], None], coming: Callable[[S], None]) -> None:
        if picture.film is not None:
            (leaving if not picture.film.changed else coming)(surface)
            self._painter.film(surface, picture.film)
            return
        half = picture.progress * 2
        (leaving if half < 1 else coming)(surface)
        self._painter.fade(surface, yuv_of_hex(picture.style.colour), half if half < 1 else 2 - half)

    def _moved(self, picture: Picture, family: str, out: S, leaving: S, coming: S) -> None:
        dx, dy = _WAYS[picture.transition.rsplit("_", 1)[1]]
        share = picture.progress
        if family == "push":
            self._painter.stretch(out, leaving, Rect(dx * share, dy * share, 1, 1))
            self._painter.stretch(out, coming, Rect(dx * (share - 1), dy * (share - 1), 1, 1))
            return
        for surface, part, at_start in ((leaving, 1 - share, dx + dy < 0), (coming, share, dx + dy > 0)):
            w, h = (part, 1.0) if dx else (1.0, part)
            self._painter.stretch(out, surface, Rect(0 if at_start else 1 - w, 0 if at_start else 1 - h, w, h))

    def _surface(self, number: int) -> S:
        while len(self._surfaces) <= number:
            self._surfaces.append(self._painter.surface())
        return self._surfaces[number]
