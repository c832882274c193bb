"""Graphics keyed over everything: which pictures, where, how much of each, on this frame.

A part is painted when what it says changes, and never again; what stands still is made one picture, so that a graphic
at rest costs its blend. A ticker's lines are painted once each, as they come into the frame, and then only moved.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from live.base.errors import LiveError
from live.base.readers import NoAnswer
from live.config.template import PartConfig, Template, TextPart, TickerPart, filled
from live.picture.format import U8
from live.picture.text import Font
from live.picture.values import GraphicView
from live.render import caption_art
from live.render.files import Files, NotYet
from live.render.graphic_layout import Box, Layout, Pose, pose
from live.render.graphic_parts import Art, Place, image_art, paint, text_line, ticker_art

_KEPT = 128  # pictures of parts
_GRAPHICS = 24
_JOINED_SHARE = (
    0.25  # of the frame: what is larger is blended part by part, for its corners are cheaper than its joining
)


@dataclass(frozen=True)
class Sprite:
    """Some of a picture at a place: x, y of the picture's top left in the frame, and what of it is seen (x0, y0, x1, y1
    within it); everything in even pixels. fade: 0 to 1."""

    art: Art
    x: int
    y: int
    part: tuple[int, int, int, int]
    fade: float = 1.0


class _Laid:
    """A graphic for what its fields say now: its parts' pictures, in drawing order; a ticker has its lines instead."""

    def __init__(self, template: Template, unit: float) -> None:
        self.template, self.unit = template, unit
        self.parts: list[tuple[PartConfig, Art | _Ticker]] = []
        self.joined: list[Art | tuple[PartConfig, Art | _Ticker]] | None = None


