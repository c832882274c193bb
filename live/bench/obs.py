"""OBS under an X server of its own, in a home of its own: rendering program, without an output (with one it asks before
it ends), which is less than the others do.

OBS repeats a picture when it is late; its CPU time is divided by the frames it really rendered.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from live.base import processes
from live.base.clock import NS, MonotonicClock
from live.base.errors import LiveError
from live.bench.clips import Clips
from live.bench.measure import REPEATS, Figure
from live.bench.peers import PIP, STRAP

DISPLAY = ":97"
SETTLE_S, WINDOW_S = 6.0, 4.0
_TURN = re.compile(r"obs_graphics_thread\(.*?median=([\d.]+)\s*ms")


def cases(clips: Clips) -> dict[str, Callable[[], Figure]]:
    return {
        "w1_chroma_720": lambda: _measure(clips, 720, _w1(clips)),
        "w3_720": lambda: _measure(clips, 720, _half(clips, 720)),
        "w3_1080": lambda: _measure(clips, 1080, _half(clips, 1080)),
    }


def _measure(clips: Clips, height: int, sources: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> Figure:
    home = clips.folder / "obs"
    shutil.rmtree(home, ignore_errors=True)
    _set_up(home, height, *sources)
    clock = MonotonicClock()
    with _display(), (home / "out.log").open("w") as out:
        env = {
            # OpenCV names a plug-in folder of its own.
            **{k: v for k, v in os.environ.items() if not k.startswith("QT_")},
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_RUNTIME_DIR": str(home),
            "DISPLAY": DISPLAY,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        # It looks for updates when it starts: where the system lets us, it has no network to do so.
        alone = ["unshare", "--map-root-user", "--net"] if shutil.which("unshare") else []
        process = subprocess.Popen(
            [*alone, "obs", "--multi", "--verbose"],
            env=env,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            # Ignored in what a shell runs in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
        try:
            clock.wait_until(clock.now_ns() + int(SETTLE_S * NS))
            used = [_cpu_s(process.pid)]
            for _ in range(REPEATS):
                clock.wait_until(clock.now_ns() + int(WINDOW_S * NS))
                used.append(_cpu_s(process.pid))
        finally:
            _end(process)
    rendered_hz = _rendered_hz((home / "out.log").read_text("utf-8", "replace"))
    return Figure(tuple((b - a) * 1e3 / (WINDOW_S * rendered_hz) for a, b in zip(used[:-1], used[1:], strict=True)))


def _rendered_hz(log: str) -> float:
    """Frames a second that were really rendered, from OBS's own profile: the median time between two turns of its
    graphics thread."""
    between = log.partition("Profiler Time Between Calls")[2]
    if not (found := _TURN.search(between)):
        raise LiveError(
            "obs", "it didn't start, or didn't end as asked", "look at obs/out.log in the folder of the clips"
        )
    return min(30.0, 1000 / float(found[1]))


def _cpu_s(pid: int) -> float:
    if (used := processes.cpu_s(pid)) is None:
        raise LiveError("obs", "it ended by itself", "look at obs/out.log in the folder of the clips")
    return used


@contextmanager
def _display() -> Iterator[None]:
    server = subprocess.Popen(
        ["Xvfb", DISPLAY, "-screen", "0", "1280x720x24"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    clock = MonotonicClock()
    try:
        clock.wait_until(clock.now_ns() + NS)
        yield
    finally:
        server.terminate()
        server.wait(10)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(10)


# -- its own files


def _w1(clips: Clips) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    key = _filter(
        "chroma_key_filter",
        "chroma_key_filter_v2",
        key_color_type="custom",
        key_color=0xFF28C800,
        similarity=250,
        smoothness=60,
        spill=60,
    )
    sources = [
        _source("background", "image_source", file=str(clips.background)),
        _camera(clips, "cam1", 720, [key]),
        _camera(clips, "cam2", 720),
        _source("strap", "image_source", file=str(clips.lower_third)),
    ]
    return sources, [
        _item("background"),
        _item("cam1"),
        _item("cam2", PIP[0], PIP[1], PIP[2] / 1280),
        _item("strap", *STRAP),
    ]


def _half(clips: Clips, height: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    half = _filter("color_filter", "color_filter_v2", opacity=0.5)
    return [_camera(clips, "cam1", height), _camera(clips, "cam2", height, [half])], [_item("cam1"), _item("cam2")]


def _filter(kind: str, versioned: str, **settings: Any) -> dict[str, Any]:
    return {
        "name": kind,
        "id": kind,
        "versioned_id": versioned,
        "enabled": True,
        "settings": settings,
        "filters": [],
        "mixers": 0,
    }


def _source(name: str, kind: str, filters: list[dict[str, Any]] | None = None, **settings: Any) -> dict[str, Any]:
    return {
        "name": name,
        "id": kind,
        "versioned_id": kind,
        "settings": settings,
        "filters": filters or [],
        "mixers": 0,
        "enabled": True,
        "muted": True,
        "volume": 1.0,
        "sync": 0,
        "flags": 0,
        "balance": 0.5,
    }


def _camera(clips: Clips, name: str, height: int, filters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A raw clip in a container that OBS reads."""
    nut = clips.folder / f"{name}_{height}.nut"
    if not nut.exists():
        size = f"{height * 16 // 9}x{height}"
        read = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", "30", "-i", str(clips.raw(name, height))]
        command = [
            "ffmpeg",
            "-y",
            "-v",
            "error",
            *read,
            "-c",
            "copy",
            "-color_range",
            "tv",
            "-colorspace",
            "bt709",
            str(nut),
        ]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return _source(
        name,
        "ffmpeg_source",
        filters,
        local_file=str(nut),
        is_local_file=True,
        looping=True,
        hw_decode=False,
        restart_on_activate=False,
        close_when_inactive=False,
    )


