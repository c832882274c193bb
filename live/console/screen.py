"""A feed on a monitor, a projector, or a converter on HDMI: one window, one picture, nothing else.

It is a client like the console: it may be started before the show, and outlives it. It asks for its feed while it is
there, and says so when it isn't. Owned by the main thread of a process of its own.
"""

from __future__ import annotations

import logging
import os
from typing import Any

import moderngl
import pyglet

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.base.priority import step_back
from live.console.pictures import Feed, Painter
from live.control.client import Client
from live.picture.tiling import Rect
from live.show.feeds.published import FeedRing

log = logging.getLogger(__name__)

pyglet.options.shadow_window = False  # before pyglet.window is imported, as in gui.py
pyglet.options.debug_gl = False
pyglet.options.dpi_scaling = "real"

WANT_EVERY_NS = NS  # a feed is made for 3 s each time it is wanted
_POLL_NS = 2_000_000  # between looks for the next picture once it is due
_IDLE_NS = NS // 4  # between frames without pictures
_SIZE_PX = (960, 540)


class Screen:
    """The window and the feed in it; `step` draws it when there is something new."""

    def __init__(self, feed: str, host: str, port: int, *, monitor: int | None, window: bool) -> None:
        """monitor: the number of one, 1 for the first; window: not the whole of it. Raises DeviceError."""
        os.environ.setdefault("LP_NUM_THREADS", "1")  # one thread of software drawing: the cores are the show's
        self.feed = feed
        self.closed = False
        self._client = Client(host, port)
        self._window = _open(f"Live - {feed}", monitor, whole=not window)
        self._window.push_handlers(on_close=self._close, on_key_press=self._key, on_expose=self._again)
        pyglet.app.platform_event_loop.start()
        gl = moderngl.create_context(require=330)
        software = any(s in gl.info["GL_RENDERER"].lower() for s in ("llvmpipe", "softpipe", "swrast", "software"))
        self._gl, self._painter = gl, Painter(gl, smooth=not software)
        self._picture = Feed(self._painter)
        self._wanted_ns = self._drawn_ns = 0
        self._said: tuple[str, str] | None = None  # the slate on the window
        self._stale = True  # the window does not show what it should

    def _close(self) -> bool:
        self.closed = True
        return True

    def _key(self, symbol: int, modifiers: int) -> bool:
        self.closed |= symbol == pyglet.window.key.ESCAPE
        return True

    def _again(self) -> None:
        self._stale = True

    def step(self, clock: MonotonicClock) -> None:
        """Wait for the next picture, or a little, and show it."""
        now = clock.now_ns()
        self._listen(now)
        name, lacking = self._found()
        self._picture.follow(name, now)
        area = Rect(0, 0, *map(float, self._window.get_framebuffer_size()))
        fresh = self._picture.refresh(area, now, 0)
        slate = lacking if not self._client.connected or not self._picture.has_picture else None
        if fresh or self._stale or slate != self._said:
            self._draw(area, slate)
            self._drawn_ns = now
        rate_hz = self._ring.rate_hz or 30.0
        rest_ns = _IDLE_NS if slate else max(_POLL_NS, int(0.7 * NS / rate_hz) - (clock.now_ns() - self._drawn_ns))
        pyglet.app.platform_event_loop.step(rest_ns / NS)
        self._window.dispatch_events()

    @property
    def _ring(self) -> FeedRing:
        return self._client.replica.get(FeedRing, self.feed)

    def _listen(self, now_ns: int) -> None:
        was = self._client.connected
        self._client.keep(now_ns)
        if self._client.connected and not was:
            self._picture.clear()  # of a show that is over
        if self._ring.ring and now_ns - self._wanted_ns >= WANT_EVERY_NS:
            self._wanted_ns = now_ns
            self._client.send(f"/feeds/{self.feed}/want", 3.0)

    def _found(self) -> tuple[str, tuple[str, str]]:
        """The ring's name, and what to say while there is no picture."""
        if not self._client.connected:
            return "", (self.feed, f"waiting for the show on {self._client.host}:{self._client.port}")
        ring = self._ring.ring
        names = [known.name for known in self._client.replica.all(FeedRing)]
        if not ring and names:
            return "", (f"no feed is called {self.feed}", f"one of: {', '.join(names)}")
        return ring, (self.feed, "waiting for its first picture; the show must run on this machine")

    def _draw(self, area: Rect, slate: tuple[str, str] | None) -> None:
        self._said, self._stale = slate, False
        width, height = int(area.w), int(area.h)
        self._window.switch_to()
        self._gl.screen.use()
        self._gl.viewport = (0, 0, width, height)
        self._gl.clear(0.0, 0.0, 0.0)
        if slate is None:
            self._picture.draw(area, (width, height))
        else:
            for words, size, y in ((slate[0], height / 16, 0.54), (slate[1], height / 30, 0.44)):
                label = pyglet.text.Label(
                    words,
                    font_size=size * 0.75,
                    x=width / 2,
                    y=height * y,
                    anchor_x="center",
                    anchor_y="center",
                    color=(150, 155, 160, 255),
                    width=int(width * 0.9),
                    multiline=True,
                    align="center",
                )
                label.draw()
                label.delete()
        self._window.flip()

    def close(self) -> None:
        pyglet.app.platform_event_loop.stop()
        self._picture.close()
        self._painter.release()
        self._window.close()
        self._client.close()


def _open(title: str, monitor: int | None, *, whole: bool) -> Any:
    """A window on a monitor, or all of it, without a pointer. Raises DeviceError."""
    try:
        from pyglet.window import Window

        screens = pyglet.display.get_display().get_screens()
        config_of: Any = pyglet.gl.Config  # its type says that it is abstract; calling it makes one of the platform's
        config = config_of(double_buffer=True, major_version=3, minor_version=3, forward_compatible=True, depth_size=0)
        given: dict[str, Any] = (
            {"fullscreen": True} if whole else {"width": _SIZE_PX[0], "height": _SIZE_PX[1], "resizable": True}
        )
        if monitor is not None and not 1 <= monitor <= len(screens):
            sizes = ", ".join(f"{n} ({s.width}x{s.height})" for n, s in enumerate(screens, 1))
            raise DeviceError(f"monitor {monitor}", "there is no such monitor", f"one of: {sizes}")
        made = Window(caption=title, config=config, screen=screens[(monitor or 1) - 1], vsync=True, **given)
        made.set_mouse_visible(not whole)
        return made
    except DeviceError:
        raise
    # Pyglet has a tree of errors per platform, and some are found only when its modules are imported.
    except Exception as error:
        raise DeviceError(
            "screen", f"no window ({type(error).__name__}: {error})", "give it a display with OpenGL 3.3"
        ) from error


def run(
    feed: str, host: str = "127.0.0.1", port: int = 9000, *, monitor: int | None = None, window: bool = False
) -> None:
    """A feed on a screen, for a show that runs or will run; returns when its window is closed (Escape). Raises
    DeviceError.
    """
    step_back(5)  # the engine, and sound, go before it
    clock = MonotonicClock()
    screen = Screen(feed, host, port, monitor=monitor, window=window)
    try:
        while not screen.closed:
            screen.step(clock)
    except KeyboardInterrupt:
        log.info("screen: ended by hand; the show goes on")
    finally:
        screen.close()
