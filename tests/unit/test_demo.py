"""The demo's material and the page about how a show went."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from live import demo, demo_material
from live.base.paths import shipped
from live.control.registry import parse

ROWS = [
    {"frame": 0, "timecode": "00:00:00:00", "t_s": 0.0, "kind": "start", "by": "live"},
    {
        "frame": 90,
        "t_s": 3.0,
        "kind": "cut",
        "by": "director",
        "from": "studio/wide",
        "to": "studio/left",
        "reason": "Mira speaks",
        "cost": 0.4,
    },
    {"frame": 120, "t_s": 4.0, "kind": "fault", "by": "live", "subject": "cam2", "message": "stalled"},
    {"frame": 150, "t_s": 5.0, "kind": "fault", "by": "live", "subject": "cam2", "message": "stalled"},
    {
        "frame": 240,
        "t_s": 8.0,
        "kind": "cut",
        "by": "127.0.0.1:5",
        "from": "studio/left",
        "to": "cam2",
        "reason": "by hand",
    },
    {
        "frame": 300,
        "t_s": 10.0,
        "kind": "end",
        "by": "live",
        "frames": 300,
        "late": 3,
        "cpu_ms": {"engine": 15.0, "cam1": 6.25},
        "figures": {"frame_ms": {"p50": 9, "p99": 20, "max": 30}},
    },
]


def write(path: Path, rows: list[dict[str, object]], tail: str = "") -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows) + tail)
    return path


def test_the_page_says_what_happened(tmp_path: Path) -> None:
    page = demo.summary(write(tmp_path / "show.jsonl", ROWS), None)
    assert "10.0 s, 300 frames" in page
    assert "2 cuts: 1 by the director, 1 by hand; shots of 2.0 to 5.0 s, median 3.0 s" in page
    assert "  3.00 s  director  studio/left        Mira speaks" in page
    assert "  8.00 s  hand      cam2               by hand" in page
    assert "2 x cam2: stalled" in page
    assert "3 late frames (1.00 %), 21.2 CPU ms a frame.\nframe 9.0 ms (p99 20.0)." in page
    assert len(page.splitlines()) <= 24


def test_a_show_that_was_killed(tmp_path: Path) -> None:
    page = demo.summary(write(tmp_path / "show.jsonl", ROWS[:2], '{"frame": 100, "t_'), None)
    assert "1 cut: 1 by the director" in page
    assert "No faults." in page
    assert "has no end" in page


def test_an_empty_log(tmp_path: Path) -> None:
    page = demo.summary(write(tmp_path / "show.jsonl", []), tmp_path / "none.mp4")
    assert "No cuts." in page
    assert "none.mp4: can't be read" in page


def test_many_cuts_stay_on_a_page(tmp_path: Path) -> None:
    cuts = [
        {"frame": n * 90, "t_s": n * 3.0, "kind": "cut", "by": "director", "to": "cam1", "reason": "x" * 300}
        for n in range(60)
    ]
    page = demo.summary(write(tmp_path / "show.jsonl", cuts), None)
    assert "... and 48 more" in page
    assert max(map(len, page.splitlines())) < 130


def test_the_recording_is_described_from_its_tracks(tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=Fraction(30))
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        for n in range(30):
            frame = av.VideoFrame.from_ndarray(np.zeros((54, 64), np.uint8), format="yuv420p")
            frame.pts = n
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    page = demo.summary(write(tmp_path / "show.jsonl", ROWS), path)
    assert "h264 64x36 at 30, 1.00 s" in page


def speech(seconds: list[tuple[float, bool]], rate_hz: int = 16_000) -> np.ndarray:
    """Noise at -20 dB where somebody speaks, at -60 dB where not."""
    rng = np.random.default_rng(1)
    return np.concatenate([rng.normal(0, 0.1 if loud else 0.001, int(s * rate_hz)) for s, loud in seconds]).astype(
        np.float32
    )


def test_turns_are_handed_over_in_pauses() -> None:
    sound = speech(
        [(0.5, False), (2.0, True), (0.5, False), (2.0, True), (0.5, False), (4.0, True), (0.5, False), (4.0, True)]
    )
    cuts_s = [c / 16_000 for c in demo_material.turns(sound, 16_000)]
    assert cuts_s == pytest.approx([5.25, 9.75], abs=0.02)  # the pause at 2.5 s came too soon


def test_a_breath_is_no_turn() -> None:
    assert demo_material.turns(speech([(4.0, True), (0.2, False), (4.0, True)]), 16_000) == []


def test_silence_has_no_turns() -> None:
    assert demo_material.turns(np.zeros(160_000, np.float32), 16_000) == []


def test_the_demo_commands_are_commands() -> None:
    rows = [json.loads(line) for line in demo.DEMO_COMMANDS.read_text().splitlines()]
    assert [r["frame"] for r in rows] == sorted(r["frame"] for r in rows)
    assert len([parse(r["address"], r["args"]) for r in rows]) == len(rows) > 0


def test_another_webcam_gets_a_rig_of_its_own(tmp_path: Path) -> None:
    assert demo.camera_rig(tmp_path) == shipped("rigs") / "webcam.toml"
    path = demo.camera_rig(tmp_path, device=3)
    assert path.parent == tmp_path
    assert "device = 3" in path.read_text()
