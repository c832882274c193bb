"""`live support`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say
from live.cli.common import LogPath


def support(
    log: LogPath,
    out: Annotated[Path | None, typer.Option(help="the file; beside the log as .zip when left out")] = None,
) -> None:
    """Pack a show's logs, its rig without secrets, traces and versions into one file, for whoever helps."""
    from live.review.support import pack

    path = out or log.with_suffix(".zip")
    for name in pack(log, path):
        say(f"  {name}")
    say(f"packed into {path}: passwords, keys and what is secret in addresses are masked; look into it before you send")
