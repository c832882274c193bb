"""The feeds of a show: one name, one ring, one size and rate each. One that nobody uses is not drawn.

`FeedDesk` is what a show's state knows of them; `Feeds` is their shared memory. Frame n of a ring is the feed's frame n
at its own rate, due at its capture time; for the feeds of the program's rate that is program frame n.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from live.config.load import Show
from live.config.picture import PictureConfig
from live.engine.sound import Sound
from live.outputs.worker import BLACK_UNIT
from live.picture.format import PictureFormat
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.sound.film_sound import SILENT

FEED_SLOTS = 24  # 0.8 s at 30: what an encoder may fall behind before it loses a frame


class Sink(Protocol):
    """Where the frames of a feed go."""

    def slot(self, size: int) -> Any: ...

    def publish(
        self, fmt: PictureFormat, frame: int, time_ns: int, sound: Sound, black: float, film: tuple[int, int] = SILENT
    ) -> None:
        """black: how far it is faded to black; the sound that goes with it is as far faded. film: which of the rig's
        stingers it shows (from 1 on; 0 none), and which frame of it: it is heard with it."""
        ...

    def newest(self) -> Frame | None:
        """Of a feed that is made elsewhere."""
        ...


class FeedSinks(Protocol):
    """Where every feed goes. used: those that are always wanted, now."""

    @property
    def used(self) -> Collection[str]: ...

    def sink(self, name: str) -> Sink: ...


class RingSink:
    """Frames of a feed into shared memory."""

    def __init__(self, ring: FrameRing) -> None:
        self.ring = ring

    def slot(self, size: int) -> Any:
        return self.ring.slot(size)

    def publish(
        self, fmt: PictureFormat, frame: int, time_ns: int, sound: Sound, black: float, film: tuple[int, int] = SILENT
    ) -> None:
        self.ring.commit(fmt, capture_ns=time_ns, seq=frame, aux=(round(black * BLACK_UNIT), *film, 0))

    def newest(self) -> Frame | None:
        return self.ring.newest()


class Feeds:
    """The rings of every feed. They belong to whoever made this; a slot that no picture has been in costs no memory."""

    def __init__(self, show: Show) -> None:
        self.used: set[str] = set()  # the feeds that outputs take: always drawn
        self._pictures = show.rig.feeds
        self._rings = {name: _ring(picture) for name, picture in self._pictures.items()}

    @property
    def names(self) -> list[str]:
        return list(self._rings)

    def ring(self, name: str) -> FrameRing:
        return self._rings[name]

    def picture(self, name: str) -> PictureConfig:
        """Its size and rate."""
        return self._pictures[name]

    def sink(self, name: str) -> RingSink:
        return RingSink(self._rings[name])

    def use(self, name: str) -> None:
        """An encoder takes it from now on."""
        self.used.add(name)

    def release(self, name: str) -> None:
        """None does any more."""
        self.used.discard(name)

    def close(self) -> None:
        for ring in self._rings.values():
            ring.close()


def _ring(picture: PictureConfig) -> FrameRing:
    return FrameRing(ring_name("feed"), capacity=picture.width * picture.height * 3 // 2, slots=FEED_SLOTS)
