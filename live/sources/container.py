"""Media files, and what streams have in common with them, through libav (PyAV)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from heapq import merge
from itertools import count
from pathlib import Path
from typing import Any

import av
import av.error

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.packets import demuxed
from live.base.samples import SAMPLE_RATE
from live.config.picture import PictureConfig
from live.config.source import MOST_OF_TRACK
from live.sound.steady import Steady
from live.sound.stereo import Stereo
from live.sources.develop import Developer, decoder_of, pictures_of, rate_of
from live.sources.opening import is_picture, opened
from live.sources.reader import Event, PictureEvent, SoundEvent
from live.sources.timing import Joins, Timing

_MAX_ERRORS = 100
_BREAKING = {"mpegts", "mpeg", "flv"}  # times leap in them
_STANDING_HZ = 2
_LOOK_EVERY = 25  # packets: once a second, about


class ContainerReader(ABC):
    """Video and sound of a file or a stream. Damaged packets are skipped; a container that can't be read is a
    SourceError.
    """

    realtime: bool
    loop = False
    stamped = False
    _premultiplied = False
    advice: str  # to whoever finds that it can't be opened

    def __init__(self, name: str, url: str, picture: PictureConfig, track: int | None, *, downmix: bool = True) -> None:
        """track: which sound of several, from 1 on; the first by itself. downmix: more channels than two become two."""
        self._downmix = downmix
        self._name, self._url, self._track = name, url, track
        self._limit = (max(picture.width, 1920), max(picture.height, 1088))
        self._rate_hz = picture.rate_hz
        self._joins = Joins()

    def events(self) -> Iterator[Event]:
        """Pictures and sound as they lie in the container."""
        shown = False
        for event in self._pass():
            shown = True
            yield event
        self._end(shown=shown)

    def _end(self, *, shown: bool) -> None:
        if not shown:
            raise SourceError(self._name, "holds nothing that can be decoded", "give another file")

    def _pass(self, only: str = "") -> Iterator[Event]:
        """One way through it. only: "video" or "audio", "" for both; their times stay those of both."""
        with ExitStack() as stack:
            try:
                container = stack.enter_context(self._open())
            except (av.error.FFmpegError, OSError, ValueError) as error:
                raise self._not_opened(error) from None
            streams = [s for s in (next(iter(pictures_of(container)), None), self._sound_of(container)) if s]
            if not streams:
                raise SourceError(self._name, "has neither picture nor sound", "give another file")
            streams = [s for s in streams if s.codec_context is not None]  # a drawing's has none
            if not streams:
                raise SourceError(self._name, "holds nothing that can be decoded", "give another file")
            for stream in streams:
                # One thread: a second one hides 1-2 frames of latency and costs CPU that the render loop needs.
                stream.codec_context.thread_type = "NONE"
            start_ns, streams = self._start_ns(streams), [s for s in streams if not only or s.type == only]
            if streams:
                yield from self._decode(container, streams, start_ns)

    def _not_opened(self, error: Exception) -> SourceError:
        return SourceError(self._name, f"can't be opened ({reason_of(error)})", self.advice)

    def _broke_off(self, error: Exception) -> SourceError:
        return SourceError(self._name, f"broke off ({reason_of(error)})", "opening it again")

    def _start_ns(self, streams: list[Any]) -> int:
        """The time stamp that its time 0 has."""
        starts = [int(s.start_time * s.time_base * NS) for s in streams if s.start_time is not None]
        return min(starts, default=0)

    @abstractmethod
    def _open(self) -> Any:
        """The container, as a context manager. Raises av.error.FFmpegError, OSError, ValueError or SourceError."""

    def _sound_of(self, container: Any) -> Any:
        tracks = container.streams.audio
        if self._track is not None and self._track > len(tracks):
            raise SourceError(self._name, f"has no sound track {self._track}", f"it has {len(tracks)}; mend `track`")
        return next(iter(tracks[(self._track or 1) - 1 :]), None)

    def _decode(self, container: Any, streams: list[Any], start_ns: int) -> Iterator[Event]:
        stereo, steady = Stereo(downmix=self._downmix), Steady()
        video = next((s for s in streams if s.type == "video"), None)
        developer = (
            None if video is None else Developer(video, self._limit, self._rate_hz, premultiplied=self._premultiplied)
        )
        decode = {s.index: decoder_of(s) for s in streams}
        leaps = bool(_BREAKING & set(container.format.name.split(",")))
        timing = {s.index: Timing(self._joins, leaps=leaps, pictures=s.type == "video") for s in streams}
        shown = errors = 0
        try:
            for number, packet in enumerate(demuxed(container, *streams)):
                if number % _LOOK_EVERY == 0 and (more := self._has_more(container)):
                    raise SourceError(
                        self._name,
                        f"has {more} now",
                        f"opening it again to {'hear it' if more == 'sound' else 'see them'}",
                    )
                try:
                    frames = decode[packet.stream.index](packet)
                except av.error.InvalidDataError:
                    errors += 1
                    if errors > _MAX_ERRORS and not shown:
                        break
                    continue
                for frame in frames:
                    if frame.pts is None and isinstance(frame, av.AudioFrame):
                        continue
                    pts_ns = None if frame.pts is None else int(frame.pts * frame.time_base * NS) - start_ns
                    pts_ns = timing[packet.stream.index].at(pts_ns, _lasts_ns(packet.stream, frame))
                    if isinstance(frame, av.VideoFrame) and developer is not None:
                        shown += 1
                        for at_ns, whole in developer.arrive(frame, pts_ns):
                            yield _event(developer, at_ns, whole, _length_ns(frame) if whole is frame else 0)
                    else:
                        shown += 1
                        for samples in stereo.blocks(frame):
                            if samples.shape[1] > MOST_OF_TRACK:
                                self._hears_less(samples.shape[1])
                                samples = samples[:, :MOST_OF_TRACK]
                            yield SoundEvent(steady.at(pts_ns, len(samples)), samples)
                            pts_ns += len(samples) * NS // SAMPLE_RATE
            if developer is not None:
                for at_ns, whole in developer.rest():
                    yield _event(developer, at_ns, whole)
        except (av.error.FFmpegError, OSError) as error:
            raise self._broke_off(error) from None

    @abstractmethod
    def _hears_less(self, channels: int) -> None:
        """It has so many channels, more than there is room for: those behind aren't heard."""

    def _has_more(self, container: Any) -> str:
        """What has come that wasn't there when it was opened, and is worth opening it again; "" for nothing."""
        return ""


