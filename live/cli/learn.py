"""`live learn`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say


def learn(
    logs: Annotated[list[Path], typer.Argument(help="the logs of shows that a director cut (live run --log FILE)")],
    out: Annotated[Path | None, typer.Option(help="the style file; NAME.toml when left out")] = None,
    name: Annotated[str | None, typer.Option(help="what to call the style; after the file when left out")] = None,
) -> None:
    """A style fitted to a director's own shows: what it learnt, and how well it predicts shows that it hasn't seen."""
    from live.learn.learn import learn as learn_style

    learn_style(logs, out=out, name=name, say=say)
