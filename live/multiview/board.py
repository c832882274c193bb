"""A whole multiview: its windows on one canvas, drawn from the state and the pictures of a moment. No socket, no shared
memory, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from live.base.clock import DayTime
from live.config.multiviews import Kind
from live.control.view import View
from live.multiview.boards import Audio, Clock, Said, Strip
from live.multiview.canvas import Box, Canvas, Planes, boxed
from live.multiview.cards import card, tenths
from live.multiview.meter import Meter
from live.multiview.tile import BACK, Tile
from live.picture.tiling import Rect
from live.show.multiviews.published import WindowStatus
from live.show.outputs.lamps import Lamp, lamps
from live.show.outputs.published import OutputStatus

_WORDS = {"off": "off: you cut", "": ""}


@dataclass(frozen=True)
class Shown:
    """A window's picture: planes no larger than the tile's picture, or None. count: another picture, another number.
    age_s: since it was taken."""

    planes: Planes | None = None
    count: int = 0
    age_s: float = 0.0


class Board:
    """The canvas and what stands on it. Owned by one thread."""

    def __init__(
        self, width: int, height: int, *, aspect: float, marks: bool, voices: Mapping[str, tuple[str, ...]]
    ) -> None:
        """aspect: of the program. marks: safe areas on program and preview. voices: the microphones of each source."""
        self.canvas = Canvas(width, height)
        self._aspect, self._marks, self._voices = aspect, marks, dict(voices)
        self.windows: tuple[WindowStatus, ...] = ()
        self._made: list[Tile | Clock | Audio | Strip | None] = []
        self.canvas.fill(self.canvas.box, BACK)

    def arrange(self, windows: tuple[WindowStatus, ...]) -> None:
        """Take up new windows. Those that stay where they were, with what they showed, are left alone."""
        if windows == self.windows:
            return
        same_places = [w.area for w in windows] == [w.area for w in self.windows]
        if not same_places:
            self.canvas.fill(self.canvas.box, BACK)
        before = self.windows if same_places else ()
        kept = [self._made[n] if n < len(before) and before[n] == w else self._make(w) for n, w in enumerate(windows)]
        self.windows, self._made = windows, kept

    def _make(self, window: WindowStatus) -> Tile | Clock | Audio | Strip | None:
        box = boxed(window.area, self.canvas.format.width, self.canvas.format.height)
        self.canvas.fill(box, BACK)
        if box.w < 32 or box.h < 16:
            return None
        match window.kind:
            case Kind.CLOCK:
                return Clock(box, self.canvas)
            case Kind.AUDIO:
                return Audio(box, self.canvas)
            case Kind.STATUS:
                return Strip(box, self.canvas)
            case Kind.EMPTY:
                return None
        return Tile(alike(window.area, box, self.canvas), self.canvas, self._aspect)

    def size_of(self, n: int) -> tuple[int, int] | None:
        """(width, height) of the picture in window n, from 0; None for one that has none."""
        made = self._made[n]
        return (made.picture.w, made.picture.h) if isinstance(made, Tile) else None

    def draw(
        self,
        view: View,
        pictures: Mapping[int, Shown],
        meters: Mapping[str, Meter],
        count_down: tuple[float, float] | None,
        time_of_day: DayTime,
    ) -> None:
        """pictures: by window, from 0. meters: by microphone, and left and right of what goes out."""
        day = time_of_day.strftime("%H:%M:%S")
        for n, (window, made) in enumerate(zip(self.windows, self._made, strict=True)):
            if isinstance(made, Clock):
                made.draw(day, view.clock.timecode)
            elif isinstance(made, Strip):
                made.draw(said(view, count_down), day, view.clock.timecode)
            elif made is not None:
                shown = pictures.get(n, Shown())
                what = card(
                    window,
                    view,
                    count_down=count_down,
                    stalled_s=shown.age_s,
                    marks=self._marks,
                    voices=self._voices,
                )
                lit = [meters[m] for m in what.meters if m in meters]
                if isinstance(made, Audio):
                    made.draw([m for m in what.meters if m in meters], lit)
                else:
                    made.draw(what, shown.planes, shown.count)
                    made.draw_meters(lit)


def alike(area: Rect, box: Box, canvas: Canvas) -> Box:
    """A box that is as large as those of all windows of the same share: rounded down, where neighbours' edges may be
    two pixels apart."""
    w, h = (
        2 * int(share * size / 2 + 1e-6)
        for share, size in ((area.w, canvas.format.width), (area.h, canvas.format.height))
    )
    return Box(box.x, box.y, min(w, box.w), min(h, box.h))


def said(view: View, count_down: tuple[float, float] | None) -> Said:
    """The strip's words."""
    lit = tuple((lamp.text, _colour(lamp)) for lamp in lamps(view.all(OutputStatus)))
    return Said(view.show.title, _next(view, count_down), count_down is not None, lit)


def _next(view: View, count_down: tuple[float, float] | None) -> str:
    if view.panic:
        return "PANIC: the machine is frozen"
    director, move = view.director, view.move
    if director.locked or director.hold_s:
        return "locked: you cut" if director.locked else "held: you cut"
    if move is None:
        return _WORDS.get(director.level, "nothing planned")
    when = f" in {tenths(count_down[0]):.1f} s" if count_down else " when you take it"
    return f"NEXT  {view.label(move.shot)}{when}: {move.reason}"


def _colour(lamp: Lamp) -> str:
    return "amber" if lamp.trouble else "program" if lamp.lit else ""
