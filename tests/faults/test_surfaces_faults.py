"""Surfaces that are killed or can't listen, on a running show."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from live.base.clock import NS, MonotonicClock
from tests.support.running import RunningShow
from tests.support.shows import SMALL

pytestmark = pytest.mark.realtime
RIG = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[surfaces]]
kind = "websocket"
name = "page"
port = {port}
"""
)
BACK_S = 4.0  # beside a full machine; about one otherwise
clock = MonotonicClock()


def rig(folder: Path, port: int) -> Path:
    path = folder / "rig.toml"
    path.write_text(RIG.replace("{port}", str(port)))
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> int:
    """The status of a request that is no websocket's; 0 when nobody answers."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/ws", timeout=5)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
    return 200


def test_surfaces_that_are_killed_come_back_and_what_was_sent_meanwhile_is_done(tmp_path: Path) -> None:
    port = free_port()
    with RunningShow(rig(tmp_path, port), tmp_path) as show:
        show.wait_on_air()
        assert answers(port) == 400
        late = show.get("late")[0]
        for name in ("osc-surface", "page-surface"):
            os.kill(show.get(f"workers/{name}")[0], signal.SIGKILL)
        began_ns = clock.now_ns()
        show.send("/program/cut", "cam2")  # nobody reads it yet
        show.wait(lambda s: s.get("program/shot") == ("cam2",))
        assert (clock.now_ns() - began_ns) / NS < BACK_S
        assert show.wait(lambda s: answers(port)) == 400
        show.wait(lambda s: s.get("workers/osc-surface")[1] == 1 and s.get("workers/page-surface")[1] == 1)
        assert show.get("late")[0] - late <= 1
    lines = show.lines()
    cut = next(line for line in lines if line["kind"] == "cut")
    assert (cut["to"], cut["by"]) == ("cam2", f"osc 127.0.0.1:{show.client.local_port}")
    assert any("osc surface" in json.dumps(line) and "died" in line.get("message", "") for line in lines)


def test_a_page_whose_port_is_taken_is_told_and_the_show_begins_without_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = int(taken.getsockname()[1])
        with RunningShow(rig(tmp_path, port), tmp_path) as show:
            show.wait_on_air()
            assert f"websocket port 127.0.0.1:{port}" in show.get("error")[0]
