"""The worker that draws a multiview: reads rings and the show's state, writes one ring at its own size and rate.

It is a client of the state like any console, so the engine does nothing for it that it doesn't do for a console. While
nobody wants it, it lets go of everything and looks four times a second whether somebody does.
"""

from __future__ import annotations

import cv2

from live.base.clock import NS
from live.control.client import Client
from live.control.view import CountDown, View
from live.multiview.board import Board
from live.multiview.pictures import Pictures
from live.multiview.sound import Sound
from live.multiview.spec import MultiviewSpec
from live.shm.frame_ring import FrameRing
from live.shm.status import WorkerState
from live.show.sound.published import MicrophoneStatus
from live.workers import WorkerContext

IDLE_NS = NS // 4
WANT_EVERY_NS = NS  # the engine draws what somebody looks at for 3 s each time it is wanted


class Multiview:
    """One multiview at work. Owned by the worker's thread."""

    def __init__(self, spec: MultiviewSpec, now_ns: int) -> None:
        self._spec = spec
        self._client = Client(spec.host, spec.osc_port)
        self._board = Board(
            spec.picture.width, spec.picture.height, aspect=spec.aspect, marks=spec.marks, voices=spec.voices
        )
        self._pictures = Pictures(spec.delay_s)
        self._sound = Sound(spec.microphones, spec.sound, spec.delay_s)
        self._count_down = CountDown()
        self._view = View(self._client.replica)
        self._wanted_ns = now_ns - WANT_EVERY_NS

    def draw(self, now_ns: int, ctx: WorkerContext) -> Board:
        """Bring the canvas up to this moment."""
        messages = self._client.keep(now_ns)
        board, view = self._board, self._view
        if messages:
            self._pictures.buses.hear(messages)
            board.arrange(view.windows(self._spec.name))
        self._want(now_ns)
        shown = self._pictures.look([(w, board.size_of(n)) for n, w in enumerate(board.windows)], view, now_ns)
        faders = {m.name: (m.gain_db, m.muted) for m in view.all(MicrophoneStatus)}
        meters = self._sound.look(now_ns, faders)
        board.draw(view, shown, meters, self._count_down.left(view, now_ns), ctx.clock.time_of_day())
        return board

    def _want(self, now_ns: int) -> None:
        """Keep what the windows show in the making."""
        if now_ns - self._wanted_ns < WANT_EVERY_NS or not self._client.connected:
            return
        self._wanted_ns = now_ns
        self._client.send("/multiview/want", 3.0)
        for feed in {w.name for w in self._board.windows if w.kind == "feed"}:
            self._client.send(f"/feeds/{feed}/want", 3.0)

    def close(self) -> None:
        self._pictures.close()
        self._sound.close()
        self._client.close()


def main(spec: MultiviewSpec, ctx: WorkerContext) -> None:
    """The worker. Frame n of its ring is due at n / rate on the machine's monotonic clock."""
    cv2.setNumThreads(1)
    ring = FrameRing(spec.ring)
    ctx.status.set(state=WorkerState.RUNNING)
    rate = spec.picture.rate
    multiview: Multiview | None = None
    last = 0
    try:
        while not ctx.stopping():
            now_ns = ctx.clock.now_ns()
            if ctx.status.get("rate_hz") < 0:
                if multiview is not None:
                    multiview.close()
                    multiview, last = None, 0
                ctx.clock.wait_until(now_ns + IDLE_NS)
                continue
            if multiview is None:
                multiview = Multiview(spec, now_ns)
            number = int(now_ns * rate / NS) + 1
            due_ns = int(number * NS / rate)
            ctx.clock.wait_until(due_ns)
            board = multiview.draw(ctx.clock.now_ns(), ctx)
            if not board.windows:  # nothing is known of the show yet
                continue
            ring.slot(board.canvas.format.size)[:] = board.canvas.data
            ring.commit(board.canvas.format, capture_ns=due_ns, seq=number)
            ctx.status.add("frames")
            ctx.status.add("drops", number - last - 1 if last else 0)  # there was no time for
            last = number
    finally:
        if multiview is not None:
            multiview.close()
        ring.close()
