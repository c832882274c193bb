"""`live timeline`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say, warn
from live.cli.common import LogPath


def timeline(
    log: LogPath,
    out: Annotated[
        Path | None, typer.Option(help="a file .otio, .edl, .xml or .fcpxml; beside the log as .otio when left out")
    ] = None,
) -> None:
    """The show as a time line for an editor: its shots, isos, markers and reasons."""
    from live.review.log import read_log
    from live.review.timeline import write_timeline

    path = out or log.with_suffix(".otio")
    write_timeline(read_log(log), path, warn)
    say(f"time line in {path}")
