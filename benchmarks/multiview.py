"""What a multiview costs: CPU ms of its worker for each of its frames, by layout and size, and of the engine for what
it tells it.

    python benchmarks/multiview.py                # a table; every window's picture is new in every frame

Cameras of 1280x720 in shared memory, as a show's; the state of a show of eight cameras, two microphones and a director
that counts down. Medians of 5 runs of 60 frames, with min and max. Nothing of it needs a GPU.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from live.control.multiviews import windows

from live.control import view as views
from live.control.link import Links
from live.control.state import StateTree
from live.multiview.board import Board
from live.multiview.meter import Meter
from live.multiview.pictures import Pictures
from live.picture.format import PictureFormat
from live.picture.tiling import tiling
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.show.session.published import LateFrames, ShowClock
from live.show.sound.published import MicrophoneState

RUNS, FRAMES = 5, 60
CASES = [
    ("2+8", (1280, 720)),
    ("1+5", (1280, 720)),
    ("4", (1280, 720)),
    ("16", (1280, 720)),
    ("2+8", (640, 360)),
    ("2+8", (1920, 1080)),
]
CAMERAS = 16
NOON = datetime(2026, 11, 22, 12, 0, 0)


def state_of(layout: str, rings: list[FrameRing]) -> dict[str, tuple]:
    """The state of a show whose multiview has this layout."""
    state: dict[str, tuple] = {
        "/state/frame": (300,),
        "/state/show/title": ("Benchmark",),
        "/state/show/time": (10.0,),
        "/state/show/timecode": ("00:00:10:00",),
        "/state/program/shot": ("cam1",),
        "/state/preview/shot": ("cam2",),
        "/state/program/transition": ("cut", 0.0, ""),
        "/state/director/level": ("auto",),
        "/state/director/next": ("cam2", "Anna begins to speak and we are on Bo", 11.4, 0.4, "", 0.0),
        "/state/rings/program": (rings[0].name,),
        "/state/rings/preview": (rings[1].name,),
        "/state/microphones/anna/level": (-20.0, 1),
        "/state/microphones/bo/level": (-30.0, 0),
    }
    for n, ring in enumerate(rings, 1):
        state |= {
            f"/state/shots/{n}": (f"cam{n}", f"Camera {n}", f"cam{n}"),
            f"/state/rings/source/cam{n}": (ring.name,),
        }
        state |= {f"/state/sources/cam{n}/status": ("live", 30.0, ""), f"/state/sources/cam{n}/tally": ("",)}
    places = tiling(layout)
    shown = [("preview", "", "", ""), ("program", "", "", "")] + [
        ("shot", f"cam{n}", f"Camera {n}", f"cam{n}") for n in range(1, CAMERAS + 1)
    ]
    shown = shown[: len(places.windows) - 1] + [("status", "", "", "")]
    state["/state/multiviews/mv"] = (layout, len(shown))
    for n, (what, r) in enumerate(zip(shown, places.windows, strict=True), 1):
        state[f"/state/multiviews/mv/window/{n}"] = (*what, r.x, r.y, r.w, r.h)
    return state


def worker_ms(layout: str, size: tuple[int, int], rings: list[FrameRing]) -> list[float]:
    """CPU ms a frame, of each run."""
    state = state_of(layout, rings)
    board = Board(*size, aspect=16 / 9, marks=True, voices={"cam1": ("anna",), "cam2": ("bo",)})
    board.arrange(tuple(windows(state, "mv")))
    out = np.empty_like(board.canvas.data)
    pictures, meters = Pictures(0.0), {name: Meter() for name in ("anna", "bo", "left", "right")}
    fmt = PictureFormat(1280, 720)
    found = []
    for _ in range(RUNS):
        used_s = 0.0
        for n in range(FRAMES):
            for ring in rings:
                ring.slot(fmt.size)
                ring.commit(fmt, capture_ns=0)
            for meter in meters.values():
                meter.step(-60.0 + n, n / 15, 1 / 15)
            moved = state | {"/state/show/timecode": (f"00:00:10:{n % 30:02d}",)}
            start_s = time.process_time()
            view = views.read(moved)  # the state changes in every frame, too
            shown = pictures.look([(w, board.size_of(i)) for i, w in enumerate(board.windows)], view, moved, 0)
            board.draw(view, moved, shown, meters, (2.0 - n / 30, 1 - n / 60), NOON)
            out[:] = board.canvas.data
            used_s += time.process_time() - start_s
        found.append(1000 * used_s / FRAMES)
    pictures.close()
    return found


def engine_ms() -> list[float]:
    """CPU ms a program frame, for writing the changes of a frame to the surfaces: what all multiviews and consoles
    together cost the engine.
    """
    links, found = Links(), []
    links.add("osc")
    for _ in range(RUNS):
        tree, used_s = StateTree(), 0.0
        for n in range(300):
            tree.put(LateFrames(n))
            if n % 3 == 0:
                tree.put(ShowClock(n / 30, f"00:00:{n // 30:02d}:{n % 30:02d}"))
                for mic in range(4):
                    tree.put(MicrophoneState(f"m{mic}", -20.0 - n % 7))
            changes = tree.take_changes()
            start_s = time.process_time()
            links.publish(n, changes, tree)
            used_s += time.process_time() - start_s
        found.append(1000 * used_s / 300)
    links.close()
    return found


def row(what: str, found: list[float]) -> str:
    return f"{what:<32} {statistics.median(found):6.2f}   ({min(found):.2f} to {max(found):.2f})"


def main() -> None:
    cv2.setNumThreads(1)
    capacity = 1280 * 720 * 3 // 2
    rings = [FrameRing(ring_name("bench"), capacity=capacity, slots=4) for _ in range(CAMERAS)]
    noise = np.random.default_rng(1).integers(16, 235, capacity, np.uint8)
    for ring in rings:
        for _ in range(4):
            ring.slot(capacity)[:] = noise
            ring.commit(PictureFormat(1280, 720), capture_ns=0)
    try:
        print(f"{'CPU ms a frame':<32} median")
        for layout, size in CASES:
            print(row(f"worker, {layout}, {size[0]}x{size[1]}", worker_ms(layout, size, rings)))
        print(row("engine, telling one client", engine_ms()))
    finally:
        for ring in rings:
            ring.close()


if __name__ == "__main__":
    main()