class Artwork:
    """The pictures of every graphic at one frame size. Owner: the render thread.

    templates: by name. files: their pictures and fonts. on_fault is told once of one that can't be read; the graphic
    goes on without it.
    """

    def __init__(
        self,
        templates: Callable[[str], Template | None],
        files: Files,
        size: tuple[int, int],
        rate: Fraction,
        on_fault: Callable[[LiveError], None],
    ) -> None:
        self._templates, self._files, self._size, self._rate, self._on_fault = templates, files, size, rate, on_fault
        self._unit = size[1] / 100
        # With the part each is of: as long as that lives, no other has its id.
        self._arts: OrderedDict[Hashable, tuple[PartConfig | None, Any]] = OrderedDict()
        self._laid: OrderedDict[str, tuple[Hashable, _Laid]] = OrderedDict()
        self._told: set[str] = set()

    def sprites(self, view: GraphicView) -> Iterator[Sprite]:
        """What of a graphic is seen, in drawing order."""
        if view.amount <= 0:
            return
        if view.template == caption_art.TEMPLATE:
            yield from self._inside(self._captions(view), 0, 0, 1.0)
            return
        laid = self.laid(view)
        if laid is None:
            return
        if view.amount >= 1:
            for thing in self._at_rest(laid):
                if isinstance(thing, Art):
                    yield from self._inside(thing, 0, 0, 1.0)
                else:
                    yield from self._posed(*thing, Pose(thing[0].opacity, 1.0, 0.0, 0.0), view.t_s)
            return
        for part, art in laid.parts:
            yield from self._posed(part, art, pose(part, view.amount, view.leaving, self._unit), view.t_s)

    def still(self, path: Path, fade: float) -> Iterator[Sprite]:
        """A picture file, fitted into the frame."""
        art = self._still(path)
        if art is not None:
            yield from self._inside(art, 0, 0, fade)

    def read_still(self, path: Path) -> bool:
        """Make a picture file ready; True when it was not."""
        fresh = ("still", path, self._files.version(path)) not in self._arts
        if fresh:
            self._still(path)
        return fresh

    def _still(self, path: Path) -> Art | None:
        """None while it is being read, too."""
        key = "still", path, self._files.version(path)
        try:
            return self._kept(
                key, None, lambda: image_art(self._files.picture(path), Box(0, 0, *map(float, self._size)), "")
            )
        except NotYet:
            return None

    def laid(self, view: GraphicView) -> _Laid | None:
        """The pictures of a graphic, painted now if they are not there. Before it is shown, this is what makes it
        ready. While a file of it is being read it stays as it was: who it names and whom it shows change together.
        """
        template = self._templates(view.template)
        if template is None:
            return None
        before = self._laid.get(view.name)
        if before is None or not self.ready(view):
            key = (id(template), view.fields, self._files.taken)
            fields = {n: f.default for n, f in template.fields.items()} | dict(view.fields)
            try:
                self._laid[view.name] = before = (key, self._lay(template, fields))
            except NotYet:
                return None if before is None else before[1]
        self._laid.move_to_end(view.name)
        if len(self._laid) > _GRAPHICS:
            self._laid.popitem(last=False)
        return before[1]

    def ready(self, view: GraphicView) -> bool:
        """Is there nothing to paint for it? Of what has no template there never is."""
        template, before = self._templates(view.template), self._laid.get(view.name)
        return template is None or (before is not None and before[0] == (id(template), view.fields, self._files.taken))

    def _lay(self, template: Template, fields: dict[str, str]) -> _Laid:
        layout = Layout(template, fields, self._size, self._measured)
        laid = _Laid(template, self._unit)
        for part in template.parts:
            if not layout.drawn(part):
                continue
            box = layout.box(part)
            art = self._ticker(part, fields, box) if isinstance(part, TickerPart) else self._art(part, fields, box)
            if art is not None:
                laid.parts.append((part, art))
        return laid

    def _measured(self, part: TextPart, text: str, width: float) -> tuple[float, float]:
        key = ("measured", id(part), text, width, self._files.version(part.font))
        if key not in self._arts:
            line = text_line(part, text, width, self._unit, self.font(part))
            self._keep(key, part, (line.width, line.height))
        measured: tuple[float, float] = self._arts[key][1]
        return measured

    def _art(self, part: PartConfig, fields: dict[str, str], box: Box) -> Art | None:
        said = part.said(fields)
        if said is None:
            return None
        return self._kept(
            (id(part), box, said, self._files.version(said.file)),
            part,
            lambda: paint(part, said, Place(box, self._size, self._unit, self._files), self.font(part)),
        )

    def font(self, part: PartConfig) -> Font | None:
        """A part's own font; None where it has none that can be read."""
        path: Path | None = getattr(part, "font", None)
        try:
            return None if path is None else self._files.font(path)
        except NotYet:
            raise
        except LiveError as error:
            self._tell(error)
            return None

    def _kept(self, key: Hashable, part: PartConfig | None, paint: Callable[[], Art]) -> Art | None:
        if key not in self._arts:
            try:
                self._keep(key, part, paint())
            except NotYet:
                raise
            except LiveError as error:
                self._keep(key, part, None)
                self._tell(error)
        self._arts.move_to_end(key)
        art: Art | None = self._arts[key][1]
        return art

    def _tell(self, error: LiveError) -> None:
        if isinstance(error, NoAnswer):
            return  # told by whoever reads
        if str(error) not in self._told:
            self._told.add(str(error))
            self._on_fault(error)

    def _keep(self, key: Hashable, part: PartConfig | None, made: Any) -> None:
        self._arts[key] = part, made
        if len(self._arts) > _KEPT:
            self._arts.popitem(last=False)

    def _captions(self, view: GraphicView) -> Art:
        art = self._kept(
            ("captions", view.fields), None, lambda: Art(*caption_art.caption_picture(dict(view.fields), self._size))
        )
        assert art is not None
        return art

    # -- at rest ------------------------------------------------------------------------------------------------------

    def _at_rest(self, laid: _Laid) -> list[Art | tuple[PartConfig, Art | _Ticker]]:
        """Neighbouring parts that stand still as one picture each."""
        if laid.joined is None:
            joined: list[Art | tuple[PartConfig, Art | _Ticker]] = []
            together: list[tuple[PartConfig, Art]] = []
            for part, art in laid.parts:
                if (
                    isinstance(art, _Ticker)
                    or art.size[0] * art.size[1] > _JOINED_SHARE * self._size[0] * self._size[1]
                ):
                    joined += [_join(together)] if together else []
                    together = []
                    joined.append((part, art))
                else:
                    together.append((part, art))
            laid.joined = joined + ([_join(together)] if together else [])
        return laid.joined

    # -- on the way ---------------------------------------------------------------------------------------------------

    def _posed(self, part: PartConfig, art: Art | _Ticker, at: Pose, t_s: float) -> Iterator[Sprite]:
        dx, dy = 2 * round(at.dx / 2), 2 * round(at.dy / 2)
        if isinstance(art, _Ticker):
            for sprite in art.sprites(t_s, at.opacity):
                yield Sprite(sprite.art, sprite.x + dx, sprite.y + dy, sprite.part, sprite.fade)
            return
        yield from self._inside(art, dx, dy, at.opacity, _uncovered(art.size, part.uncover, at.reveal))

    def _inside(
        self, art: Art, dx: int, dy: int, fade: float, seen: tuple[int, int, int, int] | None = None
    ) -> Iterator[Sprite]:
        """A picture, no more of it than lies in the frame."""
        x, y, (w, h) = art.x + dx, art.y + dy, self._size
        x0, y0, x1, y1 = seen or (0, 0, *art.size)
        x0, y0, x1, y1 = max(x0, -x), max(y0, -y), min(x1, w - x), min(y1, h - y)
        if x1 > x0 and y1 > y0 and fade > 0:
            yield Sprite(art, x, y, (x0, y0, x1, y1), fade)

    def _ticker(self, part: TickerPart, fields: dict[str, str], box: Box) -> _Ticker:
        text = filled(part.text, fields)
        return _Ticker(
            self, part, [t.strip() for line in text.splitlines() for t in line.split(" | ") if t.strip()], box
        )


