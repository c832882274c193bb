"""`live check`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from live.base.errors import ConfigError, LiveError
from live.cli.app import say, warn
from live.cli.common import RigPath, load, need_models

if TYPE_CHECKING:
    from live.config.load import Show


def _captions_fault(show: Show) -> LiveError | None:
    """What this machine lacks for the captions that the rig asks for."""
    from live.captions.recogniser import missing

    return None if show.rig.captions is None else missing(show.rig.captions.model)


def check(
    rig: RigPath,
    ready: Annotated[
        bool, typer.Option("--ready", help="also ask each source, microphone, disk and target whether it is there")
    ] = False,
) -> None:
    """Read a rig and its scenes and print every fault, one line each: file, key, what is wrong, what would be right."""
    from live.config.load import crowded, inspected
    from live.engine.readable import unreadable
    from live.show.scenarios.check import scenario_faults

    try:
        show = load(rig)
        faults, mild = inspected(show)
        wrong, doubts = scenario_faults(show)
        if faults := faults + unreadable(show) + wrong:
            raise ConfigError(faults)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    rig_ = show.rig
    for remark in [*mild, *doubts]:
        warn(str(remark))
    if words := crowded(rig_, os.cpu_count() or 1):
        warn(words)
    if (lacking := _captions_fault(show)) is not None:
        warn(f"{lacking}: the show runs without captions")
    say(
        f"{show.path}: {rig_.title}: {len(rig_.sources)} sources, {len(show.row)} shots, {len(rig_.outputs)} "
        f"outputs: no fault"
    )
    say(f"shots: {', '.join(shot.id for shot in show.all_shots)}")
    if ready:
        _ask_all(show)


def _ask_all(show: Show) -> None:
    from live.engine.ready import ready

    need_models(show)
    answers = ready(show)
    for answer in answers:
        say(str(answer))
    if not all(answer.ok for answer in answers):
        raise typer.Exit(1)
