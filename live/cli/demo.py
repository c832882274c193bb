"""`live demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say
from live.cli.common import has_display, load, need_models, run_show


def demo(
    camera: Annotated[bool, typer.Option("--camera", help="use this machine's own webcam as camera 1")] = False,
    seconds: Annotated[float | None, typer.Option(min=1, help="end after so many seconds; headless: 20")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="open no window")] = False,
    folder: Annotated[Path, typer.Option(help="where the recording and the log go")] = Path("demo"),
) -> None:
    """A show to look at: two people in a virtual studio, cut by the machine. Leaves show.mp4 and show.jsonl."""
    from live import demo as demo_room
    from live.engine.options import RunOptions

    demo_room.prepare(say=say)
    rig = demo_room.camera_rig(folder) if camera else demo_room.DEMO_RIG
    show = load(rig)
    need_models(show)
    window = not headless and has_display()
    folder.mkdir(parents=True, exist_ok=True)
    record, log = folder / "show.mp4", folder / "show.jsonl"
    record.unlink(missing_ok=True)  # the demo's folder holds one show: the last
    length = seconds if seconds is not None else (None if window else 20.0)
    say(
        "The console is open; Ctrl-C here ends the show."
        if window
        else f"No display: running headless for {length:g} s."
    )
    code = run_show(show, RunOptions(length, record, log, None, demo_room.DEMO_COMMANDS, window), offline=False)
    say(demo_room.summary(log, record))
    raise typer.Exit(code)
