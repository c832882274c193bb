"""The same work done by the peers that are installed: ffmpeg's filters, GStreamer's compositor, OBS under Xvfb.

W1: camera 1 keyed over a still, camera 2 at a third in a corner, a lower third with alpha; I420 out. W3: two cameras
half and half. A peer that is not installed is left out.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence

from live.bench.clips import FRAMES, Clips
from live.bench.measure import Figure, by_slope

Argv = Callable[[int], Sequence[str]]

PIP = (830, 40, 426, 240)  # x, y, width, height at 720 lines
STRAP = (64, 560)
FEW = {720: 30, 1080: 15}


def cases(clips: Clips) -> dict[str, Callable[[], Figure]]:
    """Name of a case -> what measures it."""
    found: dict[str, Callable[[], Figure]] = {}
    if shutil.which("ffmpeg"):
        found |= _by_slope("ffmpeg", _ffmpeg(clips))
    if shutil.which("gst-launch-1.0") and _has_compositor():
        found |= _by_slope("gstreamer", _gstreamer(clips))
    if shutil.which("obs") and shutil.which("Xvfb"):
        from live.bench import obs

        found |= {f"obs_{name}": measure for name, measure in obs.cases(clips).items()}
    return found


def _by_slope(peer: str, argvs: dict[str, Argv]) -> dict[str, Callable[[], Figure]]:
    def case(name: str, argv: Argv) -> Callable[[], Figure]:
        height = 1080 if name.endswith("1080") else 720
        return lambda: by_slope(argv, FEW[height], FRAMES[height])

    return {f"{peer}_{name}": case(name, argv) for name, argv in argvs.items()}


# -- ffmpeg

_TAIL = (
    f"[a];[1]scale={PIP[2]}:{PIP[3]}:flags=bilinear[p];[a][p]overlay={PIP[0]}:{PIP[1]}:format=yuv420[b];"
    f"[b][3]overlay={STRAP[0]}:{STRAP[1]}:format=yuv420[o]"
)
_STILL = "[2]format=yuv420p,loop=-1:1:0,fps=30[bg];"
_CHROMA = f"{_STILL}[0]chromakey=0x00c828:0.15:0.08[k];[bg][k]overlay=0:0:format=yuv420:shortest=1{_TAIL}"
_MATTE = (
    f"{_STILL}[4]scale=1280:720:flags=bilinear[m];[0][m]alphamerge[k];"
    f"[bg][k]overlay=0:0:format=yuv420:shortest=1{_TAIL}"
)
_HALF = "[0][1]blend=all_mode=normal:all_opacity=0.5[o]"


def _ffmpeg(clips: Clips) -> dict[str, Argv]:
    def raw(path: object, width: int, height: int, fmt: str = "yuv420p") -> list[str]:
        return ["-f", "rawvideo", "-pix_fmt", fmt, "-s", f"{width}x{height}", "-r", "30", "-i", str(path)]

    def cameras(height: int) -> list[str]:
        width = height * 16 // 9
        return raw(clips.raw("cam1", height), width, height) + raw(clips.raw("cam2", height), width, height)

    def argv(inputs: list[str], graph: str) -> Argv:
        start, end = (
            ["ffmpeg", "-y", "-nostdin", "-v", "error", *inputs, "-filter_complex", graph, "-map", "[o]"],
            ["-f", "null", "-"],
        )
        return lambda frames: [*start, "-frames:v", str(frames), *end]

    set_ = [*cameras(720), "-i", str(clips.background), "-i", str(clips.lower_third)]
    return {
        "w1_matte_720": argv([*set_, *raw(clips.matte, 256, 144, "gray")], _MATTE),
        "w1_chroma_720": argv(set_, _CHROMA),
        "w3_720": argv(cameras(720), _HALF),
        "w3_1080": argv(cameras(1080), _HALF),
    }


# -- GStreamer


def _has_compositor() -> bool:
    return subprocess.run(["gst-inspect-1.0", "--exists", "compositor"], capture_output=True).returncode == 0


def _gstreamer(clips: Clips) -> dict[str, Argv]:
    def camera(name: str, height: int, frames: int) -> str:
        width, path = height * 16 // 9, clips.raw(name, height)
        return (
            f"filesrc location={path} blocksize={width * height * 3 // 2} num-buffers={frames} ! "
            f"rawvideoparse width={width} height={height} format=i420 framerate=30/1 colorimetry=bt709"
        )

    def still(path: object, frames: int) -> str:
        return (
            f"filesrc location={path} ! pngdec ! videoconvert ! video/x-raw,format=A420 ! imagefreeze "
            f"num-buffers={frames} ! "
            "video/x-raw,framerate=30/1"
        )

    queue, sink = "queue max-size-buffers=3", "fakesink sync=false"

    def w1(frames: int) -> list[str]:
        x, y, w, h = PIP
        pads = (
            f"sink_0::zorder=0 sink_1::zorder=1 sink_2::zorder=2 sink_2::xpos={x} sink_2::ypos={y} "
            f"sink_2::width={w} sink_2::height={h} "
            f"sink_3::zorder=3 sink_3::xpos={STRAP[0]} sink_3::ypos={STRAP[1]}"
        )
        key = "alpha method=custom target-r=0 target-g=200 target-b=40 angle=20 ! video/x-raw,format=AYUV"
        return _launch(
            f"compositor name=c background=black {pads} ! video/x-raw,format=A420,width=1280,height=720 ! "
            f"videoconvert ! "
            f"video/x-raw,format=I420 ! {sink} {still(clips.background, frames)} ! {queue} ! c.sink_0 "
            f"{camera('cam1', 720, frames)} ! {key} ! {queue} ! c.sink_1 {camera('cam2', 720, frames)} ! {queue} "
            f"! c.sink_2 "
            f"{still(clips.lower_third, frames)} ! {queue} ! c.sink_3"
        )

    def w3(height: int) -> Argv:
        size = f"width={height * 16 // 9},height={height}"
        return lambda frames: _launch(
            f"compositor name=c background=black sink_0::alpha=1 sink_1::alpha=0.5 ! "
            f"video/x-raw,format=I420,{size} ! {sink} "
            f"{camera('cam1', height, frames)} ! {queue} ! c.sink_0 {camera('cam2', height, frames)} ! {queue} ! "
            f"c.sink_1"
        )

    return {"w1_chroma_720": w1, "w3_720": w3(720), "w3_1080": w3(1080)}


def _launch(pipeline: str) -> list[str]:
    return ["gst-launch-1.0", "-q", *pipeline.split()]
