"""`live doctor`: can this machine run a show? One line for each thing a show stands on: ok, missing and what to do.

Whatever may crash or hang (a driver, a sound system) is asked in a process of its own. What a finding says is a pure
function of what was found and of the system, so that every system's words are tested on one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from live import fetch
from live.base.advice import advice
from live.base.paths import data_dir, shipped
from live.base.priority import realtime
from live.sources.cameras import Camera

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


# -- what is found: a pure function each


def of_python(version: tuple[int, int, int]) -> Finding:
    text = ".".join(map(str, version))
    good = version >= (3, 11)
    return Finding("Python", good, text if good else f"{text}; 3.11 or newer is needed")


def of_cores(count: int) -> Finding:
    enough = count >= 2
    return Finding("cores", enough or None, f"{count}" if enough else "1; two keyed cameras at 1280x720 need two")


def of_priority(first: bool, platform: str) -> Finding:
    """May the render thread go before everything else of the machine?"""
    if first:
        return Finding("priority", True, "the render thread goes first")
    what_to_do = advice("priority", platform)
    return Finding("priority", None, f"ordinary: beside a full machine frames may be late. What helps: {what_to_do}")


def of_shared_memory(free_mb: int | None, total_mb: int, platform: str) -> Finding:
    """free_mb None: there is no place for it."""
    if platform != "linux":
        return Finding("shared memory", True, "the system's own")
    if free_mb is None:
        return Finding("shared memory", False, f"no {_SHM}: mount a tmpfs on it")
    if free_mb >= _SHM_NEEDED_MB:
        return Finding("shared memory", True, f"{free_mb} of {total_mb} MB free")
    short = f"{free_mb} of {total_mb} MB free, {_SHM_NEEDED_MB} are needed"
    return Finding("shared memory", False, f"{short}; {advice('shared memory', platform)}")


def of_answer(what: str, answer: tuple[bool, str], platform: str) -> Finding:
    """Of something asked elsewhere, on which there is advice by its name."""
    good, text = answer
    return Finding(what, good, text if good else f"{text}; {advice(what, platform)}")


def of_opengl(answer: tuple[bool, str], platform: str) -> Finding:
    """The context that the render loop will use: no window, EGL on Linux."""
    good, text = answer
    if good:
        software = any(name in text.lower() for name in ("llvmpipe", "softpipe", "swrast", "basic render"))
        text += f" ({'software: drawn by the CPU' if software else 'GPU'})"
    return of_answer("OpenGL", (good, text), platform)


def of_display(env: Mapping[str, str], platform: str) -> Finding:
    if platform in ("darwin", "win32"):
        return Finding("display", True, "the system's own")
    name = env.get("WAYLAND_DISPLAY") or env.get("DISPLAY")
    return Finding("display", True if name else None, name or "none: shows run headless, control is by OSC")


def of_sound(answer: tuple[bool, str], server: str, platform: str) -> Finding:
    """server: what mixes for all programs, where the system has such a thing (Linux), "" when none was found."""
    good, text = answer
    if not good:
        return Finding("sound", None, text.removeprefix("live.base.errors.DeviceError: sound: "))
    by = f", {server}" if server else ""
    if text.startswith("0"):
        none = f"PortAudio{by}, but no sound card: the mix goes to recordings and streams all the same"
        return Finding("sound", None, f"{none}; {advice('sound', platform)}")
    return Finding("sound", True, f"PortAudio, {text}{by}")


def of_cameras(found: Sequence[Camera]) -> Finding:
    names = ", ".join(f"{c.name} ({c.state})" if c.state else c.name for c in found)
    usable = any(not c.state for c in found)
    return Finding("cameras", usable or None, names or "none: files, stills, patterns and streams are sources too")


def of_permission(kind: str, may: bool | None, platform: str) -> list[Finding]:
    """Of camera or microphone. may None: the system has no such thing, or asks when it is first used."""
    if may is None and platform == "darwin":
        return [Finding(kind, None, f"macOS asks at the first use; {advice(kind, platform)}")]
    if may is None:
        return []
    return [Finding(kind, may or None, "allowed" if may else f"refused; {advice(kind, platform)}")]


def of_access(refused: Sequence[tuple[str, str]]) -> list[Finding]:
    """refused: (device, the group that may use it) of devices that this user may not (Linux)."""
    if not refused:
        return []
    groups = sorted({group for _, group in refused})
    names = ", ".join(device for device, _ in refused[:4]) + (" ..." if len(refused) > 4 else "")
    join = f"sudo usermod -aG {','.join(groups)} YOUR_NAME, and log in again"
    return [Finding("access", None, f"this user may not use {names}; {join}")]


def of_ffmpeg(path: str | None, platform: str) -> Finding:
    lacking = f"not there: a show needs it only for SRT, the tests do (ffprobe); {advice('ffmpeg', platform)}"
    return Finding("ffmpeg", True if path else None, path or lacking)


# -- looking


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

# MediaPipe, OpenCV and LiteRT load: they need system libraries that a bare machine lacks.
_VISION = """
import cv2, mediapipe
from importlib.metadata import version
from ai_edge_litert.interpreter import Interpreter
from mediapipe.tasks.python import vision
print("MediaPipe", mediapipe.__version__ + ", LiteRT", version("ai-edge-litert"))
"""

# H.264 and AAC really open: a codec may be listed and not work.
_ENCODERS = """
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

