"""The pictures of a multiview's windows: which ring each follows, and what is kept of it, at the window's own size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cv2

from live.clock import NS
from live.config.multiviews import Kind
from live.control.multiviews import Window
from live.control.view import State, View, text
from live.follow import Follower
from live.frames import Frame, FrameRing
from live.multiview.board import Shown
from live.multiview.canvas import Planes, even, in_program_codes
from live.planes import small_planes


class Buses:
    """Since which program frame a bus has shown one shot and nothing else. The state says so with the frame it happened on, so a picture of a
    bus is never taken for that of another shot."""

    def __init__(self) -> None:
        self._frame = 0
        self._shots = {"program": "", "preview": ""}
        self._plain = {"program": True, "preview": True}
        self._since = {"program": 0, "preview": 0}

    def hear(self, messages: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """What the state published, in order."""
        for address, args in messages:
            match address, args:
                case "/state/frame", (int(frame), *_):
                    self._frame = frame
                case ("/state/program/shot" | "/state/preview/shot"), (str(shot), *_):
                    self._set(address.split("/")[2], shot, None)
                case "/state/program/transition", (str(kind), *_):
                    self._set("program", None, kind == "cut")
                case "/state/program/ftb", (_, float(amount), *_):
                    self._since["program"] = self._frame if amount else self._since["program"]
                case "/state/preview/rehearsal", (_, str(kind), *_):
                    self._set("preview", None, not kind)

    def _set(self, bus: str, shot: str | None, plain: bool | None) -> None:
        new = (self._shots[bus] if shot is None else shot), (self._plain[bus] if plain is None else plain)
        if new != (self._shots[bus], self._plain[bus]):
            self._shots[bus], self._plain[bus] = new
            self._since[bus] = self._frame

    def showing(self, shot: str) -> tuple[str, range] | None:
        """(bus, program frames) of a bus that shows this shot alone: from when on, and up to where the state is known."""
        for bus, on_it in self._shots.items():
            if on_it == shot and self._plain[bus]:
                return bus, range(self._since[bus], self._frame + 1)
        return None


class Source:
    """What one window follows, and the last it has seen."""

    def __init__(self) -> None:
        self._follower = Follower()
        self._index = 0
        self._size = (0, 0)
        self._planes: Planes | None = None
        self._count = self._seq = 0
        self._taken_ns = 0

    def look(self, ring: str, now_ns: int, size: tuple[int, int], *, delay_ns: int = 0, frames: range | None = None) -> Shown:
        """The ring's newest picture at this size (that of delay_ns ago), if there is a new one; else the last. frames: the program frames
        that are of what is looked for, when not all are."""
        if self._follower.follow(ring, now_ns):
            self._index = 0
        if size != self._size:
            self._size, self._index, self._planes = size, 0, None
        followed = self._follower.ring
        if followed is not None and followed.count:
            frame = followed.before(now_ns - delay_ns) if delay_ns else followed.newest() if frames is None else _newest_of(followed, frames)
            if frame is not None and frame.index != self._index and self.take(frame, delay_ns):
                self._index = frame.index
        age_s = max(0.0, (now_ns - self._taken_ns) / NS) if self._planes is not None else 0.0
        return Shown(self._planes, self._count, age_s)

    def take(self, frame: Frame, delay_ns: int = 0) -> bool:
        """Keep a picture; False when it was overwritten meanwhile."""
        planes = shrunk(frame, self._size)
        if planes is not None:
            self._planes, self._seq, self._count = planes, frame.seq, self._count + 1
            self._taken_ns = frame.capture_ns + delay_ns
        return planes is not None

    def glance(self, frame: Frame) -> None:
        """A picture of the shot that was drawn for its own sake, unless a newer one was on a bus."""
        if frame.seq > self._seq:
            self.take(frame)

    def close(self) -> None:
        self._follower.close()


def _newest_of(ring: FrameRing, frames: range) -> Frame | None:
    """The newest picture of one of these program frames. The state lags a few frames behind the picture."""
    newest = (ring.at(index) for index in range(ring.count, max(0, ring.count - ring.slots + 2), -1))
    return next((f for f in newest if f is not None and f.seq in frames), None)


def shrunk(frame: Frame, size: tuple[int, int]) -> Planes | None:
    """A copy of a picture in the program's codes, as large as it can be within a size (even numbers) in its own shape; None when the writer
    came round meanwhile."""
    fmt = frame.format
    scale = min(size[0] / fmt.width, size[1] / fmt.height)
    width, height = min(size[0], even(fmt.width * scale)), min(size[1], even(fmt.height * scale))
    small = small_planes(frame, width, height)
    if small is None:
        return None
    sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))
    y, u, v = (
        p if p.shape[::-1] == s else cv2.resize(p, s, interpolation=cv2.INTER_LINEAR) for p, s in zip(small, sizes, strict=True)
    )
    return in_program_codes((y, u, v), fmt)  # type: ignore[arg-type]


def _key(window: Window, size: tuple[int, int]) -> str:
    return f"{window.kind} {window.name} {size}"


class Pictures:
    """The pictures of all windows. Owned by one thread."""

    def __init__(self, delay_s: float) -> None:
        self.buses = Buses()
        self._delay_ns = int(delay_s * NS)
        self._sources: dict[str, Source] = {}
        self._glances = Follower()
        self._glanced = 0

    def look(self, windows: Sequence[tuple[Window, tuple[int, int] | None]], view: View, state: State, now_ns: int) -> dict[int, Shown]:
        """By window, from 0. A window's second value is the size of its picture, None for one that has none."""
        shown: dict[int, Shown] = {}
        used = set()
        for n, (window, size) in enumerate(windows):
            if size is None:
                continue
            key = _key(window, size)
            used.add(key)
            source = self._sources.setdefault(key, Source())
            ring, delay_ns, frames = self._ring(window, view, state)
            shown[n] = source.look(ring, now_ns, size, delay_ns=delay_ns, frames=frames)
        for key in self._sources.keys() - used:
            self._sources.pop(key).close()
        self._glance(windows, state, now_ns)
        return shown

    def _glance(self, windows: Sequence[tuple[Window, tuple[int, int] | None]], state: State, now_ns: int) -> None:
        """Hand out the new glances: pictures of shots that are on no bus. They show in the next frame."""
        name, *shots = state.get("/state/rings/glances", ("",))
        if self._glances.follow(str(name), now_ns):
            self._glanced = 0
        ring = self._glances.ring
        if ring is None:
            return
        for index in range(max(self._glanced, ring.count - ring.slots + 2) + 1, ring.count + 1):
            frame = ring.at(index)
            if frame is None or frame.aux[0] >= len(shots):
                continue
            for window, size in windows:
                if size is not None and window.kind is Kind.SHOT and window.name == shots[frame.aux[0]]:
                    self._sources[_key(window, size)].glance(frame)
        self._glanced = ring.count

    def _ring(self, window: Window, view: View, state: State) -> tuple[str, int, range | None]:
        """(ring, delay, the frames that count, None for all). A shot of a set has no ring of its own: while it is alone on a bus, it is seen
        there; else there are glances of it."""
        buses = {"program": view.program_ring, "preview": view.preview_ring}
        if window.kind in buses:
            return buses[window.kind], 0, None
        if window.kind is Kind.FEED:
            return text(state, f"/state/rings/feed/{window.name}"), 0, None
        if camera := window.source or (window.name if window.kind is Kind.SOURCE else ""):
            source = view.source(camera)
            return source.ring if source else "", self._delay_ns, None
        on_bus = self.buses.showing(window.name)
        return (buses[on_bus[0]], 0, on_bus[1]) if on_bus else ("", 0, None)

    def close(self) -> None:
        """Let every ring go; what is seen again is looked for again."""
        for source in self._sources.values():
            source.close()
        self._sources.clear()
        self._glances.close()
        self._glanced = 0
