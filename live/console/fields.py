"""Lines to type into, on a page of their own: while it is open, what is typed is words and no key of the show's."""

from __future__ import annotations

from dataclasses import dataclass

from imgui_bundle import imgui


@dataclass(frozen=True)
class Line:
    """A line: what the page knows it by, what stands there now, what is written beside it. clears: it is empty once it
    was put in.
    """

    name: str
    text: str
    label: str
    clears: bool = False


class Fields:
    """The lines of a page, in the order in which they are drawn: Enter puts one in and stays in it, Tab and Shift-Tab
    put it in and go on to the next or back, round and round. Holds what is being typed, and which line has the
    keyboard.
    """

    def __init__(self) -> None:
        self._drafts: dict[str, str] = {}
        self._began: dict[str, str] = {}  # what stood in a line when its typing began
        self._names: list[str] = []  # of the lines that were drawn last, in order
        self._drawn: list[str] = []  # of those of this frame, so far
        self._line = ""  # which has the keyboard, or had it last
        self._wanted = True  # it is to have it
        self._asked = 0  # frames since imgui was asked: it takes two until it says that it has it
        self._left = ""  # the line that Tab went away from: it is put in when it is drawn next
        self.active = False  # a line has the keyboard: what is typed arrives

    def open(self) -> None:
        """The page opens: its first line gets the keyboard."""
        self._drafts.clear()
        self._began.clear()
        self._names, self._line, self._left, self.active = [], "", "", False
        self.claim()

    def claim(self) -> None:
        """The line that had the keyboard last is to have it again."""
        self._wanted, self._asked = True, 0

    def tab(self, back: bool) -> None:
        if not self._names:
            return
        at = self._names.index(self._line) if self._line in self._names else 0
        self._left, self._line = self._line, self._names[(at + (-1 if back else 1)) % len(self._names)]
        self.active = False
        self.claim()

    def begin(self) -> None:
        """Of a frame, before its lines."""
        self._drawn, self.active = [], False

    def draw(self, line: Line, width: float) -> str | None:
        """Draw a line; what it says, when that was put in just now."""
        self._drawn.append(line.name)
        draft = self._drafts.get(line.name, line.text)
        imgui.set_next_item_width(width)
        if self._wanted and self._line in (line.name, ""):
            if self._asked % 3 == 0:
                imgui.set_keyboard_focus_here()
            self._line, self._asked = line.name, self._asked + 1
        flags = imgui.InputTextFlags_.enter_returns_true
        done, draft = imgui.input_text(f"{line.label}##{line.name}", draft, flags)
        if imgui.is_item_active():
            if self._line == line.name:
                self._wanted, self.active = False, True
            elif not self._wanted:  # by mouse
                self._line, self.active = line.name, True
            self._drafts[line.name] = draft
            self._began.setdefault(line.name, line.text)
        # What a hand has not typed is nobody's wish: what came from elsewhere meanwhile stays.
        typed = draft != self._began.get(line.name, line.text)
        if self._left == line.name:
            self._left = ""
            self._forget(line)
            return draft if typed else None
        if done:
            self._forget(line)
            if not typed and draft != line.text:
                return None
            if not line.clears:
                self._drafts[line.name] = draft
            return draft
        if not imgui.is_item_active() and self._line != line.name:
            self._forget(line)
        return None

    def _forget(self, line: Line) -> None:
        """It shows what the state says again."""
        self._drafts.pop(line.name, None)
        self._began.pop(line.name, None)

    def end(self) -> None:
        """Of a frame, after its lines."""
        self._names = self._drawn
        if self._line not in self._names:  # what had the keyboard has gone
            self._line = ""
            self.claim()
