"""Commands on the list of faults."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command


@command("/faults/seen")
class FaultsSeen(Command):
    """Take note of a fault, or of all of them: the line of faults shows what is new then. It changes nothing else."""

    subject: Annotated[str | None, Arg("what it is about; all when left out")] = None
