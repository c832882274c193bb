"""Windows without a picture: the clock, the meters of every microphone, the strip of words above the windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from live.multiview import meter
from live.multiview.canvas import Box, Canvas, even, width_of, words
from live.multiview.meter import Meter
from live.multiview.tile import AMBER, BACK, BLUE, DIM, INK, PLATE, TALLY

_SCALE_DB = (-9, -18, -30, -45)


class Line:
    """A line of figures that change all the time: each character is a picture of its own, painted once."""

    def __init__(self, canvas: Canvas, box: Box, size_px: float, ink: str, paper: str, align: str = "middle") -> None:
        self._canvas, self._box, self._size_px, self._ink, self._paper, self._align = (
            canvas,
            box,
            size_px,
            ink,
            paper,
            align,
        )
        self._said = ""

    def say(self, text: str) -> None:
        if text == self._said:
            return
        widths = [max(2, width_of("0" if c.isdigit() else c, self._size_px, True)) for c in text]
        spare = max(0, self._box.w - sum(widths))
        start = x = self._box.x + {"left": 0, "middle": even(spare / 2), "right": even(spare)}[self._align]
        if len(text) != len(self._said):
            self._canvas.fill(self._box, self._paper)
            self._said = ""
        for n, (character, width) in enumerate(zip(text, widths, strict=True)):
            if x + width > self._box.x1:
                break
            if self._said[n : n + 1] != character:
                self._canvas.put(
                    words(character, self._size_px, (width, self._box.h), self._ink, self._paper, "middle", True),
                    x,
                    self._box.y,
                )
            x += width
        self._said = text if start >= self._box.x else ""


class Clock:
    """The time of day, large; the show's timecode under it."""

    def __init__(self, box: Box, canvas: Canvas) -> None:
        gap = max(2, even(canvas.format.height / 240))
        area = box.inset(gap)
        canvas.fill(area, PLATE)
        size = min(area.h * 0.3, area.w * 0.19)
        caption = max(10.0, size * 0.3)
        tall, low = even(size * 1.3), even(caption * 1.5)
        y = area.y + even((area.h - tall * 1.62 - 2 * low) / 2)
        canvas.put(words("TIME OF DAY", caption, (area.w, low), DIM, PLATE, "middle"), area.x, y)
        self._day = Line(canvas, Box(area.x, y + low, area.w, tall), size, INK, PLATE)
        y += low + tall
        canvas.put(words("SHOW", caption, (area.w, low), DIM, PLATE, "middle"), area.x, y)
        self._show = Line(canvas, Box(area.x, y + low, area.w, even(tall * 0.62)), size * 0.62, AMBER, PLATE)

    def draw(self, time_of_day: str, timecode: str) -> None:
        self._day.say(time_of_day)
        self._show.say(timecode)


class Audio:
    """A meter for every microphone, and for what goes out."""

    def __init__(self, box: Box, canvas: Canvas) -> None:
        self._canvas = canvas
        gap = max(2, even(canvas.format.height / 240))
        self._area = box.inset(gap)
        self._names: tuple[str, ...] = ()
        self._places: list[Box] = []
        canvas.fill(self._area, PLATE)

    def draw(self, names: Sequence[str], meters: Sequence[Meter]) -> None:
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._arrange()
        for place, one in zip(self._places, meters, strict=False):
            meter.draw(self._canvas, place, one)

    def _arrange(self) -> None:
        canvas, area = self._canvas, self._area
        canvas.fill(area, PLATE)
        size = max(10.0, canvas.format.height * 0.02)
        low, scale = even(size * 1.6), width_of("-00", size) + 6
        pad = even(size / 2)
        bars = Box(area.x + pad + scale, area.y + pad, area.w - 2 * pad - scale, area.h - low - 2 * pad)
        last = area.y - low
        for db in _SCALE_DB:
            y = bars.y1 - meter.height_of(db, bars.h)
            if y - last < 0.8 * low:  # no room for its figure
                continue
            last = y
            canvas.put(
                words(f"{db}", size, (scale, low), DIM, PLATE, "left"),
                area.x + pad,
                min(max(area.y, y - even(low / 2)), area.y1 - low),
            )
            canvas.fill(Box(bars.x - 4, y, 4, 2), DIM)
        pitch = bars.w / max(1, len(self._names))
        width = max(4, min(even(pitch * 0.5), even(size * 1.6)))
        self._places = []
        widest = max((width_of(name, size) for name in self._names), default=1)
        named = size * max(0.7, min(1.0, (pitch - 4) / widest))  # all of one size
        for n, name in enumerate(self._names):
            left, right = even(bars.x + n * pitch), even(bars.x + (n + 1) * pitch)
            self._places.append(Box(left + even((right - left - width) / 2), bars.y, width, bars.h))
            room = right - left - 2
            canvas.put(
                words(name, named, (even(room - 1), low), INK, PLATE, "middle"), left + 2, bars.y1 + even(pad / 2)
            )


@dataclass(frozen=True)
class Said:
    """What the strip says. lamps: (word, lit as: program, amber, or "" for an outline) of the outputs. next: the
    machine's next move in words, and whether it will be done by itself."""

    title: str
    next: str
    acts: bool
    lamps: tuple[tuple[str, str], ...]


class Strip:
    """One line: the show, the machine's next move, what goes out, timecode and time of day."""

    def __init__(self, box: Box, canvas: Canvas) -> None:
        self._canvas = canvas
        self._said: Said | None = None
        gap = max(2, even(canvas.format.height / 240))
        self._area = Box(box.x + 2 * gap, box.y, box.w - 4 * gap, box.h)
        self._size = max(10.0, min(box.h * 0.5, canvas.format.height * 0.028))
        self._pad = even(self._size * 0.7)
        day, code = (width_of(t, self._size, True) + 2 * self._pad for t in ("00:00:00", "00:00:00:00"))
        x = self._area.x1 - day
        self._day = Line(canvas, Box(x, box.y, day, box.h), self._size, INK, BACK, "right")
        self._code = Line(canvas, Box(x - code, box.y, code, box.h), self._size, AMBER, BACK, "right")
        self._words = Box(self._area.x, box.y, x - code - self._area.x, box.h)

    def draw(self, said: Said, time_of_day: str, timecode: str) -> None:
        self._day.say(time_of_day)
        self._code.say(timecode)
        if said != self._said:
            self._said = said
            self._write(said)

    def _write(self, said: Said) -> None:
        canvas, area, size, pad = self._canvas, self._words, self._size, self._pad
        canvas.fill(area, BACK)
        right = area.x1
        plate = even(area.h * 0.72)
        for word, lit in reversed(said.lamps):
            w = width_of(word, size * 0.85, True) + 2 * pad
            right -= w + even(pad / 2)
            if right < area.x + area.w // 2:
                break
            paper, ink = {"program": (TALLY["program"], INK), "amber": (AMBER, "#0b0d10")}.get(lit, (PLATE, DIM))
            canvas.put(
                words(word, size * 0.85, (w, plate), ink, paper, "middle", True),
                right,
                area.y + even((area.h - plate) / 2),
            )
        title_w = min(even((right - area.x) * 0.3), width_of(said.title, size, True) + 2 * pad)
        canvas.put(words(said.title, size, (title_w, area.h), INK, BACK, bold=True), area.x, area.y)
        room = even(right - area.x - title_w - 3 * pad)
        if said.next and room > 0:
            ink = (AMBER if said.acts else BLUE) if said.next.startswith("NEXT") else DIM
            canvas.put(words(said.next, size, (room, area.h), ink, BACK), area.x + title_w + 2 * pad, area.y)
