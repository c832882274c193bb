"""The pictures of the feeds, frame by frame: which are made, what they show, where they go. Engine thread only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from live.config.feeds import BUILT_IN_FEEDS
from live.engine.feeds import FeedSinks, Sink
from live.engine.sound import Sound
from live.picture.format import U8, PictureFormat
from live.picture.planes import fitted_planes
from live.picture.values import Picture, SourceInput
from live.render import Renderer
from live.render.feedsback import TAPS
from live.show.feeds.model import AuxState, FeedDesk

_OWN = ("preview", "fill", "key")  # built-in feeds that are drawn by themselves


@dataclass(frozen=True)
class Shown:
    """A program frame that is there. film: see Sink.publish. slot: its picture, I420 flat."""

    tag: int
    time_ns: int
    sound: Sound
    black: float
    film: tuple[int, int]
    slot: U8


class FeedFrames:
    """See FeedSinks for where they go; the feeds that somebody looks at come from the desk.

    picture_of: the picture of a shot on an auxiliary. preview: that of the preview bus.
    """

    def __init__(
        self,
        sinks: FeedSinks,
        desk: FeedDesk,
        renderer: Renderer,
        fmt: PictureFormat,
        *,
        preview: Callable[[], Picture],
        picture_of: Callable[[AuxState], Picture],
    ) -> None:
        self._desk, self._renderer, self._format = desk, renderer, fmt
        self._preview, self._picture_of = preview, picture_of
        self._all = sinks
        self._sinks: dict[str, Sink] = {name: sinks.sink(name) for name in desk.names}
        # Multiviews: by workers of their own.
        self._elsewhere = frozenset(desk.names) - frozenset(BUILT_IN_FEEDS) - frozenset(desk.auxes)
        self._fitted: dict[str, tuple[tuple[str, int], U8]] = {}  # what was fitted last into an auxiliary, and where to
        self.wanted: frozenset[str] = frozenset()  # the feeds of this frame

    def want(self, now_s: float) -> frozenset[str]:
        """The feeds of this frame: those that are used, those that are looked at, and those that an auxiliary of these
        shows.
        """
        wanted = self._desk.wanted(now_s).union(self._all.used)
        shown = {aux.shows for name, aux in self._desk.auxes.items() if name in wanted and aux.shows in self._sinks}
        self.wanted = frozenset(wanted | shown)
        return self.wanted

    def taps(self) -> dict[str, U8]:
        """The stages of program's drawing that are wanted, and where each goes."""
        return {name: self._sinks[name].slot(self._format.size) for name in TAPS if name in self.wanted}

    def shots(self) -> list[str]:
        """What the auxiliaries of this frame show, of shots."""
        return [
            aux.shows for name, aux in self._desk.auxes.items() if name in self.wanted and aux.shows not in self._sinks
        ]

    def make(
        self,
        number: int,
        picture: Picture,
        inputs: Mapping[str, SourceInput | None],
        shown: Shown | None,
        *,
        whole: Callable[[], bool],
    ) -> None:
        """Draw what program's own drawing of frame `number` didn't give, and hand out the feeds of the program frame
        that is there. whole: were the inputs whole until now? A feed that was drawn of others stays as it was.
        """
        made: dict[str, U8] = {} if shown is None else {"program": shown.slot}
        for name in TAPS:
            if name in self.wanted:
                self._hand_out(name, shown, made)
        for name in _OWN:
            if name in self.wanted:
                self._renderer.draw_feed(name, self._preview() if name == "preview" else picture, inputs, number)
                self._hand_out(name, shown if whole() else None, made)
        for name, aux in self._desk.auxes.items():
            if name not in self.wanted:
                continue
            if aux.shows in self._elsewhere:
                self._fit(name, aux.shows, shown)
            elif aux.shows in self._sinks:
                self._copy(name, aux.shows, shown, made)
            else:
                self._renderer.draw_feed(name, self._picture_of(aux), inputs, number)
                self._hand_out(name, shown if whole() else None, made)

    def _hand_out(self, name: str, shown: Shown | None, made: dict[str, U8]) -> None:
        if shown is None:
            return
        slot: Any = self._sinks[name].slot(self._format.size)
        if self._renderer.take_feed(name, shown.tag, slot, shown.slot):
            self._sinks[name].publish(self._format, shown.tag, shown.time_ns, shown.sound, 0.0, shown.film)
            made[name] = slot

    def _copy(self, name: str, of: str, shown: Shown | None, made: dict[str, U8]) -> None:
        """An auxiliary that shows another feed: the same bytes, and as black."""
        if shown is None or of not in made:
            return
        slot: Any = self._sinks[name].slot(self._format.size)
        slot[:] = made[of]
        black = shown.black if of == "program" else 0.0
        self._sinks[name].publish(self._format, shown.tag, shown.time_ns, shown.sound, black, shown.film)
        made[name] = slot

    def _fit(self, name: str, of: str, shown: Shown | None) -> None:
        """An auxiliary that shows a multiview: the newest there is, fitted into the frame; black while there is
        none.
        """
        if shown is None:
            return
        slot: Any = self._sinks[name].slot(self._format.size)
        frame = self._sinks[of].newest()
        this = of, -1 if frame is None else frame.index
        last, before = self._fitted.get(name, (None, slot))
        if this != last:
            fitted_planes(() if frame is None else frame.planes, self._format.planes(slot))
        if this == last or (frame is not None and not frame.intact()):  # nothing new; or its writer has come round
            slot[:] = before
        self._fitted[name] = this, slot
        self._sinks[name].publish(self._format, shown.tag, shown.time_ns, shown.sound, 0.0, shown.film)
