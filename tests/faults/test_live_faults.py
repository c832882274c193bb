"""Faults injected into a running show: each stays in its room."""

import os
import shutil
import signal
import socket
import subprocess

import pytest

from live.base.clock import NS, MonotonicClock
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, of_kind, write_rig


@pytest.fixture
def rig(tmp_path):
    return write_rig(tmp_path, PATTERNS)


def worker(show, name):
    return show.get(f"workers/{name}")


def alive(show, name):
    pid, restarts = worker(show, name) or (0, 0)
    return pid and show.get(f"sources/{name}/status")[:1] == ("live",)


def test_a_killed_source_comes_back_and_the_program_goes_on(rig, tmp_path):
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        pid = show.wait(lambda s: alive(s, "cam1") and worker(s, "cam1")[0])
        first = show.frame()
        os.kill(pid, signal.SIGKILL)
        show.wait(lambda s: worker(s, "cam1")[1] == 1 and worker(s, "cam1")[0] not in (0, pid))
        show.wait(lambda s: alive(s, "cam1"))
        frames = show.frame() - first
        assert frames > 0
        lines = show.end()
    messages = [line["message"] for line in of_kind(lines, "fault") if line["subject"] == "cam1"]
    assert "killed by signal 9" in messages[0] and "started again" in messages[1]
    assert frames < 3 * 30 + 15, f"back after {frames} frames"
    end = of_kind(lines, "end")[0]
    assert end["made"] + end["late"] >= end["frames"] > first + frames


def test_a_source_that_stops_giving_pictures_is_seen_as_stalled(rig, tmp_path):
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        pid = show.wait(lambda s: alive(s, "cam1") and worker(s, "cam1")[0])
        first = show.frame()
        os.kill(pid, signal.SIGSTOP)
        try:
            show.wait(lambda s: s.get("sources/cam1/status")[0] == "stalled")
            noticed = show.frame() - first
        finally:
            os.kill(pid, signal.SIGCONT)
        show.wait(lambda s: alive(s, "cam1"))
    assert noticed <= 1.6 * 30, f"noticed after {noticed} frames"


def test_an_engine_that_stood_still_says_that_it_waited(rig, tmp_path):
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        os.kill(show.process.pid, signal.SIGSTOP)
        clock = MonotonicClock()
        goes_on_ns = clock.now_ns() + int(0.4 * NS)
        show.wait(lambda s: clock.now_ns() > goes_on_ns)
        os.kill(show.process.pid, signal.SIGCONT)
        show.wait_frames(30)
        lines = show.end()
    worst = max(of_kind(lines, "late"), key=lambda line: line["ms"])
    assert 330 < worst["ms"] and worst["cpu_ms"] < worst["ms"] / 2
    end = of_kind(lines, "end")[0]
    assert end["late"] >= 11 and end["made"] < end["frames"], "what it skipped is counted"


def test_what_is_no_osc_is_told_and_the_show_goes_on(rig, tmp_path):
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"GET / HTTP/1.0\r\n\r\n", ("127.0.0.1", show.client.port))
        show.wait(lambda s: "is no OSC" in (s.get("error") or ("",))[0])
        show.wait_frames(5)
        show.send("/program/cut", "cam2")
        show.wait(lambda s: s.get("program/shot") == ("cam2",))


@pytest.mark.skipif(not shutil.which("oscsend"), reason="oscsend (liblo-tools) is not installed")
def test_a_real_clients_cut_is_on_the_frame_that_took_it_and_holds(rig, tmp_path):
    """How many ms that is belongs to benchmarks/show.py; here it is the frame that counts."""
    with RunningShow(rig, tmp_path) as show:
        show.wait_on_air()
        before = show.frame()
        oscsend = ["oscsend", "127.0.0.1", str(show.client.port), "/program/cut", "s", "duo/duo"]
        subprocess.run(oscsend, check=True, timeout=10)
        show.wait(lambda s: s.get("program/shot") == ("duo/duo",))
        told = show.frame()
        assert show.get("director/hold")[0] > 0
        lines = show.end()
    (cut,) = of_kind(lines, "cut")
    (command,) = [line for line in of_kind(lines, "command") if line["address"] == "/program/cut"]
    assert before <= command["frame"] == cut["frame"] <= told and cut["by"].startswith("osc 127.0.0.1:")
    assert of_kind(lines, "end")[0]["figures"]["command_to_program_ms"]["max"] > 0


def test_a_video_cut_short_plays_what_there_is(rig, tmp_path):
    import av
    import numpy as np

    whole = tmp_path / "whole.mkv"
    with av.open(str(whole), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 184, "yuv420p"
        for n in range(60):
            picture = av.VideoFrame.from_ndarray(np.full((184, 320, 3), 4 * n % 255, np.uint8), format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    data = whole.read_bytes()
    (tmp_path / "short.mkv").write_bytes(data[: len(data) * 2 // 3])
    (tmp_path / "broken.mp4").write_bytes(b"\0" * 1000)
    text = PATTERNS.replace(
        'name = "cam1"\nkind = "pattern"', 'name = "cam1"\nkind = "media"\npath = "short.mkv"'
    ).replace('name = "cam2"\nkind = "pattern"\nblip = false', 'name = "cam2"\nkind = "media"\npath = "broken.mp4"')
    with RunningShow(write_rig(tmp_path, text), tmp_path) as show:
        show.wait(lambda s: alive(s, "cam1"), 30)
        show.wait(lambda s: (s.get("sources/cam2/status") or ("",))[0] == "retrying")
        message = show.get("sources/cam2/status")[2]
        show.wait_frames(30)
    assert "cam2: can't be opened" in message and "check the file" in message


def test_a_set_of_no_bytes_is_named_and_the_show_goes_on_without_it(tmp_path):
    scene = tmp_path / "empty"
    scene.mkdir()
    (scene / "set.glb").write_bytes(b"")
    (scene / "scene.toml").write_text(
        'title = "Empty"\n[set]\nmodel = "set.glb"\n[[set.talent]]\nname = "one"\nposition = [0, 0, 0]\nheight_m '
        '= 1.8\n[[shots]]\nname = "wide"\n'
    )
    text = PATTERNS.replace(
        'talent = { left = "cam1", right = "cam2" }',
        'talent = { left = "cam1", right = "cam2" }\n[[scenes]]\n'
        'name = "empty"\npath = "empty"\ntalent = { one = "cam1" }',
    ).replace('start = "cam1"', 'start = "cam1"')
    text = text.replace('shots = ["duo/duo", "cam1", "cam2"]', 'shots = ["cam1", "empty/wide"]')
    with RunningShow(write_rig(tmp_path, text), tmp_path) as show:
        show.wait_on_air()
        show.send("/program/cut", "empty/wide")
        show.wait(lambda s: s.get("program/shot") == ("empty/wide",))
        show.wait_frames(10)
        lines = show.end()
    messages = [line["message"] for line in of_kind(lines, "fault")]
    assert any("set.glb" in m for m in messages), messages


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_a_killed_console_changes_nothing(rig, tmp_path):
    read, write = os.pipe()
    xvfb = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(xvfb, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        display = ":" + os.read(read, 16).decode().strip()
        with RunningShow(rig, tmp_path, env={"DISPLAY": display}, headless=False) as show:
            show.wait_on_air()
            pid = show.wait(lambda s: worker(s, "console") and worker(s, "console")[0])
            os.kill(pid, signal.SIGKILL)
            show.wait_frames(60)
            lines = show.end()
        assert of_kind(lines, "end")[0]["frames"] > 60
    finally:
        os.close(read)
        screen.terminate()
        screen.wait(10)
