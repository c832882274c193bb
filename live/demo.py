"""The demo show: what it needs, what it does, and one page about how it went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import av

from live import demo_material, fetch
from live.base.paths import shipped

Row = dict[str, Any]

DEMO_RIG = shipped("rigs") / "demo.toml"
DEMO_COMMANDS = shipped("rigs") / "demo.commands.jsonl"
_CAMERA_RIG = shipped("rigs") / "webcam.toml"


def prepare(say: Callable[[str], None] = print) -> None:
    """Fetch the models and the demo material, and make the demo's cameras and microphones. Raises ModelError."""
    fetch.ensure(fetch.MODELS, say=say)
    demo_material.make(say)


def camera_rig(folder: Path, device: int = 0) -> Path:
    """The demo with a webcam of this machine as camera 1: the rig that ships, or, for another device, one written to
    the folder."""
    if device == 0:
        return _CAMERA_RIG
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "webcam.toml"
    path.write_text(
        _CAMERA_RIG.read_text(encoding="utf-8").replace("device = 0", f"device = {device}"), encoding="utf-8"
    )
    return path


# --- one page about a show -------------------------------------------------------------------------------------------


def summary(log_path: Path, record_path: Path | None) -> str:
    """What happened in a show, from its log and its recording, in at most one page of text."""
    rows = read_log(log_path)
    cuts = [r for r in rows if r.get("kind") == "cut"]
    lines = [_heading(rows, log_path), "", *_cuts(rows, cuts), "", *_faults(rows), *_figures(rows)]
    if record_path is not None:
        lines.append(_recording(record_path))
    return "\n".join(lines)


def read_log(path: Path) -> list[Row]:
    """The lines of a show log. A last line cut short by a kill is left out."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def _heading(rows: Sequence[Row], path: Path) -> str:
    frames = _totals(rows).get("frames", max((r.get("frame", 0) for r in rows), default=0))
    return f"{path}: {_duration_s(rows):.1f} s, {frames} frames"


def _totals(rows: Sequence[Row]) -> Row:
    """The fields of the end line; {} of a show that was killed."""
    return next((r for r in reversed(rows) if r.get("kind") == "end"), {})


def _duration_s(rows: Sequence[Row]) -> float:
    return max((float(r.get("t_s", 0.0)) for r in rows), default=0.0)


_LISTED = 12


def _cuts(rows: Sequence[Row], cuts: Sequence[Row]) -> list[str]:
    if not cuts:
        return ["No cuts."]
    by = Counter("the director" if c.get("by") == "director" else "hand" for c in cuts)
    lines = [
        f"{len(cuts)} cut{'s' * (len(cuts) != 1)}: "
        + ", ".join(f"{n} by {who}" for who, n in by.most_common())
        + _lengths(rows, cuts)
    ]
    for cut in cuts[:_LISTED]:
        who = "director" if cut.get("by") == "director" else "hand"
        lines.append(
            f"  {float(cut.get('t_s', 0)):6.2f} s  {who:8}  {cut.get('to', '?'):18} "
            f"{_clip(str(cut.get('reason', '')), 70)}"
        )
    if len(cuts) > _LISTED:
        lines.append(f"  ... and {len(cuts) - _LISTED} more")
    return lines


def _lengths(rows: Sequence[Row], cuts: Sequence[Row]) -> str:
    edges = [0.0, *(float(c.get("t_s", 0)) for c in cuts), _duration_s(rows)]
    lengths = sorted(b - a for a, b in zip(edges, edges[1:], strict=False))
    return f"; shots of {lengths[0]:.1f} to {lengths[-1]:.1f} s, median {lengths[len(lengths) // 2]:.1f} s"


def _faults(rows: Sequence[Row]) -> list[str]:
    counts = Counter(
        f"{r.get('subject', r.get('by', '?'))}: {r.get('message', '')}" for r in rows if r.get("kind") == "fault"
    )
    if not counts:
        return ["No faults."]
    return ["Faults:", *(f"  {n} x {_clip(text, 110)}" for text, n in counts.most_common(6))]


def _figures(rows: Sequence[Row]) -> list[str]:
    """Late frames, and what the frames cost: the figures of the end line that are there."""
    end = _totals(rows)
    if not end:
        return ["The log has no end: the show was killed, or it still runs."]
    parts, times = [], []
    if "late" in end:
        frames = max(1, int(end.get("frames", 1)))
        parts.append(f"{end['late']} late frames ({100 * end['late'] / frames:.2f} %)")
    if isinstance(cpu_ms := end.get("cpu_ms"), dict):  # by process
        parts.append(f"{sum(cpu_ms.values()):.1f} CPU ms a frame")
    figures = end.get("figures", {})
    for key, what in (
        ("frame_ms", "frame"),
        ("capture_to_program_ms", "capture to program"),
        ("command_to_program_ms", "command to program"),
    ):
        series = figures.get(key)
        if isinstance(series, dict) and series.get("max"):
            times.append(f"{what} {series.get('p50', 0):.1f} ms (p99 {series.get('p99', 0):.1f})")
    return [", ".join(line) + "." for line in (parts, times) if line]


def _recording(path: Path) -> str:
    """Codecs, size and durations of a recording, as its own tracks say."""
    try:
        with av.open(str(path)) as container:
            parts = [_stream(s) for s in container.streams if s.type in ("video", "audio")]
    except (av.FFmpegError, OSError) as error:
        return f"{path}: can't be read ({error})."
    return f"{path}: {', '.join(parts)}, {path.stat().st_size / 1e6:.1f} MB."


def _stream(stream: Any) -> str:
    length = f"{float(stream.duration * stream.time_base):.2f} s" if stream.duration else "unknown length"
    if stream.type == "video":
        return (
            f"{stream.codec_context.name} {stream.width}x{stream.height} at {float(stream.average_rate or 0):g}, "
            f"{length}"
        )
    return f"{stream.codec_context.name} {stream.sample_rate / 1000:g} kHz, {length}"


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
