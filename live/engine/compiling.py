"""Shaders that are saved on air: compiled between frames, in the time that frames leave."""

from __future__ import annotations

from collections.abc import Callable

from live.base.clock import NS, Clock
from live.base.errors import LiveError
from live.render import Renderer
from live.showlog import ShowLog

PATIENCE = 30  # frames without time to spare after which a program is compiled anyway


class Compiling:
    """Engine thread only. tell: what becomes of a file that can't be used."""

    def __init__(self, renderer: Renderer, *, clock: Clock, log: ShowLog, tell: Callable[[LiveError], None]) -> None:
        self._renderer, self._clock, self._log, self._tell = renderer, clock, log, tell
        self._waited = 0
        self._spent_ms: list[float] = []  # by program, of the file that is in work

    def step(self, number: int, began_ns: int, interval_ns: float) -> None:
        """One program, if this frame, which began then, has left half of its interval. What came of a file is
        logged.
        """
        shaders = self._renderer.shaders
        while shaders.said:
            self._tell(shaders.said.popleft())
        start_ns = self._clock.now_ns()
        if start_ns - began_ns > interval_ns / 2 and self._waited < PATIENCE:
            self._waited += shaders.busy
            return
        self._waited = 0
        if not shaders.busy:
            self._renderer.renew_plates()
            return
        try:
            taken = self._renderer.step_shaders()
        except LiveError as error:
            self._spent_ms.clear()
            self._tell(error)
            return
        self._spent_ms.append((self._clock.now_ns() - start_ns) * 1000 / NS)
        if taken is not None:
            self._log.line(
                number,
                "state",
                "live",
                shader=taken.path.name,
                file=str(taken.path),
                passes=sorted(taken.passes),
                programs=taken.programs,
                compile_ms=round(sum(self._spent_ms), 1),
                longest_ms=round(max(self._spent_ms), 1),
            )
            self._spent_ms.clear()
