"""The show's cameras: an operator for each, what it may touch, and where it stands. Pure; time is an argument. Engine thread only.

Authority over a camera is per axis: ("framing", "cam1/pan"), ".../tilt", ".../zoom". A hand on one leaves the others to the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from live.config.load import Show
from live.director.authority import Authority, AuthorityView, Key, Level
from live.framing.heads import DigitalCrop
from live.framing.operator import AXES, Operator
from live.picture import Crop, Face

FRAMING = "framing"


def axis_keys(camera: str, axes: Iterable[str] = AXES) -> list[Key]:
    """The authority keys of some axes of a camera."""
    return [(FRAMING, f"{camera}/{axis}") for axis in axes]


class Cameras:
    """Every camera of a show by name. crops: where those stand that an operator or a hand has framed."""

    def __init__(self, show: Show) -> None:
        self._rig = show.rig
        self._watched = {s.name for s in show.rig.sources if s.faces}
        self._program_aspect = show.rig.picture.width / show.rig.picture.height
        self.names = show.pictures
        self.aspects = dict.fromkeys(self.names, self._program_aspect)
        self.operators = {name: self._operator(name) for name in self.names}
        self.crops: dict[str, Crop] = {}

    def _operator(self, name: str) -> Operator:
        head = DigitalCrop(self.aspects[name], self._program_aspect)
        return Operator(name, self._rig.source(name).shot_size, head, ahead_s=self._rig.picture.delay_s)

    @property
    def levels(self) -> dict[Key, Level]:
        """The authority keys of all axes, and the level that each starts with."""
        level = Level(self._rig.framing.level)
        return {key: level if name in self._watched else Level.OFF for name in self.names for key in axis_keys(name)}

    def step(
        self, now_s: float, dt_s: float, faces: Mapping[str, tuple[Face, ...]], aspects: Mapping[str, float], *,
        on_air: Collection[str], authority: Authority,
    ) -> None:  # fmt: skip
        """One frame of every operator: still on air, reframed off air; an axis that a hand or a panic has stands where it is.

        faces: by source, only when new. aspects: width / height by source. on_air: sources.
        """
        for name in self.names:
            free = self.free_axes(name, now_s, authority)
            if (aspect := aspects.get(name)) is not None and abs(aspect - self.aspects[name]) > 1e-3:
                self._refit(name, aspect, keep=len(free) < len(AXES))
            crop = self.operators[name].step(now_s, dt_s, faces.get(name), on_air=name in on_air, free=free)
            if free:
                self.crops[name] = crop

    def _refit(self, name: str, aspect: float, *, keep: bool) -> None:
        """Its first picture, or another format: framed anew, from where a hand put it if one has."""
        self.aspects[name] = aspect
        self.operators[name] = self._operator(name)
        if keep and name in self.crops:
            self.operators[name].set_by_hand(self.crops[name])

    def free_axes(self, name: str, now_s: float, authority: Authority) -> frozenset[str]:
        """The axes that the machine may move now."""
        views = ((axis, authority.view(key, now_s=now_s)) for axis, key in zip(AXES, axis_keys(name), strict=True))
        return frozenset(axis for axis, view in views if view.level is Level.AUTO and not view.held and not view.locked)

    def view(self, name: str, now_s: float, authority: Authority) -> tuple[AuthorityView, list[str]]:
        """A camera in one line: the strictest of its axes, and which axes a hand has."""
        views = [authority.view(key, now_s=now_s) for key in axis_keys(name)]
        held = [axis for axis, view in zip(AXES, views, strict=True) if view.held or view.locked]
        return max(views, key=_strictness), held


def _strictness(view: AuthorityView) -> tuple[bool, bool, bool, float]:
    left_s = float("inf") if view.hold_left_s is None else view.hold_left_s
    return view.level is Level.OFF, view.locked, view.held, left_s
