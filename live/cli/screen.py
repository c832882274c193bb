"""`live screen`."""

from __future__ import annotations

from typing import Annotated

import typer


def screen(
    feed: Annotated[
        str, typer.Argument(help="program, clean, preview, fill, key, or the name of an auxiliary or a multiview")
    ],
    monitor: Annotated[int | None, typer.Option(min=1, help="which monitor, 1 for the first")] = None,
    window: Annotated[bool, typer.Option("--window", help="in a window, not the whole monitor")] = False,
    host: Annotated[str, typer.Option(help="where the show runs: this machine")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="its OSC port")] = 9000,
) -> None:
    """Show one feed of a show on a monitor, a projector or a converter, for as long as the window is open (Escape
    closes it)."""
    from live.console.screen import run as run_screen

    run_screen(feed, host, port, monitor=monitor, window=window)
