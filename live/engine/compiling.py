"""Shaders that are saved on air: compiled between frames, in the time that frames leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.clock import NS
from live.base.errors import LiveError

if TYPE_CHECKING:
    from live.engine.engine import Engine

PATIENCE = 30  # frames without time to spare after which a program is compiled anyway


class Compiling:
    """Engine thread only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waited = 0
        self._spent_ms: list[float] = []  # by program, of the file that is in work

    def step(self, began_ns: int, interval_ns: float) -> None:
        """One program, if this frame, which began then, has left half of its interval. What came of a file is
        logged.
        """
        engine, shaders = self._engine, self._engine.renderer.shaders
        while shaders.said:
            engine.on_error(shaders.said.popleft())
        start_ns = engine.clock.now_ns()
        if start_ns - began_ns > interval_ns / 2 and self._waited < PATIENCE:
            self._waited += shaders.busy
            return
        self._waited = 0
        if not shaders.busy:
            engine.renderer.renew_plates()
            return
        try:
            taken = engine.renderer.step_shaders()
        except LiveError as error:
            self._spent_ms.clear()
            engine.on_error(error)
            return
        self._spent_ms.append((engine.clock.now_ns() - start_ns) * 1000 / NS)
        if taken is not None:
            engine.log.line(
                engine.frame_number,
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
