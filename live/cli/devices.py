"""`live devices`."""

from __future__ import annotations

import typer


def devices() -> None:
    """The cameras and sound devices of this machine."""
    from live.devices import main as devices_main

    raise typer.Exit(devices_main())
