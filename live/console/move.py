"""The machine's next move: which shot, why, when, and the hand's answer to it."""

from __future__ import annotations

from collections.abc import Callable

from live.console import paint
from live.console.page import Send
from live.console.paint import Painter2D
from live.console.shown import Screen
from live.control.view import View
from live.picture.tiling import Rect
from live.show.cuts.published import LastCut, NeverShots, NextMove
from live.show.names import LEVELS
from live.show.styles.published import StyleStatus

ANSWERS_W = 172.0  # pixels of the design
_LIT = {"off": paint.HOVER, "suggest": paint.BLUE, "armed": paint.AMBER, "auto": paint.GREEN}


class MovePanel:
    """Draws it. press: does what a key does."""

    def __init__(self, painter: Painter2D, send: Send, press: Callable[[str], None]) -> None:
        self._p, self._send, self._press = painter, send, press

    def draw(self, screen: Screen) -> None:
        p, view, u = self._p, screen.view, screen.layout.unit
        style, move, picture = view.get(StyleStatus).name, view.move, screen.layout.next
        title = f"THE MACHINE'S NEXT MOVE{f' - {style}' if style else ''}"
        head, body = p.panel(screen.layout.move, title, picture)
        levels, _ = head.cut_right(min(head.w * 0.55, 320 * u))
        for level, area in zip(LEVELS, levels.columns(len(LEVELS), 4 * u), strict=True):
            on = view.director.level == level
            if p.button(f"level {level}", area, level.upper(), lit=_LIT[level] if on else None, ink=paint.DIM):
                self._send("/director/level", level)
        words = Rect(picture.x1 + 12 * u, body.y, body.x1 - picture.x1 - 12 * u, body.h)
        answers, words = words.cut_right(ANSWERS_W * u, 12 * u)
        self._answers(answers, there=move is not None)
        if not screen.move_live:
            p.slab(picture, paint.BACK_LINE)
        if view.panic or move is None:
            self._idle(words, view)
            return
        p.frame(picture, paint.AMBER if screen.count_down else paint.BLUE, 2)
        self._proposal(words, view, move, screen.count_down)

    def _answers(self, area: Rect, *, there: bool) -> None:
        p, u = self._p, self._p.unit
        upper, lower = area.cut_top((area.h - 6 * u) / 2, 6 * u)
        never, veto = lower.cut_right(58 * u, 6 * u)
        ink = paint.TEXT if there else paint.FAINT
        for place, text, key in ((upper, "TAKE NOW", "t"), (veto, "VETO", "v"), (never, "NEVER", "n")):
            if p.button(f"answer {key}", place, text, cap=key.upper(), ink=ink) and there:
                self._press(key)

    def _idle(self, area: Rect, view: View) -> None:
        p, u = self._p, self._p.unit
        first, rest = area.cut_top(32 * u, 4 * u)
        if view.panic:
            p.text(first, "PANIC: the machine is frozen", paint.RED, paint.LARGE)
            p.lines(rest, "The picture on air stays. Choose a level to go on.", 2)
            return
        words = {"off": "Off: you cut", "": "-"}.get(view.director.level, "Nothing planned")
        held = "Locked: you cut" if view.director.locked else "Held: you cut" if view.director.hold_s else words
        p.text(first, held, paint.DIM, paint.LARGE + 4)
        why = view.get(LastCut).why
        used = p.lines(rest, f"last: {why}" if why else "", 2, paint.DIM)
        names = ", ".join(view.label(s) for s in view.get(NeverShots).shots)
        p.text(
            rest.cut_top(used)[1].cut_top(18 * u)[0],
            f"leaves alone: {names}" if names else "",
            paint.FAINT,
            paint.SMALL,
        )

    def _proposal(self, area: Rect, view: View, move: NextMove, count_down: tuple[float, float] | None) -> None:
        p, u = self._p, self._p.unit
        first, rest = area.cut_top(30 * u, 3 * u)
        bar, rest = rest.cut_top(8 * u, 5 * u)
        if count_down:
            seconds, first = first.cut_right(84 * u, 8 * u)
            near = count_down[0] < 1.0
            p.text(seconds, f"{count_down[0]:.1f} s", paint.RED if near else paint.AMBER, paint.HUGE - 2, 1.0)
            p.slab(bar, paint.BUTTON)
            p.slab(Rect(bar.x, bar.y, bar.w * count_down[1], bar.h), paint.RED if near else paint.AMBER)
        else:
            waits = "held: T takes it" if view.director.hold_s else "T takes it"
            used = p.text(first, waits, paint.BLUE, paint.BODY, 1.0)
            _, first = first.cut_right(used, 8 * u)
        p.text(first, view.label(move.shot), paint.TEXT, paint.LARGE + 4)
        fits = p.width(move.reason, paint.BODY) < 1.9 * rest.w
        used = p.lines(rest, move.reason, 2) if fits else p.lines(rest, move.reason, 3, size=paint.SMALL - 1)
        if move.runner_up and rest.h - used >= 16 * u:
            line = f"or {view.label(move.runner_up)}   cost {move.runner_up_cost:.2f} against {move.cost:.2f}"
            p.text(rest.cut_top(used)[1].cut_top(18 * u)[0], line, paint.DIM, paint.SMALL)
