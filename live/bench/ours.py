"""Live's own side: the product's keyer and renderer on the same clips, in a process of their own.

`python -m live.bench.ours cost CASE FOLDER` prints the CPU ms per frame of each repeat as JSON, `difference` in its
place how far the case's pictures are from those of the path for a GPU. A frame is: the clips' next pictures copied into
frame rings (as a source worker does), the key where the case has one, the drawing, the program's planes in a buffer.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from live.base.clock import cpu_s
from live.base.paths import shipped
from live.bench.clips import MATTE, Clips
from live.bench.measure import REPEATS
from live.config.keying import KeyerConfig, KeyerOrders
from live.config.load import load_show
from live.picture.format import U8, Layout, PictureFormat
from live.picture.values import GraphicView, Picture, ShotView, SourceInput
from live.render import Renderer
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.vision.keyer import Keyer
from live.vision.matte import box_of

WARM = 10  # frames before it counts: plates, tables, the first upload
MEASURED = {720: 120, 1080: 60}  # frames of one repeat
COMPARED = 3  # frames that are laid beside those of the other path

# The card of a person of 2 m whose picture fills the frame exactly: the camera is 5 m away, and the desk behind them.
_SCENE = """
[set]
model = "studio.glb"
[[set.talent]]
name = "person"
position = [0.0, 0.0, 2.5]
height_m = 2.0
[[layers]]
place = "guest"
rect = [0.6484, 0.0556, 0.3328, 0.3333]
[[shots]]
name = "main"
position = [0.0, 1.0, 7.5]
look_at = [0.0, 1.0, 0.0]
fov_deg = 22.62
"""
_RIG = """
title = "Bench"
[picture]
width = {width}
height = {height}
[[sources]]
name = "cam1"
kind = "pattern"
key = "{key}"
[[sources]]
name = "cam2"
kind = "pattern"
[[scenes]]
name = "w1"
path = "scene"
talent = {{ person = "cam1", guest = "cam2" }}
[[graphics]]
name = "lower"
fields = {{ title = "Anna Berg", subtitle = "Reporter" }}
"""
_LOWER = GraphicView("lower", "lower_third", (("subtitle", "Reporter"), ("title", "Anna Berg")), 1.0, t_s=5.0)
_W1 = Picture(ShotView("w1/main"), graphics=(_LOWER,))


@dataclass(frozen=True)
class Case:
    """height: lines of program and clips. key: the keyer of camera 1; "matte" takes the one supplied."""

    height: int
    picture: Picture
    key: str = "none"


CASES = {
    "w0_720": Case(720, Picture(ShotView("cam1"))),
    "w1_matte_720": Case(720, _W1, "matte"),
    "w1_chroma_720": Case(720, _W1, "chroma"),
    "w3_720": Case(720, Picture(ShotView("cam1"), ShotView("cam2"), "mix", 0.5)),
    "w3_1080": Case(1080, Picture(ShotView("cam1"), ShotView("cam2"), "mix", 0.5)),
}


class _Camera:
    """A clip played into a frame ring."""

    def __init__(self, path: Path, name: str, fmt: PictureFormat, stack: ExitStack) -> None:
        self.name, self._fmt = name, fmt
        self._clip = np.memmap(path, np.uint8, "r").reshape(-1, fmt.size)
        self._ring = FrameRing(ring_name("bench"), capacity=fmt.size)
        stack.callback(self._ring.close)

    def next(self, n: int) -> Frame:
        np.copyto(self._ring.slot(self._fmt.size), self._clip[n % len(self._clip)])
        self._ring.commit(self._fmt, capture_ns=n)
        frame = self._ring.newest()
        assert frame is not None
        return frame


def frames(
    case: Case, clips: Clips, stack: ExitStack, *, software: bool | None = None, light: bool | None = None
) -> Iterator[U8]:
    """Program frames of a case, one after the other, in one buffer. software, light: see Renderer."""
    fmt = PictureFormat(case.height * 16 // 9, case.height)
    show = load_show(_rig(clips.folder / "show", case, fmt))
    renderer = Renderer(show, on_fault=fail, software=software, light=light)
    stack.callback(renderer.close)
    needed = ("cam1",) if case.picture.shot.shot == "cam1" and case.picture.to is None else ("cam1", "cam2")
    cameras = [_Camera(clips.raw(name, case.height), name, fmt, stack) for name in needed]
    key = _key(case, clips, fmt, stack)
    out = np.empty(fmt.size, np.uint8)
    n = 0
    while True:
        inputs: dict[str, SourceInput | None] = {}
        for camera in cameras:
            frame = camera.next(n)
            inputs[camera.name] = key(frame, n) if camera.name == "cam1" else _plain(camera.name, frame)
        renderer.draw(case.picture, inputs, n, into=out)
        if renderer.finish(out) is not None:  # a GPU gives the frame before
            yield out
        n += 1


def _plain(name: str, frame: Frame) -> SourceInput:
    return SourceInput(name, frame.index, frame.format, frame.planes, frame=frame)


def _key(case: Case, clips: Clips, fmt: PictureFormat, stack: ExitStack) -> Callable[[Frame, int], SourceInput]:
    """What turns a picture of camera 1 into what the renderer takes."""
    if case.key == "matte":
        mattes = np.memmap(clips.matte, np.uint8, "r").reshape(-1, MATTE[1], MATTE[0])
        size = PictureFormat(fmt.width, fmt.height, layout=Layout.KEYED).matte_size

        def supplied(frame: Frame, n: int) -> SourceInput:
            small = np.asarray(mattes[n % len(mattes)])
            matte = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
            box = box_of(small, 1, margin=2)  # as every keyer of the product says where somebody is
            return SourceInput("cam1", frame.index, frame.format, frame.planes, matte, box, frame=frame)

        return supplied
    if case.key == "chroma":
        keyed = PictureFormat(fmt.width, fmt.height, layout=Layout.KEYED)
        keyer = Keyer("cam1", KeyerOrders(key="chroma", keyer=KeyerConfig(screen="#00c828")), fail)
        buffer = np.empty(keyed.size, np.uint8)

        def chroma(frame: Frame, n: int) -> SourceInput:
            planes = keyed.planes(buffer)
            box = keyer.key(frame, None, planes)
            *fill, matte = planes
            return SourceInput(
                "cam1", frame.index, frame.format, frame.planes, matte, box, frame=frame, fill=tuple(fill)
            )

        return chroma
    return lambda frame, n: _plain("cam1", frame)


def _rig(folder: Path, case: Case, fmt: PictureFormat) -> Path:
    scene = folder / "scene"
    scene.mkdir(parents=True, exist_ok=True)
    shutil.copy(shipped("scenes") / "studio" / "studio.glb", scene)
    (scene / "scene.toml").write_text(_SCENE)
    rig = folder / "bench.toml"
    rig.write_text(_RIG.format(width=fmt.width, height=fmt.height, key="none" if case.key == "none" else "ai"))
    return rig


def fail(error: object) -> None:
    """A fault of the renderer: no figure at all is better than one of half a picture."""
    raise SystemExit(str(error))


def cost(case: Case, clips: Clips) -> list[float]:
    """CPU ms per frame of each repeat."""
    with ExitStack() as stack:
        made = frames(case, clips, stack)
        for _ in range(WARM):
            next(made)
        costs = []
        for _ in range(REPEATS):
            start_s = cpu_s()
            for _ in range(MEASURED[case.height]):
                next(made)
            costs.append((cpu_s() - start_s) * 1e3 / MEASURED[case.height])
        return costs


def difference(case: Case, clips: Clips) -> dict[str, dict[str, float]]:
    """Codes between the pictures beside software GL and those of the path for a GPU: composed in codes as well, and in
    linear light."""
    found = {}
    for name, light in (("codes", False), ("light", True)):
        with ExitStack() as stack:
            cheap = frames(case, clips, stack, software=True, light=False)
            best = frames(case, clips, stack, software=False, light=light)
            apart = np.concatenate([cv2.absdiff(next(cheap), next(best)).ravel() for _ in range(COMPARED)])
        found[name] = {
            "mean": round(float(apart.mean()), 3),
            "p99": float(np.percentile(apart, 99)),
            "max": float(apart.max()),
        }
    return found


def main(what: str, name: str, folder: Path) -> None:
    print(json.dumps({"cost": cost, "difference": difference}[what](CASES[name], Clips(folder))))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