def _item(name: str, x: float = 0, y: float = 0, scale: float = 1.0) -> dict[str, Any]:
    return {
        "name": name,
        "visible": True,
        "locked": False,
        "rot": 0.0,
        "pos": {"x": x, "y": y},
        "scale": {"x": scale, "y": scale},
        "align": 5,
        "bounds_type": 0,
        "bounds_align": 0,
        "bounds": {"x": 0, "y": 0},
        "crop_left": 0,
        "crop_top": 0,
        "crop_right": 0,
        "crop_bottom": 0,
        "scale_filter": "bilinear",
        "blend_method": "default",
        "blend_type": "normal",
        "group_item_backup": False,
        "private_settings": {},
    }


_GLOBAL = """[General]
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
FirstRun=true
LastVersion=486539266
EnableAutoUpdates=false
[Basic]
Profile=bench
ProfileDir=bench
SceneCollection=bench
SceneCollectionFile=bench
ConfigOnNewProfile=false
[BasicWindow]
PreviewEnabled=false
"""
_PROFILE = """[General]
Name=bench
[Video]
BaseCX={width}
BaseCY={height}
OutputCX={width}
OutputCY={height}
FPSType=0
FPSCommon=30
ScaleType=bilinear
ColorFormat=NV12
ColorSpace=709
ColorRange=Partial
"""


def _set_up(home: Path, height: int, sources: list[dict[str, Any]], items: list[dict[str, Any]]) -> None:
    config = home / ".config" / "obs-studio"
    (config / "basic" / "profiles" / "bench").mkdir(parents=True)
    (config / "basic" / "scenes").mkdir(parents=True)
    home.chmod(0o700)
    (config / "global.ini").write_text(_GLOBAL)
    (config / "basic" / "profiles" / "bench" / "basic.ini").write_text(
        _PROFILE.format(width=height * 16 // 9, height=height)
    )
    numbered = [{**item, "id": n} for n, item in enumerate(items, 1)]
    scene = _source("bench", "scene", id_counter=len(items), custom_size=False, items=numbered)
    collection = {
        "name": "bench",
        "current_scene": "bench",
        "current_program_scene": "bench",
        "scene_order": [{"name": "bench"}],
        "sources": [*sources, scene],
        "groups": [],
        "transitions": [],
        "quick_transitions": [],
        "current_transition": "Cut",
        "transition_duration": 300,
        "saved_projectors": [],
        "preview_locked": False,
        "scaling_enabled": False,
        "scaling_level": 0,
        "scaling_off_x": 0.0,
        "scaling_off_y": 0.0,
        "modules": {},
    }
    (config / "basic" / "scenes" / "bench.json").write_text(json.dumps(collection))
