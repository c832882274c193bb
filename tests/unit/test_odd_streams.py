"""Senders as they are: somebody joins muted; a password is wrong."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from live.base.errors import LoginError, SourceError
from live.base.samples import SAMPLE_RATE
from live.config.picture import PictureConfig
from live.engine.ready import _target
from live.outputs.kinds.rtmp import StreamOutput
from live.shm.memory import ring_name
from live.shm.status import NO_BOARD, StatusBlock
from live.sources import open_reader
from live.sources.kinds.network import NetworkSource
from live.sources.reader import Event, PictureEvent, SoundEvent
from live.sources.srt import completed, listens
from live.sources.worker import pause_s
from live.workers import WorkerContext, _child
from tests.support.media import film


def sent(first: int, count: int, *, sound: bool) -> bytes:
    """MPEG-TS: `count` pictures at 25 a second from number `first` on."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mpegts") as out:
        stream: Any = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        voice: Any = out.add_stream("mp2", rate=SAMPLE_RATE, layout="mono") if sound else None
        for n in range(first, first + count):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64), 16 + n % 200, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            out.mux(stream.encode(frame))
            if voice is not None:
                wave = (8000 * np.sin(np.arange(1920) / 8)).astype(np.int16)[None]
                block = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
                block.sample_rate, block.pts = SAMPLE_RATE, n * 1920
                out.mux(voice.encode(block))
        out.mux(stream.encode())
    return buffer.getvalue()


@contextmanager
def sender(serve: Callable[[socket.socket, int], None]) -> Iterator[int]:
    """A sender on loopback: serve(peer, number of the connection). Gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            number = 0
            while True:
                try:
                    peer, _ = server.accept()
                    with peer:
                        serve(peer, number)
                except OSError:
                    if server.fileno() < 0:
                        return
                number += 1

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5.0)
    assert not thread.is_alive()


def events(url: str) -> Iterator[Event]:
    return iter(open_reader(NetworkSource(name="guest", kind="network", url=url), PictureConfig(), 1).events())


def test_somebody_who_joined_muted_is_heard_once_they_speak() -> None:
    """On the same connection, without a picture lost: the sender notices nothing."""
    muted, speaking = sent(0, 75, sound=False), sent(75, 100, sound=True)
    calls: list[int] = []

    def serve(peer: socket.socket, number: int) -> None:
        calls.append(number)
        peer.sendall(muted + speaking)

    with sender(serve) as port:
        seen: list[Event] = []
        with pytest.raises(SourceError, match="guest: the sender ended the stream; waiting for it to come back"):
            for event in events(f"tcp://127.0.0.1:{port}"):
                seen.append(event)
    pictures = [e.pts_ns for e in seen if isinstance(e, PictureEvent)]
    sounds = [e for e in seen if isinstance(e, SoundEvent)]
    assert calls == [0]
    assert len(pictures) == 175
    assert {b - a for a, b in itertools.pairwise(pictures)} == {40_000_000}
    assert abs(sounds[0].pts_ns - pictures[75]) < 100_000_000
    assert sum(len(s.samples) for s in sounds) > 3.8 * SAMPLE_RATE


def test_a_wrong_password_is_said_in_words() -> None:
    def serve(peer: socket.socket, number: int) -> None:
        while request := peer.recv(4096).decode():
            lines = dict(line.split(": ", 1) for line in request.split("\r\n")[1:] if ": " in line)
            said, more = "401 Unauthorized", 'WWW-Authenticate: Basic realm="cam"'
            if request.startswith("OPTIONS"):
                said, more = "200 OK", "Public: DESCRIBE"
            peer.sendall(f"RTSP/1.0 {said}\r\nCSeq: {lines['CSeq']}\r\n{more}\r\n\r\n".encode())

    with sender(serve) as port:
        with pytest.raises(LoginError) as caught:
            next(events(f"rtsp://cam:wrong@127.0.0.1:{port}/s"))
    assert "the name or the password is not accepted" in str(caught.value) and "wrong@" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["rtsp", "http", "tcp", "srt"])
@pytest.mark.parametrize("password", ["p[w", "p\uff1aw", "p%w"])
def test_whatever_a_password_is_made_of_the_address_is_named_and_nothing_secret(scheme: str, password: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(SourceError) as caught:
            next(events(f"{scheme}://me:{password}@{where}/?mode=caller"))
    assert where in str(caught.value) and password not in str(caught.value)


def test_a_listener_is_known_whatever_its_address_is_made_of() -> None:
    assert listens("srt://me:p[w@0.0.0.0:1?mode=listener") and "listen_timeout" in completed("srt://[x?mode=listener")
    assert not listens("srt://0.0.0.0:1?mode=caller") and not listens("srt://h:1")


def test_an_address_that_cant_be_read_is_not_quoted() -> None:
    bad = StreamOutput.model_construct(name="air", url="rtmp://me:p\uff1aw@h/live/key")
    assert not (answer := _target(bad)).ok and not {"p\uff1aw", "key"} & set(re.split("[:@/ ]", answer.words))


def _breaks(spec: str, ctx: WorkerContext) -> None:
    raise RuntimeError(f"{spec} broke")


def test_what_a_worker_dies_of_is_told_without_secrets() -> None:
    interrupted = signal.getsignal(signal.SIGINT)
    with closing(StatusBlock(ring_name("t"), create=True)) as status:
        try:
            with pytest.raises(RuntimeError):
                _child(f"{__name__}:_breaks", "rtsp://me:secret@h/door", status.name, NO_BOARD, 0)
        finally:
            signal.signal(signal.SIGINT, interrupted)
        assert [m.text for m in status.messages()] == ["RuntimeError: rtsp://h/*** broke"]


def test_a_login_is_tried_again_seldom_and_all_else_soon() -> None:
    assert [pause_s(SourceError("a", "b", "c"), n) for n in range(6)] == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    assert {pause_s(LoginError("a", "b", "c"), n) for n in range(6)} == {60.0}


@contextmanager
def web(folder: Path) -> Iterator[str]:
    """A web server on loopback that serves a folder; what is called `secret` wants a login."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def do_GET(self) -> None:
            if "secret" not in self.path:
                super().do_GET()
                return
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="cam"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5.0)


