"""One console: state and pictures in, a desk on the window, commands out. Ways in: live/console/app.py."""

from __future__ import annotations

import logging
from dataclasses import replace

import cv2

from live.base.clock import NS, MonotonicClock
from live.console import paint
from live.console.desk import Desk
from live.console.gui import Keyboard, Window
from live.console.keys import message_for
from live.console.layout import Layout, arrange
from live.console.pictures import Feed, Painter
from live.console.pressed import Press, Pressed
from live.console.shown import Screen, Slot
from live.control.buses import Buses
from live.control.client import Client
from live.control.view import CountDown, View
from live.picture.tiling import Rect
from live.show.feeds.published import BusRings, SourceRing
from live.show.sources.published import SourceStatus

log = logging.getLogger(__name__)

TITLE = "Live console - closing it does not end the show"
WANT_EVERY_NS = NS  # the engine draws the preview picture for 3 s each time it is wanted
SHORTEST_NS = NS // 30  # between two frames, however much is typed
LIVELY_NS = NS // 2  # after a press: imgui takes one press or release a frame, and whoever pressed looks for the answer
RATES_HZ = {True: (12.0, 5.0), False: (30.0, 15.0)}  # on software GL, on a GPU: the window; the tiles
IDLE_HZ = 4.0  # the window, while no engine answers


