"""`live devices`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say
from live.cli.common import load


def devices(
    rig: Annotated[
        Path | None, typer.Argument(help="also: which device and channel each line of this rig takes")
    ] = None,
    meter: Annotated[bool, typer.Option("--meter", help="show who is heard where: the level of every channel")] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="of the meter; until Ctrl-C when left out")] = None,
) -> None:
    """The cameras and sound devices of this machine, what a rig takes of them, and who is heard where."""
    from live.devices import main as devices_main
    from live.devices import rig_lines, what_is_there
    from live.sources.cameras import cameras

    code = 0 if meter else devices_main()
    names: dict[tuple[str, int], str] = {}
    if rig is not None:
        show = load(rig)
        lines, names = rig_lines(show.rig, what_is_there(), cameras())
        say(f"{show.path} takes")
        for line in lines:
            print(f"  {line}")
    if meter:
        from live.device_levels import show as show_levels

        code = show_levels(names, seconds)
    raise typer.Exit(code)
