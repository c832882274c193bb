"""A multiview of a running show: drawn while somebody wants it, changed on air, gone and back without the program
noticing."""

import os
import signal

import av
import numpy as np

from live.multiview.canvas import boxed, codes
from live.multiview.tile import LIT
from live.picture.tiling import Rect
from live.shm.frame_ring import FrameRing
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, of_kind, play, small_show, write_rig

RIG = PATTERNS + '\n[director]\nlevel = "off"\n[[multiviews]]\nname = "mv"\nwidth = 640\nheight = 360\nlayout = "4"\n'


class Watched:
    """A viewer of the feed, as `live screen` is one."""

    def __init__(self, show):
        self.show = show
        self.ring = FrameRing(show.wait(lambda s: s.get("rings/feed/mv"))[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ring.close()

    def frame(self, what=lambda planes: True, seconds=20.0):
        """Copies of the planes of a picture that fulfils a condition."""

        def looked(show):
            show.send("/feeds/mv/want", 3.0)
            frame = self.ring.newest()
            if frame is None:
                return None
            planes = tuple(p.copy() for p in frame.planes)
            return planes if what(planes) else None

        return self.show.wait(looked, seconds)


def window(show, number):
    """(box of a window, what it shows)."""
    values = show.wait(lambda s: s.get(f"multiviews/mv/window/{number}"))
    return boxed(Rect(*values[4:8]), 640, 360), values[0], values[1]


def has(planes, box, colour):
    """Does a colour stand in a box?"""
    y, u, v = (
        p[box.y // s : box.y1 // s, box.x // s : box.x1 // s].astype(int)
        for p, s in zip(planes, (1, 2, 2), strict=True)
    )
    a, b, c = codes(colour)
    return bool(((abs(y[::2, ::2] - a) < 3) & (abs(u - b) < 3) & (abs(v - c) < 3)).sum() > 20)


def test_it_rests_until_somebody_looks_and_shows_what_is_on_air(tmp_path):
    with RunningShow(write_rig(tmp_path, RIG), tmp_path) as show:
        show.wait_on_air()
        with Watched(show) as seen:
            before = show.get("workers/mv-multiview")
            assert before and before[0] and seen.ring.count == 0  # its worker is there, and does nothing
            boxes = {what: box for box, what, _ in (window(show, n) for n in (1, 2, 3, 4))}
            assert set(boxes) == {"preview", "program", "shot"}
            planes = seen.frame(lambda p: has(p, boxes["program"], LIT["program"]))
            assert has(planes, boxes["preview"], LIT["preview"]) and not has(planes, boxes["preview"], LIT["program"])
            assert planes[0].shape == (360, 640)
            tile, _, name = window(show, 4)
            assert name == "cam1" and has(planes, tile, LIT["program"])
            show.send("/program/cut", "cam2")
            seen.frame(lambda p: not has(p, tile, LIT["program"]))
            show.send("/multiview/mv/window", 4, "clock")
            seen.frame(lambda p: not has(p, tile, LIT[""]))
            assert window(show, 4)[1] == "clock"
            show.send("/multiview/mv/layout", "1")
            seen.frame(lambda p: has(p, boxed(Rect(0, 0, 1, 0.1), 640, 360), LIT["program"]))
            name, *shots = show.get("rings/glances")
            glances = FrameRing(name)
            show.send("/preview/set", "cam1")  # duo/duo is on no bus now
            try:
                show.wait(
                    lambda s: (
                        glances.count
                        and shots[glances.newest().aux[0]] == "duo/duo"
                        and glances.newest().planes[0].std() > 10
                    )
                )
            finally:
                glances.close()
            show.send("/multiview/mv/layout", "nine")
            show.wait(lambda s: "no layout is called 'nine'" in (s.get("error") or ("",))[0])
        lines = show.end()
    assert not [f for f in of_kind(lines, "fault") if f["subject"] != "control"]


def test_a_killed_multiview_comes_back_and_the_program_goes_on(tmp_path):
    with RunningShow(write_rig(tmp_path, RIG), tmp_path) as show:
        show.wait_on_air()
        with Watched(show) as seen:
            seen.frame()
            pid = show.get("workers/mv-multiview")[0]
            first, count = show.frame(), seen.ring.count
            os.kill(pid, signal.SIGKILL)
            show.wait(
                lambda s: s.get("workers/mv-multiview")[1] == 1 and s.get("workers/mv-multiview")[0] not in (0, pid)
            )
            seen.frame(lambda p: seen.ring.count > count + 3)
            frames = show.frame() - first
        lines = show.end()
    end = of_kind(lines, "end")[0]
    assert frames > 0 and end["made"] + end["late"] >= end["frames"]
    assert {f["subject"] for f in of_kind(lines, "fault")} == {"mv multiview"}


def test_a_camera_that_stalls_is_dark_in_it(tmp_path):
    with RunningShow(write_rig(tmp_path, RIG), tmp_path) as show:
        show.wait_on_air()
        with Watched(show) as seen:
            tile, _, name = window(show, 4)
            bright = float(np.mean(seen.frame()[0][tile.y : tile.y1, tile.x : tile.x1]))
            seen.frame(lambda p: np.mean(p[0][tile.y : tile.y1, tile.x : tile.x1]) > 50)
            assert name == "cam1"
            pid = show.get("workers/cam1")[0]
            os.kill(pid, signal.SIGSTOP)
            try:
                dark = seen.frame(lambda p: np.mean(p[0][tile.y : tile.y1, tile.x : tile.x1]) < 0.8 * max(bright, 50))
            finally:
                os.kill(pid, signal.SIGCONT)
            assert has(dark, tile, "#f2a516")


def test_an_output_records_it_at_its_own_rate_and_size(tmp_path):
    out = tmp_path / "mv.mp4"
    rig = RIG + f'rate_hz = 10\n[[outputs]]\nname = "o"\nkind = "file"\npath = "{out}"\nfeed = "mv"\n'
    with RunningShow(write_rig(tmp_path, rig), tmp_path) as show:
        show.wait(lambda s: (s.get("show/time") or (0.0,))[0] > 3.0, 40.0)
        show.end()
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (640, 360, 10)
        frames = [f.to_ndarray(format="yuv420p") for f in container.decode(stream)]
    assert len(frames) >= 15
    assert np.mean(frames[-1][:360]) > 25  # not a black picture


def test_an_off_line_run_does_not_know_of_it(tmp_path):
    hashes = []
    for name, rig in (("with", RIG), ("without", RIG.partition("[[multiviews]]")[0])):
        folder = tmp_path / name
        folder.mkdir()
        hashes.append(play(folder, small_show(folder, rig), 0.5)[1])
    assert hashes[0] == hashes[1]
