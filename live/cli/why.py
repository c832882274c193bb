"""`live why`."""

from __future__ import annotations

from typing import Annotated

import typer

from live.cli.app import say
from live.cli.common import LogPath


def why(
    log: LogPath,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="how many of the last acts")] = 20,
    at: Annotated[
        float | None, typer.Option(min=0, help="the one that was in force at this time of the show, seconds")
    ] = None,
) -> None:
    """Why the machine did what it did: one line for each act. A show that runs may be asked, too: its log grows as it
    goes."""
    from live.review.log import read_log
    from live.review.why import explained

    for line in explained(read_log(log), count=last, at_s=at) or ["The machine has done nothing so far."]:
        say(line)
