"""Where a shot that is made up (a set, layers) can be seen: on a bus, while it is alone there; else in glances.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live.control.view import View
from live.shm.follow import Fits


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
        for address, args in messages:
            match address, args:
                case "/state/frame", (int(frame), *_):
                    self._frame = frame
                case (("/state/program/shot" | "/state/preview/shot"), (str(shot), *_)):
                    self._set(address.split("/")[2], shot, None)
                case "/state/program/transition", (str(kind), *_):
                    self._set("program", None, kind == "cut")
                case "/state/program/ftb", (_, float(amount), *_):
                    self._since["program"] = self._frame if amount else self._since["program"]
                case "/state/preview/rehearsal", (_, str(kind), *_):
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
        if on_bus := self.showing(shot):
            bus, frames = on_bus
            return view.program_ring if bus == "program" else view.preview_ring, lambda frame: frame.seq in frames
        if shot in view.glanced:
            number = view.glanced.index(shot)
            return view.glances_ring, lambda frame: frame.aux[0] == number
        return "", None
