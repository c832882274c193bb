"""Thumbnails: small pictures of the shots that are made up (a set, layers) and on no bus, one after another, while
somebody looks at a multiview.

A source has its ring; such a shot has a picture only where it is drawn. That costs the frame that does it 4 CPU ms
beside software GL, so one frame a second does, and only if it has time left; of the machine's next move
five do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from live.config.load import Show
from live.picture.format import PictureFormat
from live.picture.values import SourceInput
from live.render import Renderer
from live.shm.frame_ring import FrameRing
from live.show import ShowState

EVERY_S = 1.0
MOVE_EVERY_S = 0.2  # that of the machine's next move


def thumbnailed(show: Show) -> list[str]:
    """The shots that there may be thumbnails of. The n-th of them, from 0, is n in the first of a thumbnail's four
    numbers.
    """
    return [shot.id for shot in show.all_shots if shot.source is None]


class Thumbnails:
    """Engine thread only. due: the shot that this frame is to draw, None for none."""

    def __init__(self, ring: FrameRing | None, state: ShowState, fmt: PictureFormat) -> None:
        """ring: where they go; None off line."""
        self._ring, self._state, self._format = ring, state, fmt
        self._ids = thumbnailed(state.show)
        self._row = {shot.id for shot in state.show.row}
        self._frame_s = float(1 / state.rig.picture.rate)
        self._every, self._move_every = (max(1, round(s * state.rig.picture.rate)) for s in (EVERY_S, MOVE_EVERY_S))
        self._turn = 0
        self.due: str | None = None

    def choose(self, number: int, now_s: float) -> None:
        """Whose turn is it in this frame? The machine's next move has more turns than the rest."""
        self.due = None
        if self._ring is None or not self._ids or now_s > self._state.session.want_preview_until_s:
            return
        switcher, move = self._state.mix.switcher, self._state.mix.proposal
        if move is not None and move.shot in self._ids and move.shot not in {*switcher.on_air, switcher.preview}:
            if number % self._move_every == 0:
                self._turn, self.due = self._ids.index(move.shot), move.shot
            return
        if number % self._every:
            return
        shown = (self._row | self._state.multiviews.shots) - {*switcher.on_air, switcher.preview}
        for n in range(self._turn, self._turn + len(self._ids)):
            if (shot := self._ids[n % len(self._ids)]) in shown:
                self._turn, self.due = n % len(self._ids), shot
                return

    @property
    def shots(self) -> Collection[str]:
        return () if self.due is None else (self.due,)

    def draw(
        self,
        renderer: Renderer,
        number: int,
        time_ns: int,
        inputs: Mapping[str, SourceInput],
        *,
        has_time: bool,
        whole: Callable[[], bool],
    ) -> None:
        """Draw what is due. Without the time for it, or when inputs were overwritten (not whole), it is due again."""
        shot, self.due = self.due, None
        if shot is None or self._ring is None or not has_time:
            return
        now_s = number * self._frame_s
        renderer.draw_small(
            self._state.mix.picture_of(shot, now_s, now_s), inputs, self._ring.slot(self._format.size), self._format
        )
        if not whole():
            return
        self._ring.commit(self._format, capture_ns=time_ns, seq=number, aux=(self._turn, 0, 0, 0))
        self._turn = (self._turn + 1) % len(self._ids)
