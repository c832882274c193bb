"""The pages of the desk, one open at a time, and the keys that open them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from live.console import paint
from live.console.cameras import Cameras
from live.console.faults import FaultsPage
from live.console.keys import KEYS
from live.console.more import More
from live.console.outputs import OutputsPage
from live.console.page import Send, page
from live.console.paint import Painter2D
from live.console.pressed import Press, Pressed
from live.console.sound import SoundPage
from live.console.titles import Titles
from live.control.view import View
from live.picture.tiling import Rect

PANIC_KEY = "f12"  # works whatever is typed into


class Page(Protocol):
    def draw(self, area: Rect, view: View) -> None: ...


@dataclass(frozen=True)
class Opener:
    """The key that opens a page, and closes it; what is there."""

    cap: str
    page: str
    holds: str


OPENERS = (
    Opener("M", "more", "more: transition, keys, layers, players, feeds"),
    Opener("C", "cameras", "cameras: colours and keys"),
    Opener("E", "titles", "edit the titles"),
    Opener("S", "sound", "sound; arrows, Home, U, J are a strip's there"),
    Opener("I", "outputs", "outputs: recordings and streams, start and stop"),
    Opener("F", "faults", "faults, worst first"),
    Opener("?", "keys", "this list"),
)
_BY_CAP = {opener.cap: opener.page for opener in OPENERS}


class Pages:
    """Holds what belongs to them alone: which is open, what is being typed."""

    def __init__(self, font: Any, painter: Painter2D, send: Send, pressed: Pressed) -> None:
        self.open = ""  # which is, "" for none
        self._titles = Titles(painter, font, send, pressed)
        self._sound = SoundPage(painter, font, send, pressed)
        self._pages: dict[str, Page] = {
            "titles": self._titles,
            "sound": self._sound,
            "more": More(painter, font, send, pressed),
            "cameras": Cameras(painter, font, send, pressed),
            "outputs": OutputsPage(painter, font, send),
            "faults": FaultsPage(painter, font, send),
            "keys": KeysPage(painter, font),
        }

    @property
    def words(self) -> bool:
        """A page of lines is open: what is typed is words, and reaches no key of the show but PANIC_KEY."""
        return self.open == "titles"

    def line(self) -> bool:
        """Has one of its lines the keyboard? It gets it, if not."""
        fields = self._titles.fields
        if not fields.active:
            fields.claim()
        return fields.active

    def turn(self, name: str) -> None:
        """Open a page, or close it when it is open."""
        self.open = "" if self.open == name else name
        if self.words:
            self._titles.fields.open()

    def press(self, press: Press, view: View) -> bool:
        """A key that the open page takes for itself; False for all others."""
        if self.words and press.name != PANIC_KEY:
            if press.name == "escape":
                self.open = ""
            elif press.name == "tab":
                self._titles.fields.tab(press.shift)
            return True
        return self.open == "sound" and self._sound.key(press.name, press.shift, press.again, view)

    def typed(self, text: str) -> None:
        """What was typed where no line is: a page's key."""
        if (name := _BY_CAP.get(text.upper())) is not None:
            self.turn(name)

    def draw(self, area: Rect, view: View) -> None:
        if self.open:
            self._pages[self.open].draw(area, view)


class KeysPage:
    """The list of keys."""

    def __init__(self, painter: Painter2D, font: Any) -> None:
        self._p, self._font = painter, font

    def draw(self, area: Rect, view: View) -> None:
        p, u = self._p, self._p.unit
        with page("keys", area, p, self._font, scrolls=False):
            lines = list(_key_lines())
            rows = (len(lines) + 2) // 3
            inner = area.inset(8 * u)
            row_h = min(24 * u, inner.h / rows)
            for column, place in enumerate(inner.columns(3, 14 * u)):
                for row, (cap, does) in enumerate(lines[column * rows : (column + 1) * rows]):
                    line = Rect(place.x, place.y + row * row_h, place.w, row_h)
                    left, right = line.cut_left(112 * u, 8 * u)
                    p.text(left, cap, paint.AMBER, paint.SMALL)
                    p.text(right, does, paint.TEXT, paint.SMALL)


def _key_lines() -> Iterator[tuple[str, str]]:
    yield from ((key.cap, key.does) for key in KEYS)
    yield "click, Shift click", "a tile: on preview, straight to program"
    yield from ((opener.cap, opener.holds) for opener in OPENERS)