def pictures_of(url: str) -> list[int]:
    return [e.pts_ns for e in events(url) if isinstance(e, PictureEvent)]


def test_a_list_and_a_film_over_http_end_where_they_end(tmp_path: Path) -> None:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for n in range(2):
        (tmp_path / f"part{n}.ts").write_bytes(sent(n * 50, 50, sound=True))
        lines += ["#EXTINF:2.0,", f"part{n}.ts"]
    (tmp_path / "vod.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    film(tmp_path / "film.mp4", 40, tone_hz=None)
    shutil.copy(tmp_path / "film.mp4", tmp_path / "called_otherwise")
    with web(tmp_path) as url:
        listed = pictures_of(f"{url}/vod.m3u8")
        assert len(listed) == 100 and all(abs(b - a - 40e6) < 15e6 for a, b in itertools.pairwise(listed))
        assert len(pictures_of(f"{url}/film.mp4")) == 40
        assert len(pictures_of(f"{url}/called_otherwise")) == 40, "known by its beginning"


def test_what_a_web_server_refuses_or_has_not_is_said(tmp_path: Path) -> None:
    with web(tmp_path) as url:
        for name in ("secret.m3u8", "secret.ts"):
            with pytest.raises(LoginError, match="the name or the password is not accepted"):
                pictures_of(f"{url}/{name}")
        with pytest.raises(SourceError, match=r"127.0.0.1:\d+ has no such stream \(404\)"):
            pictures_of(f"{url}/none.ts")


def test_another_size_and_another_codec_in_mid_stream_are_seen() -> None:
    def coded(codec: str, size: tuple[int, int], first: int) -> bytes:
        buffer = io.BytesIO()
        with av.open(buffer, "w", format="mpegts") as out:
            stream: Any = out.add_stream(codec, rate=25, options={"g": "10"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for n in range(first, first + 50):
                frame = av.VideoFrame.from_ndarray(np.full((size[1] * 3 // 2, size[0]), 90, np.uint8), format="yuv420p")
                frame.pts, frame.time_base = n, Fraction(1, 25)
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        return buffer.getvalue()

    def serve(peer: socket.socket, number: int) -> None:
        peer.sendall(coded("libx264", (64, 64), 0) + coded("libx264", (128, 64), 50))
        peer.sendall(coded("mpeg2video", (128, 96), 100))

    seen: list[tuple[int, int]] = []
    with sender(serve) as port, pytest.raises(SourceError, match="the sender ended the stream"):
        for event in events(f"tcp://127.0.0.1:{port}"):
            if isinstance(event, PictureEvent):
                seen.append((event.format.width, event.format.height))
    assert [seen.count(size) for size in ((64, 64), (128, 64), (128, 96))] == [50, 50, 50]