class _Ticker:
    """Lines that run through a box. Each is painted when it is about to come in."""

    def __init__(self, artwork: Artwork, part: TickerPart, lines: list[str], box: Box) -> None:
        self._artwork, self._part, self._lines, self._box = artwork, part, lines, box
        self._font = artwork.font(part)
        self._starts = [0]  # of the lines laid so far, and where the next one begins
        # Whole steps of two pixels a frame: every frame moves the same way, and chroma with luma.
        step = max(1, round(part.speed * artwork._unit / artwork._rate / 2))
        self._pixels_s = 2 * step * artwork._rate

    def _line(self, number: int) -> Art:
        text = self._lines[number]
        part, artwork = self._part, self._artwork
        key = id(part), self._box, text, artwork._files.version(part.font)
        art = artwork._kept(key, part, lambda: ticker_art(part, text, self._box, artwork._unit, self._font))
        assert art is not None
        if number == len(self._starts) - 1:
            self._starts.append(self._starts[-1] + art.size[0])
        return art

    def sprites(self, t_s: float, fade: float) -> Iterator[Sprite]:
        left, width = 2 * round(self._box.x / 2), 2 * round(self._box.w / 2)
        offset = 2 * round(t_s * float(self._pixels_s) / 2) - width  # of the first line's start, beyond the left edge
        first = number = 0
        while True:
            if number == len(self._lines):
                first, number = first + self._starts[-1], 0
                if first <= offset:  # whole rounds go by at once
                    first += (offset - first) // self._starts[-1] * self._starts[-1]
            if first + self._starts[number] >= offset + width:
                return
            art = self._line(number)
            start = first + self._starts[number] - offset  # within the box
            x0, x1 = max(0, -start), min(art.size[0], width - start)
            if x1 > x0:
                yield Sprite(art, left + start, art.y, (x0, 0, x1, art.size[1]), fade)
            number += 1


def _uncovered(size: tuple[int, int], side: str, share: float) -> tuple[int, int, int, int]:
    w, h = size
    if share >= 1:
        return 0, 0, w, h
    across, down = 2 * round(w * share / 2), 2 * round(h * share / 2)
    middle = 2 * round((w - across) / 4)
    return {
        "left": (0, 0, across, h),
        "right": (w - across, 0, w, h),
        "top": (0, 0, w, down),
        "bottom": (0, h - down, w, h),
        "middle": (middle, 0, middle + across, h),
    }[side]


def _join(parts: list[tuple[PartConfig, Art]]) -> Art:
    """Pictures over one another as one."""
    x0, y0 = min(a.x for _, a in parts), min(a.y for _, a in parts)
    x1, y1 = max(a.x + a.size[0] for _, a in parts), max(a.y + a.size[1] for _, a in parts)
    rgba = np.zeros((y1 - y0, x1 - x0, 4), np.uint8)
    for part, art in parts:
        place = rgba[art.y - y0 : art.y - y0 + art.size[1], art.x - x0 : art.x - x0 + art.size[0]]
        place[:] = _over(art.rgba, place, part.opacity)
    return Art(x0, y0, rgba)


def _over(top: U8, bottom: U8, opacity: float) -> U8:
    """Premultiplied alpha-over of two pictures."""
    above = top if opacity >= 1 else np.rint(top * np.float32(opacity)).astype(np.uint8)
    clear = 255 - above[..., 3:4].astype(np.uint16)
    both: U8 = (above + (bottom * clear + 127) // 255).astype(np.uint8)
    return both
