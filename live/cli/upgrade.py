"""`live upgrade`."""

from __future__ import annotations

import typer

from live.base.errors import ConfigError, OutputError
from live.cli.app import say
from live.cli.common import RigPath


def upgrade(rig: RigPath) -> None:
    """Bring a rig file up to today's format, comments and all; the old one is kept beside it."""
    from live.config.upgrade import FORMAT, kept_as
    from live.config.upgrade import upgrade as bring_up

    try:
        said = bring_up(rig)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    except OSError as error:
        raise OutputError(str(rig), f"can't be written ({error.strerror})", "see whose file it is") from None
    if said == FORMAT:
        say(f"{rig}: is of format {FORMAT} already")
    else:
        say(f"{rig}: format {said} is now {FORMAT}; as it was: {kept_as(rig, said)}")
