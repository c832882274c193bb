"""The program frame between its drawing and its publication, which on a GPU is one frame later. Engine thread only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from live.base.clock import Clock
from live.base.guard import Guard
from live.engine.feed_frames import Shown
from live.engine.feeds import Sink
from live.engine.made import Barer, Made, Pending
from live.engine.stats import Stats
from live.picture.format import U8, PictureFormat
from live.render import Renderer
from live.sound.spoken import Said


class Program(Sink, Protocol):
    """Where program frames go: the ring that the encoder reads, or (off line) straight into the encoder and the
    hash.
    """

    def caption(self, said: Said) -> None:
        """What the closed captions of the next picture are to say."""
        ...


class ProgramFrames:
    """Draws, finishes and publishes them. A frame that can't be made shows the one before again, and is published all
    the same. repeated: how many did.
    """

    def __init__(
        self,
        program: Program,
        renderer: Renderer,
        fmt: PictureFormat,
        *,
        clock: Clock,
        guard: Guard,
        stats: Stats,
        whole: Callable[[], bool],
        again_after: int,
    ) -> None:
        """whole: is what was drawn of this frame's pictures fit to be shown? again_after: frames after which a picture
        that couldn't be drawn is tried whole again."""
        self._program, self._renderer, self._whole, self._fmt = program, renderer, whole, fmt
        self._clock, self._guard, self._stats = clock, guard, stats
        self._pending: dict[int, Pending] = {}
        self._barer = Barer(again_after)
        self._slot = self._nowhere = np.zeros(fmt.size, np.uint8)  # where the next frame to be published is
        self._ready: int | None = None  # its number
        self._lost = False  # is what was published last a repeat?
        self._last: Shown | None = None  # what was published last
        self.repeated = 0

    def draw(self, number: int, pending: Pending, made: Made, taps: Mapping[str, U8]) -> None:
        """Draw it, if need be without what can't be drawn: a graphic that fails costs itself, not the picture."""
        self._pending[number] = pending
        into = self._program.slot(self._fmt.size)
        for picture in self._barer.of(made.picture):
            with self._guard("draw") as part:
                self._renderer.draw(picture, made.inputs, number, taps=taps, into=into)
            if not part.failed:
                pending.drawn = True
                break
            self._barer.failed()

    def finish(self, number: int) -> U8 | None:
        """The oldest drawn frame that is ready, in the next slot of program; what was shown last, where it failed. None
        when none is ready yet.
        """
        self._slot = self._program.slot(self._fmt.size)
        self._ready = None
        due = min(self._pending, default=number) if len(self._pending) > self._renderer.depth else None
        of = None if due is None else self._pending[due]
        given: int | None = None
        with self._guard("finish"):  # of one that wasn't drawn comes no picture to show
            given = self._renderer.finish(self._slot if of is not None and of.drawn else self._nowhere)
        # Asked after the last look at what the sources gave: what was overwritten meanwhile is no picture to show.
        if number in self._pending and not self._whole():
            self._pending[number].drawn = False
        self._ready, self._lost = due, of is None or not of.drawn or given != due
        if of is None:
            return None
        if self._lost:
            self._repeat()
        return self._slot

    def _repeat(self) -> None:
        """Program as it was; black before there was any."""
        self.repeated += 1
        if self._last is not None:
            np.copyto(self._slot, self._last.slot)
        else:
            luma = self._fmt.width * self._fmt.height
            self._slot[:luma], self._slot[luma:] = 16, 128

    def publish(self) -> None:
        """Give out what is ready."""
        if (tag := self._ready) is None:
            return
        of = self._pending.pop(tag)
        self._program.publish(self._fmt, tag, of.time_ns, of.sound, of.black, of.film)
        self._last = Shown(tag, of.time_ns, of.sound, of.black, of.film, self._slot)
        now_ns = self._clock.now_ns()
        self._stats.capture_ms.add((now_ns - of.captured_ns) / 1e6)
        for received_ns in of.commanded_ns:
            self._stats.command_ms.add((now_ns - received_ns) / 1e6)

    @property
    def new(self) -> Shown | None:
        """What this frame has published, if it is a picture that wasn't shown before."""
        return None if self._ready is None or self._lost else self._last
