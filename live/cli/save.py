"""`live save`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.base.errors import ConfigError, OutputError
from live.cli.app import say
from live.cli.common import RigPath, load

Name = Annotated[str, typer.Option("--as", help="write another rig of that name beside it, without .toml")]
State = Annotated[Path, typer.Argument(help="the log of the show, or the state beside it (FILE.state.json)")]


def save(rig: RigPath, show: State, name: Name = "") -> None:
    """Write what hands had set in a show into its rig, comments and all; the old file is kept beside it."""
    from live.engine.keeper import kept_text
    from live.engine.saving import Order
    from live.engine.saving import save as write
    from live.showlog import state_beside

    try:
        found = load(rig)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    kept = kept_text(state_beside(show) if show.suffix == ".jsonl" else show)
    if isinstance(kept, OutputError):
        raise OutputError(kept.subject, kept.cause, "give the log of a show, or its state")
    into = str(found.path.with_name(f"{name}.toml")) if name else ""
    try:
        say(str(write(Order(str(found.path), found.text, kept, into))))
    except ValueError:
        raise OutputError(str(show), "it is no state of a show", "give the log of a show, or its state") from None
