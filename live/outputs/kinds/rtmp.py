"""Streams: an RTMP server as an output."""

from __future__ import annotations

import logging
import os
import pickle
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.base.errors import OutputError
from live.config.kinds import OUTPUTS
from live.config.output import FeedOutput
from live.outputs.board import TargetState
from live.outputs.targets import Say, Target, Targeted, Template

log = logging.getLogger(__name__)


@OUTPUTS.register
class StreamOutput(FeedOutput, Targeted):
    """A live stream: RTMP(S)."""

    lamp: ClassVar[str] = "ON AIR"

    kind: Literal["rtmp"]
    url: Annotated[str, Field(pattern=r"^rtmps?://.+")]

    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        return RtmpTarget(self.name, self.url, template, say)


class RtmpTarget(Target):
    """A live stream by RTMP or RTMPS, sent by a process of its own (see sender.py), which reconnects by itself.

    Until the server has accepted the stream nothing is sent to the process; then the stream starts with the newest
    keyframe. RTMPS checks the server's certificate against the system's authorities.
    """

    def __init__(self, name: str, url: str, template: Template, say: Say) -> None:
        super().__init__(name, template, say)
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None
        self._connected = 0

    @property
    def pid(self) -> int | None:
        """The sending process, if there is one now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _session(self) -> None:
        sender = Path(__file__).parents[1] / "sender.py"
        process = subprocess.Popen(
            [sys.executable, "-P", str(sender)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None and process.stdout is not None
        self._process, self._connected = process, 0
        watcher = threading.Thread(target=self._watch, args=(process,), name=f"output {self.name} states", daemon=True)
        watcher.start()
        try:
            job = {
                "url": self._url,
                "options": _connection_options(self._url),
                "header": self._template.header,
                "time_bases": list(self._template.time_bases),
            }
            self._write(pickle.dumps(job))
            while self._feed(process):
                continue
        except BrokenPipeError:
            raise OutputError(self.name, "the sending process ended", "starting another") from None
        finally:
            self._end(process, watcher)

    def _feed(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the connection, then send until it goes. False when the output is finished."""
        while not (session := self._connected):
            if process.poll() is not None:
                raise OutputError(self.name, "the server did not answer in time", "starting the connection again")
            with self._changed:
                if self._finishing:
                    return False
                self._progress_ns = self._clock.now_ns()
                self._changed.wait(0.1)
        self._skip_to_newest_key()
        for packet in self._rebased(self._all()):
            if self._connected != session:
                return True
            self._write(pickle.dumps((session, *packet), pickle.HIGHEST_PROTOCOL))
        return False

    def _write(self, data: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Thread: what the process says of its connection."""
        assert process.stdout is not None
        for raw in process.stdout:
            kind, _, rest = raw.decode("utf-8", "replace").strip().partition(" ")
            if kind == "connected":
                self._connected = int(rest)
            elif kind == "live":
                self._tell(TargetState.LIVE, self._url)
            elif kind == "retrying":
                self._connected = 0
                self._tell(TargetState.RETRYING, rest)
        self._connected = 0

    def _end(self, process: subprocess.Popen[bytes], watcher: threading.Thread) -> None:
        """Close its stdin, give it time to say goodbye to the server, then kill it."""
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.close()
        except BrokenPipeError:
            log.debug("output %s: the process was gone", self.name)
        try:
            process.wait(2.0 if self._connected else 0.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        watcher.join()
        process.stdout.close()
        self._process = None

    def _abandon(self) -> None:
        process = self._process
        if process is not None:
            process.kill()


def _connection_options(url: str) -> dict[str, str]:
    """For the connection: give up on a silent server after 3 s; check certificates."""
    options = {"rw_timeout": "3000000"}
    if url.lower().startswith("rtmps:"):
        paths = ssl.get_default_verify_paths()
        authorities = paths.cafile or paths.openssl_cafile
        if authorities and os.path.exists(authorities):
            options |= {"tls_verify": "1", "ca_file": authorities}
    return options
