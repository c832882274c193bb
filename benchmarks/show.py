"""What a whole show costs: CPU ms per frame by process, frame times, latencies, late frames.

    python benchmarks/show.py [--rig RIG | --footage] [--seconds 60] [--json FILE]

Runs `live run` headless with a recording, as a person would, and sends it a cut by OSC every few seconds to measure how
long a command takes to reach program. CPU time is what counts: wall times of a busy machine say little about another
one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.demo import DEMO_RIG, prepare
from tests.support.footage import prepare as prepare_footage
from tests.support.running import RunningShow

CUT_EVERY_FRAMES = 150


def measure(rig: Path, seconds: float, folder: Path) -> dict[str, Any]:
    """One run; returns the end line of its log and what the machine is."""
    options = ["--seconds", f"{seconds:g}", "--record", str(folder / "show.mp4")]
    with RunningShow(rig, folder, *options) as show:
        show.wait_on_air()
        shots = [show.get(f"shots/{n}")[0] for n in (1, 2, 3) if show.get(f"shots/{n}")]
        n = 0
        while show.process.poll() is None and show.get("show/time")[0] < seconds - 8:
            show.wait_frames(CUT_EVERY_FRAMES)
            show.send("/program/cut", shots[n % len(shots)])
            show.send("/director/release")
            n += 1
        show.process.wait(60)
    lines = show.lines()
    end = next(line for line in lines if line["kind"] == "end")
    start = next(line for line in lines if line["kind"] == "start")
    cuts = [line for line in lines if line["kind"] == "cut"]
    return {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {start['renderer']}",
        "rig": start["title"],
        "picture": start["picture"],
        "seconds": seconds,
        "frames": end["frames"],
        "late": end["late"],
        "cpu_ms": end["cpu_ms"],
        "cpu_ms_total": round(sum(end["cpu_ms"].values()), 2),
        **end["figures"],
        "cuts": len(cuts),
        "automatic_cuts": sum(c["by"] == "director" for c in cuts),
        "load": os.getloadavg(),
    }


def page(result: dict[str, Any]) -> str:
    """The figures as text."""
    rows = [
        f"{result['rig']}, {result['picture']['width']}x{result['picture']['height']}, {result['seconds']:g} s "
        f"on {result['machine']}"
    ]
    rows.append(
        f"late        {result['late']} of {result['frames']} frames ({100 * result['late'] / result['frames']:.2f} %)"
    )
    rows.append(
        f"CPU a frame {result['cpu_ms_total']:.1f} ms: "
        + ", ".join(f"{k} {v:.1f}" for k, v in result["cpu_ms"].items())
    )
    for name in ("frame_ms", "capture_to_program_ms", "command_to_program_ms"):
        rows.append(
            f"{name:22} p50 {result[name]['p50']:.1f}  p99 {result[name]['p99']:.1f}  max {result[name]['max']:.1f}"
        )
    rows.append(
        "stages, ms p50 / p99: "
        + ", ".join(f"{k} {v['p50']:.1f} / {v['p99']:.1f}" for k, v in result["stages_ms"].items())
    )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, default=None, help="a rig file; the demo's without it")
    parser.add_argument("--footage", action="store_true", help="the rig over the test footage")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path, default=None)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        if args.footage:
            rig = prepare_footage(folder / "rig")
        else:
            prepare(say=print)
            rig = args.rig or DEMO_RIG
        result = measure(rig, args.seconds, folder)
    print(page(result))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
