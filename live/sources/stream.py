"""Streams that are pulled, through libav (PyAV); SRT through ffmpeg."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import av
import av.error
import av.logging

from live.base.errors import LoginError, SourceError
from live.config.picture import PictureConfig
from live.config.source import less_heard
from live.sources.container import ContainerReader, reason_of
from live.sources.parts import Cutter, Whole, cutter_of
from live.sources.reader import Event, Streamed
from live.sources.srt import SrtBytes, address_of, listens

OPEN_S, READ_S = 5.0, 2.0
WEB_OPEN_S, WEB_READ_S = 10.0, 30.0  # a list is asked for again and again, and a part of it comes every 2 to 10 s
_BEGIN = 16_384  # bytes that say what a stream is
_SEEKS = (".m3u8", ".m3u", ".mpd", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi")
_LISTS = ("hls", "dash")

# Little probing: a live input should show its first picture soon. RTSP over TCP: no holes in the picture.
_PROBING = {"analyzeduration": "700000", "flags": "low_delay"}
_RTSP = {**_PROBING, "rtsp_transport": "tcp"}
_WEB = {"analyzeduration": "1000000", "reconnect": "1", "reconnect_streamed": "1", "reconnect_delay_max": "2"}
_BYTES = {"raw_packet_size": "65536"}
_UDP = {**_BYTES, "overrun_nonfatal": "1", "fifo_size": "60000"}


class Bytes(Protocol):
    """What a stream's bytes come from."""

    def read(self) -> bytes:
        """The next; b"" at the end. Raises av.error.FFmpegError, OSError and SourceError."""
        ...

    def close(self) -> None: ...


class LibavBytes:
    """The bytes of a url, by libav's protocols: tcp, udp, http, rtmp."""

    def __init__(self, url: str) -> None:
        web = url.startswith("http")
        limits = (WEB_OPEN_S, WEB_READ_S) if web else (OPEN_S, READ_S)
        options = _UDP if url.startswith("udp") else _BYTES
        self._container: Any = av.open(url, format="data", timeout=limits, options=options)
        self._packets = self._container.demux()

    def read(self) -> bytes:
        for packet in self._packets:
            if packet.size:
                return bytes(packet)
        return b""

    def close(self) -> None:
        self._container.close()


class Feed:
    """The bytes of a stream as libav reads them, one part after the other."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self._cutter: Cutter = Whole()
        self._ready = deque[bytes]()
        self._part_over = False
        self.ended = False

    def begin(self) -> bytes:
        """The first bytes; they will be read all the same."""
        begin = b""
        while len(begin) < 2 * 188 and not self.ended:
            data = self._source.read()
            self.ended = not data
            begin += data
        self._cutter = cutter_of(begin)
        self._ready.extend(self._cutter.feed(begin))
        return begin

    def next_part(self) -> bool:
        """Is there another part? It can be read then."""
        self._part_over = False
        return bool(self._ready) or not self.ended

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b"" where the part ends. libav asks more than once whether it has."""
        if self._part_over:
            return b""
        while not self._ready and not self.ended:
            data = self._source.read()
            self.ended = not data
            self._ready.extend(self._cutter.feed(data))
        data = self._ready.popleft() if self._ready else b""
        self._part_over = not data
        if len(data) > size:
            self._ready.appendleft(data[size:])
        return data[:size]


