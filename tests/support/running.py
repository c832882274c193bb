"""A real show in a process of its own, and a client that steers and watches it."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from live.base.clock import NS, MonotonicClock
from live.control.client import Client

_CLOCK = MonotonicClock()


class RunningShow:
    """`live run` as a person starts it. Use as a context manager; it is ended by its own process id only."""

    def __init__(
        self, rig: Path, folder: Path, *options: str, env: dict[str, str] | None = None, headless: bool = True
    ) -> None:
        self.log, self.record = folder / "show.jsonl", folder / "show.mp4"
        self._argv = [
            sys.executable,
            "-m",
            "live",
            "run",
            str(rig),
            "--osc-port",
            "0",
            "--log",
            str(self.log),
            *options,
        ]
        if headless:
            self._argv.append("--headless")
        self._env = {**os.environ, **(env or {})}
        self._stderr = folder / "stderr.txt"

    def __enter__(self) -> RunningShow:
        root = Path(__file__).resolve().parents[2]
        with self._stderr.open("w") as stderr:
            self.process = subprocess.Popen(
                self._argv, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=root, env=self._env
            )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if match := re.search(r"OSC on [\d.]+:(\d+)", line):
                self.client = Client("127.0.0.1", int(match.group(1)))
                return self
        raise AssertionError(f"the show did not start: {''.join(said)}{self._stderr.read_text()[-2000:]}")

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.send("/show/end")
        try:
            self.process.communicate(timeout=25)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        finally:
            self.client.close()

    def send(self, address: str, *args: Any) -> None:
        self.client.send(address, *args)

    def get(self, path: str) -> tuple[Any, ...]:
        """What /state/<path> says, as last heard."""
        return self.client.state.get(f"/state/{path}", ())

    def wait(self, what: Callable[[RunningShow], Any], seconds: float = 20.0) -> Any:
        """Listen until `what(self)` is true; returns it. Fails with the last state when it doesn't come to that in
        time."""
        end = _CLOCK.now_ns() + int(seconds * NS)
        while True:
            self.client.keep(_CLOCK.now_ns())
            if value := what(self):
                return value
            assert _CLOCK.now_ns() < end, f"not within {seconds:g} s; state: {self.client.state}"
            assert self.process.poll() is None, f"the show ended: {self._stderr.read_text()[-2000:]}"
            select.select([self.client], [], [], 0.05)

    def wait_on_air(self) -> None:
        """Until program frames run."""
        self.wait(lambda s: s.get("show/time") and s.get("show/time")[0] > 0.5, 40.0)

    def frame(self) -> int:
        """The newest program frame number that was heard of."""
        self.client.keep(_CLOCK.now_ns())
        return self.get("frame")[0]

    def wait_frames(self, count: int) -> None:
        """Until so many more program frames have gone out."""
        start = self.frame()
        self.wait(lambda s: s.get("frame")[0] >= start + count)

    def end(self) -> list[dict[str, Any]]:
        """End the show; returns its log."""
        self.__exit__()
        return self.lines()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
