"""`live check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from live.base.errors import ConfigError, LiveError
from live.cli.app import say, warn
from live.cli.common import RigPath, load

if TYPE_CHECKING:
    from live.config.load import Show


def _captions_fault(show: Show) -> LiveError | None:
    """What this machine lacks for the captions that the rig asks for."""
    from live.captions.recogniser import missing

    return None if show.rig.captions is None else missing(show.rig.captions.model)


def check(rig: RigPath) -> None:
    """Read a rig and its scenes and print every fault, one line each: file, key, what is wrong, what would be right."""
    from live.config.load import inspected
    from live.engine.readable import unreadable

    try:
        show = load(rig)
        faults, mild = inspected(show)
        if faults := faults + unreadable(show):
            raise ConfigError(faults)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    rig_ = show.rig
    for remark in mild:
        warn(str(remark))
    if (lacking := _captions_fault(show)) is not None:
        warn(f"{lacking}: the show runs without captions")
    say(
        f"{show.path}: {rig_.title}: {len(rig_.sources)} sources, {len(show.row)} shots, {len(rig_.outputs)} "
        f"outputs: no fault"
    )
    say(f"shots: {', '.join(shot.id for shot in show.all_shots)}")
