"""The whole show against the clock: two 720p H.264 files decoded, two AI mattes, a 3D set, a mix every few seconds, a
lower third, sound, x264 ultrafast and AAC into a recording. Run as a person runs it, in processes of its own; figures
from its own log.
"""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
import wave
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from live import demo
from live.base.errors import LiveError
from live.base.paths import asset_path
from live.bench.clips import U8, Clips
from live.bench.measure import Figure

MIX_EVERY_S = 4.0
VOICE_HZ = 16_000
FRAMES = 150  # of a camera, over and over
_RIG = """
title = "Bench"
start = "studio/wide"
[director]
level = "off"
[[sources]]
name = "cam1"
kind = "media"
path = "cam1.mp4"
key = "ai"
[[sources]]
name = "cam2"
kind = "media"
path = "cam2.mp4"
key = "ai"
[[sources]]
name = "voice"
kind = "media"
path = "voice.wav"
[[microphones]]
name = "mic"
source = "voice"
[[scenes]]
name = "studio"
talent = { left = "cam1", right = "cam2" }
[[graphics]]
name = "lower"
fields = { title = "Anna Berg", subtitle = "Reporter" }
[control]
osc_port = 0
"""


def measure(clips: Clips, seconds: float, runs: int) -> Figure:
    """CPU ms per program frame of all processes, late frames and frame times: as many runs of so many seconds."""
    folder = clips.folder / "whole"
    rig = _lay_out(clips, folder, seconds)
    ends = [_run(rig, folder, seconds) for _ in range(runs)]
    times = [end["figures"]["frame_ms"] for end in ends]
    worst = {key: max(t[key] for t in times) for key in ("p50", "p99", "max")}
    memory_mb = max(sum(end["memory_mb"].values()) for end in ends) or None
    return Figure(
        tuple(sum(end["cpu_ms"].values()) for end in ends), sum(end["late"] for end in ends), worst, memory_mb
    )


def _lay_out(clips: Clips, folder: Path, seconds: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "cam2.mp4").exists():
        demo.prepare(say=lambda text: None)  # real people: a network finds nobody in a drawing
        _encode(_portrait(asset_path("demo_portrait.png")), folder / "cam1.mp4")
        _encode(_guest(asset_path("demo_guest.mp4")), folder / "cam2.mp4")
    _speak(folder / "voice.wav")
    rows: list[tuple[int, str, list[str | float]]] = [(15, "/graphics/lower/show", [])]
    for n in range(int(seconds / MIX_EVERY_S)):
        frame = round((n + 1) * MIX_EVERY_S * 30)
        rows += [
            (frame, "/preview/set", [("studio/left", "studio/right", "studio/wide")[n % 3]]),
            (frame + 1, "/program/auto", ["mix", 1.0]),
        ]
    lines = [json.dumps({"frame": frame, "address": address, "args": args}) for frame, address, args in rows]
    (folder / "commands.jsonl").write_text("\n".join(lines))
    rig = folder / "show.toml"
    rig.write_text(_RIG)
    return rig


def _portrait(path: Path) -> Iterator[U8]:
    """A portrait before a camera that moves a little: I420 (1080, 1280)."""
    picture = cv2.imread(str(path))
    if picture is None:
        raise LiveError(path.name, "can't be read", "run `live models` to fetch it again")
    scale = 1.08 * max(1280 / picture.shape[1], 720 / picture.shape[0])
    for n in range(FRAMES):
        x, y = 24 * math.sin(n / 19), 14 * math.sin(n / 13)
        shift = np.array(
            [[scale, 0, 640 - scale * picture.shape[1] / 2 + x], [0, scale, 360 - scale * picture.shape[0] / 2 + y]]
        )
        yield cv2.cvtColor(
            cv2.warpAffine(picture, shift, (1280, 720), borderMode=cv2.BORDER_REPLICATE), cv2.COLOR_BGR2YUV_I420
        )


def _guest(path: Path) -> Iterator[U8]:
    """A clip of somebody who talks, as large as a camera's: I420 (1080, 1280)."""
    with av.open(str(path)) as clip:
        for frame in itertools.islice(clip.decode(video=0), FRAMES):
            yield frame.reformat(1280, 720, "yuv420p").to_ndarray()


def _encode(pictures: Iterable[U8], path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(30))
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 1280, 720, "yuv420p", 4_000_000
        stream.options = {"preset": "veryfast"}
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="yuv420p")))
        out.mux(stream.encode())


def _speak(path: Path) -> None:
    """Bursts of noise, as loud as a voice."""
    rng = np.random.default_rng(1)
    t = np.arange(20 * VOICE_HZ) / VOICE_HZ
    samples = rng.normal(0, 0.08, len(t)) * (np.sin(2 * np.pi * 1.5 * t) > 0) * (t % 10 < 7)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(VOICE_HZ)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())


def _run(rig: Path, folder: Path, seconds: float) -> dict[str, Any]:
    log, record = folder / "show.jsonl", folder / "show.mp4"
    record.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "live",
        "run",
        str(rig),
        "--headless",
        "--seconds",
        str(seconds),
        "--log",
        str(log),
        "--record",
        str(record),
        "--commands",
        str(folder / "commands.jsonl"),
        "--osc-port",
        "0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise LiveError(
            "the whole show",
            (done.stderr.strip().splitlines() or ["it failed"])[-1][:200],
            "run it by hand: live run " + str(rig),
        )
    return next(row for row in map(json.loads, log.read_text("utf-8").splitlines()) if row["kind"] == "end")
