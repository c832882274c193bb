"""`live console`."""

from __future__ import annotations

from typing import Annotated

import typer


def console(
    host: Annotated[str, typer.Option(help="where the show runs")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="its OSC port")] = 9000,
) -> None:
    """Open a console on a show that runs on this machine."""
    from live.console.app import run as run_console

    run_console(host, port)