class Console(Keyboard):
    """The window, the client and the pictures of one console; `step` makes one frame. Owned by the main thread."""

    def __init__(self, host: str, port: int, now_ns: int) -> None:
        """Raises DeviceError when there is no display or no such host."""
        cv2.setNumThreads(1)  # small pictures: a pool of threads costs more than it gives
        self._client = Client(host, port)
        self._view = View(self._client.replica)
        self._window = Window(TITLE, self)
        self._pressed = Pressed()
        self._desk = Desk(
            self._window.font, self._window.slab, self._client.send, lambda name: self._do(Press(name)), self._pressed
        )
        self._painter = Painter(self._window.gl)
        self._feeds: dict[str, Feed] = {}
        self._count_down = CountDown()
        self._rate_hz, tile_hz = RATES_HZ[self._window.software]
        self._tile_every_ns = int(NS / tile_hz)
        self._last_level = "auto"
        self._buses = Buses()
        self._wanted_ns = self._drawn_ns = self._deadline_ns = self._touched_ns = 0
        self._heard_ns = now_ns

    @property
    def closed(self) -> bool:
        return self._window.closed

    @property
    def words(self) -> bool:
        return self._desk.pages.words

    def line(self) -> bool:
        return self._desk.pages.line()

    def press(self, press: Press) -> None:
        if not self._desk.pages.press(press, self._view):
            self._do(press)

    def text(self, text: str) -> None:
        self._desk.pages.typed(text)

    def _do(self, press: Press) -> None:
        """What a key of the show does."""
        if found := message_for(press, self._view, self._last_level, self._pressed, self._window.time_s):
            self._client.send(found[0], *found[1])

    def step(self, clock: MonotonicClock) -> None:
        """Sleep until the next frame is due, acting on keys at once, then draw it."""
        now = clock.now_ns()
        while now < self._due_ns() and not self.closed:
            self._window.wait((self._due_ns() - now) / NS)
            now = clock.now_ns()
        self._window.wait(0)
        self._deadline_ns = now + int(NS / (self._rate_hz if self._client.connected else IDLE_HZ))
        self._drawn_ns = now
        if self._window.touched:
            self._touched_ns = now
        self._listen(now)
        self._draw(now)

    def _due_ns(self) -> int:
        lively = self._window.touched or self._drawn_ns - self._touched_ns < LIVELY_NS
        return min(self._deadline_ns, self._drawn_ns + SHORTEST_NS) if lively else self._deadline_ns

    def _listen(self, now_ns: int) -> None:
        was_connected = self._client.connected
        if messages := self._client.keep(now_ns):
            self._heard_ns = now_ns
            self._buses.hear(messages)
            if (level := self._view.director.level) not in ("", "off"):
                self._last_level = level
        if self._client.connected and not was_connected:
            log.info("console: state from %s:%d", self._client.host, self._client.port)
            for feed in self._feeds.values():
                feed.clear()  # pictures of a show that is over
        if now_ns - self._wanted_ns >= WANT_EVERY_NS and self._client.connected:
            self._wanted_ns = now_ns
            self._client.send("/multiview/want", 3.0)
        title = self._view.show.title
        self._window.set_title(f"{title} - {TITLE}" if title else TITLE)

    def _feed(self, key: str) -> Feed:
        if key not in self._feeds:
            self._feeds[key] = Feed(self._painter)
        return self._feeds[key]

    def _draw(self, now_ns: int) -> None:
        shown, window_px = self._view, self._window.size_px
        rings = shown.get(BusRings)
        spare = shown.spare_sources
        layout = arrange(*window_px, len(shown.shots) + len(spare), page=bool(self._desk.pages.open))
        self._window.begin(now_ns)
        self._window.gl.clear(*paint.BACK)
        preview = self._bus_picture("preview", rings.preview if shown.preview else "", layout.preview.picture, now_ns)
        program = self._bus_picture("program", rings.program, layout.program.picture, now_ns)
        slots = [Slot(t, s, shown.source(s.source)) for t, s in zip(layout.tiles, shown.shots, strict=False)]
        slots += [Slot(t, None, s) for t, s in zip(layout.tiles[len(shown.shots) :], spare, strict=True)]
        for slot in slots:
            slot.live = self._tile_picture(slot, now_ns)
        move = self._move_picture(shown, layout.next, now_ns)
        self._desk.draw(self._screen(shown, layout, slots, (preview, program, move), now_ns))
        self._window.end()

    def _screen(
        self, shown: View, layout: Layout, slots: list[Slot], live: tuple[bool, bool, bool], now_ns: int
    ) -> Screen:
        left = self._count_down.left(shown, now_ns)
        if not self._client.connected:
            shown, left = replace(shown, silent=True), None
        return Screen(
            shown,
            layout,
            slots,
            self._client.connected,
            f"{self._client.host}:{self._client.port}",
            (now_ns - self._heard_ns) / NS,
            left,
            *live,
        )

    def _bus_picture(self, key: str, ring: str, area: Rect, now_ns: int) -> bool:
        feed = self._feed(key)
        feed.follow(ring, now_ns)
        feed.refresh(area, now_ns, 0)
        return feed.draw(area, self._window.size_px, 1.0 if self._client.connected else 0.4)

    def _tile_picture(self, slot: Slot, now_ns: int) -> bool:
        shot, source = slot.shot, slot.source
        key = f"tile {shot.id if shot else source.name if source else ''}"
        return self._picture(key, shot.id if shot else "", source, slot.tile.picture, now_ns)

    def _move_picture(self, shown: View, area: Rect, now_ns: int) -> bool:
        """Of the machine's next move. Each shot has a feed of its own, lest it begins with another's."""
        if shown.move is None or shown.panic or area.h < 1:
            return False
        shot = shown.move.shot
        return self._picture(f"move {shot}", shot, shown.source(shown.source_of(shot)), area, now_ns)

    def _picture(self, key: str, shot: str, source: SourceStatus | None, area: Rect, now_ns: int) -> bool:
        """A source's picture follows its ring. A shot of a set has none: it shows itself while it is on a bus, and
        glances of it, darker, else.
        """
        feed = self._feed(key)
        delay_ns, fits = 0, None
        if source is not None:
            feed.follow(self._view.get(SourceRing, source.name).ring, now_ns)
            delay_ns = int(self._view.show.delay_s * NS)
            gain = 1.0 if source.healthy else 0.5
        else:
            ring, fits = self._buses.pictures_of(shot, self._view)
            feed.follow(ring, now_ns)
            gain = 1.0 if shot in (self._view.program, self._view.preview) else 0.7
        gain = gain if self._client.connected else 0.4
        feed.refresh(area, now_ns, self._tile_every_ns, delay_ns, fits)
        return feed.draw(area, self._window.size_px, gain)

    def close(self) -> None:
        for feed in self._feeds.values():
            feed.close()
        self._painter.release()
        self._window.close()
        self._client.close()