class StreamReader(ContainerReader, Streamed):
    """A stream that is pulled; its sender sets the pace, unless it can be made to wait."""

    realtime = True
    advice = "check the sender; trying again"

    def __init__(self, name: str, url: str, picture: PictureConfig, track: int | None, *, downmix: bool = True) -> None:
        super().__init__(name, url, picture, track, downmix=downmix)
        scheme = url.partition("://")[0]
        self.sender_waits = True if scheme.startswith("http") else None if scheme == "tcp" else False
        self.said = deque[str]()
        self.called = scheme == "srt" and listens(url)
        self._where = address_of(url)
        self._close: Callable[[], None] = lambda: None
        self._feed: Feed | None = None
        self._first_ns: int | None = None
        self._finite = self._told_less = False
        self.closed = False

    def events(self) -> Iterator[Event]:
        shown = False
        self._feed = self._first_ns = None
        if not self._url.startswith(("rtsp", "rtp")) and not self._seeks():
            with self._bytes() as feed:
                if not self._is_list(feed):
                    while feed.next_part() and not self.closed:
                        for event in self._pass():
                            shown = True
                            yield event
                    self._end(shown=shown)
                    return
        self._feed = None
        for event in self._pass():
            shown = True
            yield event
        if shown and self._finite:
            return
        self._end(shown=shown)

    def close(self) -> None:
        """End what is being waited for, from another thread."""
        self.closed = True
        self._close()

    def _seeks(self) -> bool:
        """Does its address say that libav has to look for what it wants in it?"""
        return self._url.startswith("http") and re.split("[?#]", self._url)[0].lower().endswith(_SEEKS)

    @contextmanager
    def _bytes(self) -> Iterator[Feed]:
        source: Bytes
        try:
            if self._url.startswith("srt"):
                if self.called:
                    self.said.append(f"waits for a caller at {self._where}")
                source = srt = SrtBytes(self._name, self._url, self.said)
                self._close = srt.stop
            else:
                source = LibavBytes(self._url)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise self._not_opened(error) from None
        try:
            self._feed = Feed(source)
            yield self._feed
        finally:
            self._close = lambda: None
            source.close()

    def _is_list(self, feed: Feed) -> bool:
        """Is it, after all, what libav opens by itself: a list, or a film that is to be sought in?"""
        try:
            begin = feed.begin()
        except (av.error.FFmpegError, OSError) as error:
            raise self._silent(error) from None
        if not begin:
            raise SourceError(self._name, f"{self._where} answers, and ends at once", self.advice)
        text = begin.lstrip()[:200]
        return self._url.startswith("http") and (
            text.startswith(b"#EXTM3U") or b"<MPD" in text or begin[4:8] in (b"ftyp", b"moov")
        )

    def _open(self) -> Any:
        if self._feed is not None:
            return av.open(self._feed, options=_PROBING)
        if self._url.startswith("http"):
            container = av.open(self._url, timeout=(WEB_OPEN_S, WEB_READ_S), options=_WEB)
        else:
            container = av.open(self._url, timeout=(OPEN_S, READ_S), options=_RTSP)
        self._finite = container.format.name.split(",")[0] in _LISTS or container.duration is not None
        return container

    def _start_ns(self, streams: list[Any]) -> int:
        """Of its first part: the others go on."""
        if self._first_ns is None:
            self._first_ns = super()._start_ns(streams)
        return self._first_ns

    def _end(self, *, shown: bool) -> None:
        if shown:
            raise SourceError(self._name, "the sender ended the stream", "waiting for it to come back")
        raise SourceError(self._name, "what comes is nothing that can be decoded", self.advice)

    def _not_opened(self, error: Exception) -> SourceError:
        if self._feed is not None:
            return self._silent(error)
        where, check = self._where, "check the address and the sender; trying again"
        if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
            action = "mend the url; trying again only once a minute, so that a camera doesn't lock the right one out"
            return LoginError(self._name, "the name or the password is not accepted", action)
        if isinstance(error, av.error.HTTPNotFoundError):
            return SourceError(self._name, f"{where} has no such stream (404)", "check the path; trying again")
        if isinstance(error, av.error.ConnectionRefusedError):
            return SourceError(self._name, f"nobody listens at {where}", check)
        if isinstance(error, av.error.ExitError | av.error.TimeoutError):
            return SourceError(self._name, f"no answer from {where} in {OPEN_S:g} s", check)
        return SourceError(self._name, f"can't be opened ({reason_of(error)})", self.advice)

    def _silent(self, error: Exception) -> SourceError:
        """It answered."""
        if isinstance(error, av.error.ExitError | av.error.TimeoutError):
            return SourceError(self._name, f"{self._where} answers, and sends nothing", self.advice)
        if isinstance(error, av.error.InvalidDataError | EOFError):
            return SourceError(self._name, "what comes is nothing that can be decoded", self.advice)
        return self._broke_off(error)

    def _broke_off(self, error: Exception) -> SourceError:
        if isinstance(error, av.error.ExitError | av.error.TimeoutError):
            return SourceError(self._name, f"nothing comes from {self._where} any more", "opening it again")
        return super()._broke_off(error)

    def _hears_less(self, channels: int) -> None:
        if not self._told_less:
            self._told_less = True
            self.said.append(less_heard(channels))

    def _has_more(self, container: Any) -> str:
        """What libav alone knows of a stream it has opened by itself: the sound of somebody who joined muted; the
        pictures of one that was joined between two key pictures. PyAV keeps the list of streams as it was; what libav
        knows of them is only in what it prints.
        """
        streams = container.streams
        lacking = {"Audio": "sound"} if not streams.audio else {} if streams.video else {"Video": "pictures"}
        if self._feed is not None or not lacking:
            return ""
        level = av.logging.get_level()
        av.logging.set_level(av.logging.INFO)
        try:
            printed = container.dumps_format()
            return next((words for kind, words in lacking.items() if f": {kind}:" in printed), "")
        finally:
            av.logging.set_level(level)
