"""`live recut`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say, warn
from live.cli.common import LogPath, need_models, writable


def recut(
    log: LogPath,
    style: Annotated[
        str | None, typer.Option(help="the director's style: one that ships, or a style file; the rig's when left out")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="the new recording; beside the log when left out")] = None,
    new_log: Annotated[
        Path | None, typer.Option("--log", help="the new log; beside the new recording when left out")
    ] = None,
    keep_hands: Annotated[bool, typer.Option("--keep-hands", help="give every command again that a hand gave")] = False,
) -> None:
    """Another version of a show, from its isos and its log: the director cuts it again, off line. The old files
    stay."""
    from live.engine.offline import run_offline
    from live.engine.options import RunOptions
    from live.engine.replay import Replay
    from live.review.log import read_log
    from live.review.recut import files_of, plan
    from live.review.timeline import write_timeline

    made = plan(read_log(log), style, keep_hands=keep_hands)
    for text in made.warnings:
        warn(text)
    record, lines = files_of(log, out, new_log, made)
    writable(record, "recording")
    writable(lines, "log")
    need_models(made.show)
    replay = Replay(made.hearing, made.lookahead_s, made.files_s, made.hands, made.told, made.isos)
    code = run_offline(made.show, RunOptions(made.seconds, record, lines), say, warn, replay)
    write_timeline(read_log(lines), lines.with_suffix(".otio"), warn)
    say(f"recorded {record}; log in {lines}; time line in {lines.with_suffix('.otio')}")
    raise typer.Exit(code)
