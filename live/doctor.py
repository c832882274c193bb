"""`live doctor`: can this machine run a show? One line for each thing a show stands on: ok, missing and what to do.

Whatever may crash or hang (a driver, a sound system) is asked in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from live import fetch
from live.base.paths import data_dir, shipped
from live.base.priority import realtime

_ASK_S = 60  # the first import on a slow machine takes its time
_SHM = Path("/dev/shm")
_SHM_NEEDED_MB = 64  # rings of the demo show: 40 MB at 1280 x 720


@dataclass(frozen=True)
class Finding:
    """One line. good None: not needed to run a show, but somebody may miss it."""

    what: str
    good: bool | None
    text: str

    def __str__(self) -> str:
        mark = {True: "ok", False: "MISSING", None: "note"}[self.good]
        return f"{mark:8} {self.what:15} {self.text}"


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Finding("Python", good, version if good else f"{version}; 3.11 or newer is needed")


def cores() -> Finding:
    count = os.cpu_count() or 1
    return Finding(
        "cores", True if count >= 2 else None, f"{count}" if count >= 2 else "1; two keyed cameras at 1280x720 need two"
    )


def priority() -> Finding:
    """May the render thread go before everything else of the machine?"""
    with realtime() as first:
        pass
    if first or sys.platform != "linux":
        return Finding("priority", True, "the render thread goes first" if first else "the system's own")
    what_to_do = (
        "a file in /etc/security/limits.d with `@audio - rtprio 95`, your name in the group audio, and log in again"
    )
    return Finding(
        "priority",
        None,
        f"ordinary: beside a full machine frames may be late. To let the render thread go first: {what_to_do}",
    )


def _ask(code: str) -> tuple[bool, str]:
    """Run a few lines of Python elsewhere. (went well, its last line of output or what went wrong)."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=_ASK_S, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return False, f"no answer in {_ASK_S} s"
    lines = [line for line in (done.stdout if done.returncode == 0 else done.stderr).splitlines() if line.strip()]
    if done.returncode < 0:
        return False, f"crashed (signal {-done.returncode})"
    return done.returncode == 0, lines[-1].strip() if lines else "no answer"


_GL = """
from live.render.gl import open_context
ctx = open_context()
print(ctx.info["GL_RENDERER"] + "; OpenGL " + ctx.info["GL_VERSION"].split()[0])
"""


def opengl() -> Finding:
    """The context that the render loop will use: no window, EGL on Linux."""
    good, text = _ask(_GL)
    if good:
        software = any(name in text.lower() for name in ("llvmpipe", "softpipe", "swrast"))
        return Finding("OpenGL", True, f"{text} ({'software: drawn by the CPU' if software else 'GPU'})")
    return Finding(
        "OpenGL",
        False,
        f"{text}; Debian and Ubuntu: apt-get install libegl1 libgles2 libgl1-mesa-dri, or the GPU's driver",
    )


def vision() -> Finding:
    """MediaPipe, OpenCV and LiteRT load: they need system libraries that a bare machine lacks."""
    code = """
import cv2, mediapipe
from importlib.metadata import version
from ai_edge_litert.interpreter import Interpreter
from mediapipe.tasks.python import vision
print("MediaPipe", mediapipe.__version__ + ", LiteRT", version("ai-edge-litert"))
"""
    good, text = _ask(code)
    return Finding(
        "vision",
        good,
        text if good else f"{text}; Debian and Ubuntu: apt-get install libgl1 libglib2.0-0 libsm6 libgles2",
    )


def encoders() -> Finding:
    """H.264 and AAC really open: a codec may be listed and not work."""
    code = """
import av
from fractions import Fraction
for name, kind in (("libx264", "video"), ("aac", "audio")):
    codec = av.CodecContext.create(name, "w")
    if kind == "video":
        codec.width, codec.height, codec.pix_fmt, codec.time_base = 320, 180, "yuv420p", Fraction(1, 30)
    else:
        codec.sample_rate, codec.layout, codec.format = 48000, "stereo", "fltp"
    codec.open()
print("libx264 and aac, PyAV", av.__version__)
"""
    good, text = _ask(code)
    return Finding("encoders", good, text if good else f"{text}; reinstall PyAV: pip install --force-reinstall av")


def shared_memory() -> Finding:
    if sys.platform != "linux":
        return Finding("shared memory", True, "the system's own")
    if not _SHM.is_dir():
        return Finding("shared memory", False, "no /dev/shm: mount a tmpfs on it")
    usage = shutil.disk_usage(_SHM)
    free_mb, total_mb = usage.free // 2**20, usage.total // 2**20
    if free_mb >= _SHM_NEEDED_MB:
        return Finding("shared memory", True, f"{free_mb} of {total_mb} MB free")
    what_to_do = "in a container: --shm-size=512m; else remove what a killed show left: /dev/shm/live-*"
    return Finding(
        "shared memory", False, f"{free_mb} of {total_mb} MB free, {_SHM_NEEDED_MB} are needed; {what_to_do}"
    )


def models() -> Finding:
    bad = [d for d in fetch.describe() if d.state not in ("ok", "unused") and d.item.folder.startswith("models")]
    if not bad:
        return Finding("models", True, str(data_dir() / "models"))
    return Finding("models", False, ", ".join(f"{d.item.name} {d.state}" for d in bad) + "; run `live models`")


def shipped_files() -> Finding:
    missing = [name for name in ("shaders", "scenes", "rigs") if not any(shipped(name).glob("*"))]
    return Finding(
        "own files",
        not missing,
        ", ".join(missing) + "; reinstall the package" if missing else str(shipped("rigs").parent),
    )


def display() -> Finding:
    name = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if sys.platform != "linux" or name:
        return Finding("display", True, name or "the system's own")
    return Finding("display", None, "none: shows run headless, control is by OSC")


def sound() -> Finding:
    good, text = _ask(
        "from live.sound.devices import devices\nd = devices('in') + devices('out')\n"
        "print(len(d), 'devices' if d else 'no device')"
    )
    if not good:
        return Finding("sound", None, text.removeprefix("live.base.errors.DeviceError: sound: "))
    if text.startswith("0"):
        return Finding(
            "sound", None, "PortAudio, but no sound card: the mix goes to recordings and streams all the same"
        )
    return Finding("sound", True, f"PortAudio, {text}")


def cameras() -> Finding:
    from live.devices import webcams

    found = webcams()
    names = ", ".join(c.name for c in found)
    return Finding(
        "cameras", True if found else None, names or "none: files, stills, patterns and streams are sources too"
    )


def ffmpeg() -> Finding:
    path = shutil.which("ffmpeg")
    return Finding(
        "ffmpeg", True if path else None, path or "not there: a show doesn't need it, the tests do (ffprobe)"
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    python,
    cores,
    priority,
    shared_memory,
    opengl,
    vision,
    encoders,
    models,
    shipped_files,
    display,
    sound,
    cameras,
    ffmpeg,
)


def main(say: Callable[[str], None] = print) -> int:
    """Say everything, one line each. Exit code: 0 when a show can run, 1 when something it needs is missing."""
    findings = []
    for check in CHECKS:
        findings.append(check())
        say(str(findings[-1]))
    missing = [f.what for f in findings if f.good is False]
    say(f"A show can't run yet: {', '.join(missing)}." if missing else "A show can run.")
    return 1 if missing else 0
