"""What a GPU is for: many keyed cameras in one set, at 60 frames a second. In a process of its own.

`python -m live.bench.gpu CASE FOLDER` prints CPU ms per frame of each repeat, frame times and late frames as JSON; null
beside software GL. Every camera gives a new picture, with its matte and fill, for every frame; all of them are
uploaded, brought into light, drawn, and the program is read back one frame deep. Frames follow one another without a
pause, so a frame's time is what the slower of processor and GPU takes for it.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from live.base.clock import MonotonicClock, cpu_s
from live.base.paths import shipped
from live.bench.clips import MATTE, Clips
from live.bench.measure import REPEATS
from live.bench.ours import WARM, fail
from live.config.load import load_show
from live.picture.format import U8, Layout, PictureFormat
from live.picture.values import Picture, ShotView, SourceInput
from live.render import Renderer
from live.render.gl import Gl

RATE_HZ = 60
MEASURED = 120  # frames of one repeat
DIFFERENT = 4  # pictures of each camera, over and over: 12 MB each at 2160 lines


@dataclass(frozen=True)
class Case:
    """height: lines of program and cameras."""

    height: int
    cameras: int


CASES = {"gpu_1080_8": Case(1080, 8), "gpu_2160_4": Case(2160, 4)}
_PLACE = '[[set.talent]]\nname = "p{n}"\nposition = [{x:.2f}, 0.0, {z:.2f}]\nheight_m = 2.0\n'
_SHOT = '[[shots]]\nname = "main"\nposition = [0.0, 1.3, 7.5]\nlook_at = [0.0, 1.0, 0.0]\nfov_deg = 30.0\n'
_SOURCE = '[[sources]]\nname = "cam{n}"\nkind = "pattern"\nkey = "ai"\n'


def _rig(folder: Path, case: Case, fmt: PictureFormat) -> Path:
    """Everybody beside one another before the desk, one row behind the other."""
    scene = folder / "scene"
    scene.mkdir(parents=True, exist_ok=True)
    shutil.copy(shipped("scenes") / "studio" / "studio.glb", scene)
    numbers = range(case.cameras)
    places = "".join(
        _PLACE.format(n=n, x=3.0 * ((n + 0.5) / case.cameras - 0.5), z=2.0 + 0.5 * (n % 2)) for n in numbers
    )
    (scene / "scene.toml").write_text(f'[set]\nmodel = "studio.glb"\n{places}{_SHOT}')
    picture = f'title = "Bench"\n[picture]\nwidth = {fmt.width}\nheight = {fmt.height}\nrate_hz = {RATE_HZ}\n'
    talent = ", ".join(f'p{n} = "cam{n}"' for n in numbers)
    rig = folder / "bench.toml"
    rig.write_text(
        picture
        + "".join(_SOURCE.format(n=n) for n in numbers)
        + f'[[scenes]]\nname = "set"\npath = "scene"\ntalent = {{ {talent} }}\n'
    )
    return rig


def _pictures(clips: Clips, fmt: PictureFormat) -> list[tuple[tuple[U8, ...], U8]]:
    """Planes and matte of a camera's first pictures."""
    clip_format = PictureFormat(1920, 1080)
    clip = np.memmap(clips.raw("cam1", 1080), np.uint8, "r").reshape(-1, clip_format.size)
    mattes = np.memmap(clips.matte, np.uint8, "r").reshape(-1, MATTE[1], MATTE[0])
    matte_size = PictureFormat(fmt.width, fmt.height, layout=Layout.KEYED).matte_size
    made = []
    for n in range(min(DIFFERENT, len(clip))):
        planes = tuple(
            np.array(p)
            if fmt == clip_format
            else cv2.resize(np.array(p), (p.shape[1] * fmt.width // 1920, p.shape[0] * fmt.height // 1080))
            for p in clip_format.planes(clip[n])
        )
        made.append((planes, cv2.resize(np.asarray(mattes[n]), matte_size, interpolation=cv2.INTER_LINEAR)))
    return made


def frames(case: Case, clips: Clips, stack: ExitStack) -> Iterator[U8]:
    """Program frames of a case, by the GPU's painter wherever it runs, in one buffer."""
    fmt = PictureFormat(case.height * 16 // 9, case.height)
    renderer = Renderer(load_show(_rig(clips.folder / "many", case, fmt)), on_fault=fail, software=False, light=True)
    stack.callback(renderer.close)
    pictures = _pictures(clips, fmt)
    out = np.empty(fmt.size, np.uint8)
    n = 0
    while True:
        inputs: dict[str, SourceInput | None] = {}
        for camera in range(case.cameras):
            planes, matte = pictures[(n + camera) % len(pictures)]
            inputs[f"cam{camera}"] = SourceInput(f"cam{camera}", n + 1, fmt, planes, matte, capture_ns=n, fill=planes)
        renderer.draw(Picture(ShotView("set/main")), inputs, n)
        if renderer.finish(out) is not None:
            yield out
        n += 1


def measure(case: Case, clips: Clips, count: int = MEASURED) -> dict[str, object]:
    """CPU ms per frame of each repeat, the times of all frames, and how many took longer than their interval."""
    clock, cpu_ms, times_ms = MonotonicClock(), [], []
    with ExitStack() as stack:
        made = frames(case, clips, stack)
        for _ in range(WARM):
            next(made)
        for _ in range(REPEATS):
            start_s = cpu_s()
            for _ in range(count):
                began_ns = clock.now_ns()
                next(made)
                times_ms.append((clock.now_ns() - began_ns) / 1e6)
            cpu_ms.append((cpu_s() - start_s) * 1e3 / count)
    late = sum(t > 1e3 / RATE_HZ for t in times_ms)
    spread = {"p50": statistics.median(times_ms), "p99": float(np.percentile(times_ms, 99)), "max": max(times_ms)}
    return {"cpu_ms": cpu_ms, "late": late, "frame_ms": {k: round(v, 2) for k, v in spread.items()}}


def main(name: str, folder: Path) -> None:
    with closing(Gl()) as gl:
        software = gl.software
    print(json.dumps(None if software else measure(CASES[name], Clips(folder))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
