"""What a multiview looks like: a small one, of pictures made by arithmetic, with everything that may be on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np

from live.control.published import Replica
from live.control.view import View
from live.multiview.board import Board, Shown
from live.multiview.meter import Meter
from live.picture.format import U8
from live.picture.tiling import tiling
from tests.golden.synthetic import SIZE

STATE = {
    "/state/frame": (300,),
    "/state/show/title": ("The Evening Table",),
    "/state/show/time": (10.0,),
    "/state/show/timecode": ("00:01:23:11",),
    "/state/program/shot": ("cam1",),
    "/state/preview/shot": ("cam2",),
    "/state/program/transition": ("mix", 0.4, "cam4"),
    "/state/director/level": ("auto",),
    "/state/director/next": ("cam2", "Bo begins to speak", 11.4, 0.4, "", 0.0),
    "/state/shots/1": ("cam1", "Zoë", "cam1"),
    "/state/shots/2": ("cam2", "Bo", "cam2"),
    "/state/shots/3": ("cam3", "客席", "cam3"),
    "/state/sources/cam1/status": ("live", 30.0, ""),
    "/state/sources/cam1/tally": ("program",),
    "/state/sources/cam2/status": ("live", 30.0, ""),
    "/state/sources/cam2/tally": ("program",),
    "/state/sources/cam3/status": ("stalled", 0.0, "unplugged"),
    "/state/sources/cam3/tally": ("",),
    "/state/microphones/zoe/level": (-12.0, 1),
    "/state/microphones/bo/level": (-40.0, 0),
    "/state/outputs/record/status": ("live", "", "file", "program"),
}
SHOWN = {
    "2+4": ("preview", "program", "shot cam1", "shot cam2", "shot cam3", "audio", "status"),
    "4": ("program", "shot cam2", "shot cam3", "clock", "status"),
}


def drawn(layout: str) -> U8:
    state = dict(STATE)
    shown = SHOWN[layout]
    state["/state/multiviews/mv"] = (layout, len(shown), "mv", 0)
    labels = {s[0]: s[1] for p, s in STATE.items() if p.startswith("/state/shots/")}
    for n, (what, r) in enumerate(zip(shown, tiling(layout).windows, strict=True), 1):
        kind, _, name = what.partition(" ")
        state[f"/state/multiviews/mv/window/{n}"] = (kind, name, labels.get(name, ""), name, r.x, r.y, r.w, r.h)
    board = Board(*SIZE, aspect=SIZE[0] / SIZE[1], marks=True, voices={"cam1": ("zoe",), "cam2": ("bo",)})
    view = View(Replica(state))
    board.arrange(view.windows("mv"))
    pictures = {}
    for n, _ in enumerate(shown):
        if (size := board.size_of(n)) is not None and shown[n] != "preview":  # nobody draws that yet
            w, h = size if shown[n] != "shot cam3" else (size[1] * 4 // 3 // 2 * 2, size[1])  # an old camera
            x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
            luma = (40 + 150 * (x + y) / 2).astype(np.uint8)
            pictures[n] = Shown(
                (luma, (90 + 60 * x[::2, ::2]).astype(np.uint8), (160 - 50 * y[::2, ::2]).astype(np.uint8)), 1, 12.4
            )
    meters = {name: Meter() for name in ("zoe", "bo", "left", "right")}
    for db, meter in zip((-4.0, -40.0, -14.0, -20.0), meters.values(), strict=True):
        meter.step(db, 0.0, 0.1)
        meter.step(-90.0, 0.5, 0.3)
    board.draw(view, pictures, meters, (1.4, 0.6), datetime(2026, 11, 22, 20, 15, 3))
    return board.canvas.data


def test_a_multiview(golden: Callable[[str, U8], None]) -> None:
    for layout in SHOWN:
        golden(f"multiview-{layout}", drawn(layout))
