"""`live shows`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say


def shows(folder: Annotated[Path, typer.Argument(help="where the logs are")] = Path()) -> None:
    """What shows there are in a folder: how each ended, its recordings, and how one that was cut short goes on."""
    from live.review.shows import listed

    lines = listed(folder)
    say("\n".join(lines) if lines else f"no show log in {folder.resolve()}: `live run RIG --log FILE` writes one")
