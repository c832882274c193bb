"""SRT, which PyAV's wheel lacks: received by an ffmpeg program, whose pipe gives the bytes as they came.

The program is the one of the package imageio-ffmpeg if it is installed (extra `srt`), else the system's `ffmpeg`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections import deque
from typing import IO
from urllib.parse import parse_qs, urlsplit

from live.base.errors import LoginError, SourceError
from live.sources.reader import StillWaiting

# A URL that may hold a secret (a passphrase, a stream id) comes by standard input, as a list of one: an argument would
# show it to everybody who asks for the list of processes. A list is opened by a demuxer, so what comes out is MPEG-TS
# made anew; without one the bytes come out as they are.
_NO_SECRETS = {"mode", "timeout", "listen_timeout", "connect_timeout", "latency", "rcvlatency", "peerlatency"}
_PLAIN = ("-f", "data", "-i")
_LISTED = ("-protocol_whitelist", "pipe,srt", "-f", "concat", "-safe", "0", "-i", "pipe:0")
_RAW_OUT = ("-map", "0", "-c", "copy", "-f", "data", "pipe:1")
_TS_OUT = ("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "mpegts", "pipe:1")
SILENCE_US = 3_000_000  # without a packet for so long ffmpeg ends
LISTEN_US = 20_000_000  # a listener listens anew after so long: one whose worker was killed doesn't keep the port
_READ = 65_536
_REFUSED = re.compile(r"BADSECRET|UNSECURE|Incorrect passphrase|Password required", re.IGNORECASE)
_REJECTED = re.compile(r"rsp\(REJECT\)|REJECT reported", re.IGNORECASE)

PASSPHRASE = "the passphrase is not accepted: it is not the same on both sides"


def ffmpeg_program() -> str | None:
    """An ffmpeg that may speak SRT."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


def listens(url: str) -> bool:
    """Do others call us?"""
    return parse_qs(url.partition("?")[2]).get("mode", [""])[-1] == "listener"


def completed(url: str) -> str:
    """With limits to how long it is silent, or waits, where the url says none."""
    wanted = {"timeout": SILENCE_US} | ({"listen_timeout": LISTEN_US} if listens(url) else {})
    given = parse_qs(url.partition("?")[2])
    for key, value in wanted.items():
        if key not in given:
            url += f"{'&' if '?' in url else '?'}{key}={value}"
    return url


def may_hold_secret(url: str) -> bool:
    """Has it a user, or anything in its query that isn't known to be none?"""
    address, _, query = url.partition("?")
    return "@" in address or any(part.partition("=")[0] not in _NO_SECRETS for part in query.split("&") if part)


def arguments(url: str) -> tuple[tuple[str, ...], bytes]:
    """What ffmpeg is started with, and what it is told by its standard input."""
    if not may_hold_secret(url):
        return (*_PLAIN, url, *_RAW_OUT), b""
    quoted = url.replace("'", "'\\''")
    told = f"ffconcat version 1.0\nfile '{quoted}'\noption analyzeduration 300000\n"
    return (*_LISTED, *_TS_OUT), told.encode()


class SrtBytes:
    """What comes from an SRT url. said: what whoever calls us did wrong, once each. Raises SourceError when there is no
    ffmpeg. To be closed."""

    def __init__(self, name: str, url: str, said: deque[str]) -> None:
        program = ffmpeg_program()
        if program is None:
            raise SourceError(name, "SRT needs ffmpeg, which is not installed", "install ffmpeg, or live-show[srt]")
        self._name, self._url, self._said = name, url, said
        self._refused = False
        self._errors = deque[str](maxlen=20)
        self.began = False
        self.closed = False
        given, told = arguments(completed(url))
        options = () if told else ("-nostdin",)
        self._process = subprocess.Popen(
            [program, *options, "-loglevel", "error", *given],
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stderr is not None
        self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()
        if told and self._process.stdin is not None:
            try:
                with self._process.stdin as to:
                    to.write(told)
            except BrokenPipeError:
                pass

    def _listen(self, errors: IO[bytes]) -> None:
        """What ffmpeg, and the library in it, print."""
        for raw in errors:
            line = raw.decode("utf-8", "replace")
            self._errors.append(line)
            if _REFUSED.search(line) and listens(self._url) and not self._refused:
                self._refused = True
                self._said.append(PASSPHRASE)

    def read(self) -> bytes:
        """The next bytes; b"" when the caller has gone and another may come. Raises SourceError and LoginError."""
        assert self._process.stdout is not None
        data: bytes = self._process.stdout.read(_READ) or b""
        if data or self.closed:
            self.began |= bool(data)
            return data
        self._process.wait()
        self._listener.join(1.0)
        raise self._why()

    def _why(self) -> SourceError:
        """Why it ended."""
        printed = "".join(self._errors)
        where = address_of(self._url)
        if self.began:
            return SourceError(self._name, "the sender ended the stream", "waiting for it to come back")
        if listens(self._url):
            if "in use" in printed or "bind" in printed.lower():
                return SourceError(self._name, f"can't listen at {where}: it is in use", "give another port")
            return StillWaiting(self._name, f"nobody has called at {where} so far", "waiting")
        if _REFUSED.search(printed):
            return LoginError(self._name, PASSPHRASE, "mend it; trying again once a minute")
        if _REJECTED.search(printed):
            return SourceError(
                self._name, f"{where} rejects us", "is the stream id right, and is it free? trying again"
            )
        return SourceError(self._name, f"nobody answers at {where}", "check the address and the sender; trying again")

    def stop(self) -> None:
        """Ends a read that waits, from another thread."""
        self.closed = True
        self._process.kill()

    def close(self) -> None:
        """From the thread that reads."""
        self.stop()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


def address_of(url: str) -> str:
    """Host and port, and nothing that is secret. A password may have brackets and whatever else libav takes."""
    try:
        parts = urlsplit("//" + re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2])
        if not parts.hostname:
            return f"port {parts.port}"
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return "its address"
