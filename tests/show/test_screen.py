"""A feed on a screen: `live screen` as a person starts it, on a virtual display."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.window import TEAL_RGB, Display, ShowPeer, near, until

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool (Debian packages of these names)",
)

BLACK = (0, 0, 0)


@pytest.fixture
def display(tmp_path):
    display = Display(tmp_path)
    yield display
    display.close()


def screen(display, *words, **more):
    command = [sys.executable, "-m", "live", "screen", *words]
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[2], env={**os.environ, "DISPLAY": display.name}, text=True, **more
    )


def corners(display):
    return [display.pixel(x, y) for x, y in ((2, 2), (1277, 2), (640, 100), (2, 717), (1277, 717))]


def test_it_fills_the_monitor_says_when_the_show_is_gone_and_shows_the_next_one(display):
    peer = ShowPeer()
    process = screen(display, "clean", "--port", str(peer.port))
    try:
        peer.expect("/feeds/clean/want", 3.0)
        until(
            lambda: all(near(c, TEAL_RGB) for c in corners(display)), "the feed is all over the monitor, in its colour"
        )
        peer.close()
        until(lambda: all(near(c, BLACK) for c in corners(display)), "a slate while the show is gone")
        words = {display.pixel(x, y) for y in range(320, 345) for x in range(560, 720)}
        assert max(max(w) for w in words) > 100, "with words on it"
        peer = ShowPeer(peer.port)
        until(lambda: all(near(c, TEAL_RGB) for c in corners(display)), "the next show's")
        display.do("mousemove", "640", "300", "key", "Escape")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        peer.close()


def test_a_feed_that_is_not_there_is_named_on_the_screen_and_not_asked_for(display):
    peer = ShowPeer()
    process = screen(display, "clan", "--window", "--port", str(peer.port))
    try:
        until(lambda: peer.subscribers, "it has found the show")
        told = peer.rings["program"].count
        until(lambda: peer.rings["program"].count > told + 60, "it has been told everything for two seconds")
        rows = range(180, 300)
        until(lambda: max(max(display.pixel(x, y)) for y in rows for x in range(300, 660, 2)) > 100, "words")
        assert process.poll() is None and not [m for m in peer.heard if m[0].endswith("/want")]
    finally:
        process.kill()
        process.wait()
        peer.close()


def test_a_monitor_that_is_not_there_is_refused_with_those_that_are(display):
    process = screen(display, "clean", "--monitor", "3", stderr=subprocess.PIPE)
    assert (
        "monitor 3: there is no such monitor; one of: 1 (1280x720)" in process.communicate(timeout=60)[1]
        and process.returncode == 2
    )
