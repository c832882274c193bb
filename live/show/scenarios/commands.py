"""Commands on scenarios."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command


@command("/scenario/<name>", urgent=True)
class ScenarioPick(Command):
    """Carry out all that a scenario of the rig says, in one frame. What can't be read, or names something that isn't
    there, is told, and nothing changes then."""

    name: Annotated[str, Arg("one of the rig's scenarios", of="scenario")]
