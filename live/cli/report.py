"""`live report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say, warn
from live.cli.common import LogPath


def report(
    log: LogPath,
    out: Annotated[Path | None, typer.Option(help="where the page goes; beside the log when left out")] = None,
) -> None:
    """What happened in a show, as one HTML page: shots, who was seen and who spoke, machine and hand, loudness, late
    frames."""
    from live.review.log import read_log
    from live.review.page import review, write_page

    path = out or log.with_suffix(".html")
    found = review(read_log(log))
    if found.trouble:
        warn(found.trouble)
    write_page(found, path)
    say(f"report in {path}")