_CAMERAS = """
import json
from live.sources.cameras import cameras
print(json.dumps([(c.number, c.name, c.path, c.stable, (), (), c.state) for c in cameras(ask=False)]))
"""

_SOUND = """
from live.sound.devices import devices
d = devices("in") + devices("out")
print(len(d), "devices" if d else "no device")
"""


def _goes_first() -> bool:
    with realtime() as first:
        return first


def _may(kind: str) -> bool | None:
    _, text = _ask(f"from live.devices import allowed; print(allowed({kind!r}))")
    return {"True": True, "False": False}.get(text)


def _encoders() -> Finding:
    good, text = _ask(_ENCODERS)
    return Finding("encoders", good, text if good else f"{text}; reinstall PyAV: pip install --force-reinstall av")


def _cameras() -> Finding:
    good, text = _ask(_CAMERAS)
    return of_cameras([Camera(*camera) for camera in json.loads(text)]) if good else Finding("cameras", None, text)


def _shared_memory() -> Finding:
    if not _SHM.is_dir():
        return of_shared_memory(None, 0, sys.platform)
    usage = shutil.disk_usage(_SHM)
    return of_shared_memory(usage.free // 2**20, usage.total // 2**20, sys.platform)


def _models() -> Finding:
    bad = [d for d in fetch.describe() if d.state not in ("ok", "unused") and d.item.folder.startswith("models")]
    if not bad:
        return Finding("models", True, str(data_dir() / "models"))
    return Finding("models", False, ", ".join(f"{d.item.name} {d.state}" for d in bad) + "; run `live models`")


def _shipped_files() -> Finding:
    missing = [name for name in ("shaders", "scenes", "rigs") if not any(shipped(name).glob("*"))]
    here = str(shipped("rigs").parent)
    return Finding("own files", not missing, f"{', '.join(missing)}; reinstall the package" if missing else here)


def sound_server(env: Mapping[str, str]) -> str:
    """What mixes the sound of all programs on Linux, by its socket; "" for none."""
    folder = Path(env.get("XDG_RUNTIME_DIR") or "/nowhere")
    sockets = {"PipeWire": folder / "pipewire-0", "PulseAudio": folder / "pulse" / "native"}
    return next((name for name, socket in sockets.items() if socket.exists()), "")


def refused_devices(root: Path = Path("/dev")) -> list[tuple[str, str]]:
    """(device, the group that may use it) of cameras, GPUs and sound cards that this user may not use. Linux."""
    groups = {"video*": "video", "dri/renderD*": "render", "snd/pcm*": "audio"}
    return [
        (str(path), group)
        for pattern, group in groups.items()
        for path in sorted(root.glob(pattern))
        if not os.access(path, os.R_OK | os.W_OK)
    ]


CHECKS: tuple[Callable[[], Finding | list[Finding]], ...] = (
    lambda: of_python(sys.version_info[:3]),
    lambda: of_cores(os.cpu_count() or 1),
    lambda: of_priority(_goes_first(), sys.platform),
    _shared_memory,
    lambda: of_opengl(_ask(_GL), sys.platform),
    lambda: of_answer("vision", _ask(_VISION), sys.platform),
    _encoders,
    _models,
    _shipped_files,
    lambda: of_display(os.environ, sys.platform),
    lambda: of_sound(_ask(_SOUND), sound_server(os.environ), sys.platform),
    lambda: of_permission("microphone", _may("microphone"), sys.platform),
    _cameras,
    lambda: of_permission("camera", _may("camera"), sys.platform),
    lambda: of_access(refused_devices()),
    lambda: of_ffmpeg(shutil.which("ffmpeg"), sys.platform),
)


def main(say: Callable[[str], None] = print) -> int:
    """Say everything, one line each. Exit code: 0 when a show can run, 1 when something it needs is missing."""
    missing: list[str] = []
    for check in CHECKS:
        found = check()
        for finding in found if isinstance(found, list) else [found]:
            say(str(finding))
            if finding.good is False:
                missing.append(finding.what)
    say(f"A show can't run yet: {', '.join(missing)}." if missing else "A show can run.")
    return 1 if missing else 0
