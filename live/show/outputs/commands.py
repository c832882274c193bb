"""Commands on the outputs."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command

OutputName = Annotated[str, Arg("the name of an output", of="output")]


@command("/outputs/<name>/start")
class OutputStart(Command):
    """Start an output that was stopped: a stream connects, a recording goes on in a new file (docs/outputs.md)."""

    name: OutputName


@command("/outputs/<name>/stop")
class OutputStop(Command):
    """Stop an output: a stream says goodbye, a recording is closed. All others go on."""

    name: OutputName