def _event(developer: Developer, at_ns: int, frame: av.VideoFrame, length_ns: int = 0) -> PictureEvent:
    made = developer.develop(frame)
    return PictureEvent(at_ns, made.format, made.write, length_ns)


def _lasts_ns(stream: Any, frame: Any) -> int:
    """How long a picture or a block of sound lasts, about."""
    return int(NS / rate_of(stream) if isinstance(frame, av.VideoFrame) else frame.samples * NS / frame.sample_rate)


def _length_ns(frame: av.VideoFrame) -> int:
    return int(frame.duration * frame.time_base * NS) if frame.duration and frame.time_base else 0


class FileReader(ContainerReader):
    """A file, paced by its own timestamps."""

    realtime = False
    advice = "check the file; trying again"

    def __init__(
        self,
        name: str,
        path: Path,
        picture: PictureConfig,
        track: int | None = None,
        *,
        loop: bool,
        downmix: bool = True,
        premultiplied: bool = False,
    ) -> None:
        """premultiplied: see Developer."""
        super().__init__(name, str(path), picture, track, downmix=downmix)
        self.loop, self._premultiplied = loop, premultiplied

    def events(self) -> Iterator[Event]:
        """Picture and sound each by a container of its own, in the order of their times: where in a file the sound of
        a picture lies is for the file to say, and in our own recordings it lies up to two seconds behind."""
        shown = False
        if self.loop and is_picture(Path(self._url)):
            yield from self._standing()
        self._joins = Joins()
        for event in merge(self._pass("video"), self._pass("audio"), key=_time_of):
            shown = True
            yield event
        self._end(shown=shown)

    def _standing(self) -> Iterator[Event]:
        """A picture is read once, and repeated often enough to be known alive."""
        first = next((e for e in self._pass("video") if isinstance(e, PictureEvent)), None)
        if first is not None:
            for n in count():
                yield replace(first, pts_ns=n * NS // _STANDING_HZ)

    def _hears_less(self, channels: int) -> None:
        """`live check` says so."""

    def _open(self) -> Any:
        try:
            return opened(Path(self._url))
        except av.error.FFmpegError:
            raise
        except ValueError as error:
            raise SourceError(self._name, str(error), self.advice) from None


def _time_of(event: Event) -> int:
    return event.pts_ns if isinstance(event, PictureEvent | SoundEvent) else 0


def tracks_in(path: Path) -> int:
    """How many sound tracks a file has. Raises OSError and ValueError."""
    try:
        with opened(path) as container:
            count: int = len(container.streams.audio)
            return count
    except av.error.FFmpegError as error:
        raise ValueError(reason_of(error)) from None


def reason_of(error: Exception) -> str:
    """libav's own words, without the path it repeats: a URL may hold a password."""
    return str(getattr(error, "strerror", None) or type(error).__name__)


def channels_in(path: Path, track: int | None = None) -> int:
    """How many channels a sound track of a file has; 0 for none. Raises OSError and ValueError."""
    try:
        with opened(path) as container:
            tracks = container.streams.audio[(track or 1) - 1 :]
            return int(tracks[0].channels) if tracks else 0
    except av.error.FFmpegError as error:
        raise ValueError(reason_of(error)) from None
