"""What every source gives: pictures and sound as events on the medium's own time line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from live.base.clock import NS
from live.base.errors import LiveError, SourceError
from live.base.files import read_start, words_of
from live.base.readers import touch
from live.base.samples import SAMPLE_RATE
from live.config.base import Wrong
from live.config.picture import PictureConfig
from live.picture.format import U8, PictureFormat
from live.sources.camera_board import CameraTold
from live.sources.device_board import DeviceTold


@dataclass(frozen=True)
class PictureEvent:
    """A picture at `pts_ns`. `write(out)` fills a buffer of `format.size` bytes; it may be called once, soon.
    length_ns: how long it is shown, 0 where that isn't said."""

    pts_ns: int
    format: PictureFormat
    write: Callable[[U8], None]
    length_ns: int = 0


@dataclass(frozen=True)
class SoundEvent:
    """Sound from `pts_ns` on: float32 (n, channels) at 48 kHz. sample: the number of the first one on the machine's
    time line, where that is known to the sample."""

    pts_ns: int
    samples: npt.NDArray[np.float32]
    sample: int | None = None


@dataclass(frozen=True)
class Waiting:
    """Nothing has come for a while: whoever reads may see to other things, and asks again."""


Event = PictureEvent | SoundEvent | Waiting | DeviceTold | CameraTold


class Reader(Protocol):
    """One source, opened each time `events` is called.

    realtime: the medium sets the pace (a camera, a stream); False: timestamps do, and whoever reads may wait or hurry.
    loop: `events` may be called again when it has ended, and the time line goes on. stamped: its times are the
    machine's own.
    """

    realtime: bool
    loop: bool
    stamped: bool

    def events(self) -> Iterator[Event]:
        """One pass through the medium. Raises SourceError when it can't be opened or breaks."""
        ...


@runtime_checkable
class Closable(Protocol):
    """A reader that may be read in a thread."""

    def events(self) -> Iterator[Event]:
        """As of every reader."""
        ...

    def close(self) -> None:
        """End what `events` waits for, from another thread, as far as that can be done."""
        ...


class StillWaiting(SourceError):
    """Nobody has called so far, which is no fault."""


class Streamed(ABC):
    """A reader of what comes over a network: it is read in a thread, and held so that uneven arrival doesn't show.

    sender_waits: it can be made to wait (a file over http); None: that will be seen. called: others call us: who has
    gone may be back at once. said: what there is to say beside its errors; from its thread.
    """

    sender_waits: bool | None
    called: bool
    said: deque[str]

    @abstractmethod
    def events(self) -> Iterator[Event]:
        """As of every reader."""

    @abstractmethod
    def close(self) -> None:
        """End what `events` waits for, from another thread, as far as that can be done."""


class Readable(ABC):
    """A source that a reader reads."""

    @abstractmethod
    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        """Opening is lazy: a fault shows as SourceError from its `events`. picture: the program's. seed: of everything
        random.
        """


def wrong_with(source: Readable, path: Path) -> Iterator[Wrong]:
    """What is wrong with a source's file, by opening it as far as its first picture or sound. Always one line."""
    try:
        touch(path)
        read_start(path)
        next(iter(source.reader(PictureConfig(), 0).events()), None)
    except LiveError as error:
        yield Wrong("path", f"{path}: {error.cause}", "give another file; a show runs without it")
    except OSError as error:
        yield Wrong("path", f"{path} can't be read ({words_of(error)})", "give another file; a show runs without it")
    except Exception as error:  # a library's own, of a file that nobody thought of
        cause = f"{path} can't be read ({type(error).__name__}: {error})"
        yield Wrong("path", cause, "give another file; a show runs without it")


def play(reader: Reader) -> Iterator[Event]:
    """The events of a reader, looped if it loops, on one time line that only grows.

    The length of a pass is where its picture and its sound have both ended, so that they stay together over many loops.
    """
    offset_ns = 0
    while True:
        end_ns, gap_ns, last_ns = 0, 0, None
        for event in reader.events():
            if isinstance(event, PictureEvent):
                if last_ns is not None:
                    gap_ns = event.pts_ns - last_ns
                last_ns = event.pts_ns
                end_ns = max(end_ns, event.pts_ns + (event.length_ns or gap_ns))
                yield replace(event, pts_ns=event.pts_ns + offset_ns)
            elif isinstance(event, Waiting | DeviceTold | CameraTold):
                yield event
            else:
                end_ns = max(end_ns, event.pts_ns + len(event.samples) * NS // SAMPLE_RATE)
                yield SoundEvent(event.pts_ns + offset_ns, event.samples)
        if not reader.loop or end_ns <= 0:
            return
        offset_ns += end_ns
