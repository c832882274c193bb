"""Where a shot that is made up (a set, layers) can be seen: on a bus, while it is alone there; else in glances.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live.control.published import read
from live.control.view import View
from live.shm.follow import Fits
from live.show.cuts.published import PreviewRehearsal, PreviewShot, ProgramBlack, ProgramShot, ProgramTransition
from live.show.feeds.published import BusRings
from live.show.names import FIRST_MIX
from live.show.session.published import FrameNumber


class Buses:
    """Since which program frame a bus has shown one shot and nothing else. The state says so with the frame it happened
    on, so a picture of a bus is never taken for that of another shot."""

    def __init__(self) -> None:
        self._frame = 0
        self._shots = {"program": "", "preview": ""}
        self._plain = {"program": True, "preview": True}
        self._since = {"program": 0, "preview": 0}

    def hear(self, messages: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """What the state published, in order."""
        for path, values in messages:
            match read(path, values):
                case FrameNumber(number):
                    self._frame = number
                case ProgramShot(shot, mix=mix) if mix == FIRST_MIX:
                    self._set("program", shot, None)
                case PreviewShot(shot, mix=mix) if mix == FIRST_MIX:
                    self._set("preview", shot, None)
                case ProgramTransition(kind, mix=mix) if mix == FIRST_MIX:
                    self._set("program", None, kind == "cut")
                case ProgramBlack(_, amount, mix=mix) if mix == FIRST_MIX:
                    self._since["program"] = self._frame if amount else self._since["program"]
                case PreviewRehearsal(_, kind, mix=mix) if mix == FIRST_MIX:
                    self._set("preview", None, not kind)

    def _set(self, bus: str, shot: str | None, plain: bool | None) -> None:
        new = (self._shots[bus] if shot is None else shot), (self._plain[bus] if plain is None else plain)
        if new != (self._shots[bus], self._plain[bus]):
            self._shots[bus], self._plain[bus] = new
            self._since[bus] = self._frame

    def showing(self, shot: str) -> tuple[str, range] | None:
        """(bus, program frames) of a bus that shows this shot alone: from when on, and up to where the state is
        known.
        """
        for bus, on_it in self._shots.items():
            if on_it == shot and self._plain[bus]:
                return bus, range(self._since[bus], self._frame + 1)
        return None

    def pictures_of(self, shot: str, view: View) -> tuple[str, Fits | None]:
        """The ring that has pictures of a shot now ("" for none), and which of its pictures they are."""
        rings = view.get(BusRings)
        if on_bus := self.showing(shot):
            bus, frames = on_bus
            return rings.program if bus == "program" else rings.preview, lambda frame: frame.seq in frames
        if shot in rings.pictured:
            number = rings.pictured.index(shot)
            return rings.thumbnails, lambda frame: frame.aux[0] == number
        return "", None
