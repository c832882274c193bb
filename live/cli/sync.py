"""`live sync`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from live.base.errors import LiveError
from live.cli.app import say
from live.cli.common import load, need_models, run_show, writable

if TYPE_CHECKING:
    from live.sync.media import Seen

CLIP = """\
title = "Flash and blip"
[picture]
width = 1280
height = 720
rate_hz = 30
[[sources]]
name = "flash"
kind = "flash"
[[microphones]]
name = "blip"
source = "flash"
"""


def sync(
    target: Annotated[
        str | None,
        typer.Argument(help="a rig (each of its cameras is measured), a recording, or the address of a stream"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=2, max=3600, help="how long each is measured")] = 8.0,
    osc_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="of the show that a stream is of: its latency, too"),
    ] = None,
    make: Annotated[
        Path | None, typer.Option(help="write a clip of flash and blip to this MP4, for a tablet or a screen")
    ] = None,
) -> None:
    """How far picture and sound are apart, by flash and blip, and the delays that would bring them together."""
    if make is not None:
        _make(make, seconds)
    elif target is None:
        raise LiveError("live sync", "nothing to measure", "give a rig, a recording or a stream, or --make FILE")
    elif "://" not in target and Path(target).suffix in ("", ".toml"):
        _rig(Path(target), seconds)
    else:
        _what_came(target, seconds, osc_port)


def _make(path: Path, seconds: float) -> None:
    from live.engine.options import RunOptions

    writable(path, "clip")
    with tempfile.TemporaryDirectory() as folder:
        rig = Path(folder) / "flash.toml"
        rig.write_text(CLIP, encoding="utf-8")
        run_show(load(rig), RunOptions(max(60.0, seconds), path), offline=True)
    say(f"play {path} in a loop, full screen and aloud, and hold it before each camera and its microphone")


def _rig(path: Path, seconds: float) -> None:
    from live.base.clock import MonotonicClock
    from live.engine.options import RunOptions
    from live.sync.measure import measured
    from live.sync.media import look
    from live.sync.plan import advice, commands, turns

    show = load(path)
    plan = turns(show.rig, seconds)
    if not plan:
        raise LiveError(str(path), "no camera has a microphone that goes with it", "say who wears which: [[people]]")
    need_models(show)
    with tempfile.TemporaryDirectory() as folder:
        script, record = Path(folder) / "turns.jsonl", Path(folder) / "sync.mp4"
        script.write_text("\n".join(commands(show.rig, plan)) + "\n", encoding="utf-8")
        run_show(show, RunOptions(plan[-1].end_s, record, commands=script, osc_port=0), offline=False)
        seen = look(str(record), MonotonicClock())
    parts = [(turn, seen.between(*turn.judged_s)) for turn in plan]
    results = [(turn, measured(part.pictures, part.samples, part.sound_start_s)) for turn, part in parts]
    for line in advice(show.rig, results):
        say(line)


def _what_came(target: str, seconds: float, osc_port: int | None) -> None:
    from live.base.clock import MonotonicClock
    from live.sync.measure import measured
    from live.sync.media import look
    from live.sync.plan import sentence

    stream = "://" in target
    seen = look(target, MonotonicClock(), seconds if stream else None)
    found = measured(seen.pictures, seen.samples, seen.sound_start_s)
    if found is None:
        cause = "no flash with a blip in it"
        raise LiveError(target, cause, 'put a source of kind "flash" on program, or a pattern, with a microphone')
    say(f"{target}: {sentence(found)}")
    if osc_port is not None:
        _latency(target, seen, osc_port)


def _latency(target: str, seen: Seen, osc_port: int) -> None:
    from live.sync.attached import clock_of
    from live.sync.latency import latency_ms, tick_zero_s

    heard, rate_hz = clock_of(osc_port)
    zero_s = tick_zero_s(heard, rate_hz)
    late_ms = None if zero_s is None else latency_ms(seen.pictures, zero_s, rate_hz)
    if late_ms is None:
        raise LiveError(target, "its latency can't be told", 'the flash has to come from a source of kind "flash"')
    say(f"latency: {late_ms:.0f} ms from the instant of a picture to its coming here")
