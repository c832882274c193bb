"""`live bench`: our cases and the peers', one after the other on the same machine, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from live.base.errors import LiveError
from live.bench import clips as material
from live.bench import gpu, peers, show
from live.bench.clips import Clips
from live.bench.measure import Figure
from live.bench.ours import CASES

# Our case, and the peers' cases that do the same work.
PEERS = ("ffmpeg", "gstreamer", "obs")


class NotHere(LiveError):
    """A case that this machine can't run."""


def run(
    *,
    only: str,
    with_peers: bool,
    show_s: float,
    show_runs: int,
    folder: Path | None,
    path: Path | None,
    say: Callable[[str], None],
) -> int:
    """Measure every case whose name holds `only`; returns the exit code: 1 when one of ours failed."""
    figures: dict[str, Figure] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="live-bench-") as scratch:
        clips = _clips(folder or Path(scratch), say)
        cases = {name: _ours(name, clips) for name in CASES} | {
            "show_720": lambda: show.measure(clips, show_s, show_runs)
        }
        cases |= {name: _many(name, clips) for name in gpu.CASES}
        if with_peers:
            cases |= peers.cases(clips)
        for name, measure in cases.items():
            if only not in name:
                continue
            try:
                figures[name] = measure()
            except LiveError as error:
                say(str(error) if error.subject == name else f"{name}: {error}")
                failed |= not (name.startswith(PEERS) or isinstance(error, NotHere))
                continue
            say(_line(name, figures[name]))
        measured = [n for n in CASES if n in figures]
        pictures = _pictures(measured, clips, say)
        failed |= len(pictures) < len(measured)
    say("")
    for line in ratios(figures):
        say(line)
    if path is not None:
        cases_json = {n: f.as_json() for n, f in figures.items()}
        path.write_text(json.dumps({"machine": machine(), "cases": cases_json, "pictures": pictures}, indent=1) + "\n")
    return int(failed)


def _clips(folder: Path, say: Callable[[str], None]) -> Clips:
    clips = Clips(folder)
    if not clips.lower_third.exists():  # written last
        say(f"making clips in {folder} (1.4 GB)")
        clips = material.make(folder)
    return clips


def _ours(name: str, clips: Clips) -> Callable[[], Figure]:
    return lambda: Figure(tuple(_asked(name, "ours", "cost", name, str(clips.folder))))


def _many(name: str, clips: Clips) -> Callable[[], Figure]:
    def measure() -> Figure:
        said = _asked(name, "gpu", name, str(clips.folder))
        if said is None:
            raise NotHere(name, "not measured: there is no GPU here")
        return Figure(tuple(said["cpu_ms"]), said["late"], said["frame_ms"])

    return measure


def _asked(name: str, module: str, *args: str) -> Any:
    """What a process of its own says of one of our cases. Raises LiveError with its last words when it fails."""
    command = [sys.executable, "-m", f"live.bench.{module}", *args]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise LiveError(
            name, (done.stderr.strip().splitlines() or ["it failed"])[-1][:200], f"run `{' '.join(command)}` to see why"
        )
    return json.loads(done.stdout.splitlines()[-1])


def _pictures(names: list[str], clips: Clips, say: Callable[[str], None]) -> dict[str, Any]:
    """How far the pictures beside software GL are from those of the path for a GPU."""
    found = {}
    for name in names:
        try:
            found[name] = _asked(name, "ours", "difference", name, str(clips.folder))
        except LiveError as error:
            say(str(error))
            continue
        apart = [
            f"in {how} mean {d['mean']:.2f}, p99 {d['p99']:.0f}, max {d['max']:.0f}" for how, d in found[name].items()
        ]
        say(f"{name:26} from the GPU path's pictures, codes: {'; '.join(apart)}")
    return found


def _line(name: str, figure: Figure) -> str:
    late = (
        f"  {figure.late} late, frame p50 {figure.frame_ms['p50']:.1f} p99 {figure.frame_ms['p99']:.1f} max "
        f"{figure.frame_ms['max']:.1f} ms"
    )
    cpu = f"{name:26} {figure.median:8.2f} CPU ms a frame ({min(figure.cpu_ms):.2f} to {max(figure.cpu_ms):.2f})"
    memory = "" if figure.memory_mb is None else f"  {figure.memory_mb:.0f} MB"
    return cpu + (late if figure.frame_ms["p50"] else "") + memory


def ratios(figures: dict[str, Figure]) -> list[str]:
    """What a peer pays for the work that costs us 1, where both were measured."""
    found = []
    for name, figure in figures.items():
        peer, _, case = name.partition("_")
        if peer in PEERS and case in figures:
            found.append(f"{peer} / live, {case}: {figure.median / figures[case].median:.1f}")
    return found


def machine() -> str:
    """In words: processor, cores, system. No name, no path."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass  # not Linux: what platform says will do
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
